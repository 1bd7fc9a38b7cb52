"""Relying parties for tests: registered with a key of their own, able to sign what they send."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from lastcall.core import clock
from lastcall.core.actor import ADMINISTRATOR, Actor
from lastcall.core.database import DjangoDatabase
from lastcall.core.relying import consumers, jose
from lastcall.core.relying.consumer import Consumer

SYSTEM = Actor(ADMINISTRATOR, "vera", "command")
TOKEN_ENDPOINT = "http://localhost/oauth2/token"


@dataclass(frozen=True)
class Party:
    """A consumer and its private key."""

    consumer: Consumer
    jwk: dict[str, Any]

    def assertion(self, *, kid: str | None = None, key: jose.Key | None = None, drop: str = "", **claims: Any) -> str:
        """A client assertion as it should be, changed by ``claims``; ``drop`` leaves one out."""
        now = int(clock.now().timestamp())
        said = {
            "iss": self.consumer.client_id, "sub": self.consumer.client_id, "aud": TOKEN_ENDPOINT, "iat": now,
            "exp": now + 300, "jti": clock.token(80), **claims,
        }  # fmt: skip
        said.pop(drop, None)
        return jose.sign(key or jose.load(self.jwk), said, kid=self.jwk["kid"] if kid is None else kid, typ="JWT")

    def form(self, **given: str) -> dict[str, str]:
        """The form of a client credentials request for all the consumer's scopes."""
        return {
            "grant_type": "client_credentials",
            "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
            "client_assertion": self.assertion(), "scope": self.consumer.scopes, **given,
        }  # fmt: skip


def registered(base: DjangoDatabase, name: str = "Demo Bank", **given: Any) -> Party:
    """A bank with every scope and agreement, changed by ``given``."""
    agreed: dict[str, Any] = {
        "category": "bank", "scopes": consumers.SCOPES, "purpose": consumers.DEFAULT_PURPOSE, "bulk": True, "told": True,
        "three_legged": True, "requests_per_second": 1_000,
    }  # fmt: skip
    created = consumers.create(base, name=name, actor=SYSTEM, **(agreed | given))
    return Party(created.consumer, created.private_jwk)


def minutes(count: float) -> timedelta:
    """So many minutes."""
    return timedelta(minutes=count)
