"""Worlds to run: one scenario in each file, thin and declarative."""
