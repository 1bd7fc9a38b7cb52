"""Cards whose bytes, headers and status words are not what they should be: reading ends, in bounds, and never breaks."""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lastcall.core.errors import ElementTrouble
from lastcall.core.simcard.card import LISTS, STATUSES, Card
from lastcall.elements.simcard.coding.records import BookFile
from lastcall.elements.simcard.files import MOST_APPLICATIONS
from lastcall.elements.simcard.link import Link
from lastcall.elements.simcard.opened import OpenedCard
from lastcall.elements.simcard.reading import MOST_COMMANDS
from lastcall.elements.simcard.simulated import deck
from lastcall.elements.simcard.simulated.card import SimulatedCard
from lastcall.elements.simcard.simulated.files import walk
from lastcall.elements.simcard.simulated.links import SimulatedLinks
from lastcall.elements.simcard.simulated.pins import Pin
from lastcall.elements.simcard.simulated.written import Line
from tests.fuzzing import fuzzed

from . import books
from .coding.writing.records import encode_anr, encode_extension, encode_named
from .reading import both, sim, usim

BEFORE_READING = 1_000
WORDS = (
    0x9000, 0x9001, 0x9110, 0x9F16, 0x9F00, 0x611C, 0x6100, 0x6C05, 0x6C00, 0x6720, 0x6700, 0x9804, 0x9808, 0x9840, 0x9810,
    0x9400, 0x9402, 0x9404, 0x9408, 0x6282, 0x6283, 0x63C0, 0x63C3, 0x6981, 0x6982, 0x6983, 0x6984, 0x6985, 0x6986,
    0x6A80, 0x6A82, 0x6A83, 0x6A86, 0x6A88, 0x6B00, 0x6D00, 0x6E00, 0x6F00, 0x0000, 0xFFFF,
)  # fmt: skip
PEOPLE = (Line("Анна", "+79430001004"), Line("Long", "1234567890" * 5), Line("妈妈", "+8615400010001"))
FUZZED = fuzzed(120)


def book_card() -> SimulatedCard:
    """A USIM with a phone book of its own in several files."""
    files = (
        books.ADN, BookFile(type=1, kind="IAP", file_id=0x4F25), BookFile(type=1, kind="GRP", file_id=0x4F26),
        BookFile(type=2, kind="EMAIL", file_id=0x4F50), BookFile(type=1, kind="ANR", file_id=0x4F11),
        books.EXT1, BookFile(type=3, kind="GAS", file_id=0x4F4C), BookFile(type=3, kind="AAS", file_id=0x4F4B),
    )  # fmt: skip
    card = books.book(
        books.pbr(files, (BookFile(type=1, kind="ADN", file_id=0x4F3B),)),
        books.adn(("Li Wei", "+" + "1234567890" * 2, 1), ("Анна", "112", 0xFF)),
        books.adn(("Timur", "0611", 0xFF), fid=0x4F3B),
        books.records(0x4F25, [b"\x01", b"\x02"], places=5, length=1),
        books.records(0x4F26, [b"\x01\x02"], places=5, length=2),
        books.records(0x4F50, [encode_named("li@example.org", room=30, entry=(1, 1))], places=3, length=32),
        books.records(0x4F11, [encode_anr("0611", label=1, extension=2)], places=5, length=15),
        books.records(0x4F4A, [encode_extension("55", following=2)] * 2, places=4, length=13),
        books.records(0x4F4B, [encode_named("Home", room=12)], places=5, length=12),
        books.records(0x4F4C, [encode_named("Family", room=12)], places=5, length=12),
    )
    card.pin = Pin(enabled=False)
    return card


def without_pin(card: SimulatedCard) -> SimulatedCard:
    """It opens to everybody, and has few free places."""
    card.pin = Pin(enabled=False)
    for file in walk(card.root):
        file.data = file.data[: file.record * 12] if file.record else file.data
    return card


MAKERS: tuple[Callable[[], SimulatedCard], ...] = (
    lambda: sim(Pin(enabled=False), phone_book=PEOPLE, places=10, text_places=5),
    lambda: usim(Pin(enabled=False), phone_book=PEOPLE, places=10, text_places=5),
    lambda: both(Pin(enabled=False), phone_book=PEOPLE, places=10, text_places=5),
    book_card,
    lambda: without_pin(deck("two_usims")),
    lambda: without_pin(deck("calls")),
)


