"""What is done with the card, in its order: compare, open, read, save, take the PIN off. Nothing here is kept or shown."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from typing import Final

from lastcall.core import clock
from lastcall.core.errors import ElementTrouble, LastcallError, Refused
from lastcall.core.ports import Printer, SimCard, SimReaders
from lastcall.core.simcard import saving
from lastcall.core.simcard.card import Card
from lastcall.core.simcard.pin import PinState, check_pin, check_puk, refuse_last_try
from lastcall.core.simcard.sealing import seal
from lastcall.core.simcard.wholeness import partial as partly_read
from lastcall.doors.reader.desk import Desk
from lastcall.doors.reader.order import Order, Saved, Sealed

Progress = Callable[[str, int, int], None]
"""Called with a step of ``stage.STEPS``, and how much of how much of it is done."""


@dataclass(slots=True, kw_only=True)
class Visit:
    """One order while it is handled. ``iccid``: of the card once the desk knows it for the line's own; ``sealed``: read, and not
    yet with the desk. ``over``: why the desk ended it meanwhile; ``closing``: the desk is being told its end, so that its silence
    about the order means nothing."""

    order: Order
    iccid: str = field(default="", repr=False)
    sealed: Sealed | None = None
    saved: Saved | None = None
    tried_off: bool = False
    pin: str = ""
    over: str = ""
    closing: bool = False

    def ended_by(self, order: Order | None) -> bool:
        """Whether the desk, which asks for ``order`` now, has just ended this one."""
        goes_on = order is not None and order.id == self.order.id
        return not (goes_on or self.closing or self.over)

    @property
    def pin_known(self) -> str:
        """What became of the PIN as far as it is known; ``unsure``: the card was pulled out while its PIN was being taken off."""
        return self.pin or ("unsure" if self.tried_off else "")

    @property
    def needs_card(self) -> bool:
        """Whether something is still to be done with the card itself."""
        unread = self.order.backup and self.saved is None and self.sealed is None
        return not self.iccid or unread or (self.order.pin_off and not self.pin)


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """How the visitor opens the card: with the ``pin``, or with the ``puk`` and a new ``pin``; neither when it asks for none."""

    pin: str = field(default="", repr=False)
    puk: str = field(default="", repr=False)
    last_try: bool = False


NOTHING_TYPED: Final = Opening()


@dataclass(frozen=True, slots=True, kw_only=True)
class Acts:
    """The acts on the card in this computer's only reader that has one. Each raises what its parts raise."""

    desk: Desk
    readers: SimReaders
    printer: Printer
    progress: Progress

    def look(self, visit: Visit) -> PinState:
        """How the PIN of the visitor's own card stands. Raises ``Refused``: ``wrong_card``, ``card_changed``."""
        self.progress("checking", 0, 0)
        with self._card(visit) as card:
            return card.pin()

    def perform(self, visit: Visit, opening: Opening) -> None:
        """All that is ordered and not yet done; ``visit`` says what was. Raises ``Refused``: ``order_over`` once the desk ended
        it, and for PIN and PUK as :class:`~lastcall.core.ports.SimCard` and
        :func:`~lastcall.core.simcard.pin.refuse_last_try` do."""
        if not visit.needs_card:
            self._send(visit)
            return
        self.progress("checking", 0, 0)
        with self._card(visit) as card:
            _open(card, opening)
            if visit.order.backup and visit.saved is None:
                visit.sealed = visit.sealed or self._read(visit, card)
                self._send(visit)
            if visit.order.pin_off:
                _still(visit)
                self.progress("unlocking", 0, 0)
                visit.pin = _take_off(visit, card, opening.pin)

    @contextmanager
    def _card(self, visit: Visit) -> Iterator[SimCard]:
        _still(visit)
        card = self.readers.open()
        try:
            self._compare(visit, card.iccid())
            yield card
        finally:
            with suppress(LastcallError):
                card.close()

    def _compare(self, visit: Visit, iccid: str) -> None:
        if not iccid:
            raise ElementTrouble("the card does not tell its number", permanent=True, code="no_iccid")
        if visit.iccid and visit.iccid != iccid:
            raise Refused("this is not the card that was compared", code="card_changed")
        if not visit.iccid:
            if not self._is_same(visit, iccid):
                raise Refused("this is not the card of the line", code="wrong_card")
            visit.iccid = iccid

    def _is_same(self, visit: Visit, iccid: str) -> bool:
        same, visit.closing = True, True  # the desk itself ends the order of a wrong card
        try:
            same = self.desk.same_card(visit.order, iccid)
        finally:
            visit.closing = not same
        return same

    def _read(self, visit: Visit, card: SimCard) -> Sealed:
        found = card.read(progress=partial(self._reading, visit))
        self.progress("writing", 0, 0)
        made = saving.files(found, language=visit.order.language, made_at=clock.now(), printer=self.printer)
        secret, content = seal(saving.packed(made))
        return Sealed(
            contacts=len(saving.contacts(found)), messages=len(found.messages), gaps=_gaps(found),
            partial=partly_read(found), secret=secret, content=content,
        )  # fmt: skip

    def _reading(self, visit: Visit, done: int, of: int) -> None:
        _still(visit)
        self.progress("reading", done, of)

    def _send(self, visit: Visit) -> None:
        """The same bytes until the desk says that it has them: it may have them already, and its answer been lost."""
        sealed = visit.sealed
        if sealed is None:
            return
        _still(visit)
        self.progress("sending", 0, 0)
        kept = self.desk.keep(visit.order, sealed.content)
        visit.saved = Saved(
            contacts=sealed.contacts, messages=sealed.messages, gaps=sealed.gaps, partial=sealed.partial, kept=kept,
            secret=sealed.secret,
        )  # fmt: skip
        visit.sealed = None


def _gaps(found: Card) -> bool:
    return (
        bool(found.notes)
        or any(entry.damaged for entry in found.entries)
        or any(message.damaged or message.missing for message in found.messages)
        or any(call.damaged for call in found.calls)
    )


def _still(visit: Visit) -> None:
    if visit.over:
        raise Refused("the order is over", code=visit.over)


def _open(card: SimCard, opening: Opening) -> None:
    state = card.pin()
    if opening.puk:
        check_puk(opening.puk)
        refuse_last_try(state, act="unblock", last_try=opening.last_try)
        card.unblock(opening.puk, check_pin(opening.pin))
    elif state.enabled is not False:
        check_pin(opening.pin)
        refuse_last_try(state, act="verify", last_try=opening.last_try)
        card.verify(opening.pin)


def _take_off(visit: Visit, card: SimCard, pin: str) -> str:
    """``removed``, ``was_off``, or ``kept`` where the card lets nobody switch it off. The PIN has just been proved right."""
    if card.pin().enabled is False:
        return "removed" if visit.tried_off else "was_off"
    visit.tried_off = True  # a card pulled out in this moment may have done it and not said so
    try:
        card.disable(pin)
    except Refused as refused:
        if refused.code != "pin_fixed":
            raise
        return "kept"
    return "kept" if card.pin().enabled else "removed"
