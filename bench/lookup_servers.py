"""The servers that ``bench.lookup`` measures, each in a process of its own: ``python -m bench.lookup_servers NAME PORT``."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from collections.abc import Callable
from typing import Any, Final

CONSTANT: Final = b'{"phoneNumberRecycled":false}'
_HEAD: Final = [
    (b"content-type", b"application/json"), (b"content-length", b"%d" % len(CONSTANT)), (b"x-correlator", b"constant"),
    (b"x-lastcall-as-of", b"2026-01-01T00:00:00Z"),
]  # fmt: skip


async def _whole(receive: Callable[[], Any]) -> bytes:
    message = await receive()
    body: bytes = message.get("body", b"")
    while message.get("more_body", False):
        message = await receive()
        body += message.get("body", b"")
    return body


async def _lifespan(receive: Callable[[], Any], send: Callable[[Any], Any]) -> None:
    while True:
        message = await receive()
        await send({"type": f"{message['type']}.complete"})
        if message["type"] == "lifespan.shutdown":
            return


async def constant(scope: Any, receive: Callable[[], Any], send: Callable[[Any], Any]) -> None:
    """A bare ASGI application: the body is read, the answer is always the same."""
    if scope["type"] == "lifespan":
        await _lifespan(receive, send)
        return
    await _whole(receive)
    await send({"type": "http.response.start", "status": 200, "headers": _HEAD})
    await send({"type": "http.response.body", "body": CONSTANT})


class Pipelined:
    """One connection to Redis for all requests, nothing waited for in between: faster than the usual client's pool."""

    def __init__(self) -> None:
        self._waiting: asyncio.Queue[asyncio.Future[bytes]] = asyncio.Queue()
        self._writer: asyncio.StreamWriter | None = None
        self._lock = asyncio.Lock()

    async def get(self, key: bytes) -> bytes:
        """``GET key``; empty when there is none."""
        if self._writer is None:
            async with self._lock:
                if self._writer is None:
                    reader, writer = await asyncio.open_unix_connection(os.environ["BENCH_REDIS"])
                    self._task = asyncio.create_task(self._answers(reader))
                    self._writer = writer
        answer: asyncio.Future[bytes] = asyncio.get_running_loop().create_future()
        self._waiting.put_nowait(answer)
        self._writer.write(b"*2\r\n$3\r\nGET\r\n$%d\r\n%b\r\n" % (len(key), key))
        return await answer

    async def _answers(self, reader: asyncio.StreamReader) -> None:
        while line := await reader.readline():
            length = int(line[1:])
            value = (await reader.readexactly(length + 2))[:-2] if length >= 0 else b""
            (await self._waiting.get()).set_result(value)


_redis = Pipelined()


async def redis(scope: Any, receive: Callable[[], Any], send: Callable[[Any], Any]) -> None:
    """What a user would build: a bare ASGI application that asks Redis for the day since when the number is held."""
    if scope["type"] == "lifespan":
        await _lifespan(receive, send)
        return
    given = json.loads(await _whole(receive))
    since = await _redis.get(given["phoneNumber"][1:].encode())
    recycled = not since or given["specifiedDate"].encode() < since
    body = b'{"phoneNumberRecycled":true}' if recycled else CONSTANT
    head = [(b"content-type", b"application/json"), (b"content-length", b"%d" % len(body)), *_HEAD[2:]]
    await send({"type": "http.response.start", "status": 200, "headers": head})
    await send({"type": "http.response.body", "body": body})


_APPLICATIONS: Final = {
    "constant": "bench.lookup_servers:constant", "redis": "bench.lookup_servers:redis",
    "lastcall": "lastcall.site.asgi:application", "django": "bench.lookup_django:application",
}  # fmt: skip


def main() -> None:
    """Serve until killed. NAME: ``constant``, ``redis``, ``lastcall`` or ``django``, with ``@uvicorn`` for that server."""
    name, port = sys.argv[1], int(sys.argv[2])
    name, _, server = name.partition("@")
    if server == "uvicorn":
        import uvicorn

        uvicorn.run(
            _APPLICATIONS[name], port=port, log_level="warning", access_log=False, ws="none", proxy_headers=False,
            server_header=False,
        )  # fmt: skip
        return
    from granian import Granian
    from granian.constants import Interfaces

    Granian(
        _APPLICATIONS[name], port=port, interface=Interfaces.WSGI if name == "django" else Interfaces.ASGI, websockets=False,
        workers=1, log_access=False, log_level="warning",  # type: ignore[arg-type]
    ).serve()  # fmt: skip


if __name__ == "__main__":
    main()
