"""Compiled loops over plain arrays; nothing else of the project is imported here."""
