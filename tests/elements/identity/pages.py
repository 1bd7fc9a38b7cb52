"""Photographs of invented passport pages, drawn with Pillow, the same for the same seed.

Whether a page is readable is said by how it is spoilt, before anything reads it. Nobody in here exists, and no number was
ever issued; the layout is that of a TD3 data page (ICAO Doc 9303 part 4), 125 x 88 mm.
"""

from __future__ import annotations

import io
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Final

import numpy as np
from PIL import Image, ImageChops, ImageDraw, ImageEnhance, ImageFilter, ImageFont

_FONTS: Final = Path("/usr/share/fonts")
_OCR_B: Final = _FONTS / "opentype/ocr-b/OCRB.otf"
_TABLE: Final = (104, 92, 80)
PAGE_WIDTH_MM: Final = 125
PAGE_HEIGHT_MM: Final = 88
_PITCH_MM: Final = 2.54  # ICAO Doc 9303 part 3, 4.7: ten characters an inch
_LINES_MM: Final = (70.5, 76.85)


@dataclass(frozen=True, slots=True)
class Person:
    """``issuer``: as in the zone; ``country``: ISO alpha-2; ``native``: the name as the state's own script has it."""

    issuer: str
    country: str
    surname: str
    given_names: str
    native: str
    font: str
    number: str  # '9' a digit, 'A' a letter, anything else stands


PEOPLE: Final = (
    Person("CHN", "CN", "LI", "WEI", "李伟", "cjk", "EA9999999"),
    Person("CHN", "CN", "OUYANG", "XIAOLONG", "欧阳小龙", "cjk", "E99999999"),
    Person("RUS", "RU", "PETROVA", "ANNA", "ПЕТРОВА АННА ИВАНОВНА", "sans", "799999999"),
    Person("RUS", "RU", "SHCHERBAKOV", "DMITRII", "ЩЕРБАКОВ ДМИТРИЙ", "sans", "759999999"),
    Person("KAZ", "KZ", "NURGALIYEVA", "AIGERIM", "НҰРҒАЛИЕВА ӘЙГЕРІМ", "sans", "N99999999"),
    Person("UZB", "UZ", "KARIMOV", "SHERZOD", "KARIMOV SHERZOD O‘G‘LI", "sans", "FA9999999"),
    Person("IND", "IN", "SHARMA", "PRIYA LAKSHMI", "प्रिया लक्ष्मी शर्मा", "devanagari", "A9999999"),
    Person("VNM", "VN", "NGUYEN", "THI HOA", "NGUYỄN THỊ HOA", "sans", "A99999999"),
    Person("D", "DE", "MUELLER SCHMIDT", "KARL HEINZ", "MÜLLER-SCHMIDT", "sans", "A99AAA9A9"),
    Person("FRA", "FR", "LEFEVRE", "HELOISE MARIE", "LEFÈVRE HÉLOÏSE", "sans", "99AA99999"),
    Person("USA", "US", "TRAVELER", "HAPPY JACK", "TRAVELER HAPPY JACK", "sans", "999999999"),
    Person("ESP", "ES", "GARCIA NUNEZ", "JOSE", "GARCÍA NÚÑEZ JOSÉ", "sans", "AAA999999"),
    Person("UKR", "UA", "KOVALENKO", "OLEKSANDR", "КОВАЛЕНКО ОЛЕКСАНДР", "sans", "AA999999"),
    Person("EGY", "EG", "ABDELRAHMAN", "MOHAMED AHMED", "عبد الرحمن محمد أحمد", "arabic", "A99999999"),
    Person("TJK", "TJ", "RAHMONOV", "ISKANDAR", "РАҲМОНОВ ИСКАНДАР", "sans", "999999999"),
    Person("KGZ", "KG", "ABDYLDAEV", "TILEK", "АБДЫЛДАЕВ ТИЛЕК", "sans", "AC9999999"),
    Person("UTO", "", "ERIKSSON", "ANNA MARIA", "ERIKSSON ANNA MARIA", "sans", "A999999AA"),
    Person("MNG", "MN", "BOLD", "TEMUUJIN", "БОЛД ТЭМҮҮЖИН", "sans", "E9999999"),
    Person("IRN", "IR", "HOSSEINI", "ZAHRA", "زهرا حسینی", "arabic", "A99999999"),
    Person("IDN", "ID", "SUHARTINI", "", "SUHARTINI", "sans", "A9999999"),
)
_FACES: Final = {
    "cjk": "opentype/noto/NotoSansCJK-Regular.ttc",
    "sans": "truetype/noto/NotoSans-Regular.ttf",
    "devanagari": "truetype/noto/NotoSansDevanagari-Regular.ttf",
    "arabic": "truetype/noto/NotoNaskhArabic-Regular.ttf",
}


