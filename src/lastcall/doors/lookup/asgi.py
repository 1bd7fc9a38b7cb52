"""The relying party's door as a bare ASGI application: what every request goes through before and after its handler.

A hot route is answered on the loop when its token was verified before, its quota has a lease and the index is fresh; whatever
needs the database is done in a thread. Nothing that is logged holds a number, a token or a body.
"""

from __future__ import annotations

import asyncio
import logging
import os
import re
import tempfile
import threading
from collections.abc import Awaitable, Callable, Iterable, Mapping, MutableMapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import Any, Final, TypeVar
from urllib.parse import parse_qsl

from django.db import close_old_connections, connections

from lastcall.core import clock
from lastcall.core.database import database
from lastcall.core.errors import LastcallError, Refused
from lastcall.core.relying import quotas, tokens
from lastcall.core.relying.access import Access
from lastcall.doors.lookup import keeper, oauth
from lastcall.doors.lookup.answer import Answer
from lastcall.doors.lookup.asked import Asked
from lastcall.doors.lookup.errors import ApiError, as_api_error, internal, unauthenticated
from lastcall.doors.lookup.everyday import Admitted, Everyday, answered, head
from lastcall.doors.lookup.routes import JSON, Found, NotHere, Quick, Route, Table

logger = logging.getLogger(__name__)

T = TypeVar("T")
Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]

CORRELATOR: Final = re.compile(r"[a-zA-Z0-9\-_:;./<>{}]{0,256}", re.ASCII)
"""CAMARA Commonalities, XCorrelator."""
THREADS: Final = 8
_PIECE: Final = 256 * 1024
_LONGEST_TOKEN: Final = 8 * 1024


class Gone(Exception):
    """The client left before its request was whole."""


