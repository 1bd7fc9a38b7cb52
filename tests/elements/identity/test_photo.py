"""What comes in as a photo: made harmless, or refused with its own code."""

from __future__ import annotations

import io
import random
import struct
import zipfile
import zlib
from collections.abc import Callable
from typing import Any

import pytest
from PIL import Image, PngImagePlugin

from lastcall.core.errors import BadInput
from lastcall.elements.identity import make_photo_reader
from lastcall.elements.identity.photo import MOST_BYTES, Cleaner

CLEANER = Cleaner()


def picture(width: int = 900, height: int = 700, mode: str = "RGB") -> Image.Image:
    dots = random.Random(7).randbytes(90 * 70 * 3)
    return Image.frombytes("RGB", (90, 70), dots).resize((width, height)).convert(mode)


def file(form: str, image: Image.Image | None = None, **options: Any) -> bytes:
    kept = io.BytesIO()
    (image or picture()).save(kept, form, **options)
    return kept.getvalue()


def chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def png(width: int, height: int, *chunks: bytes, bits: int = 1, colour: int = 0) -> bytes:
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, bits, colour, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + b"".join(chunks) + chunk(b"IEND", b"")


def archive(*, locked: bool = False) -> bytes:
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w") as made:
        made.writestr("page.jpg", file("JPEG"))
    whole = bytearray(kept.getvalue())
    whole[6] |= int(locked)
    return bytes(whole)


def moving(form: str) -> bytes:
    frames = [picture(mode="P"), picture(mode="P").rotate(180)]
    frames = frames if form == "GIF" else [frame.convert("RGB") for frame in frames]
    return file(form, frames[0], save_all=True, append_images=frames[1:], duration=100)


def with_trailing_zip() -> bytes:
    return file("JPEG") + archive()


REFUSED: list[tuple[str, Callable[[], bytes | None], str]] = [
    ("no file", lambda: None, "photo_missing"),
    ("an empty file", lambda: b"", "photo_empty"),
    ("a file above the limit", lambda: file("JPEG").ljust(MOST_BYTES + 1, b"\0"), "photo_too_big"),
    ("a PDF", lambda: b"%PDF-1.7\n1 0 obj <</Type/Catalog>> endobj\n%%EOF", "photo_wrong_type"),
    ("a PDF with a password", lambda: b"%PDF-1.7\ntrailer <</Encrypt 5 0 R>>\n%%EOF", "photo_locked"),
    ("a still GIF", lambda: file("GIF", picture(mode="P")), "photo_wrong_type"),
    ("an SVG", lambda: b"<svg xmlns='http://www.w3.org/2000/svg'><script>1</script></svg>", "photo_wrong_type"),
    ("a HEIC", lambda: b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + bytes(200), "photo_wrong_type"),
    ("a TIFF", lambda: file("TIFF"), "photo_wrong_type"),
    ("a BMP", lambda: file("BMP"), "photo_wrong_type"),
    ("text", "паспорт 护照".encode, "photo_wrong_type"),
    ("a program for Windows", lambda: b"MZ" + bytes(500), "photo_wrong_type"),
    ("a program for Linux", lambda: b"\x7fELF" + bytes(500), "photo_wrong_type"),
    ("an archive", archive, "photo_wrong_type"),
    ("an archive with a picture behind it", lambda: archive() + file("JPEG"), "photo_wrong_type"),
    ("an archive with a password", lambda: archive(locked=True), "photo_locked"),
    ("PostScript", lambda: b"%!PS-Adobe-3.0 EPSF-3.0\n", "photo_wrong_type"),
    ("a name of a picture and nothing else", lambda: b"\xff\xd8\xff", "photo_broken"),
    ("a PNG's beginning", lambda: b"\x89PNG\r\n\x1a\n", "photo_broken"),
    ("a WebP's beginning", lambda: b"RIFF\x10\0\0\0WEBPVP8 ", "photo_broken"),
    ("noise that claims to be a JPEG", lambda: b"\xff\xd8\xff\xe0" + random.Random(3).randbytes(5000), "photo_broken"),
    ("a moving GIF", lambda: moving("GIF"), "photo_animated"),
    ("a moving PNG", lambda: moving("PNG"), "photo_animated"),
    ("a moving WebP", lambda: moving("WEBP"), "photo_animated"),
    ("a PNG that claims 60000 x 60000", lambda: png(60_000, 60_000, chunk(b"IDAT", zlib.compress(b""))), "photo_too_many_dots"),
    ("a PNG of 8000 x 8000", lambda: png(8_000, 8_000, chunk(b"IDAT", zlib.compress(bytes(8_008_000)))), "photo_too_many_dots"),
    ("a PNG of 5200 x 5000", lambda: png(5_200, 5_000, chunk(b"IDAT", b"")), "photo_too_many_dots"),
    ("a JPEG that claims 65000 x 65000", lambda: claiming(65_000, 65_000), "photo_too_many_dots"),
    ("text of 60 MB in a PNG", lambda: png(900, 700, zipped_text(60_000_000)), "photo_broken"),
    ("a photo of 900 x 500", lambda: file("JPEG", picture(900, 500)), "photo_too_small"),
    ("one dot", lambda: file("PNG", picture(1, 1)), "photo_too_small"),
]  # fmt: skip


