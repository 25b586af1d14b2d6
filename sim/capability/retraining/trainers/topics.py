"""Which community a Python project belongs to: by its chapter, or by what it says of itself."""

from __future__ import annotations

from collections.abc import Iterable

CHAPTERS: dict[str, str] = {
    "science": """calendar colorsys datetime decimal fractions heapq numbers random statistics
        turtle zoneinfo""",
    "network": """asynchat asyncio asyncore cgi email ftplib http imaplib ipaddress mailbox
        mimetypes nntplib poplib smtpd smtplib socket socketserver ssl telnetlib urllib uuid
        webbrowser wsgiref xmlrpc""",
    "development": """ast bdb compileall dis distutils doctest ensurepip idlelib inspect lib2to3
        modulefinder pdb pickletools profile pstats pydoc sysconfig timeit tokenize trace
        traceback tracemalloc typing unittest venv""",
    "text": """argparse base64 cmd codecs configparser csv difflib gettext html json locale
        optparse pickle plistlib pprint re shlex sqlite3 string tarfile textwrap tomllib xml
        zipfile""",
    "system": """collections concurrent contextlib ctypes curses dataclasses enum functools
        importlib logging multiprocessing ntpath os pathlib pkgutil platform posixpath shutil
        signal subprocess tempfile threading tkinter warnings weakref zipimport""",
}
"""Packages of the standard library, by the subject of their chapter in its reference manual."""

PROJECTS: dict[str, str] = {
    "science": "narwhals numba pyarrow salib",
    "development": "click import-linter mypy packaging setuptools tqdm",
    "text": "pydantic pyyaml rich",
}
"""Projects whose own classifiers name no subject, or too many."""

CLASSIFIERS: tuple[tuple[str, str], ...] = (
    ("Topic :: Scientific/Engineering", "science"),
    ("Topic :: Multimedia :: Graphics", "science"),
    ("Topic :: Text Processing", "text"),
    ("Topic :: Internet", "network"),
    ("Topic :: System :: Networking", "network"),
    ("Topic :: Communications", "network"),
    ("Topic :: Software Development :: ", "development"),
    ("Topic :: System", "system"),
)
"""Beginnings of trove classifiers; the first that a project carries decides."""

ANY_LIBRARY = "Topic :: Software Development :: Libraries"
LIBRARY = {name: topic for topic, names in CHAPTERS.items() for name in names.split()}
KNOWN = {name: topic for topic, names in PROJECTS.items() for name in names.split()}


def topic_of(name: str, classifiers: Iterable[str]) -> str | None:
    """Return the community of an installed project, or nothing if it does not tell."""
    if name in KNOWN:
        return KNOWN[name]
    carried = [line for line in classifiers if not line.startswith(ANY_LIBRARY)]
    for beginning, topic in CLASSIFIERS:
        if any(line.startswith(beginning) for line in carried):
            return topic
    return None
