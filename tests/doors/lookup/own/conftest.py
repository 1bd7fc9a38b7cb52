"""Our own API as tests meet it: with its own routes and the token endpoint alone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import httpx
import pytest

from lastcall.core.relying.consumer import Consumer
from lastcall.doors.lookup import oauth
from lastcall.doors.lookup.asgi import Door
from lastcall.doors.lookup.own import urls
from tests.cast import Cast
from tests.doors.lookup.conftest import Client, MakeConsumer, MakeToken
from tests.doors.sqlite_only import database_url
from tests.site.conftest import lastcall

__all__ = ["database_url", "lastcall"]


@pytest.fixture
def app(settings_folder: object) -> Any:
    """The door with our own API."""
    return Door((*oauth.ROUTES, *urls.ROUTES))


@dataclass(frozen=True)
class Renewing(Client):
    """A client that gets a new token for each request, so that a story may go on for months."""

    renew: Callable[[], str] = str

    def request(self, method: str, path: str, *, token: str | None = None, **given: Any) -> httpx.Response:
        return super().request(method, path, token=self.renew() if token is None else token, **given)

    def patch(self, path: str, **given: Any) -> httpx.Response:
        """``PATCH``."""
        return self.request("PATCH", path, **given)


MakeClient = Callable[[Consumer], Renewing]


@pytest.fixture
def client_of(app: Any, cast: Cast, token: MakeToken) -> MakeClient:
    """A client that speaks for a consumer."""
    return lambda whose: Renewing(app, renew=lambda: token(whose))


@pytest.fixture
def client(client_of: MakeClient, consumer: MakeConsumer) -> Renewing:
    """Demo Bank, with every scope and agreement."""
    return client_of(consumer())


@pytest.fixture
def rival(client_of: MakeClient, consumer: MakeConsumer) -> Renewing:
    """Another consumer with every scope and agreement."""
    return client_of(consumer("Rival App", category="app"))
