"""The simulator's HLR: in memory, and able to be down, late, slow, or to lie."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from lastcall.core import clock
from lastcall.core.errors import ElementTrouble
from lastcall.core.ports import HlrEntry

FAULTS: Final = ("down", "late", "slow", "lies")
"""``down``: nothing done, trouble; ``late``: done, trouble all the same; ``slow``: done a minute later; ``lies``: never done."""

_SLOW: Final = timedelta(minutes=1)


@dataclass(slots=True)
class HlrBook:
    """What the HLR holds: IMSI -> entry. Reading it never fails: what the invariants look at."""

    entries: dict[str, HlrEntry] = field(default_factory=dict)
    touched: set[str] = field(default_factory=set)
    """IMSIs whose entry was written; whoever reads it clears it."""
    name: str = "simulator's book"

    def look(self, imsi: str) -> HlrEntry | None:
        """The entry, or None."""
        return self.entries.get(imsi)

    def put(self, imsi: str, msisdn: str | None, *, service: bool) -> None:
        """Write an entry."""
        self.entries[imsi] = HlrEntry(imsi, msisdn, service, service)
        self.touched.add(imsi)

    def drop(self, imsi: str) -> None:
        """Delete an entry, if there is one."""
        self.entries.pop(imsi, None)
        self.touched.add(imsi)


@dataclass(slots=True)
class SimHlr:
    """The port :class:`~lastcall.core.ports.Hlr` on a book. ``faults``: what goes wrong with the next orders, in order."""

    book: HlrBook
    faults: list[str] = field(default_factory=list)
    down: bool = False
    orders: list[tuple[datetime, str, str]] = field(default_factory=list)
    """(moment, order, IMSI) of every order that changed the book."""
    _later: list[tuple[datetime, Callable[[], None]]] = field(default_factory=list)
    name: str = "simulator"

    def look(self, imsi: str) -> HlrEntry | None:
        """The entry as it is. Raises ``ElementTrouble`` while down."""
        if self.down:
            raise _trouble("unreachable", permanent=False)
        self.settle()
        return self.book.entries.get(imsi)

    def bar(self, imsi: str) -> None:
        """End service."""
        self._order("bar", imsi, lambda: self._grant(imsi, granted=False))

    def grant(self, imsi: str) -> None:
        """Give service."""
        self._order("grant", imsi, lambda: self._grant(imsi, granted=True))

    def take_number_off(self, imsi: str) -> None:
        """Remove the MSISDN. Refused while the line is in service."""
        self._order("take_number_off", imsi, lambda: self._take_number_off(imsi))

    def provision(self, imsi: str, msisdn: str) -> None:
        """Set number and service. Refused when another IMSI has the number."""
        self._order("provision", imsi, lambda: self._provision(imsi, msisdn))

    def remove(self, imsi: str) -> None:
        """Delete the entry. Refused while the line is in service."""
        self._order("remove", imsi, lambda: self._remove(imsi))

    def settle(self) -> None:
        """Do what was slow and is due by now."""
        if self._later:
            now = clock.now()
            due = [act for at, act in self._later if at <= now]
            self._later = [(at, act) for at, act in self._later if at > now]
            for act in due:
                act()

    def _order(self, name: str, imsi: str, act: Callable[[], None]) -> None:
        self.settle()
        fault = "down" if self.down else self.faults.pop(0) if self.faults else ""
        if fault == "down":
            raise _trouble("unreachable", permanent=False)
        if fault == "lies":
            return
        if fault == "slow":
            self._later.append((clock.now() + _SLOW, lambda: self._quietly(name, imsi, act)))
            return
        before = self.book.entries.get(imsi)
        act()
        self._note(name, imsi, before)
        if fault == "late":
            raise _trouble("timeout", permanent=False)

    def _quietly(self, name: str, imsi: str, act: Callable[[], None]) -> None:
        before = self.book.entries.get(imsi)
        try:
            act()
        except ElementTrouble:
            return  # nobody waits for the answer any more
        self._note(name, imsi, before)

    def _note(self, name: str, imsi: str, before: HlrEntry | None) -> None:
        if self.book.entries.get(imsi) != before:
            self.orders.append((clock.now(), name, imsi))

    def _entry(self, imsi: str) -> HlrEntry:
        entry = self.book.entries.get(imsi)
        if entry is None:
            raise _trouble("unknown_imsi", permanent=True)
        return entry

    def _grant(self, imsi: str, *, granted: bool) -> None:
        self.book.put(imsi, self._entry(imsi).msisdn, service=granted)

    def _take_number_off(self, imsi: str) -> None:
        if self._entry(imsi).in_service:
            raise _trouble("still_in_service", permanent=True)
        self.book.put(imsi, None, service=False)

    def _provision(self, imsi: str, msisdn: str) -> None:
        if any(entry.msisdn == msisdn and entry.imsi != imsi for entry in self.book.entries.values()):
            raise _trouble("number_in_use", permanent=True)
        self.book.put(imsi, msisdn, service=True)

    def _remove(self, imsi: str) -> None:
        entry = self.book.entries.get(imsi)
        if entry is not None and entry.in_service:
            raise _trouble("still_in_service", permanent=True)
        self.book.drop(imsi)


def _trouble(code: str, *, permanent: bool) -> ElementTrouble:
    return ElementTrouble(f"the simulator's HLR: {code}", permanent=permanent, code=code)
