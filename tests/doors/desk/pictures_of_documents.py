"""A photo of a document for the desk's tests: drawn, nobody's, and read for certain by nobody."""

from __future__ import annotations

from io import BytesIO

from PIL import Image, ImageDraw

from lastcall.core.closing import photos
from lastcall.core.closing.receipts import Receipt
from tests.cast import ON_THE_WEB, Cast
from tests.core.closing.reader import BLURRED_PAGE, Reader, reading


def drawn() -> bytes:
    """A page with a face and two lines of type, as JPEG."""
    page = Image.new("RGB", (900, 630), (226, 222, 205))
    pen = ImageDraw.Draw(page)
    pen.rectangle((60, 90, 310, 400), fill=(170, 170, 180))
    pen.ellipse((130, 140, 240, 280), fill=(120, 110, 105))
    for top in (110, 170, 230, 290):
        pen.rectangle((360, top, 820, top + 26), fill=(90, 90, 95))
    for top in (500, 550):
        pen.rectangle((60, top, 840, top + 30), fill=(60, 60, 60))
    out = BytesIO()
    page.save(out, "JPEG")
    return out.getvalue()


class Passing(Reader):
    """Takes every picture as it is."""

    def clean(self, upload: bytes) -> bytes:
        return upload


def with_unclear_photo(cast: Cast) -> Receipt:
    """Li Wei's case in review, because nobody could read the photo for certain."""
    reader = reading(cast)
    reader.page = BLURRED_PAGE
    receipt = cast.declare()
    cast.prove_remotely(receipt, cast.li_wei)
    cast.keep_sim(receipt)
    photos.give_photo(cast.base, case_id=receipt.case_id, upload=drawn(), reader=Passing(), actor=ON_THE_WEB)
    cast.work()
    assert (cast.case(receipt).state, cast.case(receipt).photo) == ("review", "unclear")
    return receipt
