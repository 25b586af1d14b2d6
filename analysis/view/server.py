"""Serves the live page on this machine: no telemetry, nothing fetched from elsewhere."""

from __future__ import annotations

import os
import secrets
import socket
import threading
import warnings
import webbrowser
from typing import TYPE_CHECKING, Any

from analysis.view.guard import LOOPBACK, Guard
from sim.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Callable

    from sim.scenario import Scenario

PAGE = "analysis.view.page"
VISITORS = 8
"""Who can look at once; each has two worlds in memory."""
FORGOTTEN = "10m"
"""How long worlds are kept for a page that was left without being closed."""
LARGEST_MESSAGE = 2**20
"""Bytes of one message from a page."""
MISSING = "the live page needs more packages: pip install 'datastrike[view]'"


def serve(
    scenario: Scenario,
    seed: int = 0,
    host: str = "127.0.0.1",
    port: int = 8765,
    browse: bool = False,
    again: str = "",
    tell: Callable[[str], None] = lambda _: None,
) -> None:
    """Show a scenario until the process is stopped.

    Parameters
    ----------
    scenario : Scenario
        What is shown; visitors change copies of it.
    seed : int
        Random seed that the page begins with.
    host, port : str, int
        Where to listen; port 0 takes one that is free.
    browse : bool
        Whether to open a browser.
    again : str
        Command that plays the scenario without the page; by its name unless given.
    tell : function
        Takes the address once it is known, and warnings.

    Raises
    ------
    InputError
        If packages are missing or the port is taken.
    """
    application = _application(scenario=scenario, seed=seed, again=again)
    listening = _bound(host, port)
    port = listening.getsockname()[1]
    token = secrets.token_urlsafe(16)
    shown = "127.0.0.1" if host in ("0.0.0.0", "::") else f"[{host}]" if ":" in host else host
    address = f"http://{shown}:{port}/?token={token}"
    if host not in LOOPBACK:
        tell(
            f"Warning: {host} can be reached from other machines, unencrypted; whoever has the "
            "address below can use this one's memory and processor."
        )
    tell(f"Showing {scenario.name} at {address}")
    tell("Stop with Ctrl+C.")
    if browse:
        threading.Timer(1.0, webbrowser.open, (address,)).start()
    _run(Guard(application, token, port, host), listening)


def _application(**opened: Any) -> Any:
    """Return Solara's application with the page of what was opened."""
    os.environ["SOLARA_APP"] = PAGE
    warnings.filterwarnings("ignore", message="Cookies with samesite", category=UserWarning)
    try:
        import solara.settings
        from solara.server import settings

        settings.telemetry.mixpanel_enable = False
        settings.kernel.max_count = VISITORS
        settings.kernel.cull_timeout = FORGOTTEN
        settings.theme.title = "datastrike"
        settings.theme.show_banner = False
        solara.settings.main.check_hooks = "off"  # Mesa does what it warns of
        solara.settings.assets.proxy = True
        solara.settings.assets.cdn = "nowhere:"  # what solara-assets lacks is not looked for
        from solara.server.starlette import app

        from analysis.view import page
    except ImportError as error:
        raise InputError(f"{MISSING} ({error})") from None
    page.opened.update(opened)
    return app


def _bound(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
        listening.listen()  # from here on requests wait rather than fail
    except OSError as error:
        listening.close()
        raise InputError(
            f"--port {port}: cannot listen there on {host} ({error.strerror})"
        ) from None
    return listening


def _run(app: Guard, listening: socket.socket) -> None:
    import uvicorn

    config = uvicorn.Config(
        app, log_level="warning", ws_max_size=LARGEST_MESSAGE, proxy_headers=False,
        server_header=False,
    )  # fmt: skip
    server = uvicorn.Server(config)
    # pages that are open would be waited for, and threads that play go on; nothing is unsaved
    server.handle_exit = lambda *_: os._exit(0)
    server.run(sockets=[listening])