def claiming(width: int, height: int) -> bytes:
    """A small JPEG whose header tells of another size."""
    whole = file("JPEG", picture(16, 16))
    place = whole.index(b"\xff\xc0") + 5
    return whole[:place] + struct.pack(">HH", height, width) + whole[place + 4 :]


def zipped_text(length: int) -> bytes:
    return chunk(b"zTXt", b"Comment\0\0" + zlib.compress(bytes(length), 9))


@pytest.mark.parametrize(("upload", "code"), [row[1:] for row in REFUSED], ids=[row[0] for row in REFUSED])
def test_it_refuses(upload: Callable[[], bytes | None], code: str) -> None:
    with pytest.raises(BadInput) as refusal:
        CLEANER.clean(upload())
    assert refusal.value.code == code
    assert refusal.value.message and refusal.value.remedy


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize("share", [0.02, 0.1, 0.35, 0.6, 0.9, 0.98])
def test_it_refuses_a_photo_cut_short(form: str, share: float) -> None:
    whole = file(form)
    with pytest.raises(BadInput) as refusal:
        CLEANER.clean(whole[: int(len(whole) * share)])
    assert refusal.value.code == "photo_broken"


def test_it_refuses_dots_that_unpack_to_far_more_than_the_header_says() -> None:
    """Whatever comes of it, no more than the dots of the header are unpacked."""
    bomb = png(700, 700, chunk(b"IDAT", zlib.compress(bytes(100_000_000), 6)), bits=8)
    assert dots(CLEANER.clean(bomb)).size == (700, 700)


def dots(photo: bytes) -> Image.Image:
    opened = Image.open(io.BytesIO(photo))
    opened.load()
    return opened


def secret_file(form: str) -> bytes:
    """A picture with a position, a comment, a profile, XMP and a text."""
    exif = Image.Exif()
    exif[0x010E] = "SECRETWORD"
    exif.get_ifd(0x8825).update({1: "N", 2: (55.0, 45.0, 7.0), 3: "E", 4: (37.0, 37.0, 3.0)})
    exif[0x9286] = "SECRETWORD"
    more: dict[str, Any] = {"exif": exif, "icc_profile": b"SECRETWORD" * 30}
    if form == "JPEG":
        more["comment"] = b"SECRETWORD"
    if form != "PNG":
        more["xmp"] = b"<x:xmpmeta>SECRETWORD</x:xmpmeta>"
    else:
        texts = PngImagePlugin.PngInfo()
        texts.add_itxt("XML:com.adobe.xmp", "SECRETWORD")
        texts.add_text("Comment", "SECRETWORD")
        more["pnginfo"] = texts
    return file(form, **more) + b"SECRETWORD"


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_nothing_but_dots_is_left(form: str) -> None:
    upload = secret_file(form)
    assert upload.count(b"SECRETWORD") >= 4
    clean = CLEANER.clean(upload)
    opened = dots(clean)
    assert opened.format == "JPEG" and opened.size == (900, 700)
    assert b"SECRETWORD" not in clean and b"Exif" not in clean and b"xmp" not in clean.lower()
    assert not opened.getexif() and set(opened.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}


