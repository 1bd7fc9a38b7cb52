"""Letters before they are printed: the same facts in every language, and nothing to a stranger."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from lastcall.core.audit import reading
from lastcall.core.closing import letters, paper
from lastcall.core.closing.letters import Destroyed, Letter, in_language
from lastcall.core.closing.letters import letter as values
from lastcall.core.closing.letters.cover_sheet import PAPERS
from lastcall.core.closing.story import Missing
from lastcall.core.closing.words import LOOKED
from lastcall.core.errors import BadInput, Refused
from lastcall.core.policies.pack import Pack
from tests.letters import (
    ANNA,
    KINDS,
    LANGUAGES,
    LI_WEI,
    LOG,
    NOW,
    PASSPORT,
    PHOTO,
    REFERENCE,
    SECRET,
    SIM,
    TOKEN,
    case,
    closed,
    pack,
    proved,
    receipt,
    story,
)

EVERY = pytest.mark.parametrize("kind", KINDS)


def leaves(shown: Any) -> Iterator[str]:
    """Every text of a shown letter, in order."""
    if isinstance(shown, str):
        yield shown
    elif isinstance(shown, list):
        for each in shown:
            yield from leaves(each)
    elif isinstance(shown, dict):
        for value in shown.values():
            yield from leaves(value)


def whole(letter: Letter, language: str = "en") -> str:
    """All its texts."""
    return "\n".join(leaves(in_language(letter, language)))


@pytest.fixture
def marked(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every fact is shown as what it is, whatever the language."""
    for kind in (values.Sum, values.Moment, values.Day, values.Msisdn, values.Text):
        monkeypatch.setattr(kind, "shown", lambda fact: f"⟦{fact!r}⟧")
    monkeypatch.setattr(values.Count, "shown", lambda fact: f"⟦{fact.n}⟧")


@EVERY
def test_every_language_holds_the_same_facts_in_the_same_places(kind: str, marked: None) -> None:
    columns = [list(leaves(in_language(KINDS[kind]("zh-hans"), language))) for language in LANGUAGES]

    assert len({len(column) for column in columns}) == 1
    for texts in zip(*columns, strict=True):
        facts = [sorted(re.findall("⟦[^⟧]*⟧", text)) for text in texts]
        assert facts[0] == facts[1] == facts[2]
    assert sum("⟦" in text for text in columns[0]) >= 2


@EVERY
def test_the_reader_language_changes_the_columns_and_no_fact(kind: str, marked: None) -> None:
    shown = [[re.findall("⟦[^⟧]*⟧", text) for text in leaves(in_language(KINDS[kind](language), "en")["blocks"])]
             for language in LANGUAGES]  # fmt: skip

    assert shown[0] == shown[1] == shown[2]


@EVERY
def test_a_reader_of_russian_gets_russian_alone(kind: str) -> None:
    assert KINDS[kind]("ru").languages == ("ru",)
    assert KINDS[kind]("zh-hans").languages == ("ru", "zh-hans")
    assert KINDS[kind]("en").languages == ("ru", "en")


@EVERY
def test_no_letter_has_a_place_left_unfilled(kind: str) -> None:
    for language in LANGUAGES:
        assert "%(" not in whole(KINDS[kind](language), language)


@EVERY
def test_it_refuses_a_language_that_nobody_reads_here(kind: str) -> None:
    with pytest.raises(BadInput) as trouble:
        KINDS[kind]("fr")
    assert trouble.value.code == "bad_language"


def test_a_statement_of_a_stranger_has_lines_where_the_file_knows_the_answer() -> None:
    # "Sergei declared that Li Wei's line shall end; the caller hands over all there is"
    told = letters.statement(
        case=case(declared_by="representative", refund_target="bank_account", sim_custody="collected"),
        pack=pack(), language="en", holder=LI_WEI, document=PASSPORT, representative=ANNA,
    )  # fmt: skip

    text = whole(told)
    assert LI_WEI.name not in text
    assert PASSPORT.last_four not in text
    assert ANNA.name not in text
    assert not any(item.ticked for block in told.blocks if isinstance(block, values.Items) for item in block.items)


