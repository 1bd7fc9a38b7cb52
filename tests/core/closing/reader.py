"""A photo reader that reads what a test puts before it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date

from lastcall.core.errors import BadInput, ElementTrouble
from lastcall.core.ports import PassportPage
from lastcall.site.wiring import make_worker
from tests.cast import Cast

LI_WEIS_PAGE = PassportPage(
    sure=True, kind="foreign_passport", issuer="CN", number="E12345678", surname="LI", given_names="WEI",
    born=date(2001, 5, 4), expires=date(2030, 1, 1),
)  # fmt: skip
SOMEBODY_ELSES_PAGE = replace(LI_WEIS_PAGE, number="G87654321", surname="WANG", given_names="FANG")
ANOTHER_NAMES_PAGE = replace(LI_WEIS_PAGE, surname="WANG", given_names="FANG")
BLURRED_PAGE = PassportPage(sure=False)


@dataclass
class Reader:
    """The port ``PhotoReader``. ``seen``: every photo that was read; ``down``: reading fails."""

    name: str = "by a test"
    page: PassportPage = LI_WEIS_PAGE
    down: bool = False
    seen: list[bytes] = field(default_factory=list)

    def clean(self, upload: bytes) -> bytes:
        if not upload:
            raise BadInput("the file is empty", code="photo_empty", remedy="Choose the photo again.")
        return b"clean " + upload

    def read(self, photo: bytes) -> PassportPage:
        if self.down:
            raise ElementTrouble("the reader is down", permanent=False, code="reader_down")
        self.seen.append(photo)
        return self.page


def reading(cast: Cast) -> Reader:
    """From now on the cast's worker reads photos with the reader that comes back."""
    reader = Reader()
    cast.worker = make_worker(replace(cast.elements, photos=reader), base=cast.base)
    return reader
