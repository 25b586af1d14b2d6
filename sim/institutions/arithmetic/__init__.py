"""What institutions reckon with: consent, users' choices and settlements, in numbers."""