def test_a_statement_is_filled_in_for_whoever_has_shown_who_they_are() -> None:
    told = letters.statement(
        case=proved(declared_by="representative", sim_custody="collected"), pack=pack(), language="en",
        holder=LI_WEI, document=PASSPORT, representative=ANNA,
    )  # fmt: skip

    text = whole(told)
    assert (LI_WEI.name in text, "ending in 5678" in text, ANNA.name in text) == (True, True, True)
    ticked = [item.text.shown() for block in told.blocks if isinstance(block, values.Items) for item in block.items
              if item.ticked]  # fmt: skip
    assert ticked == ["is handed in to the operator"]


def test_a_holder_needs_no_representative_in_the_statement() -> None:
    told = letters.statement(case=proved(), pack=pack(), language="en", holder=LI_WEI, representative=ANNA)

    assert "Through a representative" not in whole(told)
    assert ANNA.name not in whole(told)


def test_a_receipt_is_the_same_whether_the_number_is_a_line_of_ours() -> None:
    ours = letters.receipt(receipt=receipt(), case=case(), pack=pack(), language="ru")
    nobodys = letters.receipt(receipt=receipt(), case=case(line_id=None, tenure_id=None), pack=pack(), language="ru")

    assert ours == nobodys


def test_a_receipt_says_when_to_the_second_and_in_which_zone() -> None:
    told = letters.receipt(receipt=receipt(), case=case(), pack=pack(), language="en")

    assert "Jan. 12, 2026 12:00:05 (MSK, UTC+03:00)" in whole(told)


def test_a_receipt_groups_what_is_to_be_typed() -> None:
    text = whole(letters.receipt(receipt=receipt(), case=case(), pack=pack(), language="en"))

    assert "-".join(re.findall("....", REFERENCE)) in text
    assert "-".join(re.findall("....", SECRET)) in text


def test_a_receipt_says_whether_the_declaration_must_still_be_completed() -> None:
    complete = whole(letters.receipt(receipt=receipt(), case=case(), pack=pack(), language="en"))
    open_one = whole(letters.receipt(receipt=receipt(complete=False), case=case(), pack=pack(), language="en"))

    assert "The declaration is complete." in complete
    assert "you must still complete it" in open_one
    assert "after 30 days" in open_one


def test_a_receipt_counts_the_number_in_the_days_frozen_into_the_case() -> None:
    policy = case().policy | {"reactivation_window_days": 33, "quarantine_days": 222, "hold_hours_default": 25}
    text = whole(letters.receipt(receipt=receipt(), case=case(policy=policy), pack=pack(), language="en"))

    assert ("33 days" in text, "222 days" in text, "25 hours" in text) == (True, True, True)


def test_what_the_pack_does_not_confirm_is_marked_and_the_mark_explained() -> None:
    text = whole(letters.receipt(receipt=receipt(), case=case(), pack=pack(), language="en"))

    assert "180 days (not confirmed)" in text
    assert '"Not confirmed": we have found no source' in text


def test_a_letter_without_doubt_explains_no_mark() -> None:
    text = whole(letters.case_file(story=story(case()), pack=pack(), language="en", now=NOW))

    assert "ot confirmed" not in text


def test_an_unconfirmed_phone_is_marked_in_every_letter() -> None:
    told = letters.power_memo(pack=pack("mts"), language="en", now=NOW)

    assert any("(not confirmed)" in phone.number.shown() for phone in told.phones)


def test_a_receipt_has_the_phones_of_the_pack() -> None:
    shown = in_language(letters.receipt(receipt=receipt(), case=case(), pack=pack(), language="en"), "en")

    assert [phone["number"] for phone in shown["phones"]] == ["0000", "8 800 000-00-00", "+7 000 000-00-00"]


def test_there_is_no_end_notice_before_the_end() -> None:
    for told in (case(), proved(), proved(state="on_hold")):
        with pytest.raises(Refused) as trouble:
            letters.end_notice(story=story(told), pack=pack(), language="ru")
        assert trouble.value.code == "not_closed"


