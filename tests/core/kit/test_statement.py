"""The statement, filled in with what is given."""

from __future__ import annotations

import pytest

from lastcall.core.closing.letters.letter import Blank, Blanks, Items, in_language
from lastcall.core.kit.details import Details
from tests.core.kit.kits import LI_WEI, REASONS, make, pack, part, text


def blanks(situation: str, details: Details | None) -> set[str]:
    letter = part(make(situation=situation, details=details), "kit_statement")
    return {str(blank.label.shown()) for block in letter.blocks if isinstance(block, Blanks) for blank in block.blanks}


def test_what_is_given_is_filled_in_and_the_rest_has_lines() -> None:
    said = text(make(details=LI_WEI), "kit_statement")
    for given in (LI_WEI.name, LI_WEI.document, LI_WEI.born, LI_WEI.address, LI_WEI.contact, LI_WEI.account):
        assert given in said
    assert "Surname, given names" in blanks("in_country", None)
    assert "Surname, given names" not in blanks("in_country", LI_WEI)
    assert {"Date", "Signature", "Received by"} <= blanks("in_country", LI_WEI)


def test_the_operator_is_addressed_with_its_legal_name_and_inn() -> None:
    said = text(make(operator="t2"), "kit_statement", "ru")
    assert pack("t2").entry("operator.legal_name").value in said
    assert pack("t2").entry("operator.inn").value in said


def test_it_names_the_rules_that_are_in_force_on_the_day() -> None:
    number = pack().entry("legal_basis.telephone_rules").value["number"]
    assert f"№ {number} от" in text(make(), "kit_statement", "ru")


@pytest.mark.parametrize("reason", REASONS)
def test_every_reason_asks_for_an_answer_in_writing_and_leaves_room_for_the_clerk(reason: str) -> None:
    said = text(make(reason), "kit_statement")
    assert "refusal in writing" in said
    assert "To be filled in by the operator" in said


def test_nothing_is_ticked_for_the_signer() -> None:
    letter = part(make(details=LI_WEI), "kit_statement")
    assert not any(item.ticked for block in letter.blocks if isinstance(block, Items) for item in block.items)


def test_an_heir_signs_for_themselves() -> None:
    said = text(make(situation="heir", details=LI_WEI), "kit_statement")
    assert "The subscriber Li Wei has died" in said
    assert "Death certificate: number, date, issued by" in said
    assert {"Surname, given names", "Address"} <= set(blanks("heir", LI_WEI))


def test_the_address_of_the_agreement_is_the_subscriber_s_and_not_the_heir_s() -> None:
    said = text(make(situation="heir", details=LI_WEI), "kit_statement")
    assert said.index("From the heir") < said.index("The subscriber who has died") < said.index(LI_WEI.address)


def test_an_heir_does_not_claim_that_a_stranger_s_number_is_on_their_own_name() -> None:
    said = text(make("not_mine", "heir"), "kit_statement")
    assert "on the name of the subscriber who has died" in said
    assert "stands on my name. I did not" not in said


def test_without_a_number_there_is_a_line_for_it() -> None:
    assert "for the number ____" in text(make(), "kit_statement")
    assert "+7 900 123" in text(make(details=LI_WEI), "kit_statement")


def test_the_refund_goes_only_where_the_pack_says() -> None:
    said = text(make(), "kit_statement")
    assert "to a bank account of the subscriber" in said
    assert "in cash, in a shop" not in said


def test_both_columns_have_the_same_blocks() -> None:
    letter = part(make(language="zh-hans", details=LI_WEI), "kit_statement")
    russian, chinese = (in_language(letter, language)["blocks"] for language in ("ru", "zh-hans"))
    assert [block["is"] for block in russian] == [block["is"] for block in chinese]
    assert all(
        isinstance(blank, Blank) for block in letter.blocks if isinstance(block, Blanks) for blank in block.blanks
    )
