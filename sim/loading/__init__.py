"""Scenarios as users bring them: files, scripts, and single values changed by their paths."""
