"""The questions that ``bench.lookup`` asks, with the answers that must come back, and the database that they are asked of."""

from __future__ import annotations

import random
import struct
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

from django.conf import settings

from bench import indexing
from bench.lookup_servers import CONSTANT
from bench.population import policy
from lastcall.core.actor import ADMINISTRATOR, Actor
from lastcall.core.database import database
from lastcall.core.lookup.index.build import build
from lastcall.core.lookup.index.update import update
from lastcall.core.relying import consumers, tokens

PATH: Final = "/number-recycling/v0.2/check"
_QUESTIONS: Final = 20_000


def prepare(*, questions: str, numbers: int) -> dict[str, Any]:
    """In the filled database: the index, a consumer with a token, and the file of questions and right answers."""
    base = database()
    build(base, path=settings.LASTCALL_INDEX, policy=policy())
    tokens.LIFETIME = timedelta(hours=12)  # type: ignore[misc]
    made = consumers.create(
        base, name="Bench", category="bank", scopes=["number-recycling:check"], requests_per_second=10**6,
        requests_per_day=10**9, actor=Actor(ADMINISTRATOR, "bench", "command"),
    )  # fmt: skip
    token = tokens.issue(base, consumer=made.consumer, scopes=["number-recycling:check"])
    _write(Path(questions), token, numbers, constant=False)
    _write(Path(f"{questions}.constant"), token, numbers, constant=True)
    base.close()
    return {}


def _write(path: Path, token: str, numbers: int, *, constant: bool) -> None:
    with path.open("wb") as file:
        for msisdn, day, recycled in _questions(numbers):
            body = b'{"phoneNumber":"+%d","specifiedDate":"%b"}' % (msisdn, day.encode())
            head = (
                f"POST {PATH} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {token}\r\nContent-Type: application/json\r\n"
                f"Accept: application/json\r\nX-Correlator: b4333c46-49c0-4f62-80d7-{msisdn}\r\nContent-Length: {len(body)}\r\n\r\n"
            ).encode()
            answer = CONSTANT if constant or not recycled else b'{"phoneNumberRecycled":true}'
            for part in (head + body, answer):
                file.write(struct.pack("<I", len(part)) + part)


def _questions(numbers: int) -> Iterator[tuple[int, str, bool]]:
    """Numbers and days at random, and whether the number changed hands since: told from the histories' plan alone."""
    msisdns, _, activations = indexing.expected(numbers)
    chance = random.Random(indexing.SEED)
    for _ in range(_QUESTIONS):
        n = chance.randrange(numbers)
        day = chance.randrange(
            (indexing.START - indexing._ORIGIN).days + 1, (indexing.START - indexing._ORIGIN).days + 3_000
        )
        held = int(activations[n])
        moment = indexing._ORIGIN + timedelta(days=day)
        yield int(msisdns[n]), moment.strftime("%Y-%m-%d"), held == 0 or day < held


def freshen() -> dict[str, int]:
    """Say in the index that it is up to date, as the worker beside a server does."""
    return {"applied": update(database(), path=settings.LASTCALL_INDEX, policy=policy())}
