"""The CAMARA APIs as tests ask them: one door for a whole file of tests, for nothing here is changed by asking."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
from django.conf import settings

from lastcall.core import clock
from lastcall.core.clock import ManualClock
from lastcall.core.database import DjangoDatabase
from lastcall.core.lookup.documented import MATCH, RECYCLING, SUBSCRIPTION, TENURE
from lastcall.core.relying import tokens
from lastcall.core.relying.consumer import Consumer
from lastcall.doors.lookup import lookup
from lastcall.doors.lookup.asgi import make_door
from tests.cast import Cast
from tests.databases import opened
from tests.doors.lookup.conftest import Client, let_go
from tests.relying import registered

LIFE = "+99902000{:02}"
STEADY = LIFE.format(1)
"""Held by one person since 2023-10-09."""
PATHS = {
    RECYCLING: "/number-recycling/v0.2/check",
    TENURE: "/kyc-tenure/v0.3rc1/check-tenure",
    SUBSCRIPTION: "/subscription-status/v0.1/retrive-subscription-status",
    MATCH: "/kyc-match/v0.4/match",
}
MINE = {
    RECYCLING: {"specifiedDate": "2024-10-01"}, TENURE: {"tenureDate": "2024-10-01"}, SUBSCRIPTION: {}, MATCH: {"name": "Li Wei"},
}  # fmt: skip
"""What is sent beside a token that is bound to a number."""


def body(api: str, number: Any = STEADY, **changed: Any) -> dict[str, Any]:
    """A request about a number as the definition has it, changed by ``changed``."""
    return {"phoneNumber": number, **MINE[api], **changed}


@dataclass
class Stage:
    """``bank``: asks about real lines; ``sandbox``: a consumer that only ever meets made-up numbers."""

    base: DjangoDatabase
    cast: Cast
    client: Client
    bank: Consumer
    sandbox: Consumer
    _tokens: dict[Any, str] = field(default_factory=dict)

    def token(self, *, of: Consumer | None = None, msisdn: int | None = None, **given: Any) -> str:
        """A token of the sandbox's consumer, made once; ``msisdn``: bound to that number."""
        whose = of or self.sandbox
        key = (whose.id, msisdn, *sorted(given.items()))
        if key not in self._tokens:
            scopes = given.pop("scopes", tuple(whose.scopes.split()))
            self._tokens[key] = tokens.issue(self.base, consumer=whose, msisdn=msisdn, scopes=scopes, **given)
        return self._tokens[key]

    def ask(
        self, api: str, document: Any = None, *, token: str | None = None, path: str = "", **given: Any
    ) -> httpx.Response:
        """A POST to the API with the sandbox's two-legged token, unless told otherwise."""
        sent = {"json": document} if document is not None else {}
        bearer = self.token() if token is None else token
        return self.client.post(path or PATHS[api], token=bearer, **sent, **given)

    def code(self, api: str, document: Any = None, **given: Any) -> tuple[int, str]:
        """Status and code of an answer that is an error."""
        answer = self.ask(api, document, **given)
        return answer.status_code, answer.json().get("code", "")


@contextmanager
def set_up(template: Path, folder: Path) -> Iterator[Stage]:
    """The door on a SQLite database with the cast, at Friday, 13 March 2026."""
    copy = shutil.copy(template, folder / "lastcall.sqlite3")
    manual = ManualClock(datetime(2026, 1, 12, 9, tzinfo=UTC))
    with pytest.MonkeyPatch.context() as patch, clock.use(manual), opened(f"sqlite:///{copy}") as base:
        for name in ("LASTCALL_INDEX", "LASTCALL_BATCHES", "LASTCALL_ASKED", "LASTCALL_DAILY"):
            patch.setattr(settings, name, folder / name)
        lookup.forget()
        patch.setattr("lastcall.core.database._default", base)
        cast = Cast.play(base, manual, folder)
        bank = registered(base, "Demo Bank").consumer
        sandbox = registered(base, "Sandbox Bank", sandbox=True).consumer
        door = make_door()
        yield Stage(base, cast, Client(door), bank, sandbox)
        let_go(door)
    lookup.forget()
