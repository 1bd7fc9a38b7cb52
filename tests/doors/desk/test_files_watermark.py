"""Whose screen it was is written across a photo, everywhere."""

from __future__ import annotations

from io import BytesIO

from PIL import Image, ImageChops

from lastcall.doors.desk.files.watermark import watermarked
from tests.doors.desk.pictures_of_documents import drawn


def test_a_watermark_changes_the_picture_everywhere_and_makes_it_no_larger() -> None:
    with Image.open(BytesIO(watermarked(drawn(), text="irina 2026-03-13 10:00 UTC"))) as marked:
        assert marked.size == (900, 630)
        with Image.open(BytesIO(drawn())) as plain:
            difference = ImageChops.difference(marked.convert("L"), plain.convert("L")).point(
                lambda dot: 255 * (dot > 24)
            )
        for box in ((0, 0, 450, 315), (450, 0, 900, 315), (0, 315, 450, 630), (450, 315, 900, 630)):
            assert difference.crop(box).getbbox() is not None
