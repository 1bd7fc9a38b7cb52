"""Who looks at a photo, and when, written across it: a picture taken of the screen says whose screen it was."""

from __future__ import annotations

from io import BytesIO
from typing import Final

from PIL import Image, ImageDraw, ImageFont

_LONGEST: Final = 1400
_INK: Final = (255, 255, 255, 120)
_EDGE: Final = (0, 0, 0, 120)


def watermarked(photo: bytes, *, text: str) -> bytes:
    """The JPEG with ``text`` (Latin letters) repeated across it, its longest side at most 1400 dots. Made in memory alone."""
    with Image.open(BytesIO(photo)) as opened:
        picture = opened.convert("RGB")
    picture.thumbnail((_LONGEST, _LONGEST))
    layer = _pattern(text, max(picture.size))
    left, top = (layer.width - picture.width) // 2, (layer.height - picture.height) // 2
    over = layer.crop((left, top, left + picture.width, top + picture.height))
    picture.paste(over, (0, 0), over)
    out = BytesIO()
    picture.save(out, "JPEG", quality=80)
    return out.getvalue()


def _pattern(text: str, side: int) -> Image.Image:
    """A layer that stays larger than the picture when it is turned, full of slanting lines of ``text``."""
    size = max(14, side // 32)
    font = ImageFont.load_default(size)
    layer = Image.new("RGBA", (side * 2, side * 2), (0, 0, 0, 0))
    draw = ImageDraw.Draw(layer)
    step = max(int(draw.textlength(text, font=font)) + size * 3, 1)
    for row, top in enumerate(range(0, side * 2, size * 5)):
        for left in range(-(row % 2) * step // 2, side * 2, step):
            draw.text((left, top), text, font=font, fill=_INK, stroke_width=1, stroke_fill=_EDGE)
    return layer.rotate(24, resample=Image.Resampling.BILINEAR)
