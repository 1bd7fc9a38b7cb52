"""Whole calls over the wire: three languages, right and wrong signs, silence, hang-ups, an agent."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from lastcall.core.audit.event import Event
from lastcall.core.closing.case import Case
from lastcall.core.errors import ElementTrouble
from lastcall.core.ports import Account
from lastcall.doors.hotline.acts import LANGUAGE_KEYS
from lastcall.doors.hotline.menu import BY_NAME, NOTHING, STEPS
from tests.cast import ANNA_MSISDN, FREE_MSISDN, LI_WEI_MSISDN, PASSPORT, Cast
from tests.doors.hotline.conftest import ONE_DATABASE, Line, serving
from tests.doors.hotline.phone import HANG_UPS, Phone

LI_WEI = f"{LI_WEI_MSISDN}#"
NOBODY = f"{FREE_MSISDN}#"
RIGHT = f"{PASSPORT[2][-4:]}#"
WRONG = "0001#"


def cases(line: Line) -> list[Case]:
    return line.cast.base.transact(lambda rows: rows.some(Case, {}, order="id"))


@pytest.mark.parametrize("key", LANGUAGE_KEYS)
def test_the_holder_declares_and_hears_the_time_the_reference_the_balance_and_what_to_do(line: Line, key: str) -> None:
    language = LANGUAGE_KEYS[key]
    phone = line.call(key, "1", LI_WEI, "1", RIGHT)
    heard = phone.keys_heard()
    assert heard[0] == "registered_at" and "reference_is" in heard and heard[-1] == "again_or_on"
    assert all(piece.startswith(f"{language}/") or piece.endswith("pause") for piece in phone.heard)
    reference = phone.reference()
    assert len(reference) == 8
    phone.press("1")
    assert phone.reference() == reference, "the same again on request"
    phone.press("2")
    told = phone.keys_heard()
    assert told[0] == "balance_is"
    assert told[told.index("next_intake") :][:5] == [
        "next_intake", "next_portal", "next_store", "next_post", "next_proof",
    ]  # fmt: skip
    phone.keep_silent()
    call = line.over(phone)
    assert (call.state, call.outcome, call.language, call.matched) == ("done", "declared", language, True)
    assert phone.variables["LASTCALL_RESULT"] == "done"
    (case,) = cases(line)
    assert (case.id, case.door, case.language, case.opener) == (call.case_id, "hotline", language, "holder:-")
    assert case.claimed_msisdn == LI_WEI_MSISDN and case.signed_at is None and case.document_ok_at is None
    line.refuse_personal_events()


def test_the_dialplan_may_choose_the_language(line: Line) -> None:
    phone = line.call(query="lang=zh")
    assert phone.heard == ["zh-hans/main"]
    phone.hang_up()
    assert line.over(phone).language == "zh-hans"


@ONE_DATABASE
def test_the_languages_are_each_offered_in_themselves(line: Line) -> None:
    phone = line.call()
    assert phone.heard == ["zh-hans/choose_language", "ru/choose_language", "en/choose_language"]
    phone.hang_up()


def test_a_wrong_number_and_wrong_signs_are_told_the_same_words(line: Line) -> None:
    told = []
    for number in (LI_WEI, NOBODY):
        phone = line.call("3", "1", number, "1", WRONG, WRONG, WRONG, "2")
        told.append([piece for piece in phone.played if "digit_" not in piece])
        assert "en/no_balance" in phone.heard and "en/balance_is" not in phone.played
        phone.hang_up()
        assert not line.over(phone).matched
    assert told[0] == told[1]
    assert len(cases(line)) == 2, "the declaration is received whatever was known of the document"


def test_signs_that_are_right_too_late_are_wrong(line: Line) -> None:
    for _ in range(2):
        phone = line.call("3", "1", LI_WEI, "1", WRONG, WRONG, WRONG)
        phone.hang_up()
        line.over(phone)
    phone = line.call("3", "1", LI_WEI, "1", RIGHT)
    assert phone.keys_heard() == ["no_match", "registered_ask_document"], "the day's tries of this number are used up"
    phone.hang_up()
    line.over(phone)
    line.cast.time.advance(timedelta(days=1, minutes=1))
    phone = line.call("3", "1", LI_WEI, "1", RIGHT)
    assert phone.keys_heard()[0] == "registered_at"
    phone.hang_up()


def test_whoever_skips_the_document_hears_everything_but_the_balance(line: Line) -> None:
    phone = line.call("2", "1", LI_WEI, "1", "#", "2")
    assert phone.heard[0] == "ru/no_balance"
    phone.hang_up()
    assert line.over(phone).tries == 0


def test_a_number_may_be_entered_again_before_anything_is_declared(line: Line) -> None:
    phone = line.call("3", "1", NOBODY, "2", LI_WEI)
    assert phone.keys_heard()[1:13] == [f"digit_{digit}" for digit in "7"] + ["pause"] + [
        f"digit_{digit}" for digit in "900"
    ] + ["pause"] + [f"digit_{digit}" for digit in "000"] + ["pause"] + ["digit_1", "digit_0"]
    assert not cases(line)
    phone.hang_up()


@pytest.mark.parametrize(("typed", "words"), [("123#", "bad_number"), ("79161234567#", "not_our_number")])
def test_a_number_that_is_none_is_asked_for_again_and_then_an_agent_helps(line: Line, typed: str, words: str) -> None:
    phone = line.call("3", "1", typed)
    assert phone.keys_heard() == [words, "ask_number"]
    phone.press(typed)
    assert not phone.press(typed)
    call = line.last()
    assert (call.state, call.stage, call.claimed_msisdn) == ("queued", "number", None)


def test_how_a_closing_stands_is_told_by_number_and_reference_and_says_only_its_state(line: Line) -> None:
    phone = line.call("3", "1", LI_WEI, "1", "#")
    reference = phone.reference()
    phone.hang_up()
    asked = line.call("2", "2", LI_WEI, f"{reference}#")
    assert asked.heard == ["ru/state_declared", "ru/again_or_agent"]
    asked.keep_silent()
    assert line.over(asked).outcome == "status"
    line.refuse_personal_events()


def test_a_wrong_reference_and_a_number_without_closing_are_told_the_same(line: Line) -> None:
    phone = line.call("3", "1", LI_WEI, "1", "#")
    phone.hang_up()
    line.over(phone)
    told = []
    for number in (LI_WEI, f"{ANNA_MSISDN}#"):
        phone = line.call("3", "2", number, "12345678#", "12345678#", "12345678#")
        told.append(phone.played)
        assert phone.variables["LASTCALL_RESULT"] == "agent"
    assert told[0] == told[1]


def test_an_agent_is_one_key_away_at_every_question(line: Line) -> None:
    for step in QUESTIONS:
        phone = line.call(*way_to(line, step))
        assert not phone.press("0#" if "#" in BY_NAME[step].asks else "0")
        call = line.last()
        assert (call.state, call.stage, call.wants_agent_at) == ("queued", step, line.cast.time.now())
        assert phone.variables == {
            "LASTCALL_CALL": str(call.id), "LASTCALL_LANGUAGE": call.language, "LASTCALL_RESULT": "agent",
        }, step  # fmt: skip


def way_to(line: Line, step: str) -> tuple[str, ...]:
    """What to press to come to that step."""
    if step == "status":
        first = line.call("3", "1", LI_WEI, "1", "#")
        first.hang_up()
        line.over(first)
        return "3", "2", LI_WEI, f"{first.reference()}#"
    ways = {
        "language": (), "main": ("3",), "number": ("3", "1"), "confirm": ("3", "1", LI_WEI),
        "document": ("3", "1", LI_WEI, "1"), "receipt": ("3", "1", LI_WEI, "1", RIGHT),
        "what_next": ("3", "1", LI_WEI, "1", RIGHT, "2"), "status_number": ("3", "2"),
        "status_reference": ("3", "2", LI_WEI),
    }  # fmt: skip
    return ways[step]


QUESTIONS = [step.name for step in STEPS if step.asks != NOTHING]
DECLARED_BY = {"document", "receipt", "what_next"}


@pytest.mark.parametrize("how", HANG_UPS)
def test_a_hang_up_at_every_question_leaves_a_clean_state(line: Line, how: str) -> None:
    for step in QUESTIONS:
        way = way_to(line, step)
        before = len(cases(line))
        phone = line.call(*way)
        phone.hang_up(how)
        call = line.over(phone)
        assert (call.state, call.outcome) == ("gone", "hung_up"), step
        assert len(cases(line)) - before == (step in DECLARED_BY), step
        assert (call.case_id is not None) == (step in DECLARED_BY | {"status"}), step
        line.cast.time.advance(timedelta(days=2))
    line.refuse_personal_events()


def prompts_of_a_call() -> list[str]:
    """Every sentence of a call that closes a line, in the order in which they are said."""
    return [
        "choose_language", "main", "ask_number", "bad_number", "you_entered", "confirm", "registered_ask_document",
        "no_match", "registered_at", "reference_is", "again_or_on", "balance_is", "next_intake", "next_portal",
        "next_store", "next_post", "next_proof", "again_or_agent", "goodbye",
    ]  # fmt: skip


def test_a_hang_up_while_any_prompt_is_played_leaves_a_clean_state(line: Line) -> None:
    answers = ["3", "1", "123#", LI_WEI, "1", WRONG, RIGHT, "2", "#"]
    for prompt in prompts_of_a_call():
        left, phone = iter(answers), Phone(line.port)
        phone.listen(until=prompt)
        while prompt not in phone.keys_heard():
            phone.say(f"200 result={next(left).removesuffix('#')}")
            phone.listen(until=prompt)
        phone.hang_up()
        call = line.over(phone)
        assert (call.state, call.outcome) == ("gone", "hung_up"), prompt
        line.cast.time.advance(timedelta(days=2))
    line.refuse_personal_events()


def test_silence_goes_to_an_agent_after_three_times(line: Line) -> None:
    phone = line.call("1")
    phone.keep_silent()
    assert phone.heard == ["zh-hans/main"]
    phone.keep_silent()
    assert not phone.keep_silent()
    assert phone.heard == ["zh-hans/to_agent"]
    assert (line.last().state, line.last().stage) == ("queued", "main")


def test_silence_ends_with_a_goodbye_where_the_policy_says_so(cast: Cast, hummed: Path) -> None:
    polite = replace(cast.policy, hotline_after_silence="end", hotline_silences=1)
    with serving(cast, hummed, policy=lambda: polite) as line:
        phone = line.call()
        phone.keep_silent()
        assert phone.heard == ["zh-hans/goodbye", "ru/goodbye", "en/goodbye"]
        call = line.over(phone)
        assert (call.state, call.outcome) == ("done", "silent")


@ONE_DATABASE
def test_a_key_without_meaning_is_told_so_and_an_agent_helps_at_last(line: Line) -> None:
    phone = line.call("3", "7")
    assert phone.keys_heard() == ["other_key", "main"]
    phone.press("#")
    assert not phone.press("*")
    assert line.last().state == "queued"


@ONE_DATABASE
def test_a_key_cuts_a_prompt_short(line: Line) -> None:
    phone = line.call("3")
    phone.press("1")
    assert phone.keys_heard() == ["ask_number"]
    phone.say(f"200 result={LI_WEI_MSISDN}")
    phone.listen(until="you_entered")
    phone.interrupt("1")
    assert phone.keys_heard() == ["registered_ask_document"], "the number was confirmed before it was read back"
    phone.hang_up()


@ONE_DATABASE
def test_keys_that_begin_during_a_prompt_belong_to_the_number(line: Line) -> None:
    phone = line.call("3")
    phone.say("200 result=1")
    phone.listen(until="ask_number")
    phone.interrupt("7")
    phone.press(f"{LI_WEI_MSISDN}"[1:] + "#")
    assert phone.keys_heard()[0] == "you_entered"
    phone.hang_up()


@ONE_DATABASE
def test_the_zero_cuts_what_is_only_told_short_too(line: Line) -> None:
    phone = line.call("3", "1", LI_WEI, "1", RIGHT)
    phone.say("200 result=2")
    phone.listen(until="balance_is")
    assert not phone.interrupt("0")
    assert line.last().state == "queued"


def test_arrears_are_told_as_what_is_still_to_pay(line: Line) -> None:
    billing = line.cast.elements.billing
    assert line.cast.li_wei.line is not None
    billing.charge(
        line.cast.li_wei.line.id, amount=40_050, service_time=line.cast.time.now(), memo="calls", key="a call"
    )
    phone = line.call("3", "1", LI_WEI, "1", RIGHT, "2")
    assert phone.keys_heard()[:4] == ["you_owe", "n_50", "roubles", "next_intake"]
    phone.hang_up()


class Away:
    """Billing that cannot be asked."""

    def account(self, line_id: int) -> Account:
        raise ElementTrouble("billing is away", permanent=False)


def test_a_balance_that_cannot_be_asked_does_not_end_the_call(cast: Cast, hummed: Path) -> None:
    with serving(cast, hummed, billing=Away()) as line:  # type: ignore[arg-type]
        phone = line.call("3", "1", LI_WEI, "1", RIGHT, "2")
        assert phone.keys_heard()[0] == "balance_away" and phone.keys_heard()[-1] == "again_or_agent"
        phone.hang_up()


@ONE_DATABASE
def test_something_broken_on_our_side_is_said_and_an_agent_helps(cast: Cast, hummed: Path) -> None:
    class Broken:
        def account(self, line_id: int) -> Account:
            raise RuntimeError("79000001001")

    with serving(cast, hummed, billing=Broken()) as line:  # type: ignore[arg-type]
        phone = line.call("3", "1", LI_WEI, "1", RIGHT, "2")
        assert phone.keys_heard() == ["trouble", "to_agent"]
        assert (line.last().state, line.last().stage) == ("queued", "balance")


def test_where_the_call_is_the_legal_act_nothing_more_is_to_be_signed(cast: Cast, hummed: Path) -> None:
    act = replace(cast.policy, termination_act_doors=("hotline",), termination_intake_doors=())
    with serving(cast, hummed, policy=lambda: act) as line:
        phone = line.call("3", "1", LI_WEI, "1", "#", "2")
        assert phone.keys_heard() == ["no_balance", "next_complete", "next_proof", "again_or_agent"]
        phone.hang_up()


def test_where_no_declaration_is_taken_by_phone_an_agent_helps(cast: Cast, hummed: Path) -> None:
    shut = replace(cast.policy, termination_intake_doors=())
    with serving(cast, hummed, policy=lambda: shut) as line:
        phone = line.call("3", "1", LI_WEI, "1")
        assert phone.keys_heard() == ["not_registered", "to_agent"]
        assert line.last().case_id is None and not cases(line)


def test_each_change_of_a_call_is_one_event(line: Line) -> None:
    phone = line.call("3", "1", LI_WEI, "1", RIGHT)
    phone.hang_up()
    call = line.over(phone)
    events = line.cast.base.transact(
        lambda rows: rows.some(Event, {"subject": "call", "subject_id": call.id}, order="id")
    )
    assert [(event.kind, event.reason) for event in events] == [
        ("call.began", ""), ("call.note", "language"), ("call.note", "number"), ("call.note", "declared"),
        ("call.note", "document"), ("call.note", "matched"), ("call.hang_up", "hung_up"),
    ]  # fmt: skip
    assert len(events) == call.revision
