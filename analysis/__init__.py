"""What is made of saved results: plots, reports and the live view."""
