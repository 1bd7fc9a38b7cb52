"""A kit for an operator that has no pack: what holds for all, and lines for the rest."""

from __future__ import annotations

import pytest
from django.utils import translation

from lastcall.core.closing.letters.letter import Blanks
from lastcall.core.errors import BadInput
from lastcall.core.kit.choices import LANGUAGES
from lastcall.core.kit.details import Details
from lastcall.core.kit.operators import OTHER, operators, pack_of
from lastcall.core.policies.load import operators as with_packs
from tests.core.kit.kits import ALL, ON, english, make, pack, part, text, whole


def test_it_can_be_chosen_after_all_that_have_a_pack() -> None:
    assert operators() == (*with_packs(), OTHER)
    with pytest.raises(BadInput):
        pack_of("nobody", on=ON)


def test_its_pack_has_the_law_and_nothing_of_any_operator() -> None:
    known = {entry.key for entry in pack(OTHER).entries()}

    assert {"refund.deadline_days", "quarantine.days", "legal_basis.telephone_rules"} <= known
    assert {
        key for key in known if key.split(".")[0] in {"operator", "contacts", "channels", "ussd", "conditions"}
    } == {"operator.name"}


@pytest.mark.parametrize(("reason", "situation"), ALL)
def test_no_operator_is_named_and_its_name_is_a_line_to_write_on(reason: str, situation: str) -> None:
    kit = english(reason, situation, OTHER)
    said = whole(kit)

    for operator in with_packs():
        assert pack(operator).entry("operator.legal_name").value not in said
    assert "To the operator: name and INN" in text(kit, "kit_statement")
    assert kit.deadlines


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_says_that_nothing_is_known_of_the_operator_and_where_its_phones_stand(language: str) -> None:
    letter = part(make(language=language, operator=OTHER), "kit_contacts")
    with translation.override("en"):
        lines = [blank.label.shown() for block in letter.blocks if isinstance(block, Blanks) for blank in block.blanks]

    assert "Phone of the operator, as it stands in the agreement" in lines
    assert len(lines) == 3
    assert letter.phones == ()


def test_a_name_that_was_given_is_filled_in() -> None:
    kit = make(operator=OTHER, details=Details(operator="Romashka, INN 0000000000"))

    assert "Romashka, INN 0000000000" in text(kit, "kit_statement")
    assert "To the operator: name and INN" not in text(kit, "kit_statement")


def test_it_still_says_where_to_go() -> None:
    assert "Go to one of the operator's own shops, and ask there" in text(english(operator=OTHER), "kit_checklist")
    assert "We have no phone number to ring from abroad" in text(
        english(situation="abroad", operator=OTHER), "kit_checklist"
    )
