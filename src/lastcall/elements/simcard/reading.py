"""All that is on a card for people, read without a command that could change it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Final

from lastcall.core.simcard.card import LISTS, RECEIVED_CALLS, Application, Call, Card, Entry, Message, Room
from lastcall.core.simcard.pin import PinState

from .applications import read_applications
from .calls import calls
from .channel import Channel, TooManyCommands
from .coding import alpha, digits
from .coding.joining import by_time
from .files import IMSI_LENGTH, PROVIDER_LENGTH, Layout, ListFile, Path, Place
from .linear import Records
from .lists import Doubles, Once, entries
from .messages import WORDS as MESSAGES
from .messages import messages, other_than, used
from .notes import Notes
from .phone_book import read_book
from .progress import Progress
from .shelves import Shelves
from .tree import Tree, Unreadable

MOST_COMMANDS: Final = 20_000
"""The largest phone book that the standard allows (four sets of 254 entries with all their parts) stays far below."""
_EXPECTED: Final = ("IMSI", "phone book", MESSAGES)


class Reading:
    """One reading of one card. ``deleted`` and ``progress``: as in :class:`lastcall.core.ports.SimCard`."""

    def __init__(self, tree: Tree, *, deleted: bool, progress: Callable[[int, int], None] | None) -> None:
        self._tree = tree
        self._deleted = deleted
        self._notes = Notes()
        self._shelves = Shelves(tree, Progress(progress))
        self._once = Once(self._notes)
        self._doubles = Doubles()
        self._entries: list[Entry] = []
        self._messages: list[Message] = []
        self._calls: list[Call] = []
        self._applications: tuple[Application, ...] = ()
        self._rooms: dict[str, Room] = {}
        self._imsi = self._provider = ""

    def read(self, channel: Channel, layout: Layout, *, kind: str, atr: str, iccid: str, pin: PinState) -> Card:
        """Raises :class:`~lastcall.core.errors.ElementTrouble` as the link does. ``iccid`` and ``pin``: read before."""
        with suppress(TooManyCommands), channel.bounded(MOST_COMMANDS):
            self._all(layout)
        if channel.ran_out:
            self._notes.say("The card names more records than a card can have: reading stopped before the end.")
        if not iccid:
            self._notes.say("The card's own number (ICCID) cannot be read.")
        elif not iccid.isdecimal():
            self._notes.say("The card's own number (ICCID) has letters in it, as some cards of machines have.")
        order = [*LISTS, MESSAGES, RECEIVED_CALLS]
        return Card(
            kind=kind,
            atr=atr,
            iccid=iccid,
            imsi=self._imsi,
            provider=self._provider,
            pin=pin,
            entries=tuple(sorted(self._entries, key=lambda entry: order.index(entry.list))),
            messages=tuple(sorted(self._messages, key=by_time)),
            rooms=tuple(self._rooms[name] for name in order if name in self._rooms),
            notes=self._notes.all(pin, expected=_EXPECTED),
            calls=tuple(sorted(self._calls, key=lambda call: not call.received)),
            applications=self._applications,
        )

    def _all(self, layout: Layout) -> None:
        imsi = self._first(layout.imsi, IMSI_LENGTH, "IMSI")
        self._imsi = digits.imsi(imsi)
        if imsi and not self._imsi:
            self._notes.say("IMSI: what stands in its file is none.")
        self._provider = alpha.decode(self._first(layout.provider, PROVIDER_LENGTH, "provider's name")[1:]).text
        for place in layout.places:
            self._place(place)
        self._applications = read_applications(self._tree, layout.applications, imsi=self._imsi)

    def _first(self, paths: tuple[Path, ...], length: int, words: str) -> bytes:
        """The contents of the first of these files that can be read; empty, and noted, where none can."""
        troubles: list[Unreadable] = []
        for path in paths:
            try:
                self._tree.open(path)
                return self._tree.binary(length)
            except Unreadable as why:
                troubles.append(why)
        for trouble in troubles:
            self._notes.trouble(words, trouble)
        return b""

    def _place(self, place: Place) -> None:
        if place.book is not None:
            self._book(place, place.book)
        lists: list[tuple[ListFile, Records]] = []
        try:
            for file in place.lists:
                lists += self._list(file)
            if place.messages is not None:
                self._read_messages(place, place.messages)
        except TooManyCommands:
            self._keep(lists)
            raise
        self._keep(lists)

    def _book(self, place: Place, directory: Path) -> None:
        """Set by set, so that what was read stays whatever comes after it."""
        first = "phone_book" not in self._rooms
        for book in read_book(place, directory, self._shelves, self._notes):
            new = self._doubles.left_out(book.entries)
            first = first or bool(new)
            self._entries += new
            if new or (first and not book.entries):
                self._count("phone_book", len(book.entries), book.total)

    def _keep(self, lists: Sequence[tuple[ListFile, Records]]) -> None:
        # What numbers go on with is read when all lists that share the file of extensions are known.
        for file, records in lists:
            if file.list in LISTS:
                self._add(file.list, entries(file, records, self._shelves), records.total)
            if file.calls:
                self._keep_calls(file, records)

    def _keep_calls(self, file: ListFile, records: Records) -> None:
        found = calls(file, records, self._shelves)
        self._calls += found
        if file.list == RECEIVED_CALLS:
            self._count(RECEIVED_CALLS, len(found), records.total)

    def _list(self, file: ListFile) -> list[tuple[ListFile, Records]]:
        """None, or that one."""
        records = self._once.read(
            self._shelves.at(file.path), kind=file.list, words=file.words, extension=self._shelves.at(file.extension),
            trailer=file.trailer,
        )  # fmt: skip
        return [] if records is None else [(file, records)]

    def _add(self, name: str, lines: Sequence[Entry], total: int) -> None:
        new = self._doubles.left_out(lines)
        self._entries += new
        if new or (not lines and name not in self._rooms):
            self._count(name, len(lines), total)

    def _read_messages(self, place: Place, path: Path) -> None:
        records = self._once.read(self._shelves.at(path), kind=MESSAGES, words=MESSAGES + place.whose)
        if records is None:
            return
        found = messages(records, deleted=self._deleted, application=place.application)
        new = other_than(self._messages, found)
        self._messages += new
        if new or not found:
            self._count(MESSAGES, used(records), records.total)

    def _count(self, name: str, used: int, total: int) -> None:
        before = self._rooms.get(name, Room(of=name, used=0, total=0))
        if total:
            self._rooms[name] = Room(of=name, used=before.used + used, total=before.total + total)