class Door:
    """The application. ``routes``: everything it serves."""

    def __init__(self, routes: Iterable[Route]) -> None:
        self.table = Table(routes)
        self._everyday = Everyday(self.table.all())
        self.hot = frozenset(self._everyday.routes)
        self._pool = _pool()
        self._own = f"lc-{clock.token(50)}-"
        self._count = count(1)

    def close(self) -> None:
        """End the threads, with their connections to the database. Whoever asks afterwards begins new ones."""
        together, (pool, self._pool) = threading.Barrier(THREADS), (self._pool, _pool())
        for done in [pool.submit(_end_connections, together) for _ in range(THREADS)]:
            done.result()
        pool.shutdown()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await keeper.lifespan(receive, send)
            self.close()
            return
        if (begun := self._everyday.begin(scope)) is not None:
            admitted, name, quick, limit = begun
            message = await receive()
            body = message.get("body", b"")
            if message["type"] == "http.request" and not message.get("more_body", False) and len(body) <= limit:
                quickly = self._quickly(admitted, quick, body)
                if quickly is not None:
                    await send(
                        {"type": "http.response.start", "status": quickly.status, "headers": head(quickly, name)}
                    )
                    await send({"type": "http.response.body", "body": quickly.body})
                    return
            receive = _again(message, receive)
        correlator, answer = await self._answer(scope, receive)
        if answer is not None:
            await _send(answer, correlator, send, body=scope["method"] != "HEAD")

    def _quickly(self, admitted: Admitted, quick: Quick, body: bytes) -> Answer | None:
        try:
            return answered(admitted, quick, body)
        except LastcallError as trouble:
            return as_api_error(trouble).answer()
        except Exception as trouble:  # whatever it is, its words may hold a number
            logger.error("a request was not answered: unexpected %s", type(trouble).__name__)
            return internal().answer()

    async def _answer(self, scope: Scope, receive: Receive) -> tuple[str, Answer | None]:
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        correlator = headers.get("x-correlator", "")
        try:
            if not correlator or CORRELATOR.fullmatch(correlator) is None:
                malformed, correlator = bool(correlator), f"{self._own}{next(self._count):x}"
                if malformed:
                    raise ApiError(400, "INVALID_ARGUMENT", "The header x-correlator is not of its pattern.")
            found, route = self._route(scope)
            return correlator, await self._handled(scope, receive, headers, correlator, found, route)
        except ApiError as trouble:
            return correlator, trouble.answer()
        except Gone:
            return correlator, None
        except LastcallError as trouble:
            return correlator, self._core_trouble(scope, trouble)
        except Exception as trouble:  # whatever it is, its words may hold a number
            logger.error("a request was not answered: unexpected %s", type(trouble).__name__)
            return correlator, internal().answer()

    def _core_trouble(self, scope: Scope, trouble: LastcallError) -> Answer:
        found = as_api_error(trouble)
        if found.status >= 500:
            logger.error("a request was not answered: %s", trouble.code)
        return found.answer()

    def _route(self, scope: Scope) -> tuple[Found, Route]:
        found = self.table.find(scope["path"])
        if found is None:
            raise ApiError(404, "NOT_FOUND", "There is nothing at this path.")
        method = scope["method"]
        route = found.methods.get("GET" if method == "HEAD" else method)
        if route is None:
            allowed = ", ".join(sorted(found.methods))
            raise ApiError(405, "METHOD_NOT_ALLOWED", f"Use {allowed}.", (("allow", allowed),))
        return found, route

    async def _handled(
        self, scope: Scope, receive: Receive, headers: Mapping[str, str], correlator: str, found: Found, route: Route
    ) -> Answer:
        access = await self._admitted(headers, route) if route.scope is not None else None
        _check_media(scope["method"], headers, route)
        asked = Asked(
            method=scope["method"], path=route.path, params=found.params, query=_query(scope), headers=headers,
            body=b"" if route.streams else await _body(receive, headers, route.body_limit), access=access,
            correlator=correlator,
        )  # fmt: skip
        if route.streams and scope["method"] in _WITH_BODY:
            return await self._uploaded(asked, receive, route)
        if route.hot:
            with suppress(NotHere):
                return route.handle(asked)
        return await self._beside(route.handle, asked)

    async def _uploaded(self, asked: Asked, receive: Receive, route: Route) -> Answer:
        """The body goes to a file, so that memory is bounded whatever comes."""
        descriptor, name = tempfile.mkstemp(prefix="lastcall-upload-")
        path = Path(name)
        try:
            with os.fdopen(descriptor, "wb") as file:
                await _spool(receive, asked.headers, route.body_limit, file.write)
            return await self._beside(route.handle, replace(asked, upload=path))
        finally:
            path.unlink(missing_ok=True)

    async def _beside(self, work: Callable[..., T], *args: Any) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._pool, _with_connections, work, args)

    async def _admitted(self, headers: Mapping[str, str], route: Route) -> Access:
        """Who asks, let in: 401 without a valid token, 403 without the scope, 429 above the quota."""
        token, base = _token(headers), database()
        access = tokens.known(base, token)
        if access is None:
            access = await self._beside(_verified, token)
        if route.scope not in access.scopes:
            raise ApiError(403, "PERMISSION_DENIED", f"The token does not have the scope {route.scope}.")
        if not quotas.spend_at_once(base, access):
            await self._beside(quotas.spend, base, access)
        if route.quick is not None:
            self._everyday.admit(headers["authorization"], access)
        return access


_WITH_BODY: Final = frozenset({"POST", "PUT", "PATCH"})


def _pool() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(THREADS, thread_name_prefix="lookup")


def _end_connections(together: threading.Barrier) -> None:
    connections.close_all()
    together.wait(timeout=10)  # so that each thread does this once


def _with_connections(work: Callable[..., T], args: tuple[Any, ...]) -> T:
    close_old_connections()
    return work(*args)


def _verified(token: str) -> Access:
    try:
        return tokens.verify(database(), token)
    except Refused:
        raise unauthenticated() from None


def _token(headers: Mapping[str, str]) -> str:
    """The bearer token (RFC 6750, 2.1; no other place is taken)."""
    kind, _, token = headers.get("authorization", "").partition(" ")
    token = token.strip()
    if kind.lower() != "bearer" or not token or len(token) > _LONGEST_TOKEN:
        raise unauthenticated()
    return token


def _check_media(method: str, headers: Mapping[str, str], route: Route) -> None:
    if method in _WITH_BODY and route.takes:
        given = headers.get("content-type", "")
        if given or headers.get("content-length", "0") != "0" or "transfer-encoding" in headers:
            _check_type(given, route)
    accept = headers.get("accept", "")
    if accept and not _acceptable(accept, route.gives):
        raise ApiError(406, "NOT_ACCEPTABLE", f"Answers are {' or '.join((*route.gives, *JSON))}.")


