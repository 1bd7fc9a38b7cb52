"""Each reason and each situation changes what it must."""

from __future__ import annotations

from itertools import combinations

import pytest
from django.utils import translation

from tests.core.kit.kits import REASONS, SITUATIONS, english, items, part, text, under_heading


@pytest.mark.parametrize("kind", ["kit_checklist", "kit_phrases", "kit_unlinking"])
def test_no_two_reasons_that_differ_get_the_same_page(kind: str) -> None:
    alike = {("unused", "price"), ("leaving", "unused"), ("leaving", "price")} if kind == "kit_unlinking" else set()
    for one, other in combinations(REASONS, 2):
        if {(one, other), (other, one)} & alike:
            continue
        assert text(english(one), kind) != text(english(other), kind), (one, other)


@pytest.mark.parametrize("kind", ["kit_checklist", "kit_phrases", "kit_statement"])
def test_no_two_situations_get_the_same_page(kind: str) -> None:
    for one, other in combinations(SITUATIONS, 2):
        assert text(english(situation=one), kind) != text(english(situation=other), kind), (one, other)


def test_the_checklist_goes_by_time() -> None:
    for situation, place in {"in_country": "In the shop", "abroad": "From abroad"}.items():
        said = text(english(situation=situation), "kit_checklist").splitlines()
        order = [
            said.index(title) for title in ("Today, at home", "Before you go or ring", place, "Afterwards", "Sources")
        ]
        assert order == sorted(order)


def test_who_switches_is_told_first_not_to_close() -> None:
    kit = english("switching")
    assert text(kit, "kit_checklist").startswith("Do not close the line")
    assert "I ask to end the agreement" not in text(kit, "kit_statement")
    assert "pay out what is left" in text(kit, "kit_statement")
    assert "Please do not close the old agreement" in text(kit, "kit_phrases")


def test_who_lost_the_sim_blocks_it_first_and_has_no_card_to_save_from() -> None:
    kit = english("lost")
    assert text(kit, "kit_checklist").startswith("Have the SIM blocked before anything else")
    assert "Save the contacts" not in text(kit, "kit_checklist")
    assert "Take the PIN off" not in text(kit, "kit_checklist")
    asked = text(kit, "kit_statement")
    assert asked.index("I ask to block it at once") < asked.index("I ask to end the agreement")


def test_who_has_a_number_not_theirs_denies_the_agreement_and_pays_nothing() -> None:
    kit = english("not_mine")
    said = text(kit, "kit_checklist")
    assert "pay nothing before it is clear" in said.splitlines()[0]
    assert "Сим-карты" in said, "the state's list of numbers"
    assert "Pay what is owed" not in said
    asked = text(kit, "kit_statement")
    assert "I did not make it" in asked
    assert "services already rendered are to be paid" not in asked
    assert "I ask to end the agreement on mobile" not in asked


def test_who_leaves_takes_the_number_off_while_codes_arrive() -> None:
    assert text(english("leaving"), "kit_checklist").startswith("Take the number off every service while")
    assert "the first 24 hours after you come back from roaming" in text(english("leaving"), "kit_checklist")
    assert "24 hours" not in text(english("unused"), "kit_checklist")


def test_who_pays_too_much_sees_what_else_there_is() -> None:
    assert "Voluntary suspension" in text(english("price"), "kit_checklist")
    assert "Voluntary suspension" not in text(english("lost"), "kit_checklist")


def test_who_is_abroad_gets_the_papers_and_hears_what_is_not_confirmed() -> None:
    kit = english(situation="abroad")
    said = text(kit, "kit_powers")
    assert "certified by a Russian consulate (not confirmed)" in said
    assert "Have your copy of the statement marked" not in text(kit, "kit_checklist")
    assert "registered post" in text(kit, "kit_checklist")


def test_a_missing_phone_for_calls_from_abroad_is_said_to_be_missing() -> None:
    missing = text(english(situation="abroad", operator="beeline"), "kit_checklist")
    known = text(english(situation="abroad", operator="mts"), "kit_checklist")
    assert "We have no phone number to ring from abroad" in missing
    assert "We have no phone number to ring from abroad" not in known
    assert "from abroad and ask what is accepted. (not confirmed)" in known


def test_a_representative_needs_the_power_to_receive_money() -> None:
    kit = english(situation="representative")
    assert "the power to receive money" in text(kit, "kit_powers")
    assert "Through a representative" in text(kit, "kit_statement")
    assert "power of attorney" in text(kit, "kit_phrases")


def test_an_heir_brings_the_certificate_and_hears_of_both_outcomes() -> None:
    kit = english(situation="heir")
    said = text(kit, "kit_powers")
    assert "the original death certificate" in said
    assert "the line is closed" in said
    assert "or a new agreement on the number is made with you" in said
    assert "not part of the estate" in said
    assert "The subscriber who has died" in text(kit, "kit_statement")
    assert "proof that you are a relative" in text(kit, "kit_checklist")


def test_a_foreigner_hears_what_is_never_needed_and_that_no_source_confirms_it() -> None:
    said = text(english(situation="foreigner"), "kit_checklist")
    assert "No biometrics, no Gosuslugi, no SNILS. (not confirmed)" in said
    assert "residence permit of a stateless person" in said
    assert "had to be made anew by July 1, 2025" in said
    assert "biometrics" not in text(english(), "kit_checklist")


def test_afterwards_a_moved_number_is_not_kept_for_anybody() -> None:
    assert "Your number stays with you" in text(english("switching"), "kit_afterwards")
    assert "Only the former holder" not in text(english("switching"), "kit_afterwards")
    assert "never yours" in text(english("not_mine"), "kit_afterwards")
    assert "Once it is somebody else's, nobody can get it back" in text(english("leaving"), "kit_afterwards")


@pytest.mark.parametrize("reason", REASONS)
def test_every_kit_says_what_deleting_an_esim_profile_does_not_do(reason: str) -> None:
    with translation.override("en"):
        said = [item.text.shown() for item in items(under_heading(part(english(reason), "kit_afterwards"), "An eSIM"))]
    assert any("does not end the agreement" in each for each in said)
    assert any("can usually not be put back" in each for each in said)
