"""A real browser for tests: Debian's Chromium, driven by Playwright; skips with its reason."""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

ROOT = Path(__file__).resolve().parent.parent
SCREENSHOTS = Path(os.environ.get("DATASTRIKE_SCREENSHOTS", ROOT / "results" / "screenshots"))
CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
QUIET = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
).split()
HARMLESS = ("Failed to load resource: the server responded with a status of 404",)
"""Of the console: maps of scripts that solara-assets leaves out."""
PATIENCE = 60_000
"""Milliseconds that a loaded machine may take to compile and draw."""


@contextmanager
def chromium() -> Iterator[Browser]:
    """Give a browser, or skip the test and say what is missing."""
    if importlib.util.find_spec("playwright") is None:
        pytest.skip("playwright is not installed: pip install 'datastrike[browser]'")
    found = next(filter(None, map(shutil.which, CHROMIUM)), None)
    if found is None:
        pytest.skip("there is no Chromium here: apt-get install chromium")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=QUIET)
        yield browser
        browser.close()


class Watched:
    """A page, what went wrong in it, and what it asked for."""

    def __init__(self, browser: Browser) -> None:
        self.errors: list[str] = []
        self.asked: list[str] = []
        self.page: Page = browser.new_page(viewport={"width": 1500, "height": 1100})
        self.page.set_default_timeout(PATIENCE)
        self.page.on("console", self._said)
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.on("request", lambda request: self.asked.append(request.url))

    def _said(self, message: object) -> None:
        kind, text = getattr(message, "type", ""), getattr(message, "text", "")
        if kind == "error" and not text.startswith(HARMLESS):
            self.errors.append(text)

    def keep(self, name: str) -> None:
        """Take a screenshot for people to look at."""
        SCREENSHOTS.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=SCREENSHOTS / f"{name}.png", full_page=True)


@contextmanager
def served(*arguments: str) -> Iterator[str]:
    """Give the address of a live page; stop it afterwards."""
    if importlib.util.find_spec("solara") is None:
        pytest.skip("the live page is not installed: pip install 'datastrike[view]'")
    command = [sys.executable, "-m", "sim", "view", *arguments, "--port", "0"]
    process = subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    assert process.stdout is not None
    said: list[str] = []
    try:
        for line in process.stdout:
            said.append(line)
            address = re.search(r"http://\S+token=\S+", line)
            if address:
                threading.Thread(target=said.extend, args=(process.stdout,), daemon=True).start()
                yield address.group()
                assert "Traceback" not in "".join(said), "".join(said)
                break
        else:
            pytest.fail("".join(said))
    finally:
        process.terminate()
        process.wait(30)
        process.stdout.close()
