"""The reader that reads nothing: photos are cleaned, and every page goes to a person."""

from __future__ import annotations

from lastcall.core.ports import PassportPage

from .photo import Cleaner


class LeaveToPerson:
    """A :class:`~lastcall.core.ports.PhotoReader` for installations that do without reading by machine."""

    name = "none"

    def __init__(self, cleaner: Cleaner | None = None) -> None:
        self._cleaner = cleaner or Cleaner()

    def clean(self, upload: bytes | None) -> bytes:
        """As :meth:`Cleaner.clean`."""
        return self._cleaner.clean(upload)

    def read(self, photo: bytes) -> PassportPage:
        """A page of which nothing is sure."""
        return PassportPage(sure=False)
