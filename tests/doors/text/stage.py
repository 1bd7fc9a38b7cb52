"""A cast whose texts go through real parts: what phones sent and were shown, and what the core holds of it."""

from __future__ import annotations

import time as system_time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import pytest

from lastcall.core.closing.case import Case
from lastcall.core.job import Job
from lastcall.core.store import Store
from lastcall.core.texting.deliveries import Delivery, delivery_of
from lastcall.core.texting.text import Text
from tests.cast import LI_WEI_MSISDN, Cast
from tests.doors.text.settings import NUMBER
from tests.smsc import Smsc

ON_SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
"""For tests to which the database makes no difference."""
PHONE = f"+{LI_WEI_MSISDN}"


def wait_until(condition: Callable[[], object], *, what: str, seconds: float = 30.0) -> None:
    """Wait for it; raises :class:`AssertionError` naming ``what`` when it does not come about."""
    until = system_time.monotonic() + seconds
    while not condition():
        assert system_time.monotonic() < until, f"{what} did not come about within {seconds} s"
        system_time.sleep(0.01)


@dataclass
class Stage:
    """``smsc``: where phones are; the cast's messenger for SMS sends through it."""

    cast: Cast
    smsc: Smsc

    def texts(self) -> list[Text]:
        return self.cast.base.transact(lambda rows: rows.some(Text, {}, order="received_at"))

    def cases(self) -> list[Case]:
        return self.cast.base.transact(lambda rows: rows.some(Case, {}, order="id"))

    def delivery(self, text: Text) -> Delivery:
        """What is known of the delivery of its answer."""
        return self.cast.base.transact(lambda rows: delivery_of(rows, f"text:{text.id}"))

    def came(self, count: int) -> list[Text]:
        """Wait until so many texts are held."""
        wait_until(lambda: len(self.texts()) >= count, what=f"{count} texts")
        return self.texts()

    def answers(self, *, to: str = PHONE) -> list[str]:
        """What the phone has shown up to now that came from the number that is texted; notices have another sender."""
        return [message.text for message in self.smsc.messages(to=to) if message.source == NUMBER]

    def answered(self, count: int, *, to: str = PHONE) -> list[str]:
        """Let the worker do what is due, and wait until the phone has shown so many answers."""
        self.cast.work()
        wait_until(lambda: len(self.answers(to=to)) >= count, what=f"{count} answers")
        return self.answers(to=to)

    def try_again(self) -> None:
        """Let the time pass after which the worker tries again what did not go."""
        self.cast.time.advance(timedelta(minutes=3))

    def open_jobs(self) -> list[Job]:
        """Answers that are still to be sent."""

        def read(rows: Store) -> list[Job]:
            return rows.some(Job, {"kind": "text.answer", "state__in": ["queued", "leased", "dead"]})

        return self.cast.base.transact(read)