def test_an_end_notice_says_what_comes_back_until_when_and_where() -> None:
    text = whole(letters.end_notice(story=story(closed()), pack=pack(), language="en"))

    assert "1,235.00\u00a0₽" in text
    assert "by Feb. 13, 2026 (not confirmed)" in text
    assert "to a bank account of the subscriber" in text
    assert ("March 15, 2026" in text, "July 13, 2026" in text) == (True, True)


def test_an_end_notice_says_what_is_still_to_pay_and_promises_nothing_then() -> None:
    bill = {"currency": "RUB", "lines": [{"code": "balance", "amount": -5_00}], "not_refundable": 0, "refund": 0,
            "owed": 5_00}  # fmt: skip
    text = whole(letters.end_notice(story=story(closed(final_bill=bill)), pack=pack(), language="en"))

    assert "Still to pay: 5.00\u00a0₽." in text
    assert "We pay" not in text


def test_amounts_have_the_sign_of_the_rouble_in_every_language() -> None:
    for language in LANGUAGES:
        assert (
            whole(letters.end_notice(story=story(closed()), pack=pack(), language=language), language).count("₽") >= 5
        )


def test_a_record_masks_the_card_and_names_roles_only() -> None:
    text = whole(KINDS["destruction_record"]("en"))

    assert SIM.iccid not in text
    assert f"{SIM.iccid[:6]}…{SIM.iccid[-4:]}" in text
    assert "a clerk in a shop" in text
    assert "olga" not in text


def test_a_record_has_the_lines_of_the_log() -> None:
    text = whole(KINDS["destruction_record"]("ru"), "ru")

    assert "41  2026-01-12T09:00:05Z  sim.collected  sim:1  clerk  store" in text
    assert "57  2026-01-15T09:00:05Z  sim.destroyed  sim:1  clerk  store" in text


def test_there_is_no_record_of_a_card_that_was_not_destroyed() -> None:
    with pytest.raises(Refused) as trouble:
        letters.destroyed_sim(replace(SIM, destroyed_at=None))
    assert trouble.value.code == "not_destroyed"


def test_there_is_no_record_for_a_stranger() -> None:
    with pytest.raises(Refused) as trouble:
        letters.destruction_record(case=case(), destroyed=(PHOTO,), log=LOG, pack=pack(), language="ru", now=NOW)
    assert trouble.value.code == "not_proved"


@pytest.mark.parametrize("field", ["thing", "reason", "method", "role"])
def test_a_record_refuses_a_code_without_words(field: str) -> None:
    codes: dict[str, Any] = {field: "vapour"}
    odd: Destroyed = replace(PHOTO, **codes)
    with pytest.raises(BadInput):
        letters.destruction_record(case=proved(), destroyed=(odd,), log=(), pack=pack(), language="ru", now=NOW)


def test_the_memo_asks_for_the_money_clause_only_where_the_pack_does() -> None:
    assert "without it nothing is paid out" in whole(letters.power_memo(pack=pack(), language="en", now=NOW))
    lax = _with(pack(), "poa.money_clause", False)
    assert "without it nothing is paid out" not in whole(letters.power_memo(pack=lax, language="en", now=NOW))


def test_the_memo_says_that_the_consular_paper_is_not_confirmed() -> None:
    text = whole(letters.power_memo(pack=pack(), language="en", now=NOW))

    assert "One that a Russian consulate has certified is accepted too. (not confirmed)" in text


def _with(base: Pack, key: str, value: object) -> Pack:
    changed = Pack(base.jurisdiction, base.own, base.on)
    changed.__dict__["_in_force"] = base._in_force | {key: replace(base.entry(key), value=value)}
    return changed


def test_a_cover_sheet_asks_for_the_address_where_the_pack_has_none() -> None:
    text = whole(KINDS["cover_sheet"]("en"))

    assert "The address is not confirmed." in text