@dataclass(frozen=True, slots=True)
class Truth:
    """What the zone says, to be compared with what was read."""

    issuer: str
    number: str
    surname: str
    given_names: str
    born: date
    expires: date


@dataclass(frozen=True, slots=True)
class Page:
    """``honest``: its check digits hold; ``readable``: a careful clerk could copy the zone from this photo."""

    name: str
    readable: bool
    honest: bool
    photo: bytes
    truth: Truth
    lines: tuple[str, str]


def check_digit(text: str) -> str:
    """ICAO Doc 9303 part 3, 4.9; written for the tests alone, apart from what is tested."""
    values = [0 if c == "<" else int(c, 36) for c in text]
    return str(sum(value * (7, 3, 1)[place % 3] for place, value in enumerate(values)) % 10)


def zone(person: Person, number: str, born: date, expires: date, sex: str, optional: str = "") -> tuple[str, str]:
    """The two lines of a TD3 zone (ICAO Doc 9303 part 4, 4.2)."""
    names = f"{person.surname}<<{person.given_names}".replace(" ", "<")
    first = f"P<{person.issuer:<<3}{names}"[:44].ljust(44, "<")
    number = number.ljust(9, "<")
    day, end, rest = f"{born:%y%m%d}", f"{expires:%y%m%d}", optional.ljust(14, "<")
    rest_digit = check_digit(rest) if optional else "<"
    head = number + check_digit(number)
    tail = day + check_digit(day), end + check_digit(end)
    composite = check_digit(head + tail[0] + tail[1] + rest + rest_digit)
    return first, head + f"{person.issuer:<<3}" + tail[0] + sex + tail[1] + rest + rest_digit + composite


def _invent(person: Person, dice: random.Random) -> tuple[tuple[str, str], Truth]:
    letters = "ABCDEFGHJKLMNPQRSTUVWXYZ"
    filled = {"9": "0123456789", "A": letters}
    number = "".join(dice.choice(filled[c]) if c in filled else c for c in person.number)
    born = date(dice.randrange(1950, 2006), dice.randrange(1, 13), dice.randrange(1, 29))
    expires = date(dice.randrange(2027, 2036), dice.randrange(1, 13), dice.randrange(1, 29))
    optional = "".join(dice.choice("0123456789") for _ in range(dice.choice((0, 0, 7, 12))))
    lines = zone(person, number, born, expires, dice.choice("MF"), optional)
    truth = Truth(person.country, number, person.surname, person.given_names, born, expires)
    return lines, truth


@cache
def _font(name: str, size: int) -> ImageFont.FreeTypeFont:
    path = _OCR_B if name == "ocr-b" else _FONTS / _FACES[name]
    return ImageFont.truetype(str(path), size)


def draw(person: Person, lines: tuple[str, str], truth: Truth, *, width: int = 1500, pattern: bool = False,
         seed: int = 0) -> Image.Image:  # fmt: skip
    """The page seen from straight above, ``width`` dots wide."""
    dice, dot = random.Random(seed), width / PAGE_WIDTH_MM
    paper = dice.choice(((236, 232, 222), (224, 232, 238), (240, 228, 232), (228, 236, 224)))
    page = Image.new("RGB", (width, round(PAGE_HEIGHT_MM * dot)), paper)
    pen = ImageDraw.Draw(page)
    _security_print(pen, page.size, dice, strong=pattern)
    _portrait(pen, dot, dice)
    _visual_zone(pen, dot, person, truth)
    font = _font("ocr-b", round(_PITCH_MM * dot / 0.6 * 0.83))
    for line, top in zip(lines, _LINES_MM, strict=True):
        for place, character in enumerate(line):
            pen.text(((6.5 + (place + 0.5) * _PITCH_MM) * dot, top * dot), character, (22, 22, 26), font, anchor="ms")
    return page


def _security_print(pen: ImageDraw.ImageDraw, size: tuple[int, int], dice: random.Random, *, strong: bool) -> None:
    wide, high = size
    ink = (176, 190, 206) if strong else (214, 218, 214)
    for offset in range(-high, wide, 22 if strong else 40):
        places = np.linspace(0, 1, 40)
        wave = 14 * np.sin(places * 18 + offset / 60)
        points = [(offset + place * high + bend, place * high) for place, bend in zip(places, wave, strict=True)]
        pen.line(points, fill=ink, width=3 if strong else 2)
    for _ in range(20 if strong else 4):
        x, y, r = dice.randrange(wide), dice.randrange(high), dice.randrange(20, 160)
        pen.ellipse((x - r, y - r, x + r, y + r), outline=ink, width=2)


