"""Who may talk to the page: only those who were given its address, from the page itself.

A page on another site can make a browser send requests here, also over websockets, and can
give its own name this machine's address (Jackson et al. 2007, doi:10.1145/1315245.1315298).  So
every request must name this server as its host, come from its own page if it says where it comes
from, and carry the token that stands in the printed address.
"""

from __future__ import annotations

import hmac
from collections.abc import Awaitable, Callable, MutableMapping
from http.cookies import CookieError, SimpleCookie
from typing import Any
from urllib.parse import parse_qs

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Message, Receive, Send], Awaitable[None]]

LOOPBACK = frozenset(("127.0.0.1", "localhost", "[::1]", "::1"))
REFUSED = b"Refused. Open the address that datastrike view has printed."
POLICY = (
    "default-src 'self' 'unsafe-inline' 'unsafe-eval' data: blob:; base-uri 'self'; "
    "form-action 'none'; frame-ancestors 'none'; object-src 'none'"
)
"""What a browser may load: nothing from elsewhere.  Solara compiles its templates there."""
HEADERS = (
    (b"content-security-policy", POLICY.encode()),
    (b"referrer-policy", b"no-referrer"),
    (b"x-content-type-options", b"nosniff"),
)


class Guard:
    """An ASGI application in front of another one.

    Parameters
    ----------
    app : ASGI application
        What is guarded.
    token : str
        Secret that the first request carries as ``?token=``, later ones in a cookie.
    port : int
        Where it listens.
    host : str
        The address that it is bound to; names of this machine are known beside it.
    """

    def __init__(self, app: App, token: str, port: int, host: str = "127.0.0.1") -> None:
        self.app, self.token = app, token
        self.cookie = f"datastrike-{port}"
        names = LOOPBACK if host in LOOPBACK else frozenset((*LOOPBACK, host))
        self.hosts = None if host in ("0.0.0.0", "::") else {f"{name}:{port}" for name in names}

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
        elif not self._from_here(scope):
            await _refuse(scope, send)
        elif self._carries(_asked(scope)) and scope["type"] == "http":
            await self._welcome(send)
        elif self._carries(self._kept(scope)):
            await self.app(scope, receive, _with_headers(send))
        else:
            await _refuse(scope, send)

    def _from_here(self, scope: Message) -> bool:
        """Return whether a request names this server, and was sent by its own page."""
        host, origin = _header(scope, b"host"), _header(scope, b"origin")
        if sum(key == b"origin" for key, _ in scope["headers"]) > 1:
            return False
        if self.hosts is not None and host not in self.hosts:
            return False
        if origin is None:
            return scope["type"] == "http" and scope["method"] in ("GET", "HEAD")
        return origin in (f"http://{host}", f"https://{host}")

    def _carries(self, token: str) -> bool:
        return hmac.compare_digest(token.encode(), self.token.encode())

    def _kept(self, scope: Message) -> str:
        try:
            kept = SimpleCookie(_header(scope, b"cookie") or "").get(self.cookie)
        except CookieError:
            return ""
        return "" if kept is None else kept.value

    async def _welcome(self, send: Send) -> None:
        """Keep the token in a cookie, and take it out of the address."""
        kept = f"{self.cookie}={self.token}; Path=/; HttpOnly; SameSite=Strict"
        headers = [(b"location", b"/"), (b"set-cookie", kept.encode()), *HEADERS]
        await send({"type": "http.response.start", "status": 303, "headers": headers})
        await send({"type": "http.response.body", "body": b""})


def _asked(scope: Message) -> str:
    query: bytes = scope["query_string"]
    return parse_qs(query.decode("latin-1")).get("token", [""])[0]


def _header(scope: Message, name: bytes) -> str | None:
    """Return a header; two of one name are none, since it is not known which one counts."""
    found = [value for key, value in scope["headers"] if key == name]
    return found[0].decode("latin-1") if len(found) == 1 else None


async def _refuse(scope: Message, send: Send) -> None:
    if scope["type"] == "websocket":
        await send({"type": "websocket.close", "code": 1008})
        return
    headers = [(b"content-type", b"text/plain; charset=utf-8"), *HEADERS]
    await send({"type": "http.response.start", "status": 403, "headers": headers})
    await send({"type": "http.response.body", "body": REFUSED})


def _with_headers(send: Send) -> Send:
    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            message["headers"] = [*message.get("headers", ()), *HEADERS]
        await send(message)

    return sending
