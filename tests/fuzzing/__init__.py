"""Input that no one meant: surfaces that take it, data changed at random, what may come of it.

``python3 do.py fuzz [SURFACE ...] [--minutes M]`` lets coverage guide what is tried
(`tests.fuzzing.__main__`); ``tests/test_fuzz.py`` tries the same surfaces by chance alone.
"""