def _portrait(pen: ImageDraw.ImageDraw, dot: float, dice: random.Random) -> None:
    pen.rectangle((6 * dot, 14 * dot, 38 * dot, 58 * dot), fill=(200, 204, 210), outline=(120, 120, 130))
    skin = dice.choice(((222, 190, 165), (196, 150, 115), (240, 214, 190), (150, 108, 80)))
    pen.ellipse((14 * dot, 20 * dot, 30 * dot, 42 * dot), fill=skin)
    pen.pieslice((8 * dot, 42 * dot, 36 * dot, 74 * dot), 180, 360, fill=(60, 66, 84))


def _visual_zone(pen: ImageDraw.ImageDraw, dot: float, person: Person, truth: Truth) -> None:
    small, plain = _font("sans", round(2.1 * dot)), _font("sans", round(3.1 * dot))
    native = _font(person.font, round(3.3 * dot))
    pen.text((6 * dot, 5 * dot), f"PASSPORT / PASSEPORT   {person.issuer}", (70, 40, 60), plain)
    pen.text((88 * dot, 9 * dot), truth.number, (40, 30, 40), plain)
    rows = (("Surname / Nom", truth.surname), ("Given names / Prénoms", truth.given_names),
            ("Nationality / Nationalité", person.issuer),
            ("Date of birth / Date de naissance", f"{truth.born:%d %m %Y}"),
            ("Date of expiry / Date d'expiration", f"{truth.expires:%d %m %Y}"))  # fmt: skip
    pen.text((42 * dot, 13 * dot), person.native, (30, 30, 40), native)
    for place, (label, value) in enumerate(rows):
        pen.text((42 * dot, (20 + 8.2 * place) * dot), label, (110, 90, 100), small)
        pen.text((42 * dot, (22.6 + 8.2 * place) * dot), value, (30, 30, 40), plain)


Spoil = Callable[[Image.Image, random.Random], Image.Image]


def _on_table(page: Image.Image, margin: float = 0.06) -> Image.Image:
    edge = round(page.width * margin)
    photo = Image.new("RGB", (page.width + 2 * edge, page.height + 2 * edge), _TABLE)
    photo.paste(page, (edge, edge))
    return photo


def _turned(degrees: float) -> Spoil:
    return lambda photo, dice: photo.rotate(degrees, Image.Resampling.BICUBIC, expand=True, fillcolor=_TABLE)


def _perspective(photo: Image.Image, dice: random.Random) -> Image.Image:
    wide, high = photo.size
    lean = 0.07
    shift = [(dice.uniform(0, lean) * wide, dice.uniform(0, lean) * high) for _ in range(4)]
    corners = [(0, 0), (wide, 0), (wide, high), (0, high)]
    signs = [(1, 1), (-1, 1), (-1, -1), (1, -1)]
    seen = [(x + sx * dx, y + sy * dy)
            for (x, y), (sx, sy), (dx, dy) in zip(corners, signs, shift, strict=True)]  # fmt: skip
    rows = []
    for (x, y), (u, v) in zip(seen, corners, strict=True):
        rows += [[x, y, 1, 0, 0, 0, -u * x, -u * y], [0, 0, 0, x, y, 1, -v * x, -v * y]]
    target = np.array([value for corner in corners for value in corner], dtype=float)
    data = np.linalg.solve(np.array(rows, dtype=float), target)
    return photo.transform(
        photo.size, Image.Transform.PERSPECTIVE, tuple(map(float, data)), Image.Resampling.BICUBIC, fillcolor=_TABLE
    )


def _blurred(share: float) -> Spoil:
    """``share``: the radius as a part of the photo's width."""
    return lambda photo, dice: photo.filter(ImageFilter.GaussianBlur(share * photo.width))


def _noisy(sigma: float) -> Spoil:
    def spoil(photo: Image.Image, dice: random.Random) -> Image.Image:
        grains = np.random.default_rng(dice.randrange(2**32)).normal(0, sigma, (photo.height, photo.width, 3))
        return Image.fromarray(np.clip(np.asarray(photo) + grains, 0, 255).astype(np.uint8))

    return spoil


def _dark(photo: Image.Image, dice: random.Random) -> Image.Image:
    return _noisy(4)(ImageEnhance.Brightness(photo).enhance(0.28), dice)


