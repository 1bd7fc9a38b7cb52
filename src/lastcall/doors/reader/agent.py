"""The program behind the screen: it asks the desk for orders, takes what the visitor presses, and lets the acts be done.

Pages only look at the :class:`~lastcall.doors.reader.stage.Stage`; the card is handled in a thread of its own, one act at a
time. When a visit ends, all of it is let go.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any, Final

from lastcall.core import clock
from lastcall.core.errors import LastcallError
from lastcall.core.ports import Printer, ReaderName, SimReaders
from lastcall.core.simcard.pin import PinState
from lastcall.doors.reader.acts import NOTHING_TYPED, Acts, Opening, Visit
from lastcall.doors.reader.desk import Desk
from lastcall.doors.reader.order import Order, Pairing
from lastcall.doors.reader.stage import AGAIN, Stage
from lastcall.doors.reader.telling import Telling

EVERY: Final = 2.0
"""Seconds between two questions for an order."""
SELDOM: Final = 30.0
"""Seconds between them at most, while the desk does not answer."""
SHOWN: Final = timedelta(minutes=15)
"""How long a secret stays on the screen when nobody presses "finished"."""
READ: Final = timedelta(minutes=5)
"""How long the screen says why it stopped."""
_ASK_AGAIN: Final = frozenset({
    "wrong_pin", "wrong_puk", "last_try", "tries_unknown", "pin_blocked", "puk_blocked", "bad_pin", "bad_puk",
})  # fmt: skip
_DESK_KNOWS: Final = frozenset({"wrong_card", "order_over"})
_TOLD_AS: Final = {"reader_silent": "reader_gone"}
"""What the desk hears, where it has no word of its own."""
_AT_REST: Final = frozenset({"asked", "pin", "puk", "stopped"})
_BUSY: Final = frozenset({"working", "done"})
_log: Final = logging.getLogger(__name__)


class Agent:
    """One reader at one counter. ``name``: as the desk shall list it; ``soon``: does an act in another thread, one after the
    other. ``away``: why the desk cannot be asked (a code), or empty."""

    def __init__(
        self, *, desk: Desk, readers: SimReaders, printer: Printer, name: str,
        soon: Callable[[Callable[[], None]], Any],
    ) -> None:  # fmt: skip
        self.desk, self.readers, self.name = desk, readers, name
        self.pairing: Pairing | None = None
        self.away = ""
        self._own_language, self._visitors_language = "", ""
        self._acts = Acts(desk=desk, readers=readers, printer=printer, progress=self._progress)
        self._telling = Telling()
        self._soon = soon
        self._lock = threading.RLock()
        self._visit: Visit | None = None
        self._ended = ""
        self._wait = EVERY
        self._stage = Stage(name="unpaired", page=_word())

    @property
    def stage(self) -> Stage:
        """What the screen shows now."""
        return self._stage

    @property
    def language(self) -> str:
        """The visitor's while there is one, else the clerk's; empty until somebody chose."""
        return self._visitors_language or self._own_language

    def seen(self) -> tuple[ReaderName, ...]:
        """The readers of this computer. Raises as :meth:`~lastcall.core.ports.SimReaders.names`."""
        return self.readers.names()

    def may(self, act: str, page: str) -> bool:
        """Whether ``act`` counts, sent from a page with the word ``page``."""
        return self._stage.takes(act, page, clock.now())

    def speak(self, language: str) -> None:
        """From now on the screen speaks ``language``; a visitor's choice ends with the visit."""
        with self._lock:
            if self._visit is not None:
                self._visitors_language = language
            else:
                self._own_language = language

    def pair(self, code: str) -> None:
        """Become a reader of the desk's. Raises as :meth:`Desk.pair`."""
        self.pairing = self.desk.pair(code=code, name=self.name)
        self.away, self._wait = "", EVERY
        self._show("waiting")

    def leave(self) -> None:
        """End the pairing, at the desk too if it answers."""
        try:
            if self.desk.paired:
                self.desk.leave()
        except LastcallError:
            _log.info("the desk could not be told that the pairing ended")
        self._unpaired("left")

    def agree(self, page: str) -> None:
        """The visitor wants it done."""
        self._start("agree", page, self._begin)

    def again(self, page: str) -> None:
        """The visitor begins again after a trouble."""
        self._start("again", page, self._begin)

    def open_with(self, page: str, opening: Opening) -> None:
        """The visitor typed a PIN, or the PUK and a new PIN."""
        act = "unblock" if opening.puk else "pin"
        self._start(act, page, lambda visit: self._perform(visit, opening))

    def stop(self, page: str, act: str = "stop") -> None:
        """The visitor wants no more of it, or none of it (``decline``); what was done stays done, and the desk is told."""
        problem = self._stage.problem
        if visit := self._claim(act, page):
            self._surely(lambda it: self._close(it, problem or "visitor_refused", pressed=True), visit)

    def give_up(self, page: str) -> None:
        """The visitor waits no longer for a reader that gives no sign. What it does after that is not known here, and changes
        nothing on the screen: its act keeps the old :class:`Visit`."""
        with self._lock:
            unlocking = self._stage.step == "unlocking"
            old = self._claim("give_up", page)
            if old is None:
                return
            old.over = "reader_silent"
            visit = self._visit = replace(old, over="", tried_off=old.tried_off or unlocking)
        self._surely(lambda it: self._close(it, "reader_silent"), visit)

    def finish(self, page: str) -> None:
        """The visitor has read it all: nothing of the visit stays."""
        if self._claim("finish", page):
            self._clear()

    def poll(self) -> float:
        """Ask the desk once; gives the seconds until the next time."""
        self._clear_what_was_shown()
        pairing = self.pairing
        if pairing is None or not self.desk.paired:
            return EVERY
        try:
            self._telling.catch_up(self._now_told)
            self._take(self.desk.order())
        except LastcallError as trouble:
            return self._backed_off(trouble.code) if self.pairing is pairing else EVERY
        self.away, self._wait = "", EVERY
        return EVERY

    def run(self, stop: threading.Event) -> None:
        """Ask for orders until told to stop."""
        wait = EVERY
        while not stop.wait(wait):
            try:
                wait = self.poll()
            except Exception as broken:
                _note("asking the desk", broken)

    def _backed_off(self, code: str) -> float:
        if code == "reader_ended":
            self._unpaired(code)
            return EVERY
        self.away, self._wait = code, min(self._wait * 2, SELDOM)
        return self._wait

    def _take(self, order: Order | None) -> None:
        with self._lock:
            visit = self._visit
            if visit is not None and visit.ended_by(order):
                visit.over = "order_over"
                if self._stage.name in _AT_REST:
                    self._close(visit, visit.over)
            if order is not None and self._is_free() and order.id != self._ended:
                self._visit, self._visitors_language = Visit(order=order), order.language
                self._show("asked", order=order)

    def _is_free(self) -> bool:
        return self._stage.name == "waiting" or (self._stage.name == "stopped" and not self._stage.again)

    def _claim(self, act: str, page: str) -> Visit | None:
        """Whose visit it is, if the button counts; from then on no other one does."""
        with self._lock:
            visit = self._visit
            if visit is None or not self.may(act, page):
                return None
            self._show(
                "working", order=visit.order, step="checking", saved=visit.saved, pin=_pin(visit), moved_at=clock.now()
            )
            return visit

    def _start(self, act: str, page: str, job: Callable[[Visit], None]) -> None:
        if visit := self._claim(act, page):
            self._soon(lambda: self._surely(job, visit))

    def _surely(self, job: Callable[[Visit], None], visit: Visit) -> None:
        """Whatever happens, the screen comes to a page with a button."""
        try:
            self._do(job, visit)
        except Exception as broken:
            _note("ending a visit", broken)
            self._stopped(visit, "broken", again=True)

    def _do(self, job: Callable[[Visit], None], visit: Visit) -> None:
        try:
            job(visit)
        except LastcallError as trouble:
            self._met(visit, trouble.code)
        except Exception as broken:
            _note("handling a card", broken)
            self._met(visit, "broken")

    def _begin(self, visit: Visit) -> None:
        state = self._acts.look(visit) if visit.needs_card else None
        if state is None or state.enabled is False or not visit.needs_card:
            self._perform(visit, NOTHING_TYPED)
        else:
            self._ask(visit, state, "")

    def _perform(self, visit: Visit, opening: Opening) -> None:
        self._acts.perform(visit, opening)
        self._tell_done(visit)

    def _ask(self, visit: Visit, state: PinState, note: str) -> None:
        with self._lock:  # the desk may end the order in this moment
            if visit is not self._visit:
                return
            if visit.over or state.dead:
                self._close(visit, visit.over or "puk_blocked")
                return
            name, tries = ("puk", state.puk_tries) if state.blocked else ("pin", state.tries)
            self._show(name, order=visit.order, note=note, tries=tries, saved=visit.saved, pin=_pin(visit))

    def _met(self, visit: Visit, code: str) -> None:
        if visit is not self._visit:
            return
        if code == "reader_ended" and visit.saved is None:
            self._unpaired(code, whatever=True)
        elif visit.over:
            self._close(visit, visit.over)
        elif code in _ASK_AGAIN:
            self._do(lambda _: self._ask(visit, self._acts.look(visit), code), visit)
        elif code in AGAIN:
            self._stopped(visit, code, again=True)
        else:
            self._close(visit, code)

    def _close(self, visit: Visit, code: str, *, pressed: bool = False) -> None:
        """The end before all was done: what was saved can still be fetched, and its secret is shown. ``pressed``: the visitor
        knows why, and wants no more."""
        visit.closing = True
        if code not in _DESK_KNOWS and visit.saved is not None:
            if visit.order.pin_off and not visit.tried_off:
                visit.pin = visit.pin or "kept"
            self._tell_done(visit, note=code)
            return
        if code not in _DESK_KNOWS:
            self._telling.tell(visit.order, lambda: self.desk.failed(visit.order, _TOLD_AS.get(code, code)))
        if visit.saved is not None:
            self._done(visit, told="over", note=code)
        elif pressed:
            self._ended = visit.order.id
            self._clear()
        else:
            self._stopped(visit, code, again=False)

    def _stopped(self, visit: Visit, code: str, *, again: bool) -> None:
        if visit is not self._visit:
            return
        self._ended = "" if again else visit.order.id
        self._show(
            "stopped", order=visit.order, problem=code, again=again, saved=visit.saved, pin=_pin(visit),
            clears_at=None if again else clock.now() + READ,
        )  # fmt: skip

    def _tell_done(self, visit: Visit, note: str = "") -> None:
        if visit is not self._visit:
            return  # nobody has its secret
        visit.closing = True
        contacts, messages = (visit.saved.contacts, visit.saved.messages) if visit.saved else (0, 0)
        pin = visit.pin or ("kept" if visit.order.pin_off else "")
        told = self._telling.tell(
            visit.order, lambda: self.desk.done(visit.order, contacts=contacts, messages=messages, pin=pin)
        )
        self._done(visit, told=told, note=note)

    def _done(self, visit: Visit, *, told: str, note: str) -> None:
        with self._lock:
            if visit is not self._visit:
                return
            self._ended = visit.order.id
            self._show(
                "done", order=visit.order, note=note, told=told, saved=visit.saved, pin=_pin(visit),
                clears_at=clock.now() + SHOWN,
            )  # fmt: skip

    def _now_told(self, order: Order, told: str) -> None:
        with self._lock:
            if self._stage.name == "done" and self._stage.order == order:
                self._stage = replace(self._stage, told=told)

    def _clear_what_was_shown(self) -> None:
        with self._lock:
            until = self._stage.clears_at
            if until is not None and until <= clock.now():
                self._clear()

    def _clear(self) -> None:
        with self._lock:
            self._visit, self._visitors_language = None, ""
            self._show("waiting" if self.desk.paired else "unpaired")

    def _unpaired(self, note: str, *, whatever: bool = False) -> None:
        """Without a token; a card being handled, and a secret on the screen, come to their end first unless ``whatever``."""
        with self._lock:
            self.desk.forget()
            self._telling.forget()
            self.pairing, self.away = None, ""
            if whatever or self._stage.name not in _BUSY:
                self._visit, self._visitors_language = None, ""
                self._show("unpaired", note=note)

    def _show(self, name: str, **what: Any) -> None:
        with self._lock:
            self._stage = Stage(name=name, page=_word(), **what)

    def _progress(self, step: str, done: int, of: int) -> None:
        with self._lock:
            if self._stage.name == "working":
                self._stage = replace(self._stage, step=step, done=done, of=of, moved_at=clock.now())


def _pin(visit: Visit) -> str:
    """``unsure``: the card was pulled out while its PIN was being taken off."""
    return visit.pin or ("unsure" if visit.tried_off else "")


def _word() -> str:
    return clock.token(100)


def _note(what: str, broken: Exception) -> None:
    """Into the log without its words, which may quote what was typed or read."""
    at = broken.__traceback__
    while at is not None and at.tb_next is not None:
        at = at.tb_next
    where = f"{at.tb_frame.f_code.co_filename}:{at.tb_lineno}" if at is not None else "?"
    _log.error("%s failed: %s at %s", what, type(broken).__name__, where)
