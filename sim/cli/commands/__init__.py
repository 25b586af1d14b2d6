"""The commands, one in each module: found by looking here, imported when called.

A module defines ``command``; in its name an underscore stands for a hyphen.
"""