def test_a_cover_sheet_has_the_address_of_the_pack() -> None:
    known = Pack(pack().jurisdiction, pack().own, pack().on)
    entry = replace(
        pack().entry("contacts.hotline_free"), key="contacts.post_address", value="Улица, 1", confidence="unconfirmed"
    )
    known.__dict__["_in_force"] = pack()._in_force | {entry.key: entry}
    text = whole(letters.cover_sheet(token=TOKEN, papers=("sim",), pack=known, language="en", now=NOW))

    assert "ООО «Демо Мобайл», Улица, 1 (not confirmed)" in text


@pytest.mark.parametrize("token", ["", "7K2M", "LC1-", "LC1-lower-case", "LC1-1234 5678", "LC1-" + "0" * 61])
def test_a_cover_sheet_refuses_what_is_no_token(token: str) -> None:
    with pytest.raises(BadInput) as trouble:
        letters.cover_sheet(token=token, papers=("sim",), pack=pack(), language="ru", now=NOW)
    assert trouble.value.code == "bad_token"


def test_a_cover_sheet_refuses_a_paper_without_words() -> None:
    with pytest.raises(BadInput) as trouble:
        letters.cover_sheet(token=TOKEN, papers=("love letter",), pack=pack(), language="ru", now=NOW)
    assert trouble.value.code == "bad_paper"


def test_the_file_of_a_stranger_holds_what_was_declared_and_nobody_who_looked() -> None:
    told = case(declared_by="representative", sim_custody="collected", refund_target="bank_account",
                network_confirmed_at=NOW + timedelta(days=2))  # fmt: skip
    text = whole(letters.case_file(
        story=story(told), pack=pack(), language="en", now=NOW, looks=(reading.Reading(at=NOW, role="clerk", reason="complaint"),)
    ))  # fmt: skip

    for known in ("looked", "complaint", "representative", "handed in", "bank account", "The line ended", "Jan. 14"):
        assert known not in text
    assert "Until somebody has shown who they are" in text


def test_the_file_says_what_is_missing_and_what_it_costs() -> None:
    told = story(proved(state="waiting"), missing=(
        Missing("arrears", {"amount": 12_30, "currency": "RUB"}, ours=False), Missing("arrears", {}, ours=False),
        Missing("remote_identity", {}, ours=True), Missing("a reason of another day", {}, ours=False),
    ))  # fmt: skip
    text = whole(letters.case_file(story=told, pack=pack(), language="en", now=NOW))

    assert "Pay 12.30\u00a0₽ for services already rendered." in text
    assert "%(amount)s" not in text
    assert "A member of our staff looks at your proof of identity." in text


def test_the_file_says_who_looked_and_why() -> None:
    text = whole(KINDS["case_file"]("en"))

    assert "a clerk in a shop: the subscriber was there" in text


def test_every_reason_to_look_and_every_paper_by_post_has_words() -> None:
    assert set(LOOKED) == set(reading.REASONS) | set(reading.NUMBER_REASONS)
    assert set(paper.KINDS) <= set(PAPERS)


def test_the_file_says_so_when_nobody_looked() -> None:
    text = whole(letters.case_file(story=story(closed()), pack=pack(), language="en", now=NOW))

    assert "Nobody so far." in text


def test_the_checklist_shows_a_debt_only_when_it_is_given_the_account() -> None:
    assert "1,234.50\u00a0₽" in whole(KINDS["checklist"]("en"))
    assert "₽" not in whole(letters.checklist(pack=pack(), language="en", now=NOW))


def test_the_checklist_has_every_service_alternative_and_swindle_of_the_pack() -> None:
    text = whole(KINDS["checklist"]("zh-hans"), "zh-hans")
    entries = [*pack().entries("unlink."), *pack().entries("alternatives."), *pack().entries("scams.")]

    assert len(entries) > 10
    for entry in entries:
        assert entry.value.get("name", entry.value.get("script"))["zh-hans"] in text


def test_a_line_break_in_a_name_is_a_space() -> None:
    told = letters.statement(case=proved(), pack=pack(), language="en", holder=replace(LI_WEI, name="Li\r\nWei\u2028!"))

    assert "Li Wei !" in whole(told)
