"""Make the fonts of the letters: ``python scripts/subset_fonts.py <folder>``, once, when they or what they must show change.

``<folder>`` holds the unpacked npm packages ``@expo-google-fonts/noto-sans`` (0.4.2) and ``@expo-google-fonts/noto-sans-sc``
(0.4.3), made by ``npm pack`` and ``tar``. Needs fonttools. Han: GB 2312 in both weights, which the wording uses, and the first
level of Big5 in the regular one, for names.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path

from fontTools.subset import Options, Subsetter, load_font, save_font  # type: ignore[import-untyped]
from fontTools.ttLib import TTFont  # type: ignore[import-untyped]

FONTS = Path(__file__).resolve().parent.parent / "src" / "lastcall" / "elements" / "letters" / "fonts"
LATIN = (
    (0x20, 0x24F), (0x259, 0x259), (0x2B0, 0x36F), (0x400, 0x52F), (0x1E00, 0x1EFF), (0x2000, 0x200A), (0x2010, 0x2027),
    (0x202F, 0x205F), (0x20A0, 0x20CF), (0x2100, 0x214F), (0x2190, 0x21FF), (0x2200, 0x22FF), (0x25A0, 0x25FF),
)  # fmt: skip
SOURCES = {
    "noto-sans/400Regular/NotoSans_400Regular.ttf": "NotoSans-Regular.ttf",
    "noto-sans/700Bold/NotoSans_700Bold.ttf": "NotoSans-Bold.ttf",
    "noto-sans-sc/400Regular/NotoSansSC_400Regular.ttf": "NotoSansSC-Regular.ttf",
    "noto-sans-sc/700Bold/NotoSansSC_700Bold.ttf": "NotoSansSC-Bold.ttf",
}
REGULAR = ("NotoSans-Regular.ttf", "NotoSansSC-Regular.ttf")


def two_bytes(codec: str, high: range, low: Iterable[int]) -> set[int]:
    """The code points of a part of a two-byte character set."""
    pairs = (bytes((first, second)).decode(codec, "ignore") for first in high for second in low)
    return {ord(found) for found in pairs if len(found) == 1}


def wanted(name: str) -> set[int]:
    """What the font called ``name`` shall show."""
    if not name.startswith("NotoSansSC"):
        return {code for first, last in LATIN for code in range(first, last + 1)}
    han = two_bytes("gb2312", range(0xA1, 0xF8), range(0xA1, 0xFF)) | {0x3013, 0x3007}
    if name.endswith("Regular.ttf"):
        han |= two_bytes("big5", range(0xA4, 0xC7), [*range(0x40, 0x7F), *range(0xA1, 0xFF)])
    return han


def subset(source: Path, target: Path) -> None:
    """Write ``source`` less what is not wanted of it."""
    options = Options(
        hinting=False, notdef_outline=True, name_IDs=["*"], layout_features=["kern", "mark", "mkmk", "locl", "ccmp"]
    )
    font = load_font(str(source), options)
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=wanted(target.name))
    subsetter.subset(font)
    save_font(font, str(target), options)


def coverage() -> str:
    """The code points that the regular fonts show, as ranges of hexadecimal numbers."""
    codes = sorted({code for name in REGULAR for code in TTFont(FONTS / name).getBestCmap()})
    starts = [code for place, code in enumerate(codes) if place == 0 or codes[place - 1] != code - 1]
    ends = [code for place, code in enumerate(codes) if place == len(codes) - 1 or codes[place + 1] != code + 1]
    return "".join(
        f"{first:X}-{last:X}\n" if first != last else f"{first:X}\n" for first, last in zip(starts, ends, strict=True)
    )


def main(folder: Path) -> None:
    """Make all fonts and the list of what they show."""
    for source, name in SOURCES.items():
        subset(folder / source, FONTS / name)
        print(name, (FONTS / name).stat().st_size)
    (FONTS / "covered.txt").write_text(coverage(), encoding="ascii")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
