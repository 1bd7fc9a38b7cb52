"""A worn card: what could not be read of it is told to the visitor, to the clerk, and ticked nowhere."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any, Final

import pytest

from lastcall.core.closing.preparation import ticked
from lastcall.core.simcard.card import Card
from lastcall.doors.reader.acts import _gaps
from lastcall.elements.simcard.readers import Readers
from lastcall.elements.simcard.simulated.links import SimulatedLink
from tests.core.simcard import filled
from tests.doors.reader.counter import PIN, Beside, secret_on

BOOKS: Final = frozenset({"6f3a", "4f3a"})
MESSAGES: Final = frozenset({"6f3c"})
SELECT, READ_RECORD, WORN = 0xA4, 0xB2, 0x6581


@dataclass
class WornLink:
    """Records of these ``files`` answer that their memory is worn (ETSI TS 102.221, 10.2.1.4)."""

    link: SimulatedLink
    files: frozenset[str]
    chosen: str = ""

    def __getattr__(self, name: str) -> Any:
        return getattr(self.link, name)

    def transmit(self, apdu: bytes) -> tuple[bytes, int]:
        if apdu[1] == SELECT:
            self.chosen = apdu[5 : 5 + apdu[4]][-2:].hex()
        if apdu[1] == READ_RECORD and self.chosen in self.files:
            return b"", WORN
        return self.link.transmit(apdu)


@dataclass
class WornLinks:
    """Readers of worn cards."""

    beside: Beside
    files: frozenset[str]
    name: str = field(default="worn")

    def names(self) -> Any:
        return self.beside.links.names()

    def link(self, number: int) -> Any:
        return WornLink(self.beside.links.link(number), self.files)


def done_with(beside: Beside, files: frozenset[str]) -> str:
    """The page at the end, of a card with these files worn."""
    beside.give(readers=Readers(WornLinks(beside, files)))
    beside.asked_for_pin()
    return beside.press("pin", pin=PIN)


@pytest.mark.parametrize(
    ("files", "partial", "whole", "words"),
    [
        (BOOKS, "contacts", {"messages_saved"}, "Not all contacts on the card could be read."),
        (MESSAGES, "messages", {"contacts_saved"}, "Not all messages on the card could be read."),
        (BOOKS | MESSAGES, "both", set(), "Neither all contacts nor all messages on the card could be read."),
    ],
    ids=["contacts", "messages", "both"],
)
def test_what_could_not_be_read_is_told_and_not_ticked(
    beside: Beside, files: frozenset[str], partial: str, whole: set[str], words: str
) -> None:
    page = done_with(beside, files)
    assert "<h1>Not everything was saved</h1>" in page and words in page and "Tell the clerk before" in page
    assert "<title>Not everything was saved" in page and secret_on(page)
    saved = beside.agent.stage.saved
    assert saved is not None and saved.partial == partial and saved.gaps
    known = beside.visit.base.transact(lambda rows: ticked(rows, beside.visit.case_id))
    assert known == whole | {"pin_removed"}


def test_the_desk_hears_of_it_also_later(beside: Beside) -> None:
    beside.wire.before = lambda request: setattr(beside.wire, "down", request.url.path.endswith("/backup"))
    done_with(beside, BOOKS)
    assert beside.agent.stage.told == "later"
    beside.wire.down, beside.wire.before = False, None
    beside.agent.poll()
    known = beside.visit.base.transact(lambda rows: ticked(rows, beside.visit.case_id))
    assert known == {"messages_saved", "pin_removed"}


@pytest.mark.parametrize("calls", [(), filled.CALLS[:2], filled.CALLS], ids=["none", "whole", "one damaged"])
def test_a_damaged_call_is_a_gap(calls: Any) -> None:
    card: Card = replace(filled.empty(), calls=calls)
    assert _gaps(card) is (calls == filled.CALLS)
