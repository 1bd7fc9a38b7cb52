"""What the screen shows now, and whose visit it is. Pages look at it while a card is handled in another thread."""

from __future__ import annotations

import threading
from dataclasses import replace
from typing import Any

from lastcall.core import clock
from lastcall.doors.reader.acts import Visit
from lastcall.doors.reader.order import Order
from lastcall.doors.reader.stage import Stage


class Showing:
    """``visit``: the one that is handled, None between two; ``ended``: the order that came to its end here last, which the desk
    may name a moment longer. ``lock``: held by whoever looks before they change something."""

    def __init__(self) -> None:
        self.lock = threading.RLock()
        self.visit: Visit | None = None
        self.ended = ""
        self._own_language, self._visitors_language = "", ""
        self._stage = Stage(name="unpaired", page=_word())

    @property
    def stage(self) -> Stage:
        """What is shown now."""
        return self._stage

    @property
    def language(self) -> str:
        """The visitor's while there is one, else the clerk's; empty until somebody chose."""
        return self._visitors_language or self._own_language

    def speak(self, language: str) -> None:
        """From now on the screen speaks ``language``; a visitor's choice ends with the visit."""
        with self.lock:
            if self.visit is not None:
                self._visitors_language = language
            else:
                self._own_language = language

    def show(self, name: str, **what: Any) -> None:
        """The next stage, with a word of its own."""
        with self.lock:
            self._stage = Stage(name=name, page=_word(), **what)

    def visitor(self, order: Order) -> None:
        """A visitor is asked what they want, in their language."""
        with self.lock:
            self.visit, self._visitors_language = Visit(order=order), order.language
            self.show("asked", order=order)

    def nobody(self, name: str, note: str = "") -> None:
        """Nothing of a visit stays."""
        with self.lock:
            self.visit, self._visitors_language = None, ""
            self.show(name, note=note)

    def claim(self, act: str, page: str) -> Visit | None:
        """Whose visit it is, if the button counts; from then on no other one does."""
        with self.lock:
            visit = self.visit
            if visit is None or not self.stage.takes(act, page, clock.now()):
                return None
            self.show(
                "working", order=visit.order, step="checking", saved=visit.saved, pin=visit.pin_known,
                moved_at=clock.now(),
            )  # fmt: skip
            return visit

    def progress(self, step: str, done: int, of: int) -> None:
        """How far the work on the card is, as :data:`~lastcall.doors.reader.acts.Progress`."""
        with self.lock:
            if self._stage.name == "working":
                self._stage = replace(self._stage, step=step, done=done, of=of, moved_at=clock.now())

    def told(self, order: Order, told: str) -> None:
        """The desk knows of the end of ``order`` now: one of :data:`~lastcall.doors.reader.stage.TOLD`."""
        with self.lock:
            if self._stage.name == "done" and self._stage.order == order:
                self._stage = replace(self._stage, told=told)


def _word() -> str:
    return clock.token(100)
