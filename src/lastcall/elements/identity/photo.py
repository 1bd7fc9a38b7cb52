"""Uploads made harmless: a new JPEG from the dots alone, or a refusal that says what to send instead.

The type is told by content, never by name. Only three decoders may ever see an upload, the size is known from the header before
anything is decoded, and nothing but dots reaches the new file.
"""

from __future__ import annotations

import io
import warnings
from dataclasses import dataclass
from threading import Lock
from typing import Final

from PIL import Image

from lastcall.core.errors import BadInput

MOST_BYTES: Final = 10_000_000
MOST_DOTS: Final = 50_000_000
MOST_DOTS_IN_FULL: Final = 25_000_000  # PNG and WebP cannot be decoded to a smaller size: about 15 bytes a dot
SHORTEST_SIDE: Final = 600  # below this a character of the machine-readable zone has fewer than about 10 dots
LONGEST_SIDE: Final = 3_000

_QUALITY: Final = 90
_ORIENTATION: Final = 0x0112  # TIFF 6.0; CIPA DC-008 (Exif), 4.6.4
_TURNS: Final = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_SEND_ANOTHER: Final = "Send a JPEG or PNG photo of the page."
_OLE_FILE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OLE_LOCKED: Final = "EncryptedPackage".encode("utf-16-le")
_HEIF_BRANDS: Final = frozenset({b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1", b"avif", b"avis"})

_one_at_a_time: Final = Lock()  # so that memory is bounded, whatever comes in at once

warnings.simplefilter("error", Image.DecompressionBombWarning)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cleaner:
    """Takes photos in. ``most_bytes``: of an upload; ``most_dots``: width times height; ``shortest_side``: in dots.

    ``most_dots_in_full``: for a picture that is no JPEG and so has to be in memory in full.
    """

    most_bytes: int = MOST_BYTES
    most_dots: int = MOST_DOTS
    most_dots_in_full: int = MOST_DOTS_IN_FULL
    shortest_side: int = SHORTEST_SIDE

    def clean(self, upload: bytes | None) -> bytes:
        """A JPEG made anew from the picture's dots alone, upright, longest side at most 3000; JPEG, PNG and WebP are taken.

        Raises :class:`~lastcall.core.errors.BadInput` with the codes of :class:`~lastcall.core.ports.PhotoReader`.
        """
        taken = self._of_bearable_size(upload)
        name = _known_type(taken)
        picture = self._opened(taken, name)
        self._refuse_unless_still(picture, name)
        with _one_at_a_time:
            return _made_anew(_decoded(picture))

    def _of_bearable_size(self, upload: bytes | None) -> bytes:
        if upload is None:
            raise BadInput("No photo came with the form.", code="photo_missing", remedy=_SEND_ANOTHER)
        if not upload:
            raise BadInput("The file is empty.", code="photo_empty", remedy="Take the photo again and send it.")
        if len(upload) > self.most_bytes:
            raise BadInput(
                f"The file has {len(upload):,} bytes; {self.most_bytes:,} are taken at most.", code="photo_too_big",
                remedy="Send the photo in a smaller size.",
            )  # fmt: skip
        return upload

    def _opened(self, upload: bytes, name: str) -> Image.Image:
        try:
            picture = Image.open(io.BytesIO(upload), formats=(name,))
        except (Image.DecompressionBombError, Image.DecompressionBombWarning) as bomb:
            raise self._too_many_dots(name) from bomb
        except Exception as trouble:  # a decoder may stumble over a crafted header in any way
            raise _broken() from trouble
        if picture.width * picture.height > self._most_dots_of(name):
            raise self._too_many_dots(name)
        return picture

    def _refuse_unless_still(self, picture: Image.Image, name: str) -> None:
        if name == "GIF" or (name != "JPEG" and _moves(picture)):  # many a phone's JPEG holds a second picture
            if _moves(picture):
                raise BadInput("The picture moves.", code="photo_animated", remedy="Send a still photo, JPEG or PNG.")
            raise _wrong_type("a GIF picture")
        if min(picture.size) < self.shortest_side:
            raise BadInput(
                f"The picture has {picture.width} by {picture.height} dots; the shorter side needs {self.shortest_side}.",
                code="photo_too_small", remedy="Take the photo from nearer, or send it in its full size.",
            )  # fmt: skip

    def _most_dots_of(self, name: str) -> int:
        return self.most_dots if name == "JPEG" else min(self.most_dots, self.most_dots_in_full)

    def _too_many_dots(self, name: str) -> BadInput:
        return BadInput(
            f"The picture has more than {self._most_dots_of(name):,} dots.", code="photo_too_many_dots",
            remedy="Send the photo in a smaller size.",
        )  # fmt: skip


def _known_type(upload: bytes) -> str:
    if upload.startswith(b"\xff\xd8\xff"):
        return "JPEG"
    if upload.startswith(b"\x89PNG\r\n\x1a\n"):
        return "PNG"
    if upload.startswith(b"RIFF") and upload[8:12] == b"WEBP":
        return "WEBP"
    if upload.startswith((b"GIF87a", b"GIF89a")):
        return "GIF"
    if _locked(upload):
        raise BadInput("The file is locked with a password.", code="photo_locked", remedy=_SEND_ANOTHER)
    raise _wrong_type(_told_by_content(upload))


def _locked(upload: bytes) -> bool:
    if b"%PDF-" in upload[:1024]:
        return b"/Encrypt" in upload
    if upload.startswith(b"PK\x03\x04"):
        return bool(upload[6:7]) and bool(upload[6] & 1)  # APPNOTE.TXT 4.4.4, bit 0
    return upload.startswith(_OLE_FILE) and _OLE_LOCKED in upload


def _told_by_content(upload: bytes) -> str:
    if b"%PDF-" in upload[:1024]:
        return "a PDF file"
    if upload[4:8] == b"ftyp" and upload[8:12] in _HEIF_BRANDS:
        return "a HEIC or AVIF picture, which cannot be opened here"
    if upload.startswith(b"PK\x03\x04"):
        return "an archive or office file"
    return "no JPEG, PNG or WebP picture"


def _wrong_type(what: str) -> BadInput:
    return BadInput(f"The file is {what}.", code="photo_wrong_type", remedy=_SEND_ANOTHER)


def _broken() -> BadInput:
    return BadInput(
        "The picture is damaged or was cut short on its way.",
        code="photo_broken",
        remedy="Send it again, or take it anew.",
    )


def _moves(picture: Image.Image) -> bool:
    try:
        return bool(getattr(picture, "is_animated", False))
    except Exception as trouble:
        raise _broken() from trouble


def _decoded(picture: Image.Image) -> Image.Image:
    try:
        picture.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))  # a large JPEG is never in memory in full
        picture.load()
    except Exception as trouble:
        raise _broken() from trouble
    turn = _TURNS.get(_orientation(picture))
    small = _of_plain_dots(picture)
    small.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.LANCZOS)
    small = _on_paper(small)
    return small if turn is None else small.transpose(turn)


def _orientation(picture: Image.Image) -> int:
    try:
        return int(picture.getexif().get(_ORIENTATION, 1))
    except Exception:  # metadata that cannot be read says nothing; the dots are good
        return 1


def _of_plain_dots(picture: Image.Image) -> Image.Image:
    """Eight bits a colour and no palette, so that it can be made smaller; the picture itself where it is so already."""
    if picture.mode.startswith("I"):
        return picture.point(lambda value: value * (1 / 256)).convert("L")
    if picture.mode in {"L", "RGB", "RGBA", "CMYK"} and "transparency" not in picture.info:
        return picture
    return picture.convert("RGBA" if picture.has_transparency_data else "RGB")


def _on_paper(picture: Image.Image) -> Image.Image:
    if picture.mode != "RGBA":
        return picture.convert("RGB")
    paper = Image.new("RGB", picture.size, "white")
    paper.paste(picture, mask=picture.getchannel("A"))
    return paper


def _made_anew(picture: Image.Image) -> bytes:
    dots = Image.frombytes("RGB", picture.size, picture.tobytes())
    file = io.BytesIO()
    dots.save(file, "JPEG", quality=_QUALITY)
    return file.getvalue()
