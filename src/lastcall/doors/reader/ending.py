"""How an order ends, on the screen and at the desk: done, stopped, or as far as it came."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Final

from lastcall.core import clock
from lastcall.doors.reader.acts import Visit
from lastcall.doors.reader.order import Order, Saved
from lastcall.doors.reader.pairing import DeskPairing
from lastcall.doors.reader.showing import Showing
from lastcall.doors.reader.telling import Telling

SHOWN: Final = timedelta(minutes=15)
"""How long a secret stays on the screen when nobody presses "finished"."""
READ: Final = timedelta(minutes=5)
"""How long the screen says why it stopped."""
_DESK_KNOWS: Final = frozenset({"wrong_card", "order_over"})
_TOLD_AS: Final = {"reader_silent": "reader_gone"}
"""What the desk hears, where it has no word of its own."""


class Ending:
    """The ends of orders. What belongs to a visit that was given up meanwhile changes nothing."""

    def __init__(self, *, pairing: DeskPairing, showing: Showing, telling: Telling) -> None:
        self._pairing, self._desk = pairing, pairing.desk
        self._showing, self._telling = showing, telling

    def close(self, visit: Visit, code: str, *, pressed: bool = False) -> None:
        """The end before all was done: what was saved can still be fetched, and its secret is shown. ``pressed``: the visitor
        knows why, and wants no more."""
        visit.closing = True
        if code not in _DESK_KNOWS and visit.saved is not None:
            if visit.order.pin_off and not visit.tried_off:
                visit.pin = visit.pin or "kept"
            self.done(visit, note=code)
            return
        if code not in _DESK_KNOWS:
            self._telling.tell(visit.order, lambda: self._desk.failed(visit.order, _TOLD_AS.get(code, code)))
        if visit.saved is not None:
            self._show_done(visit, told="over", note=code)
        elif pressed:
            self._showing.ended = visit.order.id
            self._pairing.clear()
        else:
            self.stopped(visit, code, again=False)

    def stopped(self, visit: Visit, code: str, *, again: bool) -> None:
        """It came to a halt; ``again``: the visitor may begin again."""
        if visit is not self._showing.visit:
            return
        self._showing.ended = "" if again else visit.order.id
        self._showing.show(
            "stopped", order=visit.order, problem=code, again=again, saved=visit.saved, pin=visit.pin_known,
            clears_at=None if again else clock.now() + READ,
        )  # fmt: skip

    def done(self, visit: Visit, note: str = "") -> None:
        """The desk is told, and the visitor sees what was done; ``note``: why it was not all."""
        if visit is not self._showing.visit:
            return  # nobody has its secret
        visit.closing = True
        pin = visit.pin or ("kept" if visit.order.pin_off else "")
        told = self._telling.tell(visit.order, self._done_told(visit.order, visit.saved, pin))
        self._show_done(visit, told=told, note=note)

    def _done_told(self, order: Order, saved: Saved | None, pin: str) -> Callable[[], None]:
        """What tells the desk; numbers only, so that no secret waits with them."""
        contacts, messages, partial = (saved.contacts, saved.messages, saved.partial) if saved else (0, 0, "")
        return lambda: self._desk.done(order, contacts=contacts, messages=messages, partial=partial, pin=pin)

    def _show_done(self, visit: Visit, *, told: str, note: str) -> None:
        showing = self._showing
        with showing.lock:
            if visit is not showing.visit:
                return
            showing.ended = visit.order.id
            showing.show(
                "done", order=visit.order, note=note, told=told, saved=visit.saved, pin=visit.pin_known,
                clears_at=clock.now() + SHOWN,
            )  # fmt: skip
