"""The web application for an ASGI server: look-ups go to a bare application of their own, everything else to Django's WSGI.

Django's own ASGI serves the same view several times slower (``docs/design.md``, section 8).
"""

from __future__ import annotations

import os
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any, Final, cast

from a2wsgi import WSGIMiddleware

from lastcall.doors.lookup.asgi import Door, make_door
from lastcall.site.wsgi import application as django

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]

DJANGO_THREADS: Final = int(os.environ.get("LASTCALL_WEB_THREADS", "4"))


class Site:
    """Both applications behind one address: told apart by the first part of the path."""

    def __init__(self, door: Door, pages: Any) -> None:
        self._door = door
        self._pages = pages
        self._segments, self._hot = door.table.first_segments(), door.hot

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        kind = scope["type"]
        if (
            (kind == "http" and scope["path"] in self._hot)
            or kind == "lifespan"
            or (kind == "http" and self.is_lookup(scope["path"]))
        ):
            await self._door(scope, receive, send)
        else:
            await self._pages(_plain(scope), _as_coroutine(receive), send)

    def is_lookup(self, path: str) -> bool:
        """Whether this path is the look-up's."""
        end = path.find("/", 1)
        return (path[1:] if end < 0 else path[1:end]) in self._segments


def _as_coroutine(receive: Receive) -> Receive:
    """granian's ``receive`` gives an awaitable; a2wsgi hands it to the loop from its thread, which takes coroutines only."""

    async def received() -> MutableMapping[str, Any]:
        return await receive()

    return received


def _plain(scope: Scope) -> Scope:
    """Without headers that have an underscore in their name: WSGI could not tell them from those that our proxy sets."""
    headers = [(name, value) for name, value in scope.get("headers", ()) if b"_" not in name]
    return {**scope, "headers": headers}


application = Site(make_door(), WSGIMiddleware(cast(Any, django), workers=DJANGO_THREADS))
