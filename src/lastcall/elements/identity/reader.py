"""Reading a passport page: several looks at the zone, and nothing is sure unless they agree."""

from __future__ import annotations

import io
from threading import Lock
from typing import TYPE_CHECKING, Any

from PIL import Image

from lastcall.core import clock
from lastcall.core.ports import PassportPage

from .mrz import Zone
from .photo import Cleaner

if TYPE_CHECKING:
    from .ocr import Ocr

_loading = Lock()
_loaded: list[Ocr] = []


def _ocr() -> Ocr:
    """The models, loaded when they are first asked for, once in a process."""
    with _loading:
        if not _loaded:
            from .ocr import Ocr

            _loaded.append(Ocr())
        return _loaded[0]


class RapidocrReader:
    """A :class:`~lastcall.core.ports.PhotoReader` on rapidocr's models and ICAO Doc 9303's check digits.

    A page is sure when two looks at each line of the zone spell the same, every check digit holding and proving something, and no
    other look says otherwise.
    """

    name = "rapidocr"

    def __init__(self, cleaner: Cleaner | None = None) -> None:
        self._cleaner = cleaner or Cleaner()

    def clean(self, upload: bytes | None) -> bytes:
        """As :meth:`Cleaner.clean`."""
        return self._cleaner.clean(upload)

    def read(self, photo: bytes) -> PassportPage:
        """What the zone in a cleaned ``photo`` says; not ``sure`` when in the slightest doubt. About a second on one core."""
        try:
            dots = _dots(photo)
        except (OSError, ValueError):  # no picture at all
            return PassportPage(sure=False)
        from .zone import read_zone

        zone = read_zone(_ocr(), dots, today=clock.now().date())
        return PassportPage(sure=False) if zone is None else _page(zone)


def _dots(photo: bytes) -> Any:
    import numpy as np

    with Image.open(io.BytesIO(photo), formats=("JPEG",)) as picture:
        return np.ascontiguousarray(np.asarray(picture.convert("RGB"))[:, :, ::-1])


def _page(zone: Zone) -> PassportPage:
    return PassportPage(
        sure=True, kind="foreign_passport" if zone.is_passport else "", issuer=zone.country, number=zone.number,
        surname=zone.surname, given_names=zone.given_names, born=zone.born, expires=zone.expires,
    )  # fmt: skip