def _pale(photo: Image.Image, dice: random.Random) -> Image.Image:
    return ImageEnhance.Contrast(photo).enhance(0.35)


def _shadow(photo: Image.Image, dice: random.Random) -> Image.Image:
    wide, high = photo.size
    shade = Image.new("L", photo.size, 255)
    left = dice.uniform(0.2, 0.6) * wide
    ImageDraw.Draw(shade).polygon([(left, 0), (wide, 0), (wide, high), (left * 0.6, high)], fill=95)
    soft = shade.filter(ImageFilter.GaussianBlur(wide * 0.02))
    return ImageChops.multiply(photo, soft.convert("RGB"))


def _glare(centre_mm: tuple[float, float], radius_mm: tuple[float, float], strength: int) -> Spoil:
    """A spot of light; in full on the zone nothing is left under it."""

    def spoil(photo: Image.Image, dice: random.Random) -> Image.Image:
        dot = photo.width / (PAGE_WIDTH_MM * 1.12)
        x, y = (PAGE_WIDTH_MM * 0.06 + centre_mm[0]) * dot, (PAGE_WIDTH_MM * 0.06 + centre_mm[1]) * dot
        spot = Image.new("L", photo.size, 0)
        box = (x - radius_mm[0] * dot, y - radius_mm[1] * dot, x + radius_mm[0] * dot, y + radius_mm[1] * dot)
        ImageDraw.Draw(spot).ellipse(box, fill=strength)
        soft = spot.filter(ImageFilter.GaussianBlur(2.5 * dot))
        return Image.composite(Image.new("RGB", photo.size, (255, 255, 250)), photo, soft)

    return spoil


def _finger(photo: Image.Image, dice: random.Random) -> Image.Image:
    dot = photo.width / (PAGE_WIDTH_MM * 1.12)
    x, y = dice.uniform(30, 100) * dot, 79 * dot
    covered = photo.copy()
    ImageDraw.Draw(covered).ellipse((x - 9 * dot, y - 6 * dot, x + 9 * dot, y + 40 * dot), fill=(205, 160, 135))
    return covered


def _cut_below(photo: Image.Image, dice: random.Random) -> Image.Image:
    dot = photo.width / (PAGE_WIDTH_MM * 1.12)
    return photo.crop((0, 0, photo.width, round((PAGE_WIDTH_MM * 0.06 + 73) * dot)))


def _cut_right(photo: Image.Image, dice: random.Random) -> Image.Image:
    return photo.crop((0, 0, round(photo.width * 0.86), photo.height))


def _cut_left(photo: Image.Image, dice: random.Random) -> Image.Image:
    return photo.crop((round(photo.width * 0.13), 0, photo.width, photo.height))


def _several(*spoils: Spoil) -> Spoil:
    def spoil(photo: Image.Image, dice: random.Random) -> Image.Image:
        for each in spoils:
            photo = each(photo, dice)
        return photo

    return spoil


def _as_it_is(photo: Image.Image, dice: random.Random) -> Image.Image:
    return photo


@dataclass(frozen=True, slots=True)
class Spoilt:
    """One way in which a photo is bad. ``width``: of the page, in dots; ``quality``: of the JPEG."""

    name: str
    readable: bool
    spoil: Spoil = _as_it_is
    width: int = 1500
    quality: int = 90
    pattern: bool = False


DEGRADATIONS: Final = (
    Spoilt("none", True),
    Spoilt("rotated 90", True, _turned(90)),
    Spoilt("rotated 180", True, _turned(180)),
    Spoilt("rotated 270", True, _turned(270)),
    Spoilt("skew 5", True, _turned(5)),
    Spoilt("skew -12", True, _turned(-12)),
    Spoilt("perspective", True, _perspective),
    Spoilt("blur", True, _blurred(0.0012)),
    Spoilt("noise", True, _noisy(22)),
    Spoilt("jpeg 30", True, quality=30),
    Spoilt("dark", True, _dark),
    Spoilt("low contrast", True, _pale),
    Spoilt("glare above the zone", True, _glare((70, 40), (28, 16), 235)),
    Spoilt("faint glare on the zone", True, _glare((60, 73), (22, 9), 120)),
    Spoilt("shadow", True, _shadow),
    Spoilt("pattern", True, pattern=True),
    Spoilt("small", True, width=760),
    Spoilt("large", True, width=2600),
    Spoilt("skew, blur, noise, jpeg 40", True, _several(_turned(-4), _blurred(0.0008), _noisy(12)), quality=40),
    Spoilt("upside down, dark, perspective", True, _several(_perspective, _dark, _turned(183))),
    Spoilt("cut below", False, _cut_below),
    Spoilt("cut right", False, _cut_right),
    Spoilt("cut left", False, _cut_left),
    Spoilt("strong blur", False, _blurred(0.006)),
    Spoilt("finger on the zone", False, _finger),
    Spoilt("full glare on the zone", False, _glare((64, 73), (30, 11), 255)),
    Spoilt("tiny", False, width=330),
    Spoilt("very noisy", False, _noisy(170)),
)
_BY_NAME: Final = {degradation.name: degradation for degradation in DEGRADATIONS}

