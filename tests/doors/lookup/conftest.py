"""The relying party's door as tests meet it: the whole application over HTTP semantics, in this process."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from lastcall.core.database import DjangoDatabase
from lastcall.core.relying import consumers, tokens
from lastcall.core.relying.consumer import Consumer
from lastcall.doors.lookup import lookup
from tests.cast import Cast
from tests.relying import SYSTEM, registered


@dataclass(frozen=True)
class Client:
    """Speaks to an ASGI application, each request in a loop of its own. ``token``: sent with each request unless told otherwise."""

    app: Any
    token: str = ""

    def request(self, method: str, path: str, *, token: str | None = None, **given: Any) -> httpx.Response:
        """One request; ``json``, ``content``, ``data``, ``headers``, ``params`` as httpx takes them."""
        bearer = self.token if token is None else token
        headers = {**({"authorization": f"Bearer {bearer}"} if bearer else {}), **given.pop("headers", {})}
        return asyncio.run(self._ask(method, path, headers, given))

    async def _ask(self, method: str, path: str, headers: dict[str, str], given: dict[str, Any]) -> httpx.Response:
        transport = httpx.ASGITransport(app=self.app)
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as http:
            return await http.request(method, path, headers=headers, **given)

    def get(self, path: str, **given: Any) -> httpx.Response:
        """``GET``."""
        return self.request("GET", path, **given)

    def post(self, path: str, **given: Any) -> httpx.Response:
        """``POST``."""
        return self.request("POST", path, **given)

    def put(self, path: str, **given: Any) -> httpx.Response:
        """``PUT``."""
        return self.request("PUT", path, **given)

    def delete(self, path: str, **given: Any) -> httpx.Response:
        """``DELETE``."""
        return self.request("DELETE", path, **given)

    def with_token(self, token: str) -> Client:
        """The same with another token."""
        return Client(self.app, token)


@pytest.fixture
def folders(settings_folder: Path) -> Path:
    """Index, batches and journal lie in the test's own folder."""
    return settings_folder


@pytest.fixture
def settings_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The settings that name files point into ``tmp_path``."""
    from django.conf import settings

    for name, place in (
        ("LASTCALL_INDEX", tmp_path / "lookup.index"), ("LASTCALL_BATCHES", tmp_path / "batches"),
        ("LASTCALL_ASKED", tmp_path / "asked"), ("LASTCALL_DAILY", tmp_path / "daily"),
    ):  # fmt: skip
        monkeypatch.setattr(settings, name, place)
    lookup.forget()
    yield tmp_path
    lookup.forget()


@pytest.fixture
def here(base: DjangoDatabase, monkeypatch: pytest.MonkeyPatch) -> DjangoDatabase:
    """The test's database is the one that the door asks, so that both know the same at once."""
    monkeypatch.setattr("lastcall.core.database._default", base)
    return base


MakeConsumer = Callable[..., Consumer]
MakeToken = Callable[..., str]


@pytest.fixture
def consumer(here: DjangoDatabase, time: object) -> MakeConsumer:
    """Registers a consumer with every scope and agreement: ``consumer("Sandbox Bank", sandbox=True)``."""
    return lambda name="Demo Bank", **given: registered(here, name, **given).consumer


@pytest.fixture
def token(here: DjangoDatabase, consumer: MakeConsumer) -> MakeToken:
    """An access token, of "Demo Bank" (made when missing) or ``of`` a consumer; with ``scopes``.

    ``msisdn``: three-legged; ``expired``: one whose time is over.
    """

    def make(of: Consumer | None = None, *, scopes: tuple[str, ...] = (), **given: Any) -> str:
        whose = of or next((one for one in consumers.all(here) if one.name == "Demo Bank"), None) or consumer()
        return tokens.issue(here, consumer=whose, scopes=scopes or tuple(whose.scopes.split()), **given)

    return make


@pytest.fixture
def app(settings_folder: Path, here: DjangoDatabase) -> Iterator[Any]:
    """The door with all its routes."""
    from lastcall.doors.lookup.asgi import make_door

    door = make_door()
    yield door
    let_go(door)


def let_go(door: Any) -> None:
    """Close the connections that the door's threads hold to a database that is about to go."""
    door.close()


@pytest.fixture
def client(app: Any, cast: Cast, token: MakeToken) -> Client:
    """The door with the cast on stage, spoken to with a two-legged token of "Demo Bank" that has every scope."""
    return Client(app, token())


@pytest.fixture
def stranger(app: Any, cast: Cast, here: DjangoDatabase) -> Client:
    """The same, without a token."""
    return Client(app)


__all__ = ["SYSTEM", "Client"]
