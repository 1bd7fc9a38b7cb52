"""Li Wei's visit at Olga's window, and the program beside her reader."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.test import Client

from lastcall.core.database import database
from tests.core.counter.conftest import Counter
from tests.core.simcard.at_the_counter import Visit, at_the_window
from tests.doors.desk.staffed import CENTRE, NORTH, Staffed


@dataclass
class Program:
    """What the program beside a reader sends, without a cookie, from a client that checks for forged requests."""

    token: str = ""
    client: Client = field(default_factory=lambda: Client(enforce_csrf_checks=True, headers={"host": "localhost"}))

    @property
    def shown(self) -> dict[str, str]:
        return {"authorization": f"Bearer {self.token}"} if self.token else {}

    def ask(self, path: str) -> Any:
        return self.client.get(f"/desk/readers/{path}", headers=self.shown)

    def say(self, path: str, document: Any) -> Any:
        return self.client.post(f"/desk/readers/{path}", document, content_type="application/json", headers=self.shown)

    def send(self, path: str, body: bytes, *, kind: str = "application/octet-stream") -> Any:
        return self.client.post(f"/desk/readers/{path}", body, content_type=kind, headers=self.shown)


@pytest.fixture
def visit(staffed: Staffed) -> Iterator[Visit]:
    """Li Wei's document matched, and Olga paired a reader."""
    counter = Counter(staffed.cast, staffed.shops[CENTRE], staffed.shops[NORTH])
    yield at_the_window(counter, staffed.cast.li_wei)
    database().close()


@pytest.fixture
def program(visit: Visit) -> Program:
    """The program beside that reader."""
    return Program(visit.token)
