"""A stand-in that sends nothing: what would have gone out is kept in memory, and the answers are written beforehand."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final

from lastcall.core.errors import BadInput, ElementTrouble
from lastcall.core.ports import Answered

KEPT: Final = 10_000


@dataclass(frozen=True, slots=True)
class Sent:
    """One request as the receiver would have seen it."""

    method: str
    url: str
    body: bytes
    headers: Mapping[str, str]


def willing(sent: Sent) -> Answered:
    """A receiver that agrees to everything and takes everything."""
    if sent.method == "OPTIONS":
        return Answered(204, {"webhook-allowed-origin": "*", "webhook-allowed-rate": "*"})
    return Answered(204, {})


@dataclass
class RecordedWebhooks:
    """The port :class:`~lastcall.core.ports.Webhooks`. ``answer``: what a receiver answers; it may raise ``ElementTrouble``."""

    answer: Callable[[Sent], Answered] = willing
    sent: list[Sent] = field(default_factory=list)
    name: str = "recorded"
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def check(self, url: str) -> None:
        """Only the form of the address. Raises :class:`BadInput` (``bad_address``)."""
        if not url.startswith("https://") or "@" in url:
            raise BadInput("This is no address for a webhook.", code="bad_address", remedy="Give an https:// address.")

    def send(self, method: str, *, url: str, body: bytes, headers: Mapping[str, str]) -> Answered:
        """Keep the request, and answer as written."""
        sent = Sent(method, url, body, dict(headers))
        with self._lock:
            self.sent.append(sent)
            del self.sent[:-KEPT]
        answered = self.answer(sent)
        if 300 <= answered.status < 400:
            raise ElementTrouble("a redirect is not followed", permanent=False, code="redirected")
        return answered

    def post(self, *, url: str, body: bytes, headers: Mapping[str, str]) -> int:
        """POST ``body``; the status of the answer."""
        return self.send("POST", url=url, body=body, headers=headers).status
