"""Lines, looks and the grid: what the models spell is only believed when it stands evenly and comes twice."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from datetime import date
from types import MappingProxyType
from typing import cast

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lastcall.elements.identity.ocr import Corners, Ocr, Picture, Spelling
from lastcall.elements.identity.zone import LOOKS, on_grid, read_zone

from .pages import PEOPLE, zone

TODAY = date(2026, 11, 23)
FIRST, SECOND = zone(PEOPLE[2], "712345678", date(1990, 2, 3), date(2030, 4, 5), "F")
PITCH = 3.6


def spelled(
    line: str,
    *,
    missing: Sequence[int] = (),
    odds: float = 0.95,
    jitter: Sequence[float] = (0.0,),
    rivals: Mapping[int, str] = MappingProxyType({}),
) -> Spelling:
    """``line`` as the model spells it, characters ``missing`` swallowed, each a little off its place.

    ``rivals``: what else may stand at a place.
    """
    kept = [place for place in range(len(line)) if place not in missing]
    shifts = itertools.cycle(jitter)
    return Spelling(
        "".join(line[place] for place in kept),
        tuple(4 + place * PITCH + next(shifts) for place in kept),
        (odds,) * len(kept),
        tuple(rivals.get(place, "") for place in kept),
    )


def gridded(spelling: Spelling) -> str | None:
    line = on_grid(spelling, 44)
    return None if line is None else line.text


JITTER = (0.0, 0.5, -0.5, 0.4, -0.3)


@pytest.mark.parametrize("line", [FIRST, SECOND, "P<D<<MUELLER<SCHMIDT<<KARL<HEINZ<<<<<<<<<<<<"])
def test_a_whole_line_stands_on_the_grid(line: str) -> None:
    assert gridded(spelled(line, jitter=JITTER)) == line


@pytest.mark.parametrize("missing", [(40,), (30, 31, 32, 33), (43,)])
def test_fillers_are_counted_by_their_room(missing: tuple[int, ...]) -> None:
    assert gridded(spelled(FIRST, missing=missing, jitter=JITTER)) == FIRST


def test_fillers_within_a_line_are_counted_by_their_room() -> None:
    assert SECOND[30:40] == "<" * 10
    assert gridded(spelled(SECOND, missing=(31, 34, 35), jitter=JITTER)) == SECOND


@pytest.mark.parametrize("missing", range(5, 20))
def test_a_swallowed_letter_or_parting_filler_is_noticed(missing: int) -> None:
    """Doubled letters are what such models swallow, and a name has no check digit."""
    line = "P<RUSPETTROVAA<<ANNNA<MARIA<<<<<<<<<<<<<<<<<"
    got = on_grid(spelled(line, missing=(missing,), jitter=JITTER), 44)
    assert got is None


@pytest.mark.parametrize("doubled", [7, 12, 17])
def test_of_doubled_letters_one_in_the_middle_is_noticed(doubled: int) -> None:
    line = "P<RUSPETTROVAA<<ANNNA<MARIA<<<<<<<<<<<<<<<<<"
    assert line[doubled] == line[doubled + 1]
    whole = spelled(line, missing=(doubled,), jitter=JITTER)
    middle = (*whole.places[:doubled], whole.places[doubled] - PITCH / 2, *whole.places[doubled + 1 :])
    assert on_grid(Spelling(whole.text, middle, whole.odds, whole.rivals), 44) is None


def test_a_swallowed_letter_is_noticed_though_a_filler_too_many_makes_up_for_it() -> None:
    line = "P<RUSPETROVA<<ANNA" + "<" * 26
    swallowed = spelled(line, missing=(16,))
    made_up = Spelling(
        swallowed.text + "<",
        (*swallowed.places, swallowed.places[-1] + PITCH),
        (*swallowed.odds, 0.95),
        (*swallowed.rivals, ""),
    )
    assert len(made_up.text) == 44 and "ANA" in made_up.text
    assert on_grid(made_up, 44) is None


def test_an_unlikely_character_is_not_taken() -> None:
    assert on_grid(spelled(FIRST, odds=0.45), 44) is None


@pytest.mark.parametrize("text", ["", "<" * 44, "P", "P<RUS", "PASSPORT / PASSEPORT"])
def test_other_writing_stands_on_no_grid(text: str) -> None:
    assert on_grid(spelled(text), 44) is None


@given(st.text("<ABC019?", max_size=60), st.lists(st.floats(0, 1), min_size=60, max_size=60))
def test_whatever_is_spelled_gives_a_line_of_that_length_or_none(text: str, odds: list[float]) -> None:
    spelling = Spelling(
        text, tuple(PITCH * place for place in range(len(text))), tuple(odds[: len(text)]), ("",) * len(text)
    )
    got = on_grid(spelling, 44)
    assert got is None or len(got.text) == len(got.rivals) == 44


class Scripted:
    """Models that find two lines and spell what they are told, look by look; the last once more when asked for more."""

    def __init__(self, *looks: tuple[Spelling, Spelling]) -> None:
        self._looks = looks
        self.asked = 0

    def find(self, picture: Picture) -> list[Corners]:
        return [np.array([[40, y], [1240, y], [1240, y + 40], [40, y + 40]], dtype=np.float32) for y in (700, 780)]

    def spell(self, strips: Sequence[Picture]) -> list[Spelling]:
        look = self._looks[min(self.asked, len(self._looks) - 1)]
        self.asked += 1
        return list(look) if len(strips) == 2 else [look[-1]]


def read(*looks: tuple[Spelling, Spelling]) -> object:
    picture = np.full((900, 1300, 3), 200, dtype=np.uint8)
    return read_zone(cast(Ocr, Scripted(*looks)), picture, today=TODAY)


GOOD = (spelled(FIRST), spelled(SECOND))


def test_two_looks_that_agree_are_enough() -> None:
    models = Scripted(GOOD)
    found = read_zone(cast(Ocr, models), np.full((900, 1300, 3), 200, dtype=np.uint8), today=TODAY)
    assert found is not None and (found.surname, found.number) == ("PETROVA", "712345678")
    assert models.asked == 2


def test_a_line_in_doubt_is_looked_at_again() -> None:
    assert read(GOOD, (spelled(FIRST), spelled(SECOND, odds=0.3)), GOOD) is not None


def test_one_good_look_is_not_enough() -> None:
    assert read(GOOD, (spelled(FIRST, odds=0.3), spelled(SECOND, odds=0.3))) is None


def test_looks_that_contradict_each_other_are_not_believed() -> None:
    other = spelled(FIRST.replace("PETROVA", "PETROWA"))
    assert read(GOOD, (other, spelled(SECOND))) is None


@pytest.mark.parametrize(
    ("number", "rivals"),
    [("G12345678", {0: "6"}), ("6123S5678", {0: "G"}), ("BS387385", {0: "8", 1: "5"}),
     ("85387385", {0: "0B", 1: "3S"})],
)  # fmt: skip
def test_a_number_whose_check_digit_would_hold_for_another_is_not_believed(number: str, rivals: dict[int, str]) -> None:
    """G is 16 and 6 is 6: one check digit for both. B is read as 8 and S as 5 together: each makes up for the other."""
    first, second = zone(PEOPLE[12], number, date(1990, 2, 3), date(2030, 4, 5), "F")
    assert read((spelled(first), spelled(second))) is not None
    assert read((spelled(first), spelled(second, rivals=rivals))) is None


def test_a_rival_that_its_check_digit_rules_out_does_no_harm() -> None:
    assert read((spelled(FIRST), spelled(SECOND, rivals={0: "1", 4: "A", 14: "8", 43: "7"}))) is not None


def test_a_date_whose_check_digit_would_hold_for_another_is_not_believed() -> None:
    first, second = zone(PEOPLE[2], "712345678", date(1990, 2, 3), date(2030, 4, 5), "F")
    places = {place: "0123456789".replace(second[place], "") for place in (14, 17)}
    assert read((spelled(first), spelled(second, rivals=places))) is None


def test_with_too_many_rivals_nothing_is_believed() -> None:
    everywhere = {place: "ABCDEFG" for place in range(9)}
    assert read((spelled(FIRST), spelled(SECOND, rivals=everywhere))) is None


def test_a_check_digit_that_does_not_hold_is_never_believed() -> None:
    wrong = SECOND[:9] + str((int(SECOND[9]) + 1) % 10) + SECOND[10:]
    assert read((spelled(FIRST), spelled(wrong))) is None


def test_upside_down_writing_is_turned() -> None:
    turned = (spelled("?" * 30 + "PETROVA"), spelled("?" * 44))
    assert read(turned, GOOD, GOOD) is not None
    assert read(turned) is None


def test_a_page_without_lines_is_read_as_nothing() -> None:
    models = Scripted(GOOD)
    models.find = lambda picture: []  # type: ignore[method-assign]
    assert read_zone(cast(Ocr, models), np.zeros((700, 900, 3), dtype=np.uint8), today=TODAY) is None
    assert models.asked == 0


@pytest.mark.parametrize("size", [(8, 40), (48, 1200), (3, 12)])
def test_every_look_keeps_a_strip_a_picture(size: tuple[int, int]) -> None:
    strip = np.random.default_rng(1).integers(0, 255, (*size, 3), dtype=np.uint8)
    for look in LOOKS:
        seen = look.change(strip)
        assert seen.shape == strip.shape and seen.dtype == np.uint8
