"""What a kit is asked for, and what it refuses."""

from __future__ import annotations

from datetime import datetime

import pytest

from lastcall.core.errors import BadInput
from lastcall.core.kit.kit import make_kit
from tests.core.kit.kits import LI_WEI, MADE_AT, ON, make, pack, text


@pytest.mark.parametrize("field", ["language", "reason", "situation"])
def test_it_refuses_what_there_is_not(field: str) -> None:
    given = {"language": "en", "reason": "leaving", "situation": "abroad", field: "klingon"}
    with pytest.raises(BadInput) as trouble:
        make_kit(
            pack=pack(), on=ON, made_at=MADE_AT, language=given["language"], reason=given["reason"],
            situation=given["situation"],
        )  # fmt: skip
    assert trouble.value.code == f"bad_{field}"


def test_it_refuses_a_moment_without_an_offset() -> None:
    with pytest.raises(BadInput) as trouble:
        make_kit(
            pack=pack(), language="en", reason="leaving", situation="abroad", on=ON,
            made_at=datetime(2026, 9, 1),  # noqa: DTZ001 - that it has no offset is the test
        )  # fmt: skip
    assert trouble.value.code == "naive_moment"


def test_a_kit_says_for_what_it_was_made() -> None:
    kit = make("price", "foreigner", "ru", "t2")

    assert (kit.operator, kit.language, kit.reason, kit.situation, kit.on) == ("t2", "ru", "price", "foreigner", ON)


def test_details_are_not_in_their_repr() -> None:
    assert "Li Wei" not in repr(LI_WEI)
    assert str(LI_WEI.msisdn) not in repr(LI_WEI)


def test_details_stand_in_the_statement_and_the_number_on_the_card_and_nowhere_else() -> None:
    kit = make(details=LI_WEI)
    for letter in kit.letters:
        said = text(kit, letter.kind)
        assert (LI_WEI.name in said) == (letter.kind == "kit_statement")
        assert (LI_WEI.account in said) == (letter.kind == "kit_statement")
        assert ("900 123" in said) == (letter.kind in {"kit_statement", "kit_phrases"})
