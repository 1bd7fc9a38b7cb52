"""Asking the desk for orders, every few seconds: what is new, what has ended, and what it has still to be told."""

from __future__ import annotations

import threading
from typing import Final

from lastcall.core import clock
from lastcall.core.errors import LastcallError
from lastcall.doors.reader.breakdown import note
from lastcall.doors.reader.ending import Ending
from lastcall.doors.reader.order import Order
from lastcall.doors.reader.pairing import DeskPairing
from lastcall.doors.reader.showing import Showing
from lastcall.doors.reader.telling import Telling

EVERY: Final = 2.0
"""Seconds between two questions for an order."""
SELDOM: Final = 30.0
"""Seconds between them at most, while the desk does not answer."""
_AT_REST: Final = frozenset({"asked", "pin", "puk", "stopped"})


class Asking:
    """Asks the desk with which this program is paired."""

    def __init__(self, *, pairing: DeskPairing, showing: Showing, telling: Telling, ending: Ending) -> None:
        self._pairing, self._showing, self._telling, self._ending = pairing, showing, telling, ending
        self._wait = EVERY

    def poll(self) -> float:
        """Ask once; gives the seconds until the next time."""
        self._clear_what_was_shown()
        pairing, found = self._pairing, self._pairing.found
        if found is None or not pairing.desk.paired:
            return EVERY
        try:
            self._telling.catch_up(self._showing.told)
            self._take(pairing.desk.order())
        except LastcallError as trouble:
            return self._backed_off(trouble.code) if pairing.found is found else EVERY
        pairing.away, self._wait = "", EVERY
        return EVERY

    def run(self, stop: threading.Event) -> None:
        """Ask until told to stop."""
        wait = EVERY
        while not stop.wait(wait):
            try:
                wait = self.poll()
            except Exception as broken:
                note("asking the desk", broken)

    def _backed_off(self, code: str) -> float:
        if code == "reader_ended":
            self._pairing.lost(code)
            return EVERY
        # Without an earlier trouble, the waiting begins anew.
        wait = self._wait if self._pairing.away else EVERY
        self._pairing.away, self._wait = code, min(wait * 2, SELDOM)
        return self._wait

    def _take(self, order: Order | None) -> None:
        showing = self._showing
        with showing.lock:
            visit = showing.visit
            if visit is not None and visit.ended_by(order):
                visit.over = "order_over"
                if showing.stage.name in _AT_REST:
                    self._ending.close(visit, visit.over)
            if order is not None and order.id != showing.ended and self._is_free(order):
                showing.visitor(order)

    def _is_free(self, order: Order) -> bool:
        stage = self._showing.stage
        if stage.name == "done":
            # The next visitor must not see this one's secret; the same one may still be writing it down.
            return stage.order is None or stage.order.ticket != order.ticket
        return stage.name == "waiting" or (stage.name == "stopped" and not stage.again)

    def _clear_what_was_shown(self) -> None:
        with self._showing.lock:
            until = self._showing.stage.clears_at
            if until is not None and until <= clock.now():
                self._pairing.clear()
