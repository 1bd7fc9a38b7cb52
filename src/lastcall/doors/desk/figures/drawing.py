"""The three kinds of chart, drawn as SVG without script or style sheet: bars, lines, and bars against a target.

Labels stand above their bars, so that a long word in any language has the whole width.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from unicodedata import east_asian_width
from xml.etree import ElementTree

from lastcall.doors.desk.figures.shades import Shade

WIDE: Final = 620
NARROW: Final = 270
_FONT: Final = (
    "system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', 'Helvetica Neue', Arial, 'PingFang SC', 'Microsoft YaHei', "
    "'Noto Sans CJK SC', 'Noto Sans SC', sans-serif"
)
_TEXT: Final = 14
_SMALL: Final = 12.5
_BAR: Final = 16
_ROW: Final = 46


@dataclass(frozen=True, slots=True)
class Bar:
    """One labelled bar: a part for each entry of the legend; ``said``: what stands at its right."""

    label: str
    parts: tuple[int, ...]
    said: str


@dataclass(frozen=True, slots=True)
class Bars:
    """``legend``: what the parts are; ``palette``: ``apart`` for what has no order, ``ordered``, or ``worse`` from good to bad."""

    legend: tuple[str, ...]
    bars: tuple[Bar, ...]
    palette: str = "apart"


@dataclass(frozen=True, slots=True)
class Line:
    """One line, a value for each mark of the axis."""

    label: str
    values: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Lines:
    """``marks``: what the values are about, in order; only some are written."""

    marks: tuple[str, ...]
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Aim:
    """A middle and an upper value against a ``target``, all in one unit; None where there was nothing to measure."""

    label: str
    said: str
    middle: int | None
    upper: int | None
    target: int


@dataclass(frozen=True, slots=True)
class Aims:
    """``legend``: the words for middle, upper and target."""

    legend: tuple[str, str, str]
    aims: tuple[Aim, ...]


Chart = Bars | Lines | Aims


@dataclass(slots=True)
class _Sheet:
    width: int
    shade: Shade
    root: ElementTree.Element
    y: float = 0

    def put(self, name: str, text: str = "", **values: object) -> None:
        made = ElementTree.SubElement(
            self.root, name, {key.replace("_", "-"): _number(value) for key, value in values.items()}
        )
        made.text = text or None

    def text(self, said: str, x: float, y: float, *, fill: str, size: float = _TEXT, anchor: str = "start") -> None:
        self.put("text", said, x=x, y=y, fill=fill, font_size=size, text_anchor=anchor)

    def block(self, x: float, y: float, width: float, height: float, fill: str) -> None:
        self.put("rect", x=x, y=y, width=max(width, 0), height=height, fill=fill)


def _number(value: object) -> str:
    return f"{value:.1f}".removesuffix(".0") if isinstance(value, float) else str(value)


def draw(chart: Chart, *, title: str, tag: str, shade: Shade, width: int, nothing: str) -> bytes:
    """The chart as a file. ``tag``: its language by BCP 47; ``nothing``: what is said when there is nothing to draw."""
    root = ElementTree.Element(
        "svg", {"xmlns": "http://www.w3.org/2000/svg", "role": "img", "lang": tag, "font-family": _FONT}
    )
    ElementTree.SubElement(root, "title").text = title
    sheet = _Sheet(width, shade, root)
    if _is_empty(chart):
        sheet.text(nothing, 0, 24, fill=shade.soft)
        sheet.y = 40
    elif isinstance(chart, Bars):
        _draw_bars(sheet, chart)
    elif isinstance(chart, Lines):
        _draw_lines(sheet, chart)
    else:
        _draw_aims(sheet, chart)
    height = _number(float(sheet.y))
    root.attrib |= {"viewBox": f"0 0 {width} {height}", "width": str(width), "height": height}
    return bytes(ElementTree.tostring(root, encoding="utf-8", xml_declaration=True))


def _is_empty(chart: Chart) -> bool:
    if isinstance(chart, Bars):
        return not any(any(bar.parts) for bar in chart.bars)
    if isinstance(chart, Lines):
        return not any(any(line.values) for line in chart.lines)
    return all(aim.middle is None for aim in chart.aims)


def _length(said: str, size: float = _SMALL) -> float:
    """About how wide a text becomes in fonts that we do not choose."""
    return sum(size if east_asian_width(letter) in "WF" else size * 0.58 for letter in said)


def _fitting(said: str, room: float) -> float:
    """The size at which a label has room, the usual one if it can be; a very long one is cut off by the edge."""
    return round(max(min(_TEXT, _TEXT * room / max(_length(said, _TEXT), 1)), 10), 1)


def _legend(sheet: _Sheet, entries: Sequence[tuple[str, str]]) -> None:
    x, sheet.y = 0.0, 18
    for colour, said in entries:
        wide = 18 + _length(said)
        if x > 0 and x + wide > sheet.width:
            x, sheet.y = 0.0, sheet.y + 20
        sheet.block(x, sheet.y - 10, 12, 12, colour)
        sheet.text(said, x + 18, sheet.y, fill=sheet.shade.soft, size=_SMALL)
        x += wide + 14
    sheet.y += 10


def _draw_bars(sheet: _Sheet, chart: Bars) -> None:
    shade = sheet.shade
    colours: tuple[str, ...] = getattr(shade, chart.palette)
    _legend(sheet, list(zip(colours, chart.legend, strict=False)))
    most = max(sum(bar.parts) for bar in chart.bars)
    for bar in chart.bars:
        room = sheet.width - _length(bar.said, _TEXT) - 10
        sheet.text(bar.label, 0, sheet.y + 16, fill=shade.ink, size=_fitting(bar.label, room))
        sheet.text(bar.said, sheet.width, sheet.y + 16, fill=shade.ink, anchor="end")
        sheet.block(0, sheet.y + 23, sheet.width, _BAR, shade.track)
        x = 0.0
        for colour, part in zip(colours, bar.parts, strict=False):
            wide = sheet.width * part / most
            sheet.block(x, sheet.y + 23, max(wide - 1, min(wide, 1.5)), _BAR, colour)
            x += wide
        sheet.y += _ROW
    sheet.y += 4


def _nice(most: int) -> int:
    """The top of an axis that four equal steps of whole numbers reach."""
    step, unit = -(-max(most, 4) // 4), 1
    while True:
        for factor in (1, 2, 5):
            if factor * unit >= step:
                return 4 * factor * unit
        unit *= 10


def _draw_lines(sheet: _Sheet, chart: Lines) -> None:
    shade, high = sheet.shade, 200 if sheet.width == WIDE else 170
    _legend(sheet, [(colour, line.label) for colour, line in zip(shade.apart, chart.lines, strict=False)])
    top, most = sheet.y + 8, _nice(max(max(line.values) for line in chart.lines))
    left = _length(str(most)) + 8
    for quarter in range(5):
        y = top + high * (4 - quarter) / 4
        sheet.put("line", x1=left, x2=sheet.width, y1=y, y2=y, stroke=shade.rule, stroke_width=1)
        sheet.text(str(most * quarter // 4), left - 8, y + 4, fill=shade.soft, size=_SMALL, anchor="end")
    step = (sheet.width - left - 8) / max(len(chart.marks) - 1, 1)
    for place, (colour, line) in enumerate(zip(shade.apart, chart.lines, strict=False)):
        points = [(left + 4 + step * at, top + high * (1 - value / most)) for at, value in enumerate(line.values)]
        sheet.put(
            "polyline", points=" ".join(f"{x:.1f},{y:.1f}" for x, y in points), fill="none", stroke=colour, stroke_width=2.5,
            stroke_linejoin="round", stroke_dasharray=("none", "none", "6 3")[place % 3],
        )  # fmt: skip
        for x, y in points if len(points) <= 28 else ():
            sheet.put("circle", cx=x, cy=y, r=2.5, fill=colour)
    _axis(sheet, chart.marks, left + 4, step, top + high + 20)
    sheet.y = top + high + 32


def _axis(sheet: _Sheet, marks: Sequence[str], left: float, step: float, y: float) -> None:
    room = int((sheet.width - left) // (max(map(_length, marks)) + 14))
    every = max(-(-len(marks) // max(room, 1)), 1)
    for at in range(len(marks) - 1, -1, -every):
        anchor = "end" if at == len(marks) - 1 and len(marks) > 1 else "middle"
        if at * step + left > _length(marks[at]) / 2:
            x = left + step * at + (4 if anchor == "end" else 0)
            sheet.text(marks[at], x, y, fill=sheet.shade.soft, size=_SMALL, anchor=anchor)


def _draw_aims(sheet: _Sheet, chart: Aims) -> None:
    shade = sheet.shade
    middle, upper, target = chart.legend
    good, faint, _bad = shade.worse
    _legend(sheet, [(good, middle), (faint, upper), (shade.ink, target)])
    for aim in chart.aims:
        sheet.text(aim.label, 0, sheet.y + 16, fill=shade.ink, size=_fitting(aim.label, sheet.width))
        wide = _length(aim.said, _SMALL)
        below = _length(aim.label, _TEXT) + wide + 16 > sheet.width
        if below:
            sheet.y += 18
        sheet.text(aim.said, 0 if below else sheet.width, sheet.y + 16, fill=shade.soft, size=_SMALL,
                   anchor="start" if below else "end")  # fmt: skip
        _aim(sheet, aim)
        sheet.y += _ROW + 4
    sheet.y += 4


def _aim(sheet: _Sheet, aim: Aim) -> None:
    y, (good, faint, bad) = sheet.y + 24, sheet.shade.worse
    scale = sheet.width / (1.15 * max(aim.target, aim.upper or 0))
    sheet.block(0, y, sheet.width, _BAR, sheet.shade.track)
    if aim.middle is not None and aim.upper is not None:
        sheet.block(0, y, max(aim.upper * scale, 2), _BAR, faint if aim.upper <= aim.target else bad)
        sheet.block(0, y + 4, max(aim.middle * scale, 2), _BAR - 8, good)
    sheet.block(aim.target * scale - 1.5, y - 2, 3, _BAR + 6, sheet.shade.ink)
