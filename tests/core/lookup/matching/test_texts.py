"""Names and mail addresses compared as people write them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lastcall.core.lookup.matching.result import NOT_AVAILABLE, TRUE
from lastcall.core.lookup.matching.texts import LONGEST, compare_mail, compare_name, score

LI_WEI = ("李伟", "Li Wei")
ANNA = ("Анна Петрова", "Anna Petrova")


@pytest.mark.parametrize(
    "written",
    ["李伟", "李 伟", "Li Wei", "LI WEI", "li  wei", "Wei Li", "LIWEI", "Li-Wei", "Lǐ Wěi", "Ｌｉ　Ｗｅｉ"],
)
def test_case_order_marks_and_spaces_are_no_difference(written: str) -> None:
    assert compare_name(written, LI_WEI) == TRUE


@pytest.mark.parametrize("written", ["анна петрова", "ПЕТРОВА АННА", "Anna Petrova", "Petrova, Anna"])
def test_a_name_is_found_in_each_script_on_file(written: str) -> None:
    assert compare_name(written, ANNA) == TRUE


def test_yo_is_ye() -> None:
    assert compare_name("Пётр Королев", ("Петр Королёв",)) == TRUE


def test_another_spelling_is_false_and_nearly_alike() -> None:
    result = compare_name("Anna Petrowa", ANNA)
    assert result.match == "false"
    assert result.score is not None and 90 <= result.score <= 99


def test_another_name_is_false_and_less_alike() -> None:
    close, far = compare_name("Anna Petrowa", ANNA), compare_name("Zhou Qing", ANNA)
    assert far.match == "false"
    assert far.score is not None and close.score is not None and far.score < close.score


def test_what_cannot_be_compared_is_not_guessed() -> None:
    """Only the Latin spelling is on file: whether the Cyrillic one means the same, we do not know."""
    assert compare_name("Анна Петрова", ("Anna Petrova",)) == NOT_AVAILABLE
    assert compare_name("リ・ウェイ", LI_WEI) == NOT_AVAILABLE


@pytest.mark.parametrize("written", ["", "   ", "!?", "123"])
def test_what_holds_no_letter_is_false(written: str) -> None:
    assert compare_name(written, ANNA).match == "false"


def test_a_name_with_a_long_tail_is_not_the_name() -> None:
    assert compare_name("Anna Petrova" + " " * LONGEST + "Ivanova", ANNA).match == "false"
    assert compare_mail("anna@example.org" + " " * LONGEST + "x", ("anna@example.org",)).match == "false"


@pytest.mark.parametrize("written", ["anna@example.org", "ANNA@Example.ORG"])
def test_capitals_make_no_other_address(written: str) -> None:
    assert compare_mail(written, ("old@example.org", "anna@example.org")) == TRUE


def test_another_address_is_false_with_the_best_score() -> None:
    result = compare_mail("anna@example.com", ("zzz@nowhere.net", "anna@example.org"))
    assert result.match == "false"
    assert result.score == score("anna@example.com", "anna@example.org")


def test_without_an_address_on_file_nothing_is_said() -> None:
    assert compare_mail("anna@example.org", ()) == NOT_AVAILABLE


@given(st.text(max_size=40), st.lists(st.text(min_size=1, max_size=40), min_size=1, max_size=3))
def test_whatever_is_written_the_answer_has_the_form_of_one(written: str, held: list[str]) -> None:
    """A score is 0 to 99 and only beside false."""
    for result in (compare_name(written, held), compare_mail(written, held)):
        assert result.match in {"true", "false", "not_available"}
        assert (result.score is None) == (result.match != "false")
        assert result.score is None or 0 <= result.score <= 99


def test_the_score_is_that_of_jaro_and_winkler() -> None:
    """The classic pair of Winkler (1990): 0.9611."""
    assert score("martha", "marhta") == 96
