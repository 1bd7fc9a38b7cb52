"""The simulator's reader of photos: a photo is the name of what it shows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

from lastcall.core.errors import ElementTrouble
from lastcall.core.ports import PassportPage
from lastcall.core.simulator.people import SCRIPTS

_NAMES: Final = {script.key: script.name for script in SCRIPTS}
PAGES: Final = ("li_wei", "blurred", "another")


@dataclass(slots=True)
class SimReader:
    """The port :class:`~lastcall.core.ports.PhotoReader`. ``down``: reading fails."""

    name: str = "simulated"
    down: bool = False

    def clean(self, upload: bytes) -> bytes:
        """The photo as it is."""
        return upload

    def read(self, photo: bytes) -> PassportPage:
        """The page of the subscriber who is named in the photo, another's, or one that cannot be read."""
        if self.down:
            raise ElementTrouble("the simulator's reader is down", permanent=False, code="reader_down")
        shown = photo.decode()
        if shown == "blurred":
            return PassportPage(sure=False)
        number = {script.key: script.document[2] for script in SCRIPTS}.get(shown, "E99999999")
        given, _, surname = _NAMES.get(shown, "Wang Fang").partition(" ")
        return PassportPage(
            sure=True, kind="foreign_passport", issuer="CN", number=number, surname=surname, given_names=given,
            born=date(2000, 1, 1), expires=date(2040, 1, 1),
        )  # fmt: skip