def test_an_archive_behind_a_photo_is_gone() -> None:
    upload = with_trailing_zip()
    assert zipfile.is_zipfile(io.BytesIO(upload))
    clean = CLEANER.clean(upload)
    assert not zipfile.is_zipfile(io.BytesIO(clean)) and b"PK\x03\x04" not in clean and clean.endswith(b"\xff\xd9")


@pytest.mark.parametrize("turn", range(1, 9))
@pytest.mark.parametrize("form", ["JPEG", "PNG"])
def test_it_is_turned_as_the_camera_was_held(form: str, turn: int) -> None:
    """The same upright picture comes of each of the eight orientations (CIPA DC-008, 4.6.4)."""
    upright = Image.new("RGB", (900, 700), "white")
    upright.paste((255, 0, 0), (0, 0, 450, 350))
    upright.paste((0, 0, 255), (450, 0, 900, 350))
    undo = {2: 0, 3: 3, 4: 1, 5: 5, 6: 2, 7: 6, 8: 4}  # places in Image.Transpose
    stored = upright.transpose(Image.Transpose(undo[turn])) if turn > 1 else upright
    exif = Image.Exif()
    exif[0x0112] = turn
    clean = dots(CLEANER.clean(file(form, stored, exif=exif)))
    assert clean.size == (900, 700)
    corners = [clean.getpixel(place) for place in ((100, 100), (800, 100), (100, 600))]
    assert [_nearest(corner) for corner in corners] == ["red", "blue", "white"]


def _nearest(colour: object) -> str:
    assert isinstance(colour, tuple)
    red, _, blue = colour
    return "white" if red > 128 and blue > 128 else "red" if red > blue else "blue"


def test_a_large_photo_becomes_3000_dots_long() -> None:
    assert dots(CLEANER.clean(file("JPEG", picture(4_400, 3_300)))).size == (3_000, 2_250)
    assert dots(CLEANER.clean(file("PNG", picture(1_100, 3_300)))).size == (1_000, 3_000)


@pytest.mark.parametrize("mode", ["L", "P", "RGBA", "LA", "1", "I;16", "CMYK"])
def test_every_kind_of_dots_is_taken(mode: str) -> None:
    if mode == "I;16":
        image = picture(mode="L").convert("I").point(lambda value: value * 257).convert("I;16")
    else:
        image = picture(mode=mode)
    clean = dots(CLEANER.clean(file("JPEG" if mode == "CMYK" else "PNG", image)))
    assert clean.mode == "RGB" and clean.size == (900, 700)
    low, high = clean.convert("L").getextrema()
    assert isinstance(low, int) and isinstance(high, int)
    assert low < 100 < 150 < high


def test_a_second_picture_in_a_phones_jpeg_is_no_animation_and_goes() -> None:
    upload = file("MPO", save_all=True, append_images=[Image.new("RGB", (900, 700), "red")])
    assert upload.startswith(b"\xff\xd8\xff")
    clean = CLEANER.clean(upload)
    assert dots(clean).size == (900, 700)
    assert upload.count(b"\xff\xd8\xff") == 2 and clean.count(b"\xff\xd8\xff") == 1


@pytest.mark.filterwarnings("ignore:Corrupt EXIF data")
def test_damaged_metadata_does_no_harm() -> None:
    whole = file("JPEG")
    broken = b"Exif\0\0II*\0\xff\xff\xff\x7f" + bytes(40)
    upload = whole[:2] + b"\xff\xe1" + struct.pack(">H", len(broken) + 2) + broken + whole[2:]
    assert dots(CLEANER.clean(upload)).size == (900, 700)


def test_its_limits_can_be_set() -> None:
    upload = file("JPEG")
    with pytest.raises(BadInput) as refusal:
        make_photo_reader("none", most_bytes=len(upload) - 1).clean(upload)
    assert refusal.value.code == "photo_too_big"
    assert make_photo_reader("none", most_bytes=len(upload)).clean(upload)


def test_a_clean_photo_stays_clean() -> None:
    once = CLEANER.clean(file("PNG"))
    assert dots(CLEANER.clean(once)).size == dots(once).size
