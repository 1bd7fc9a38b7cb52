"""Leaving by text: what each word does, and what is answered."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from django.test import override_settings

from lastcall.core.audit.event import Event
from lastcall.core.closing import identity
from lastcall.core.closing.case import Case
from lastcall.core.closing.find import find_case
from lastcall.core.errors import ElementTrouble
from lastcall.core.numbers.assign import Terms
from lastcall.core.plan import Change, Plan
from lastcall.core.texting import acts
from lastcall.core.texting.answer import answer as answer_text
from tests.cast import ANNA_MSISDN, FREE_MSISDN, LI_WEI_MSISDN, OLGA, Holder
from tests.core.texting.marks import ON_SQLITE
from tests.core.texting.phone import Phone

pytestmark = ON_SQLITE

CLOSE = {"en": "close", "ru": "Закрыть!", "zh-hans": "销户"}
STOP = {"en": "STOP", "ru": "СТОП", "zh-hans": "取消"}
LINK = "https://lastcall.example/case/#"


@pytest.mark.parametrize("language", ["en", "ru", "zh-hans"])
def test_a_word_declares_and_is_answered_in_its_language(phone: Phone, language: str) -> None:
    phone.text(CLOSE[language])
    (answer,), (case,) = phone.answers(), phone.cases()
    assert answer.language == case.language == language
    assert (case.door, case.claimed_msisdn, case.state) == ("text", LI_WEI_MSISDN, "waiting")
    for told in (LINK, "350", STOP[language], "+7 900 ***-**-01", "12"):
        assert told in answer.text
    assert str(LI_WEI_MSISDN) not in answer.text


def test_the_link_of_the_answer_holds_the_words_that_open_the_case(phone: Phone) -> None:
    phone.text("close")
    (answer,), (case,) = phone.answers(), phone.cases()
    reference, secret = answer.text.partition(LINK)[2].split()[0].split(".")
    assert find_case(phone.cast.base, reference=reference, secret=secret) == case


def test_without_a_public_address_the_secret_itself_is_told(phone: Phone) -> None:
    with override_settings(LASTCALL_PUBLIC_HOST=""):
        phone.text("close")
    (answer,) = phone.answers()
    secret = answer.text.partition("secret ")[2].split()[0]
    reference = answer.text.partition("Reference: ")[2].split()[0].rstrip(".")
    assert find_case(phone.cast.base, reference=reference, secret=secret) == phone.cases()[0]


def test_what_leaving_costs_and_what_is_owed_is_told(phone: Phone) -> None:
    cast = phone.cast
    bound = Terms(commitment_until=(cast.time.now() + timedelta(days=200)).date(), early_termination_fee=120_000)
    holder = Holder(cast.li_wei.subscriber, cast.li_wei.document, cast.li_wei.mail)
    cast.give_line(holder, FREE_MSISDN, terms=bound)
    phone.number = f"+{FREE_MSISDN}"
    phone.text("close")
    (answer,) = phone.answers()
    assert "Leaving costs 1,200.00" in answer.text and "Still to pay: 849.50" in answer.text


def test_an_answer_does_not_wait_for_billing(phone: Phone, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(line_id: int) -> None:
        raise ElementTrouble("billing is away", permanent=False)

    monkeypatch.setattr(phone.cast.elements.billing, "account", away)
    phone.text("close")
    (answer,) = phone.answers()
    assert "once you have shown who you are" in answer.text and "350" not in answer.text


def test_a_second_word_while_the_case_is_open_tells_the_same_reference(phone: Phone) -> None:
    phone.text("close")
    phone.cast.time.advance(timedelta(hours=1))
    phone.text("закрыть")
    first, second = phone.answers()
    assert len(phone.cases()) == 1 and second.language == "ru"
    reference = first.text.partition("Reference: ")[2].split()[0].rstrip(".")
    assert reference in second.text


def test_a_case_of_another_door_is_told_of_without_the_way_into_it(phone: Phone) -> None:
    receipt = phone.cast.declare()
    phone.text("close")
    phone.text("status")
    assert len(phone.cases()) == 1
    for answer in phone.answers():
        assert receipt.secret not in answer.text.replace("-", "") and LINK not in answer.text
        assert receipt.reference in answer.text.replace("-", "")


def test_a_number_that_is_no_line_of_ours_learns_nothing_and_opens_nothing(phone: Phone) -> None:
    told = set()
    for number in (f"+{FREE_MSISDN}", "+79261234567", "+8613912345678"):
        phone.number = number
        for word in ("close", "status", "stop"):
            phone.text(word)
        told |= {answer.text for answer in phone.answers()}
        assert len(phone.answers()) == 3
    assert len(told) == 1 and not phone.cases()


def test_status_tells_where_it_stands_and_what_is_missing(phone: Phone) -> None:
    phone.text("status")
    phone.text("close")
    phone.text("进度")
    nothing, _, standing = phone.answers()
    assert "To begin one, text CLOSE" in nothing.text
    assert standing.language == "zh-hans" and LINK in standing.text

    case, cast = phone.cases()[0], phone.cast
    kind, issuer, number = cast.li_wei.document
    identity.verify_document(
        cast.base, case_id=case.id, kind=kind, issuer=issuer, number=number, actor=OLGA, in_person=True
    )
    cast.work()
    phone.text("status")
    assert "Say what becomes of the SIM" in phone.answers()[-1].text


def test_stop_takes_back_what_was_declared_by_text(phone: Phone) -> None:
    phone.text("close")
    phone.text("stop")
    assert phone.cases()[0].state == "withdrawn"
    assert phone.answers()[-1].text.startswith("Taken back")
    phone.text("close")
    assert [case.state for case in phone.cases()] == ["withdrawn", "waiting"]


def test_stop_freezes_what_came_through_another_door(phone: Phone) -> None:
    receipt = phone.cast.declare()
    phone.text("stop")
    case = phone.cast.case(receipt)
    assert case.frozen_at is not None and case.ended_at is None
    assert phone.answers()[-1].text.startswith("Stopped")
    phone.cast.time.advance(timedelta(hours=1))
    phone.text("stop")
    assert phone.answers()[-1].text.startswith("Stopped")


def test_stop_without_a_case_says_so(phone: Phone) -> None:
    phone.text("стоп")
    (answer,) = phone.answers()
    assert "ЗАКРЫТЬ" in answer.text and not phone.cases()


def test_after_the_point_of_no_return_it_says_so(phone: Phone) -> None:
    receipt = phone.cast.ceasing()
    attempted = Change(Case, {"id": receipt.case_id}, {"effect_attempted_at": phone.cast.time.now()})
    phone.cast.base.transact(lambda rows: rows.apply(Plan((attempted,))))
    phone.text("stop", work=False)
    (text,) = phone.texts()
    answer_text(
        phone.cast.base, text_id=text.id, messengers=phone.cast.elements.messengers,
        billing=phone.cast.elements.billing, policy=phone.cast.policy,
    )  # fmt: skip
    assert "switched off already" in phone.answers()[-1].text
    assert phone.cast.case(receipt).frozen_at is None


def test_help_and_anything_else_get_the_words_there_are(phone: Phone) -> None:
    for words in ("help", "что делать?", "我要退订"):
        phone.text(words)
    english, russian, chinese = phone.answers()
    assert "CLOSE" in english.text and "ЗАКРЫТЬ" in russian.text and "销户" in chinese.text
    assert not phone.cases()


def test_a_door_that_the_policy_closes_is_said_to_be_closed(phone: Phone) -> None:
    cast = phone.cast
    phone.text("close", work=False)
    shut = replace(cast.policy, termination_intake_doors=("hotline",))
    text = acts.decide(cast.base, text_id=phone.texts()[0].id, policy=shut)
    assert text is not None and text.outcome == "door_closed"
    cast.work()
    assert "cannot be closed by text" in phone.answers()[0].text and not phone.cases()


def test_the_answer_says_what_completes_the_act_as_the_policy_has_it(phone: Phone) -> None:
    phone.text("close")
    assert "becomes a declaration when you complete it" in phone.answers()[0].text
    phone.number = f"+{ANNA_MSISDN}"
    phone.text("close", work=False)
    policy = replace(phone.cast.policy, termination_act_doors=("text",), termination_intake_doors=())
    acts.decide(phone.cast.base, text_id=phone.texts()[-1].id, policy=policy)
    phone.cast.work()
    assert "becomes a declaration" not in phone.answers()[0].text


def test_the_answer_comes_from_the_number_that_was_texted(phone: Phone) -> None:
    with override_settings(LASTCALL_TEXT_NUMBER="0000"):
        phone.text("help")
    (answer,) = phone.answers()
    assert answer.sender == "0000"


def test_a_text_to_another_number_is_left_out(phone: Phone) -> None:
    with override_settings(LASTCALL_TEXT_NUMBER="8800"):
        phone.text("close")
    assert not phone.texts() and not phone.cases()


def test_nothing_of_a_text_is_kept_but_its_word_and_no_number_in_clear(phone: Phone) -> None:
    phone.text("my passport is E12345678")
    (text,) = phone.texts()
    held = repr(text) + repr(phone.cast.base.transact(lambda rows: rows.some(Event, {"subject": "text"})))
    assert "passport" not in held and "E12345678" not in held and str(LI_WEI_MSISDN) not in held
    assert text.keyword == "other" and text.sealed_sender == ""  # answered, so the number is not needed any more


def test_what_was_received_is_told_by_events(phone: Phone) -> None:
    phone.text("close")
    events = phone.cast.base.transact(lambda rows: rows.some(Event, {"subject": "text"}, order="id"))
    assert [event.kind for event in events] == ["text.received", "text.answered"]
    assert (events[0].data, events[1].case_id) == ({"keyword": "close", "language": "en"}, phone.cases()[0].id)
