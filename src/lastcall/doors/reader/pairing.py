"""This program and its desk: paired by a code, until one of them ends it."""

from __future__ import annotations

import logging
from typing import Final

from lastcall.core.errors import LastcallError
from lastcall.doors.reader.desk import Desk
from lastcall.doors.reader.order import Pairing
from lastcall.doors.reader.showing import Showing
from lastcall.doors.reader.telling import Telling

_BUSY: Final = frozenset({"working", "done"})
_log: Final = logging.getLogger(__name__)


class DeskPairing:
    """``found``: what the desk said of the pairing, None without one. ``away``: why the desk cannot be asked (a code), or empty."""

    def __init__(self, *, desk: Desk, showing: Showing, telling: Telling) -> None:
        self.desk = desk
        self.found: Pairing | None = None
        self.away = ""
        self._showing, self._telling = showing, telling

    def pair(self, code: str, name: str) -> None:
        """Become a reader of the desk's, listed as ``name``. Raises as :meth:`Desk.pair`."""
        self.found = self.desk.pair(code=code, name=name)
        self.away = ""
        self._showing.show("waiting")

    def leave(self) -> None:
        """End the pairing, at the desk too if it answers."""
        try:
            if self.desk.paired:
                self.desk.leave()
        except LastcallError:
            _log.info("the desk could not be told that the pairing ended")
        self.lost("left")

    def lost(self, note: str, *, whatever: bool = False) -> None:
        """Without a token; a card being handled, and a secret on the screen, come to their end first unless ``whatever``."""
        showing = self._showing
        with showing.lock:
            self.desk.forget()
            self._telling.forget()
            self.found, self.away = None, ""
            if whatever or showing.stage.name not in _BUSY:
                showing.nobody("unpaired", note)

    def clear(self) -> None:
        """The visit is over and its page was read."""
        self._showing.nobody("waiting" if self.desk.paired else "unpaired")
