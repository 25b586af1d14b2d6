"""The live page: what is typed there, and who asks for it."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from analysis.view.guard import Guard
from analysis.view.knobs import knobs
from analysis.view.worlds import GIVEN, OTHER, WITHOUT, Worlds
from sim.loading.overrides import paths
from tests.fuzzing.attempts import bounded
from tests.fuzzing.damage import AWKWARD
from tests.fuzzing.surfaces import Surface
from tests.fuzzing.worlds import MOST_CREATORS, MOST_STEPS, worlds


def typed(_: Path) -> Surface:
    """Values that are typed or chosen on the live page."""
    start = worlds()["crowded"]
    known = knobs(start)
    text = st.sampled_from([json.dumps(value) for value in AWKWARD]) | st.text(max_size=12)
    setting = st.tuples(st.sampled_from(sorted(paths(start))) | st.text(max_size=12), text)
    line = st.lists(setting.map("=".join), max_size=3).map(";".join)

    def tried(settings: dict[str, Any]) -> None:
        with bounded():
            shown = Worlds(start, {knob.label: knob.paths for knob in known}, **settings)
            assert bool(shown.pair) != bool(shown.problem)
            small = shown.pair and shown.shown.creators <= MOST_CREATORS
            while small and shown.running and shown.played < MOST_STEPS:
                shown.step()
            assert "Traceback" not in shown.problem

    widgets = st.dictionaries(
        st.sampled_from([knob.label for knob in known]), text | st.sampled_from(AWKWARD), max_size=3
    )
    rest = st.fixed_dictionaries(
        {}, optional={"draws": st.just("3") | text, "more": line, "other": line,
                      "beside": st.sampled_from((WITHOUT, GIVEN, OTHER))},
    )  # fmt: skip
    return Surface(st.tuples(widgets, rest).map(lambda both: both[0] | both[1]), tried)


SECRET, PORT = "secret", 99
OWN_HOSTS = (f"127.0.0.1:{PORT}", f"localhost:{PORT}", f"[::1]:{PORT}", f"::1:{PORT}")


def requests(_: Path) -> Surface:
    """Requests to the live page, most of which are not its own."""
    known = st.sampled_from(
        (*OWN_HOSTS, "attacker.example", f"http://127.0.0.1:{PORT}", "http://attacker.example",
         "null", f"datastrike-{PORT}={SECRET}", f"datastrike-{PORT}=guess", "=;=", "a=b; c",
         f"x=1; datastrike-{PORT}={SECRET}")
    ).map(str.encode)  # fmt: skip
    names = st.sampled_from((b"host", b"origin", b"cookie", b"content-type"))
    headers = st.lists(st.tuples(names, known | st.binary(max_size=30)), max_size=5)
    queries = st.sampled_from((b"", f"token={SECRET}".encode(), b"token=")) | st.binary(max_size=20)
    inputs = st.tuples(
        st.sampled_from(("http", "websocket")), st.sampled_from(("GET", "HEAD", "POST", "x")),
        headers, queries,
    )  # fmt: skip

    def tried(request: tuple[str, str, list[tuple[bytes, bytes]], bytes]) -> None:
        kind, method, sent, query = request
        reached = asyncio.run(
            _reached({"type": kind, "method": method, "headers": sent, "query_string": query})
        )
        hosts, origins, cookies = (
            [value.decode("latin-1") for name, value in sent if name == wanted]
            for wanted in (b"host", b"origin", b"cookie")
        )
        reads = kind == "http" and method in ("GET", "HEAD")
        mine = [[f"{scheme}://{host}"] for scheme in ("http", "https") for host in hosts]
        may = len(hosts) == 1 and hosts[0] in OWN_HOSTS and len(cookies) == 1
        may = may and SECRET in cookies[0] and (origins in mine or (reads and not origins))
        assert may or not reached

    return Surface(inputs, tried)


async def _reached(scope: dict[str, Any]) -> bool:
    """Return whether the page itself hears of a request; it is answered in any case."""
    heard, answers = [], []

    async def page(scope: Any, _: Any, send: Any) -> None:
        heard.append(scope)
        await send({"type": "http.response.start", "status": 200, "headers": []})

    async def receive() -> Any:
        return {}

    async def send(message: Any) -> None:
        answers.append(message)

    await Guard(page, SECRET, PORT)(scope, receive, send)
    assert answers
    return bool(heard)


SURFACES = {"live-page": typed, "requests": requests}
