"""The program behind the screen, put together: paired with the desk, asked for orders, driven by what the visitor presses.

Pages only look at the :class:`~lastcall.doors.reader.stage.Stage`; the card is handled in a thread of its own, one act at a
time. When a visit ends, all of it is let go.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

from lastcall.core import clock
from lastcall.core.ports import Printer, ReaderName, SimReaders
from lastcall.doors.reader.acts import Acts, Opening
from lastcall.doors.reader.asking import Asking
from lastcall.doors.reader.desk import Desk
from lastcall.doors.reader.ending import Ending
from lastcall.doors.reader.order import Pairing
from lastcall.doors.reader.pairing import DeskPairing
from lastcall.doors.reader.showing import Showing
from lastcall.doors.reader.stage import Stage
from lastcall.doors.reader.telling import Telling
from lastcall.doors.reader.working import Working


class Agent:
    """One reader at one counter. ``name``: as the desk shall list it; ``soon``: does an act in another thread, one after the
    other."""

    def __init__(
        self, *, desk: Desk, readers: SimReaders, printer: Printer, name: str,
        soon: Callable[[Callable[[], None]], Any],
    ) -> None:  # fmt: skip
        self.desk, self.readers, self.name = desk, readers, name
        self.showing, telling = Showing(), Telling()
        self._pairing = DeskPairing(desk=desk, showing=self.showing, telling=telling)
        ending = Ending(pairing=self._pairing, showing=self.showing, telling=telling)
        acts = Acts(desk=desk, readers=readers, printer=printer, progress=self.showing.progress)
        self.working = Working(acts=acts, soon=soon, pairing=self._pairing, showing=self.showing, ending=ending)
        self._asking = Asking(pairing=self._pairing, showing=self.showing, telling=telling, ending=ending)

    @property
    def stage(self) -> Stage:
        """What the screen shows now."""
        return self.showing.stage

    @property
    def language(self) -> str:
        """The visitor's while there is one, else the clerk's; empty until somebody chose."""
        return self.showing.language

    @property
    def pairing(self) -> Pairing | None:
        """With which shop, and until when."""
        return self._pairing.found

    @property
    def away(self) -> str:
        """Why the desk cannot be asked (a code), or empty."""
        return self._pairing.away

    def seen(self) -> tuple[ReaderName, ...]:
        """The readers of this computer. Raises as :meth:`~lastcall.core.ports.SimReaders.names`."""
        return self.readers.names()

    def may(self, act: str, page: str) -> bool:
        """Whether ``act`` counts, sent from a page with the word ``page``."""
        return self.stage.takes(act, page, clock.now())

    def speak(self, language: str) -> None:
        """From now on the screen speaks ``language``; a visitor's choice ends with the visit."""
        self.showing.speak(language)

    def pair(self, code: str) -> None:
        """Become a reader of the desk's. Raises as :meth:`Desk.pair`."""
        self._pairing.pair(code, self.name)

    def leave(self) -> None:
        """End the pairing, at the desk too if it answers."""
        self._pairing.leave()

    def agree(self, page: str) -> None:
        """The visitor wants it done."""
        self.working.begin("agree", page)

    def again(self, page: str) -> None:
        """The visitor begins again after a trouble."""
        self.working.begin("again", page)

    def open_with(self, page: str, opening: Opening) -> None:
        """The visitor typed a PIN, or the PUK and a new PIN."""
        self.working.open_with("unblock" if opening.puk else "pin", page, opening)

    def stop(self, page: str, act: str = "stop") -> None:
        """The visitor wants no more of it, or none of it (``decline``); what was done stays done, and the desk is told."""
        self.working.stop(act, page)

    def give_up(self, page: str) -> None:
        """The visitor waits no longer for a reader that gives no sign. What it does after that is not known here, and changes
        nothing on the screen."""
        self.working.give_up(page)

    def finish(self, page: str) -> None:
        """The visitor has read it all: nothing of the visit stays."""
        if self.showing.claim("finish", page):
            self._pairing.clear()

    def poll(self) -> float:
        """Ask the desk once; gives the seconds until the next time."""
        return self._asking.poll()

    def run(self, stop: threading.Event) -> None:
        """Ask for orders until told to stop."""
        self._asking.run(stop)
