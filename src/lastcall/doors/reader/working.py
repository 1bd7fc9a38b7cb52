"""The work on the card once a button was pressed: in a thread of its own, one act at a time, always to a page with a button."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final

from lastcall.core.errors import LastcallError
from lastcall.core.simcard.pin import PinState
from lastcall.doors.reader.acts import NOTHING_TYPED, Acts, Opening, Visit
from lastcall.doors.reader.breakdown import note
from lastcall.doors.reader.ending import Ending
from lastcall.doors.reader.pairing import DeskPairing
from lastcall.doors.reader.showing import Showing
from lastcall.doors.reader.stage import AGAIN

_ASK_AGAIN: Final = frozenset({
    "wrong_pin", "wrong_puk", "last_try", "tries_unknown", "pin_blocked", "puk_blocked", "bad_pin", "bad_puk",
})  # fmt: skip


class Working:
    """``acts``: what is done with the card; ``soon``: does an act in another thread, one after the other."""

    def __init__(
        self, *, acts: Acts, soon: Callable[[Callable[[], None]], Any], pairing: DeskPairing, showing: Showing,
        ending: Ending,
    ) -> None:  # fmt: skip
        self.acts, self.soon = acts, soon
        self._pairing, self._showing, self._ending = pairing, showing, ending

    def begin(self, act: str, page: str) -> None:
        """The visitor agreed, or begins again."""
        self._start(act, page, self._begin)

    def open_with(self, act: str, page: str, opening: Opening) -> None:
        """The visitor typed what opens the card."""
        self._start(act, page, lambda visit: self._perform(visit, opening))

    def stop(self, act: str, page: str) -> None:
        """The visitor wants no more of it; what was done stays done."""
        problem = self._showing.stage.problem
        if visit := self._showing.claim(act, page):
            self._surely(lambda it: self._ending.close(it, problem or "visitor_refused", pressed=True), visit)

    def give_up(self, page: str) -> None:
        """The visitor waits no longer for a reader that gives no sign: its act keeps the old :class:`Visit`."""
        showing = self._showing
        with showing.lock:
            unlocking = showing.stage.step == "unlocking"
            old = showing.claim("give_up", page)
            if old is None:
                return
            old.over = "reader_silent"
            visit = showing.visit = replace(old, over="", tried_off=old.tried_off or unlocking)
        self._surely(lambda it: self._ending.close(it, "reader_silent"), visit)

    def _start(self, act: str, page: str, job: Callable[[Visit], None]) -> None:
        if visit := self._showing.claim(act, page):
            self.soon(lambda: self._surely(job, visit))

    def _surely(self, job: Callable[[Visit], None], visit: Visit) -> None:
        """Whatever happens, the screen comes to a page with a button."""
        try:
            self._do(job, visit)
        except Exception as broken:
            note("ending a visit", broken)
            self._ending.stopped(visit, "broken", again=True)

    def _do(self, job: Callable[[Visit], None], visit: Visit) -> None:
        try:
            job(visit)
        except LastcallError as trouble:
            self._met(visit, trouble.code)
        except Exception as broken:
            note("handling a card", broken)
            self._met(visit, "broken")

    def _begin(self, visit: Visit) -> None:
        state = self.acts.look(visit) if visit.needs_card else None
        if state is None or state.enabled is False or not visit.needs_card:
            self._perform(visit, NOTHING_TYPED)
        else:
            self._ask(visit, state, "")

    def _perform(self, visit: Visit, opening: Opening) -> None:
        self.acts.perform(visit, opening)
        self._ending.done(visit)

    def _ask(self, visit: Visit, state: PinState, said: str) -> None:
        showing = self._showing
        with showing.lock:  # the desk may end the order in this moment
            if visit is not showing.visit:
                return
            if visit.over or state.dead:
                self._ending.close(visit, visit.over or "puk_blocked")
                return
            name, tries = ("puk", state.puk_tries) if state.blocked else ("pin", state.tries)
            showing.show(name, order=visit.order, note=said, tries=tries, saved=visit.saved, pin=visit.pin_known)

    def _met(self, visit: Visit, code: str) -> None:
        if visit is not self._showing.visit:
            return
        if code == "reader_ended" and visit.saved is None:
            self._pairing.lost(code, whatever=True)
        elif visit.over:
            self._ending.close(visit, visit.over)
        elif code in _ASK_AGAIN:
            self._do(lambda _: self._ask(visit, self.acts.look(visit), code), visit)
        elif code in AGAIN:
            self._ending.stopped(visit, code, again=True)
        else:
            self._ending.close(visit, code)
