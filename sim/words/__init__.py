"""What people read: sentences for bad input, numbers in words, what notebooks show."""