Forge = Callable[[tuple[str, str], random.Random], tuple[str, str]]


def _other_digit(place: int) -> Forge:
    def forge(lines: tuple[str, str], dice: random.Random) -> tuple[str, str]:
        first, second = lines
        digit = "0" if second[place] == "<" else second[place]
        other = str((int(digit) + dice.randrange(1, 10)) % 10)
        return first, second[:place] + other + second[place + 1 :]

    return forge


def _number_altered(lines: tuple[str, str], dice: random.Random) -> tuple[str, str]:
    places = [place for place in range(9) if lines[1][place].isdigit()]
    return _other_digit(dice.choice(places))(lines, dice)


def _composite_repaired(lines: tuple[str, str], dice: random.Random) -> tuple[str, str]:
    """Altered by somebody who knows of the last check digit but not of the number's own."""
    first, second = _number_altered(lines, dice)
    return first, second[:43] + check_digit(second[:10] + second[13:20] + second[21:43])


def _digit_in_the_name(lines: tuple[str, str], dice: random.Random) -> tuple[str, str]:
    place = dice.randrange(5, 5 + lines[0][5:].index("<"))
    return lines[0][:place] + dice.choice("2345679") + lines[0][place + 1 :], lines[1]


FORGERIES: Final[dict[str, Forge]] = {
    "wrong check digit of the number": _other_digit(9),
    "wrong check digit of the birth": _other_digit(19),
    "wrong check digit of the expiry": _other_digit(27),
    "wrong last check digit": _other_digit(43),
    "number altered": _number_altered,
    "number altered, last digit made right": _composite_repaired,
    "birth altered": _other_digit(14),
    "a digit in the name": _digit_in_the_name,
}


def make(person: Person, degradation: Spoilt, seed: int, *, forgery: str = "") -> Page:
    """One photographed page. ``forgery``: a name in :data:`FORGERIES`, or nothing."""
    dice = random.Random(f"{seed}/{person.surname}/{degradation.name}/{forgery}")
    lines, truth = _invent(person, dice)
    if forgery:
        lines = FORGERIES[forgery](lines, dice)
    page = draw(person, lines, truth, width=degradation.width, pattern=degradation.pattern, seed=dice.randrange(2**32))
    photo = degradation.spoil(_on_table(page), dice)
    if min(photo.size) < 620:
        photo = _on_floor(photo)
    name = forgery or degradation.name
    return Page(
        name, degradation.readable and not forgery, not forgery, as_jpeg(photo, degradation.quality), truth, lines
    )


def _on_floor(photo: Image.Image) -> Image.Image:
    floor = Image.new("RGB", (max(photo.width + 300, 900), max(photo.height + 300, 700)), _TABLE)
    floor.paste(photo, ((floor.width - photo.width) // 2, (floor.height - photo.height) // 2))
    return floor


def as_jpeg(photo: Image.Image, quality: int = 90) -> bytes:
    """``photo`` as a JPEG file."""
    file = io.BytesIO()
    photo.save(file, "JPEG", quality=quality)
    return file.getvalue()


def named(degradation: str, *, person: int = 0, seed: int = 1, forgery: str = "") -> Page:
    """The page of one person, spoilt in the way of that name."""
    return make(PEOPLE[person], _BY_NAME[degradation], seed, forgery=forgery)


def pages(count: int, seed: int) -> Iterator[Page]:
    """``count`` pages: every way of spoiling in turn, then every forgery, on the next person each time."""
    ways = len(DEGRADATIONS) + len(FORGERIES)
    forgeries = list(FORGERIES)
    for number in range(count):
        turn, place = divmod(number, ways)
        person = PEOPLE[(number + turn + seed) % len(PEOPLE)]
        if place < len(DEGRADATIONS):
            yield make(person, DEGRADATIONS[place], seed * 1000 + turn)
        else:
            easy = (_BY_NAME["none"], _BY_NAME["blur"], _BY_NAME["noise"])[turn % 3]
            yield make(person, easy, seed * 1000 + turn, forgery=forgeries[place - len(DEGRADATIONS)])
