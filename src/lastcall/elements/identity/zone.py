"""Finding the machine-readable zone in a photo and reading it: lines, looks, the grid of characters.

The zone's characters stand ten to the inch (ICAO Doc 9303 part 3, 4.7). The spelling model swallows doubled letters and miscounts
fillers, and names have no check digit; so a line is only taken when its characters stand on an even grid.
"""

from __future__ import annotations

import importlib
import itertools
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from statistics import median
from typing import Any, Final

import numpy as np

from .mrz import FILLER, LAYOUTS, Layout, Zone, another_holds, line_holds, parse, repair
from .ocr import UNKNOWN, Corners, Ocr, Picture, Spelling, height, length

_cv2: Any = importlib.import_module("cv2")

_FLATTEST: Final = 12.0  # a line of a zone is at least so many times as long as high
_MOST_LINES: Final = 6
_LEAST_ODDS: Final = 0.5
_LEAST_SOLID: Final = 5
_LEAST_FILLERS: Final = 2
_MISCOUNTED: Final = 7  # fillers, more or less than there are
_LOOSE: Final = 0.7  # in pitches: how far from where its neighbour says a character may stand
_NEAR: Final = 4
_SWALLOWING: Final = 1.4  # in usual steps between neighbours: where a character may have been swallowed
_AGREEING: Final = 2


@dataclass(frozen=True, slots=True)
class Look:
    """One way of looking at a line. ``margin``: added above and below it, as a part of its height."""

    margin: float
    change: Callable[[Picture], Picture]


@dataclass(frozen=True, slots=True)
class Found:
    """Lines that may be a zone, in the order and direction in which they are read, with what the first look spells."""

    layout: Layout
    boxes: Sequence[Corners]
    spellings: dict[int, Spelling]


def read_zone(ocr: Ocr, picture: Picture, *, today: date) -> Zone | None:
    """The zone in ``picture`` (BGR), or None when in the slightest doubt.

    Each line has to be spelled alike in two looks, everything in it holding, and differently in none that holds; then all
    checks across the lines have to hold.
    """
    for found in _found(ocr, picture):
        lines = _agreed(ocr, picture, found)
        zone = parse(lines, today=today) if lines else None
        if zone is not None and not zone.faults:
            return zone
    return None


def _agreed(ocr: Ocr, picture: Picture, found: Found) -> list[str] | None:
    votes: list[Counter[str]] = [Counter() for _ in found.boxes]
    for look in LOOKS:
        still_open = [number for number, vote in enumerate(votes) if vote.total() < _AGREEING]
        spellings = found.spellings if look is LOOKS[0] else _spell(ocr, picture, found.boxes, still_open, look)
        for number in still_open:
            line = _believed(spellings[number], number, found.layout)
            if line is not None:
                votes[number][line] += 1
        if any(len(vote) > 1 for vote in votes):
            return None
        if all(vote.total() >= _AGREEING for vote in votes):
            return [line for vote in votes for line in vote]
    return None


def _believed(spelling: Spelling, number: int, layout: Layout) -> str | None:
    """The line if it stands evenly, everything in it holds, and nothing else that it might be would hold as well."""
    spaced = on_grid(spelling, layout.length)
    if spaced is None:
        return None
    line = repair(spaced.text, number, layout)
    certain = line_holds(line, number, layout) and not another_holds(line, spaced.rivals, number, layout)
    return line if certain else None


def _spell(
    ocr: Ocr, picture: Picture, boxes: Sequence[Corners], numbers: Sequence[int], look: Look
) -> dict[int, Spelling]:
    strips = [look.change(_cut(picture, boxes[number], look.margin)) for number in numbers]
    return dict(zip(numbers, ocr.spell(strips), strict=True))


