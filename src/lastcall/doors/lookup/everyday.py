"""The shortest way through the frame, for everyday requests on hot paths.

Everyday: a token that was let in within the last second, plain JSON both ways, a correlator, a body that comes in one piece.
Whatever is otherwise is None here, and takes the whole way, which says the same of everyday requests.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterable
from datetime import datetime
from functools import lru_cache
from typing import Any, Final

from lastcall.core import clock
from lastcall.core.database import database
from lastcall.core.relying import quotas
from lastcall.core.relying.access import Access
from lastcall.core.relying.roll import LONGEST, Roll, roll_of
from lastcall.doors.lookup.answer import Answer
from lastcall.doors.lookup.routes import Quick, Route

_JSON: Final = b"application/json"
_ACCEPTS: Final = frozenset({None, b"*/*", _JSON})
_CORRELATOR: Final = re.compile(rb"[a-zA-Z0-9\-_:;./<>{}]{1,256}")
_MOST: Final = 10_000

Pairs = list[tuple[bytes, bytes]]


class Brief:
    """What a quick handler is given: ``access`` and ``body``."""

    __slots__ = ("access", "body")

    def __init__(self, access: Access, body: bytes) -> None:
        self.access = access
        self.body = body


class Admitted:
    """Who was let in by an ``Authorization`` header, while the roll of consumers is as it was then."""

    __slots__ = ("access", "expires_at", "purse", "roll", "roll_read_at", "scopes")

    def __init__(self, access: Access, roll: Roll, purse: quotas.Purse) -> None:
        self.access, self.scopes, self.expires_at = access, access.scopes, access.expires_at
        self.roll, self.roll_read_at, self.purse = roll, roll.read_at, purse

    def stands(self, now: datetime) -> bool:
        """Whether nothing can have changed since, except what the roll will say within a second."""
        read_at = self.roll.read_at
        return read_at == self.roll_read_at and now < self.expires_at and time.monotonic() - read_at < LONGEST


class Everyday:
    """The hot routes, and who was let in lately."""

    def __init__(self, routes: Iterable[Route]) -> None:
        self.routes: dict[str, tuple[str, Quick, str, int]] = {
            route.path: (route.method, route.quick, route.scope, route.body_limit)
            for route in routes
            if route.quick is not None and route.scope is not None
        }
        self._admitted: dict[bytes, Admitted] = {}

    def admit(self, authorization: str, access: Access) -> None:
        """Remember for the present second who was let in. Kept no longer than that, and never a token about a line."""
        if access.tenure_id is not None or not self.routes:
            return
        base = database()
        consumer = roll_of(base).known(access.consumer_id)
        if consumer is None:
            return
        if len(self._admitted) >= _MOST:
            self._admitted.clear()
        purse = quotas.purse(base, consumer)
        self._admitted[authorization.encode("latin-1")] = Admitted(access, roll_of(base), purse)

    def begin(self, scope: Any) -> tuple[Admitted, bytes, Quick, int] | None:
        """Who asks, the correlator, who answers, and how long a body may be; None: take the whole way. Nothing is spent yet."""
        found = self.routes.get(scope["path"])
        if found is None or scope["method"] != found[0] or scope["query_string"]:
            return None
        headers = dict(scope["headers"])
        authorization: bytes = headers.get(b"authorization", b"")
        admitted = self._admitted.get(authorization)
        if admitted is None or found[2] not in admitted.scopes:
            return None
        if not admitted.stands(clock.now()):
            del self._admitted[authorization]
            return None
        correlator = headers.get(b"x-correlator")
        if headers.get(b"content-type") != _JSON or headers.get(b"accept") not in _ACCEPTS or correlator is None:
            return None
        return (admitted, correlator, found[1], found[3]) if _CORRELATOR.fullmatch(correlator) else None


def answered(admitted: Admitted, quick: Quick, body: bytes) -> Answer | None:
    """The answer, paid for; None: nothing was spent, take the whole way. Raises :class:`quotas.TooMany`."""
    if not admitted.purse.take():
        return None
    answer = quick(Brief(admitted.access, body))
    if answer is None:
        admitted.purse.put_back()
    return answer


def head(answer: Answer, correlator: bytes) -> Pairs:
    """The headers of an answer in bytes."""
    body = answer.body
    assert isinstance(body, bytes)
    return [*_encoded(answer.content_type, len(body), answer.headers), (b"x-correlator", correlator)]


@lru_cache(maxsize=256)
def _encoded(content_type: str, length: int, headers: tuple[tuple[str, str], ...]) -> tuple[tuple[bytes, bytes], ...]:
    pairs = [("content-type", content_type), ("content-length", str(length)), *headers]
    return tuple((name.encode("latin-1"), value.encode("latin-1")) for name, value in pairs)
