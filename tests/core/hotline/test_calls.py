"""The caller at the menu: what a call may do, when, how often, and what it never tells."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from lastcall.core.audit.auditor import audit
from lastcall.core.audit.event import Event
from lastcall.core.audit.privacy import personal
from lastcall.core.audit.sequencer import sequence
from lastcall.core.closing.case import Case
from lastcall.core.closing.notice import Notice
from lastcall.core.database import DatabaseStore
from lastcall.core.errors import BadInput, NotAllowed, NotFound, Refused
from lastcall.core.hotline import agents, calls
from lastcall.core.hotline.call import Call
from lastcall.core.hotline.keypad import as_keys, same_keys, spoken_reference
from lastcall.core.subscribers.file import put_document_on_file
from tests.cast import ANNA_MSISDN, FREE_MSISDN, LI_WEI_MSISDN, OLGA, PASSPORT, SERGEIS_PASSPORT, TIMUR, Cast
from tests.core.tools import only

RIGHT = PASSPORT[2][-4:]
WRONG = "0001"


def begun(cast: Cast, msisdn: int = LI_WEI_MSISDN, *, channel: str = "1.1") -> Call:
    """A call about that number."""
    call = calls.begin(cast.base, channel=channel, language="zh-hans")
    calls.claim_number(cast.base, call_id=call.id, typed=str(msisdn))
    return call


def answer(cast: Cast, call: Call, pressed: str) -> bool:
    return calls.answer_document(cast.base, call_id=call.id, pressed=pressed, policy=cast.policy)


def fresh(cast: Cast, call: Call) -> Call:
    return only(cast.base, Call, id=call.id)


def test_it_declares_once_however_often_it_is_asked(cast: Cast) -> None:
    call = begun(cast)
    first, again = (calls.declare(cast.base, call_id=call.id, policy=cast.policy) for _ in range(2))
    assert first == again and first.received_at == cast.time.now() and not first.complete
    case = only(cast.base, Case)
    assert (case.id, case.door, case.language) == (fresh(cast, call).case_id, "hotline", "zh-hans")


def test_the_holder_is_told_of_what_was_declared_on_the_phone(cast: Cast) -> None:
    calls.declare(cast.base, call_id=begun(cast).id, policy=cast.policy)
    notices = cast.base.transact(lambda rows: rows.some(Notice, {"template": "declared"}))
    assert {notice.case_id for notice in notices} == {only(cast.base, Case).id}


def test_a_call_without_a_number_declares_nothing(cast: Cast) -> None:
    call = calls.begin(cast.base, channel="1", language="ru")
    with pytest.raises(Refused) as refused:
        calls.declare(cast.base, call_id=call.id, policy=cast.policy)
    assert refused.value.code == "no_number"


def test_the_last_signs_open_the_balance_of_the_holders_line_alone(cast: Cast) -> None:
    call = begun(cast)
    billing = cast.elements.billing
    assert calls.balance(cast.base, call_id=call.id, billing=billing) is None
    assert not answer(cast, call, WRONG)
    assert calls.balance(cast.base, call_id=call.id, billing=billing) is None
    assert answer(cast, call, RIGHT)
    account = calls.balance(cast.base, call_id=call.id, billing=billing)
    assert account is not None and account.balance == 35_050
    call = fresh(cast, call)
    assert (call.matched, call.tries) == (True, 2)


def test_the_signs_of_another_subscriber_open_nothing(cast: Cast) -> None:
    call = begun(cast, ANNA_MSISDN)
    assert not answer(cast, call, RIGHT) and not answer(cast, call, SERGEIS_PASSPORT[2][-4:])


def test_signs_prove_nothing_for_the_closing(cast: Cast) -> None:
    call = begun(cast)
    calls.declare(cast.base, call_id=call.id, policy=cast.policy)
    assert answer(cast, call, RIGHT)
    case = only(cast.base, Case)
    assert case.document_ok_at is None and case.in_person_at is None and case.verifier == ""


def test_a_document_that_has_run_out_opens_nothing(cast: Cast) -> None:
    put_document_on_file(
        cast.base, subscriber_id=cast.li_wei.subscriber.id, kind="foreign_passport", issuer="CN", number="E99990042",
        actor=OLGA, valid_until=date(2026, 6, 1),
    )  # fmt: skip
    assert answer(cast, begun(cast), "0042")
    cast.time.advance(timedelta(days=200))
    assert not answer(cast, begun(cast, channel="2"), "0042")


def test_letters_among_the_last_signs_are_pressed_by_their_keys(cast: Cast) -> None:
    put_document_on_file(
        cast.base, subscriber_id=cast.anna.subscriber.id, kind="residence_permit", issuer="RU", number="8212AB7Z",
        actor=OLGA,
    )  # fmt: skip
    assert answer(cast, begun(cast, ANNA_MSISDN), "2279")


@pytest.mark.parametrize("msisdn", [LI_WEI_MSISDN, FREE_MSISDN])
def test_tries_are_counted_alike_for_a_line_and_for_none(cast: Cast, msisdn: int) -> None:
    call = begun(cast, msisdn)
    assert [answer(cast, call, WRONG) for _ in range(4)] == [False] * 4
    assert (fresh(cast, call).tries, fresh(cast, call).matched) == (4, False)
    events = cast.base.transact(lambda rows: rows.some(Event, {"subject": "call"}, order="id"))
    assert [event.reason for event in events] == ["", "number", *["document"] * 4]


def test_the_fourth_answer_of_a_call_is_wrong_even_when_right(cast: Cast) -> None:
    call = begun(cast)
    for _ in range(cast.policy.hotline_tries):
        answer(cast, call, WRONG)
    assert not answer(cast, call, RIGHT)


def test_the_tries_of_a_day_are_counted_over_all_calls_of_the_number(cast: Cast) -> None:
    for turn in range(cast.policy.hotline_tries_per_day):
        assert not answer(cast, begun(cast, channel=f"a{turn}"), WRONG)
    assert not answer(cast, begun(cast, channel="b"), RIGHT)
    assert answer(cast, begun(cast, ANNA_MSISDN, channel="c"), cast.anna.document[2][-4:])
    cast.time.advance(timedelta(days=1, seconds=1))
    assert answer(cast, begun(cast, channel="d"), RIGHT)


def test_right_answers_use_up_no_tries_of_the_day(cast: Cast) -> None:
    for turn in range(cast.policy.hotline_tries_per_day + 2):
        assert answer(cast, begun(cast, channel=f"a{turn}"), RIGHT)


@pytest.mark.parametrize("typed", ["", "12345", "+86 138 0013 8000", "*100", "7900000100"])
def test_a_number_that_cannot_be_read_is_bad_input_and_is_not_repeated(cast: Cast, typed: str) -> None:
    call = calls.begin(cast.base, channel="1")
    with pytest.raises(BadInput) as bad:
        calls.claim_number(cast.base, call_id=call.id, typed=typed)
    assert len(typed) < 4 or typed not in bad.value.message
    assert fresh(cast, call).claimed_msisdn is None


def test_a_number_of_another_network_is_refused_before_anything_is_asked(cast: Cast) -> None:
    call = calls.begin(cast.base, channel="1")
    with pytest.raises(Refused) as refused:
        calls.claim_number(cast.base, call_id=call.id, typed="89161234567")
    assert refused.value.code == "not_in_range"


def test_one_call_cannot_go_through_numbers(cast: Cast) -> None:
    call = begun(cast)
    calls.claim_number(cast.base, call_id=call.id, typed=str(ANNA_MSISDN))
    answer(cast, call, WRONG)
    with pytest.raises(Refused) as refused:
        calls.claim_number(cast.base, call_id=call.id, typed=str(LI_WEI_MSISDN))
    assert refused.value.code == "number_settled"


def test_the_state_is_told_by_number_and_spoken_reference(cast: Cast) -> None:
    call = begun(cast)
    reference = calls.declare(cast.base, call_id=call.id, policy=cast.policy).reference
    cast.work()
    asked = begun(cast, channel="2")
    assert calls.state_by_reference(cast.base, call_id=asked.id, pressed=reference, policy=cast.policy) == "waiting"
    assert fresh(cast, asked).case_id == fresh(cast, call).case_id


@pytest.mark.parametrize(("msisdn", "pressed"), [(ANNA_MSISDN, ""), (LI_WEI_MSISDN, "00000000"), (LI_WEI_MSISDN, "1")])
def test_a_reference_of_another_number_and_a_wrong_one_tell_nothing(cast: Cast, msisdn: int, pressed: str) -> None:
    reference = calls.declare(cast.base, call_id=begun(cast).id, policy=cast.policy).reference
    asked = begun(cast, msisdn, channel="2")
    told = calls.state_by_reference(cast.base, call_id=asked.id, pressed=pressed or reference, policy=cast.policy)
    assert told == "" and fresh(cast, asked).case_id is None and fresh(cast, asked).tries == 1


def test_references_too_are_tried_a_few_times_only(cast: Cast) -> None:
    reference = calls.declare(cast.base, call_id=begun(cast).id, policy=cast.policy).reference
    asked = begun(cast, channel="2")
    for _ in range(cast.policy.hotline_tries):
        calls.state_by_reference(cast.base, call_id=asked.id, pressed="00000000", policy=cast.policy)
    assert calls.state_by_reference(cast.base, call_id=asked.id, pressed=reference, policy=cast.policy) == ""


def test_a_closing_declared_on_the_web_has_a_spoken_reference_too(cast: Cast) -> None:
    receipt = cast.declare()
    pressed = spoken_reference(receipt.kept)
    found = cast.base.transact(lambda rows: calls.find_by_spoken(rows, msisdn=LI_WEI_MSISDN, pressed=pressed))
    assert found is not None and found.id == receipt.case_id


def test_wanting_an_agent_twice_is_once_and_the_place_in_the_queue_stays(cast: Cast) -> None:
    call = begun(cast)
    first = calls.want_agent(cast.base, call_id=call.id, stage="number")
    cast.time.advance(timedelta(minutes=1))
    assert calls.want_agent(cast.base, call_id=call.id, stage="main") == first
    assert first.state == "queued" and first.stage == "number"


def test_a_call_that_is_over_does_nothing_more(cast: Cast) -> None:
    call = begun(cast)
    calls.hang_up(cast.base, call_id=call.id)
    with pytest.raises(NotAllowed):
        calls.want_agent(cast.base, call_id=call.id, stage="main")
    with pytest.raises(NotAllowed):
        calls.choose_language(cast.base, call_id=call.id, language="ru")
    with pytest.raises(NotAllowed):
        answer(cast, call, RIGHT)
    gone = fresh(cast, call)
    assert calls.finish(cast.base, call_id=call.id, outcome="declared") == gone
    assert (gone.state, gone.outcome, gone.over_at) == ("gone", "hung_up", cast.time.now())


def test_a_hang_up_with_an_agent_is_noted_and_the_agent_finishes(cast: Cast) -> None:
    call = begun(cast)
    calls.want_agent(cast.base, call_id=call.id, stage="main")
    agents.take(cast.base, call_id=call.id, actor=TIMUR)
    cast.time.advance(timedelta(minutes=2))
    noted = calls.hang_up(cast.base, call_id=call.id)
    assert (noted.state, noted.hung_up_at, noted.over_at) == ("with_agent", cast.time.now(), None)
    assert calls.hang_up(cast.base, call_id=call.id) == noted


def test_no_such_call_is_not_found(cast: Cast) -> None:
    with pytest.raises(NotFound):
        calls.hang_up(cast.base, call_id=5)


def test_a_language_that_we_do_not_speak_is_bad_input(cast: Cast) -> None:
    with pytest.raises(BadInput):
        calls.begin(cast.base, channel="1", language="de")


def test_calls_left_in_the_menu_for_an_hour_are_over_and_others_are_not(cast: Cast) -> None:
    left, queued = begun(cast, channel="1"), begun(cast, channel="2")
    calls.want_agent(cast.base, call_id=queued.id, stage="main")
    cast.time.advance(timedelta(hours=1))
    talking = begun(cast, channel="3")
    assert calls.end_abandoned(cast.base) == 1
    states = {call.id: fresh(cast, call).state for call in (left, queued, talking)}
    assert states == {left.id: "gone", queued.id: "queued", talking.id: "menu"}


def test_no_event_of_a_call_holds_anything_personal(cast: Cast) -> None:
    call = begun(cast)
    calls.declare(cast.base, call_id=call.id, policy=cast.policy)
    answer(cast, call, RIGHT)
    calls.want_agent(cast.base, call_id=call.id, stage="receipt")
    calls.hang_up(cast.base, call_id=call.id)
    events = cast.base.transact(lambda rows: rows.some(Event, {"subject": "call"}))
    assert len(events) == fresh(cast, call).revision
    assert not [event.kind for event in events if personal(event)]


@pytest.mark.parametrize(
    ("signs", "keys"), [("5678", "5678"), ("AB7Z", "2279"), ("pqrs", "7777"), ("WXYZ", "9999"), ("12Ж4", ""), ("", "")]
)
def test_signs_as_keys(signs: str, keys: str) -> None:
    assert as_keys(signs) == keys
    assert same_keys(signs, keys) is bool(keys)
    assert not same_keys(signs, "-")


def test_a_spoken_reference_is_eight_digits_and_differs_from_case_to_case() -> None:
    spoken = {spoken_reference(f"{number}") for number in range(500)}
    assert len(spoken) == 500 and all(len(word) == 8 and word.isdigit() for word in spoken)


def test_a_line_and_no_line_are_looked_for_by_the_same_questions(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[list[str]] = []
    one, some = DatabaseStore.one, DatabaseStore.some
    calls_of = {msisdn: begun(cast, msisdn, channel=str(msisdn)) for msisdn in (LI_WEI_MSISDN, FREE_MSISDN)}

    def noting_one(self: DatabaseStore, kind: type[Any], where: Any) -> Any:
        asked[-1].append(kind.__name__)
        return one(self, kind, where)

    def noting_some(self: DatabaseStore, kind: type[Any], where: Any, **rest: Any) -> Any:
        asked[-1].append(kind.__name__)
        return some(self, kind, where, **rest)

    monkeypatch.setattr(DatabaseStore, "one", noting_one)
    monkeypatch.setattr(DatabaseStore, "some", noting_some)
    for call in calls_of.values():
        asked.append([])
        answer(cast, call, WRONG)
    assert asked[0] == asked[1] and {"Line", "Document", "Call"} <= set(asked[0])


def test_a_try_is_written_before_it_is_compared(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """So that many calls at once compare no more often than one after the other."""

    def breaking(rows: object, call: Call, *_: object) -> bool:
        assert call.tries == 1
        raise RuntimeError

    monkeypatch.setattr(calls, "_agrees", breaking)
    call = begun(cast)
    with pytest.raises(RuntimeError):
        answer(cast, call, RIGHT)
    assert fresh(cast, call).tries == 1


def test_the_audit_has_nothing_to_say_of_calls(cast: Cast) -> None:
    for turn, msisdn in enumerate((LI_WEI_MSISDN, FREE_MSISDN)):
        call = begun(cast, msisdn, channel=str(turn))
        calls.declare(cast.base, call_id=call.id, policy=cast.policy)
        answer(cast, call, RIGHT)
        calls.want_agent(cast.base, call_id=call.id, stage="receipt")
        calls.hang_up(cast.base, call_id=call.id)
    calls.finish(cast.base, call_id=begun(cast, channel="last").id, outcome="nothing")
    cast.work()
    sequence(cast.base)
    assert audit(cast.base).broken == ()
