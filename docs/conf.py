"""How the site is built: ``python3 do.py docs``."""

from __future__ import annotations

import sys
from importlib.metadata import version as version_of
from pathlib import Path
from types import GenericAlias
from typing import Any

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent))

project = "datastrike"
author = "The datastrike developers"
project_copyright = author
version = release = version_of("datastrike")
extensions = ["myst_parser", "numpydoc", "sphinx.ext.autodoc", "sphinx.ext.viewcode"]
source_suffix = {".md": "markdown"}
exclude_patterns = ["_build"]
myst_enable_extensions = ["colon_fence"]
myst_heading_anchors = 3
suppress_warnings = ["myst.header", "ref.python"]
"""Included pages begin with the heading of their own file; short names may be had by several."""
autosummary_generate = False
html_theme = "pydata_sphinx_theme"
html_theme_options = {
    "navigation_with_keys": False,
    "show_toc_level": 2,
    "secondary_sidebar_items": ["page-toc"],
}
html_show_sourcelink = False
autodoc_member_order = "bysource"
autodoc_typehints = "signature"
autodoc_default_options = {"members": True, "show-inheritance": True}
autodoc_mock_imports = ["pyabc", "solara", "vl_convert"]
default_role = "code"
numpydoc_show_class_members = False
numpydoc_show_inherited_class_members = False


def setup(app: Any) -> None:
    """Write what follows from the code before the pages are read."""
    app.connect("builder-inited", write)
    app.connect("autodoc-skip-member", _skip)
    app.connect("autodoc-process-docstring", _lighten, priority=1)  # before numpydoc


def write(app: Any) -> None:
    """Write the gallery and the reference."""
    from docs import gallery, reference

    folder = HERE / "generated"
    gallery.write(folder)
    reference.write(folder)


def _skip(app: Any, what: str, name: str, member: Any, skip: bool, options: Any) -> bool:
    inner = ("model_", "kind", "kinds", "find", "package", "noun", "plain")
    return skip or name.startswith(inner) or isinstance(member, GenericAlias)


def _lighten(app: Any, what: str, name: str, item: Any, options: Any, lines: list[str]) -> None:
    """Turn the headings of a module, of which every module may have the same, into captions."""
    if what != "module":
        return
    for place in range(len(lines) - 1, 0, -1):
        if lines[place] and set(lines[place]) == {"-"} and lines[place - 1].strip():
            lines[place - 1 : place + 1] = [f".. rubric:: {lines[place - 1].strip()}", ""]