def _found(ocr: Ocr, picture: Picture) -> Iterator[Found]:
    for group in _groups(ocr.find(picture)):
        for boxes in (group, [_turned(box) for box in reversed(group)]):
            spellings = _spell(ocr, picture, boxes, range(len(boxes)), LOOKS[0])
            layout = _nearest_layout(spellings)
            if layout is not None:
                yield Found(layout, boxes, spellings)
                break


def _nearest_layout(spellings: dict[int, Spelling]) -> Layout | None:
    """What the lines may be; None for other writing, and for a zone upside down, whose fillers are signs that no zone has."""
    texts = [spelling.text for spelling in spellings.values()]
    if any(text.count(UNKNOWN) > len(text) // 8 for text in texts) or "".join(texts).count(FILLER) < _LEAST_FILLERS:
        return None
    near = [layout for layout in LAYOUTS
            if layout.lines == len(texts) and all(abs(len(text) - layout.length) <= _MISCOUNTED for text in texts)]  # fmt: skip
    return near[0] if near else None


def _groups(boxes: Sequence[Corners]) -> Iterator[list[Corners]]:
    """Sets of two or three long lines of one length, one below the other."""
    long = [box for box in boxes if length(box) >= _FLATTEST * height(box)][:_MOST_LINES]
    taken: set[int] = set()
    for place, box in enumerate(long):
        if place in taken:
            continue
        alike = [other for other in range(place, len(long)) if other not in taken and _belong(box, long[other])]
        if 2 <= len(alike) <= 3:
            taken.update(alike)
            yield sorted((_facing(long[other], box) for other in alike), key=_depth(box))


def _belong(first: Corners, second: Corners) -> bool:
    apart = float(np.linalg.norm(first.mean(axis=0) - second.mean(axis=0)))
    return (
        length(second) > 0.85 * length(first)
        and abs(float(_cross(_direction(first), _direction(second)))) < 0.08
        and apart < 5 * max(height(first), height(second))
    )


def _direction(box: Corners) -> Corners:
    along = (box[1] + box[2]) / 2 - (box[0] + box[3]) / 2
    return np.asarray(along / max(float(np.linalg.norm(along)), 1e-6))


def _cross(first: Corners, second: Corners) -> float:
    return float(first[0] * second[1] - first[1] * second[0])


def _facing(box: Corners, leader: Corners) -> Corners:
    return box if float(_direction(box) @ _direction(leader)) > 0 else _turned(box)


def _turned(box: Corners) -> Corners:
    return np.roll(box, 2, axis=0)


def _depth(leader: Corners) -> Callable[[Corners], float]:
    return lambda box: _cross(_direction(leader), box.mean(axis=0) - leader.mean(axis=0))


def _cut(picture: Picture, box: Corners, margin: float) -> Picture:
    """The line in ``box`` made level; ``margin``: added above and below, as a part of its height."""
    wide, high = max(1, round(length(box))), height(box)
    down = (box[3] - box[0] + box[2] - box[1]) / 2 * margin
    side = _direction(box) * high * 0.15
    corners = box + np.array([-down - side, -down + side, down + side, down - side], dtype=np.float32)
    tall = max(1, round(high * (1 + 2 * margin)))
    wide += round(high * 0.3)
    level = np.array([[0, 0], [wide, 0], [wide, tall], [0, tall]], dtype=np.float32)
    matrix = _cv2.getPerspectiveTransform(corners.astype(np.float32), level)
    cut = _cv2.warpPerspective(picture, matrix, (wide, tall), flags=_cv2.INTER_CUBIC, borderMode=_cv2.BORDER_REPLICATE)
    return np.asarray(cut)


def _as_it_is(strip: Picture) -> Picture:
    return strip


def _evened(strip: Picture) -> Picture:
    """Grey, with the contrast of each part stretched: against shadow, glare and dark."""
    grey = _cv2.cvtColor(strip, _cv2.COLOR_BGR2GRAY)
    even = _cv2.createCLAHE(clipLimit=2.5, tileGridSize=(2, 16)).apply(grey)
    return np.asarray(_cv2.cvtColor(even, _cv2.COLOR_GRAY2BGR))


def _smooth(strip: Picture) -> Picture:
    """Without grain."""
    return np.asarray(_cv2.cvtColor(_cv2.cvtColor(_cv2.medianBlur(strip, 3), _cv2.COLOR_BGR2GRAY), _cv2.COLOR_GRAY2BGR))


def _sharp(strip: Picture) -> Picture:
    soft = _cv2.GaussianBlur(strip, (0, 0), max(1.0, strip.shape[0] / 24))
    return np.asarray(_cv2.addWeighted(strip, 1.8, soft, -0.8, 0))


LOOKS: Final = (Look(0.0, _as_it_is), Look(0.12, _evened), Look(0.06, _smooth), Look(-0.06, _sharp))


@dataclass(frozen=True, slots=True)
class Line:
    """A line on its grid. ``rivals``: for each character what else it may be."""

    text: str
    rivals: tuple[str, ...]


def on_grid(spelling: Spelling, length: int) -> Line | None:
    """The line with ``length`` characters, runs of fillers counted by the room they take; None when a character is doubtful.

    Doubtful is a character that is unlikely, or neighbours too near or too far for one pitch: something was swallowed.
    """
    text, places = spelling.text, spelling.places
    solid = [place for place, sign in enumerate(text) if sign != FILLER]
    if len(solid) < _LEAST_SOLID or solid[0] != 0 or any(spelling.odds[place] < _LEAST_ODDS for place in solid):
        return None
    stands = _stands(solid, places, _pitch(places, solid, whole=len(text) == length))
    if stands is None or stands[-1] >= length or (stands[-1] != length - 1 and not text.endswith(FILLER)):
        return None
    signs = dict(zip(stands, (text[place] for place in solid), strict=True))
    rivals = dict(zip(stands, (spelling.rivals[place] for place in solid), strict=True))
    return Line(
        "".join(signs.get(place, FILLER) for place in range(length)),
        tuple(rivals.get(place, "") for place in range(length)),
    )


def _stands(solid: Sequence[int], places: Sequence[float], pitch: float) -> list[int] | None:
    """Where in the line each character that is no filler stands; None when that is uneven."""
    stands = [0]
    for left, right in itertools.pairwise(solid):
        fillers = _fillers_between(right - left - 1, (places[right] - places[left]) / pitch)
        if fillers is None:
            return None
        stands.append(stands[-1] + fillers + 1)
    return stands if _is_even([places[place] / pitch for place in solid], stands) else None


def _pitch(places: Sequence[float], solid: Sequence[int], *, whole: bool) -> float:
    """The room of one character: over the whole line if nothing seems to be missing, else between neighbours."""
    if whole:
        return (places[-1] - places[0]) / (len(places) - 1)
    steps = [places[right] - places[left] for left, right in itertools.pairwise(solid) if right == left + 1]
    usual = median(steps) if steps else 1.0
    near = [step for step in steps if step < _SWALLOWING * usual]
    return sum(near) / len(near) if near else usual


def _fillers_between(spelled: int, room: float) -> int | None:
    """How many fillers stand between two characters ``room`` pitches apart, ``spelled`` of which were seen."""
    if abs(room - spelled - 1) < _LOOSE:
        return spelled
    if spelled <= 2 or room < 3.5:
        return None  # one filler parts names, two part surname and given names
    return round(room) - 1


def _is_even(places: Sequence[float], stands: Sequence[int]) -> bool:
    """Whether characters near each other are as far apart, in pitches, as their places in the line say.

    Of doubled letters the model spells one, now and then in the middle between the two: then each neighbour is only half
    a pitch too far, but both together are a whole one.
    """
    near = (
        (places[right] - places[left], stands[right] - stands[left])
        for left in range(len(places))
        for right in range(left + 1, min(left + _NEAR + 1, len(places)))
    )
    return all(abs(apart - counted) < _LOOSE for apart, counted in near if counted <= _NEAR)