def _check_type(given: str, route: Route) -> None:
    kind, _, parameters = given.partition(";")
    charset = parameters.strip().lower().replace('"', "")
    if kind.strip().lower() not in route.takes or charset not in {"", "charset=utf-8"}:
        raise ApiError(415, "UNSUPPORTED_MEDIA_TYPE", f"Send {' or '.join(route.takes)}, in UTF-8.")


_ANYTHING: Final = ("*/*", "application/*", "application/json", "application/problem+json", "text/*")


def _acceptable(accept: str, gives: tuple[str, ...]) -> bool:
    return any(part.partition(";")[0].strip().lower() in (*_ANYTHING, *gives) for part in accept.split(","))


def _query(scope: Scope) -> dict[str, str]:
    raw = scope.get("query_string", b"")
    if not raw:
        return {}
    try:
        return dict(parse_qsl(raw.decode("ascii"), keep_blank_values=True, max_num_fields=100, errors="strict"))
    except ValueError:
        raise ApiError(400, "INVALID_ARGUMENT", "The query cannot be read.") from None


async def _body(receive: Receive, headers: Mapping[str, str], limit: int) -> bytes:
    message = await receive()
    if not message.get("more_body", False) and message["type"] == "http.request":
        body: bytes = message.get("body", b"")
        if len(body) > limit:
            raise _too_large(limit)
        return body
    return await _rest(message, receive, headers, limit)


async def _rest(message: MutableMapping[str, Any], receive: Receive, headers: Mapping[str, str], limit: int) -> bytes:
    parts = bytearray()
    await _spool(_again(message, receive), headers, limit, parts.extend)
    return bytes(parts)


def _again(message: MutableMapping[str, Any], receive: Receive) -> Receive:
    """``receive`` with a message that was taken already coming first."""
    left = [message]

    async def received() -> MutableMapping[str, Any]:
        return left.pop() if left else await receive()

    return received


async def _spool(receive: Receive, headers: Mapping[str, str], limit: int, write: Callable[[bytes], object]) -> None:
    """Hand the body over piece by piece. Raises 413 as soon as it is too large, :class:`Gone` when the client leaves."""
    length = headers.get("content-length", "")
    if length.isdigit() and int(length) > limit:
        raise _too_large(limit)
    size, more = 0, True
    while more:
        message = await receive()
        if message["type"] != "http.request":
            raise Gone
        piece = message.get("body", b"")
        size, more = size + len(piece), message.get("more_body", False)
        if size > limit:
            raise _too_large(limit)
        write(piece)


def _too_large(limit: int) -> ApiError:
    return ApiError(413, "PAYLOAD_TOO_LARGE", f"A body may have {limit} bytes here.")


async def _send(answer: Answer, correlator: str, send: Send, *, body: bool) -> None:
    content = answer.body
    length = len(content) if isinstance(content, bytes) else _length(answer, content)
    headers = [
        (b"content-type", answer.content_type.encode("latin-1")),
        (b"content-length", b"%d" % length),
        (b"x-correlator", correlator.encode("latin-1")),
    ]
    headers.extend((name.encode("latin-1"), value.encode("latin-1")) for name, value in answer.headers)
    await send({"type": "http.response.start", "status": answer.status, "headers": headers})
    if isinstance(content, bytes) or not body:
        await send({"type": "http.response.body", "body": content if body and isinstance(content, bytes) else b""})
        return
    await _send_file(content, answer.first, length, send)


def _length(answer: Answer, file: Path) -> int:
    return answer.length if answer.length is not None else file.stat().st_size - answer.first


async def _send_file(path: Path, first: int, length: int, send: Send) -> None:
    """The file as it was when its length was told."""
    with path.open("rb") as file:
        file.seek(first)
        while length > 0:
            piece = await asyncio.to_thread(file.read, min(_PIECE, length))
            if not piece:
                break
            length -= len(piece)
            await send({"type": "http.response.body", "body": piece, "more_body": length > 0})


def routes() -> tuple[Route, ...]:
    """Everything this door serves."""
    found = oauth.ROUTES
    from lastcall.doors.lookup.camara import urls as camara
    from lastcall.doors.lookup.own import urls as own

    return (*found, *camara.ROUTES, *own.ROUTES)


def make_door() -> Door:
    """The application with all its routes."""
    return Door(routes())