class Unreliable:
    """A link that spoils some of what passes through it. ``often``: one answer of how many."""

    def __init__(self, card: SimulatedCard, dice: random.Random, *, often: int) -> None:
        self._link = SimulatedLinks([card]).link(1)
        self._dice = dice
        self._often = often
        self.name = "unreliable"
        self.sent = 0

    def connect(self) -> bytes:
        return self._link.connect()

    def reset(self) -> bytes:
        return self._link.reset()

    def disconnect(self) -> None:
        self._link.disconnect()

    def transmit(self, apdu: bytes) -> tuple[bytes, int]:
        self.sent += 1
        data, sw = self._link.transmit(apdu)
        if self._dice.randrange(self._often):
            return data, sw
        return self._dice.choice((self._other_bytes, self._other_length, self._other_word))(data, sw)

    def _other_bytes(self, data: bytes, sw: int) -> tuple[bytes, int]:
        return spoiled(data, self._dice), sw

    def _other_length(self, data: bytes, sw: int) -> tuple[bytes, int]:
        if self._dice.random() < 0.5:
            return data[: self._dice.randrange(len(data) + 1)], sw
        return data + self._dice.randbytes(self._dice.randrange(40)), sw

    def _other_word(self, data: bytes, sw: int) -> tuple[bytes, int]:
        word = self._dice.choice(WORDS) if self._dice.random() < 0.8 else self._dice.randrange(0x10000)
        return (data if self._dice.random() < 0.5 else b""), word


def spoiled(data: bytes, dice: random.Random) -> bytes:
    """With some bytes of it changed."""
    raw = bytearray(data)
    for _ in range(dice.randrange(1, 4)):
        if raw:
            raw[dice.randrange(len(raw))] = dice.choice((0x00, 0xFF, 0x80, 0x81, 0x82, dice.randrange(256)))
    return bytes(raw)


def check(card: Card) -> None:
    """What holds for every card that was read, whatever was on it."""
    assert all(line.list in LISTS and line.record >= 1 for line in card.entries)
    assert all(each.status in STATUSES and each.records for each in card.messages)
    assert all(len(line.labels) in (0, len(line.numbers)) for line in card.entries)
    assert all(call.record >= 1 and (call.received or call.answered is None) for call in card.calls)
    assert len(card.applications) <= MOST_APPLICATIONS and all(each.aid for each in card.applications)
    assert all(0 <= room.used <= room.total for room in card.rooms)
    assert all(text.isascii() for text in card.notes)


def outcome(link: Link) -> str:
    """``read``, or the code of the trouble."""
    try:
        check(OpenedCard(link).read(deleted=True))
    except ElementTrouble as trouble:
        return trouble.code
    return "read"


@FUZZED
@given(seed=st.integers(0, 2**32), which=st.integers(0, len(MAKERS) - 1))
def test_any_bytes_in_the_files_of_a_card_are_read(seed: int, which: int) -> None:
    card, dice = MAKERS[which](), random.Random(seed)
    for file in walk(card.root):
        for _ in range(dice.randrange(4)):
            start = dice.randrange(len(file.data))
            end = min(start + dice.randrange(1, 24), len(file.data))
            file.data[start:end] = spoiled(bytes(file.data[start:end]), dice)
    before = card.image()
    link = Unreliable(card, dice, often=10**9)
    check(OpenedCard(link).read(deleted=True))
    assert link.sent < MOST_COMMANDS + BEFORE_READING
    assert card.image() == before


@FUZZED
@given(seed=st.integers(0, 2**32), which=st.integers(0, len(MAKERS) - 1), often=st.sampled_from((2, 5, 20, 60)))
def test_any_answer_of_a_card_is_an_end_or_an_error_that_says_why(seed: int, which: int, often: int) -> None:
    card = MAKERS[which]()
    before = card.image()
    link = Unreliable(card, random.Random(seed), often=often)
    assert outcome(link) in ("read", "not_a_sim")
    assert link.sent < MOST_COMMANDS + BEFORE_READING
    assert (card.image(), card.writes) == (before, [])


@pytest.mark.parametrize("data", [b"", b"\x01" * 255], ids=["none", "ones"])
@pytest.mark.parametrize("word", WORDS, ids=hex)
def test_a_card_that_says_the_same_to_everything_is_done_with(data: bytes, word: int) -> None:
    link = Same(data, word)
    assert outcome(link) in ("read", "not_a_sim")
    assert link.sent < MOST_COMMANDS + BEFORE_READING


class Same:
    """A link to such a card."""

    name = "same"

    def __init__(self, data: bytes, word: int) -> None:
        self._answer = data, word
        self.sent = 0

    def connect(self) -> bytes:
        return b"\x3b\x00"

    def reset(self) -> bytes:
        return b"\x3b\x00"

    def disconnect(self) -> None:
        return None

    def transmit(self, apdu: bytes) -> tuple[bytes, int]:
        self.sent += 1
        return self._answer
