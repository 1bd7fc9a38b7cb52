"""Closings in every state, played once and copied for each test, with a server of threads on them."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

from lastcall.core import clock
from lastcall.core.clock import ManualClock
from lastcall.core.closing import freeze, prove, withdraw
from lastcall.core.closing.case import Case
from lastcall.core.closing.receipts import Receipt
from lastcall.core.database import database
from lastcall.core.numbers.msisdn import format_msisdn
from lastcall.core.numbers.sweep import sweep
from lastcall.core.policies.policy import Policy
from lastcall.core.ports import Message
from lastcall.elements.mail.file import FileMail
from lastcall.elements.sms.file import FileSms
from lastcall.site.wiring import Elements, make_elements, make_worker, provide_elements
from tests.cast import LI_WEI_MSISDN, ON_THE_WEB, SOMEBODY, Cast, Holder
from tests.databases import opened
from tests.doors.chromium import served

NUMBER: Final = format_msisdn(LI_WEI_MSISDN)
"""Of the line that nobody has declared yet."""
_FIRST_MSISDN: Final = 79000001101


@dataclass(frozen=True)
class Stage:
    """What was played: ``folder`` holds the database and the elements' files; ``now``: where the clock stands."""

    folder: Path
    now: datetime
    cast: Cast
    receipts: dict[str, Receipt]


@dataclass
class World:
    """A copy of the stage for one test: ``site`` is where it is served."""

    cast: Cast
    receipts: dict[str, Receipt]
    site: str

    def cases(self) -> list[Case]:
        """All there are."""
        return self.cast.base.transact(lambda rows: rows.some(Case, {}, order="id"))

    def new_cases(self) -> list[Case]:
        """Those that were not on the stage."""
        known = {receipt.case_id for receipt in self.receipts.values()}
        return [case for case in self.cases() if case.id not in known]

    def texts(self, number: str) -> list[Message]:
        """The SMS that went to ``number``."""
        messenger = self.cast.elements.messengers["sms"]
        assert isinstance(messenger, FileSms)
        return [message for message in messenger.messages() if message.address.lstrip("+") == number.lstrip("+")]

    def codes(self, number: str) -> list[Message]:
        """Those of them that bring a one-time code."""
        return [message for message in self.texts(number) if message.key.startswith("code:")]

    def mails(self, address: str) -> list[Message]:
        """The mails that went to ``address``."""
        messenger = self.cast.elements.messengers["mail"]
        assert isinstance(messenger, FileMail)
        return [message for message in messenger.messages() if message.address == address]


def play(folder: Path, template: Path) -> Stage:
    """Play everything into ``folder``, on a copy of the empty database ``template``."""
    url = f"sqlite:///{shutil.copy(template, folder / 'lastcall.sqlite3')}"
    time = ManualClock(datetime.fromisoformat("2026-01-12T09:00:00+00:00"))
    with clock.use(time), opened(url) as base:
        cast = Cast.play(base, time, folder)
        holders = _holders(cast)
        time.advance(timedelta(days=10))
        receipts = _past(cast, holders) | _present(cast, holders)
    return Stage(folder, time.now(), cast, receipts)


def _holders(cast: Cast) -> Iterator[Holder]:
    """Li Wei again and again, each time with another line."""
    made = [replace(cast.li_wei) for _ in range(10)]
    for place, holder in enumerate(made):
        cast.give_line(holder, _FIRST_MSISDN + place)
    return iter(made)


def _past(cast: Cast, holders: Iterator[Holder]) -> dict[str, Receipt]:
    quarantined = cast.closed(next(holders))
    lapsed = cast.declare(next(holders).msisdn)
    cast.time.advance(timedelta(days=61))
    sweep(cast.base)
    closed = cast.closed(next(holders))
    return {"quarantined": quarantined, "lapsed": lapsed, "closed": closed}


def _present(cast: Cast, holders: Iterator[Holder]) -> dict[str, Receipt]:
    on_hold, frozen, withdrawn = (cast.on_hold(next(holders)) for _ in range(3))
    freeze.freeze(cast.base, case_id=frozen.case_id, actor=SOMEBODY)
    withdraw.withdraw(cast.base, case_id=withdrawn.case_id, actor=ON_THE_WEB)
    leaver = next(holders)
    waiting = cast.declare(leaver.msisdn)
    cast.prove_in_person(waiting, leaver)
    leaver = next(holders)
    proved = cast.declare(leaver.msisdn)
    cast.prove_remotely(proved, leaver)
    received, locked = cast.declare(next(holders).msisdn), cast.declare(next(holders).msisdn)
    cast.work()
    _lock(cast, locked)
    return {
        "received": received, "waiting": waiting, "proved": proved, "on-hold": on_hold, "frozen": frozen,
        "withdrawn": withdrawn, "locked": locked,
    }  # fmt: skip


def _lock(cast: Cast, receipt: Receipt) -> None:
    """Use up the tries with the number of a document that is nobody's."""
    policy = Policy.from_json(cast.case(receipt).policy)
    for _ in range(policy.identity_document_tries):
        prove.begin(
            cast.base, case_id=receipt.case_id, kind="foreign_passport", issuer="CN", number="E99999999", channel="mail",
            actor=ON_THE_WEB,
        )  # fmt: skip
        cast.time.advance(timedelta(minutes=policy.identity_code_minutes + 1))
    cast.work()


@contextmanager
def staged(stage: Stage, folder: Path) -> Iterator[World]:
    """A copy of the stage, served, for one test."""
    shutil.copytree(stage.folder, folder, dirs_exist_ok=True)
    time = ManualClock(stage.now)
    with clock.use(time), opened(f"sqlite:///{folder / 'lastcall.sqlite3'}") as base, served() as site:
        elements = make_elements(hlr="simulated", folder=folder)
        yield World(_copied(stage.cast, base, time, elements), dict(stage.receipts), site)
        database().close()


def _copied(cast: Cast, base: Any, time: ManualClock, elements: Elements) -> Cast:
    provide_elements(elements)
    return replace(
        cast, base=base, time=time, elements=elements, worker=make_worker(elements, base=base),
        li_wei=replace(cast.li_wei), anna=replace(cast.anna), sergei=replace(cast.sergei),
    )  # fmt: skip
