"""Photos of passport pages: made harmless in the web process, read by the worker; and the one place that chooses a reader."""

from __future__ import annotations

from lastcall.core.errors import BadInput
from lastcall.core.ports import PhotoReader

from .photo import MOST_BYTES, Cleaner
from .reader import RapidocrReader
from .unread import LeaveToPerson

_NAMES = ("rapidocr", "none")


def make_photo_reader(name: str, *, most_bytes: int = MOST_BYTES) -> PhotoReader:
    """The reader called ``name``: "rapidocr" reads by itself; "none" cleans photos and leaves the reading to a person.

    ``most_bytes``: the largest upload that is taken. Nothing is loaded before the first photo is read. Raises
    :class:`~lastcall.core.errors.BadInput` for an unknown name.
    """
    cleaner = Cleaner(most_bytes=most_bytes)
    if name == "rapidocr":
        return RapidocrReader(cleaner)
    if name == "none":
        return LeaveToPerson(cleaner)
    raise BadInput(
        f"There is no photo reader called {name!r}.",
        code="unknown_photo_reader",
        remedy=f"Set one of: {', '.join(_NAMES)}.",
    )
