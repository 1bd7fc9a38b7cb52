"""Guiding: only with the file open; the link to a contact on file, the call-back, taking it back; the call-backs of a day."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

import pytest
from django.conf import settings

from lastcall.core.audit.event import Event
from lastcall.core.closing import callbacks, links
from lastcall.core.closing.callback import Callback
from lastcall.core.closing.link import case_link
from lastcall.core.closing.link_copy import LinkCopy
from lastcall.core.errors import BadInput, Conflict, NotFound
from lastcall.core.hotline import agents, calling_back, guiding, phrases
from lastcall.core.hotline.attempt import Attempt
from lastcall.core.hotline.call import Call
from lastcall.core.policies.load import load
from lastcall.core.ports import Message
from lastcall.core.subscribers.file import put_contact_on_file
from tests.cast import ANNA_MSISDN, FREE_MSISDN, OLGA, ON_THE_WEB, Cast
from tests.core.hotline.calling import TAMARA, TIMUR, Hotline
from tests.core.tools import nothing_changes, only, race, refused, some, winners

HOST = "close.example.org"


@pytest.fixture
def hotline(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> Hotline:
    """The cast on the phone, of an installation with a site."""
    monkeypatch.setattr(settings, "LASTCALL_PUBLIC_HOST", HOST)
    return Hotline(cast)


@pytest.fixture
def call(cast: Cast, hotline: Hotline) -> Call:
    """Anna's call, her file open to Timur."""
    made = hotline.taken()
    hotline.opened(made, cast.anna)
    return made


def guide(cast: Cast, call: Call) -> guiding.Guide:
    return guiding.guide(cast.base, call_id=call.id, billing=cast.elements.billing, actor=TIMUR)


def send(cast: Cast, call: Call, channel: str = "line", turn: int = 0) -> LinkCopy:
    return guiding.send_link(cast.base, call_id=call.id, channel=channel, turn=turn, actor=TIMUR)


def messages(cast: Cast, kind: str = "sms") -> list[Message]:
    """What was sent with a link."""
    outbox = cast.elements.messengers[kind]
    return [text for text in outbox.messages() if HOST in text.text]  # type: ignore[attr-defined]


def test_the_agent_sees_what_is_missing_what_comes_next_and_the_bill(cast: Cast, call: Call) -> None:
    cast.work()
    found = guide(cast, call)
    assert "identity_missing" in [missing.reason for missing in found.story.missing]
    assert [ahead.code for ahead in found.story.ahead] == ["lapse"]
    assert found.bill["refund"] == 35_050
    assert found.channels == ("line", "mail")
    assert not found.proved


def test_before_the_answers_nothing_is_there_to_be_seen_or_done(cast: Cast, hotline: Hotline) -> None:
    call = hotline.taken()
    base, start = cast.base, cast.time.now() + timedelta(days=1)
    for act in (
        partial(guide, cast, call),
        partial(send, cast, call),
        partial(guiding.book, base, call_id=call.id, start=start, actor=TIMUR),
        partial(guiding.withdraw, base, call_id=call.id, actor=TIMUR),
    ):
        with refused("not_open", NotFound):
            act()


def test_the_link_goes_to_the_lines_own_number_in_the_callers_language(
    cast: Cast, hotline: Hotline, call: Call
) -> None:
    send(cast, call)
    cast.work()
    [message] = messages(cast)
    assert message.address == f"+{ANNA_MSISDN}"
    assert message.language == "ru"
    assert cast.base.transact(lambda rows: case_link(rows, hotline.case(call))) in message.text
    assert only(cast.base, LinkCopy).sent_at == cast.time.now()
    cast.work()
    assert len(messages(cast)) == 1


def test_one_click_sends_one_link_and_another_click_another(cast: Cast, call: Call) -> None:
    first = send(cast, call)
    with nothing_changes():
        assert send(cast, call) == first
    send(cast, call, turn=1)
    cast.work()
    assert len(messages(cast)) == 2


def test_two_clicks_at_once_send_one_link(cast: Cast, call: Call) -> None:
    outcomes = race(*(partial(send, cast, call) for _ in range(2)))
    assert len({copy.id for copy in winners(outcomes)}) == 1
    assert len(some(cast.base, LinkCopy)) == 1


def test_a_contact_gets_so_many_links_a_day(cast: Cast, call: Call) -> None:
    for turn in range(cast.policy.hotline_links_per_day):
        send(cast, call, turn=turn)
    with refused("too_many_links"):
        send(cast, call, turn=9)
    send(cast, call, "mail", turn=9)


def test_a_contact_that_came_on_file_lately_gets_no_link(cast: Cast, call: Call) -> None:
    put_contact_on_file(
        cast.base, subscriber_id=cast.anna.subscriber.id, kind="sms", address="+79000009999", actor=OLGA
    )
    assert "sms" not in guide(cast, call).channels
    with refused("no_such_contact"):
        send(cast, call, "sms")
    with refused("bad_channel", BadInput):
        send(cast, call, "+79000009999")


def test_without_a_site_there_is_no_link(cast: Cast, call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "LASTCALL_PUBLIC_HOST", "")
    with refused("no_public_host"):
        send(cast, call)


def test_the_event_tells_that_a_link_was_asked_for_and_not_which(cast: Cast, hotline: Hotline, call: Call) -> None:
    send(cast, call)
    event = only(cast.base, Event, kind="case.link_asked")
    assert (event.actor, event.data) == ("agent:timur", {"channel": "line"})


def test_a_call_back_is_booked_once_identity_is_proved(cast: Cast, hotline: Hotline, call: Call) -> None:
    case = hotline.case(call)
    slot = callbacks.slots(cast.base, case_id=case.id)[0]
    with refused("identity_missing"):
        guiding.book(cast.base, call_id=call.id, start=slot.start, actor=TIMUR)
    hotline.ask(call, "4510 123456", kind="code")
    hotline.answer(call, "code", hotline.code(call))
    made = guiding.book(cast.base, call_id=call.id, start=slot.start, actor=TIMUR)
    assert (made.start, made.language) == (slot.start, "ru")
    assert guide(cast, call).callback == made


def test_the_declaration_is_taken_back_at_the_callers_word_and_only_until_it_is_too_late(
    cast: Cast, hotline: Hotline, call: Call
) -> None:
    assert guiding.withdraw(cast.base, call_id=call.id, actor=TIMUR).state == "withdrawn"
    with refused("not_allowed"):
        guiding.withdraw(cast.base, call_id=call.id, actor=TIMUR)


def test_another_agent_sees_and_does_nothing_with_it(cast: Cast, call: Call) -> None:
    with refused("not_found", NotFound):
        guiding.guide(cast.base, call_id=call.id, billing=cast.elements.billing, actor=TAMARA)
    with refused("not_found", NotFound):
        guiding.send_link(cast.base, call_id=call.id, channel="line", turn=0, actor=TAMARA)


@pytest.mark.parametrize(
    ("acts", "intake", "expected"),
    [(("hotline",), ("text",), "act"), (("store",), ("hotline",), "intake"), (("store",), ("text",), "closed")],
)
def test_what_a_call_may_do_is_the_policys(
    hotline: Hotline, acts: tuple[str, ...], intake: tuple[str, ...], expected: str
) -> None:
    hotline.set_policy(termination_act_doors=acts, termination_intake_doors=intake)
    assert guiding.may_do(hotline.policy) == expected


def booked_for_today(cast: Cast) -> Callback:
    """Anna proved herself on the web and booked a call for the day; it is that day, an hour before."""
    receipt = cast.declare(ANNA_MSISDN)
    cast.prove_remotely(receipt, cast.anna)
    slot = callbacks.slots(cast.base, case_id=receipt.case_id)[-1]
    made = callbacks.book(cast.base, case_id=receipt.case_id, start=slot.start, language="ru", actor=ON_THE_WEB)
    cast.time.advance(slot.start - timedelta(hours=1) - cast.time.now())
    return made


def due(cast: Cast) -> list[tuple[int, str, str]]:
    found = cast.base.transact(calling_back.due_today)
    return [(row.callback.id, row.state, row.agent) for row in found]


def test_a_call_back_of_today_is_taken_and_becomes_a_call(cast: Cast, hotline: Hotline) -> None:
    row = booked_for_today(cast)
    assert due(cast) == [(row.id, "due", "")]
    call = calling_back.take(cast.base, callback_id=row.id, actor=TIMUR)
    assert (call.state, call.case_id, call.language) == ("with_agent", row.case_id, "ru")
    assert cast.base.transact(lambda rows: calling_back.number_to_call(rows, call)) == ANNA_MSISDN
    assert due(cast) == [(row.id, "taken", "timur")]
    with nothing_changes():
        assert calling_back.take(cast.base, callback_id=row.id, actor=TIMUR) == call
    with refused("conflict", Conflict):
        calling_back.take(cast.base, callback_id=row.id, actor=TAMARA)
    hotline.opened(call, cast.anna)
    agents.finish(cast.base, call_id=call.id, outcome="guided", actor=TIMUR)
    assert due(cast) == [(row.id, "called", "timur")]
    with refused("called_already"):
        calling_back.take(cast.base, callback_id=row.id, actor=TAMARA)


def test_nobody_answered_and_it_can_be_taken_again(cast: Cast, hotline: Hotline) -> None:
    row = booked_for_today(cast)
    call = calling_back.take(cast.base, callback_id=row.id, actor=TIMUR)
    agents.finish(cast.base, call_id=call.id, outcome="no_answer", actor=TIMUR)
    assert due(cast) == [(row.id, "no_answer", "timur")]
    calling_back.take(cast.base, callback_id=row.id, actor=TAMARA)
    assert due(cast) == [(row.id, "taken", "tamara")]
    assert len(some(cast.base, Attempt)) == 2


def test_two_agents_at_once_do_not_both_call(cast: Cast, hotline: Hotline) -> None:
    row = booked_for_today(cast)
    outcomes = race(*(partial(calling_back.take, cast.base, callback_id=row.id, actor=who) for who in (TIMUR, TAMARA)))
    assert len(winners(outcomes)) == 1


def test_a_call_back_of_another_day_or_called_off_is_not_there(cast: Cast, hotline: Hotline) -> None:
    row = booked_for_today(cast)
    cast.time.advance(timedelta(days=1))
    assert due(cast) == []
    with refused("not_found", NotFound):
        calling_back.take(cast.base, callback_id=row.id, actor=TIMUR)


def test_only_the_agent_of_a_call_back_reads_the_number_to_dial(cast: Cast, hotline: Hotline) -> None:
    call = hotline.taken()
    assert cast.base.transact(lambda rows: calling_back.number_to_call(rows, call)) is None


def test_cards_say_what_is_missing_in_both_languages(cast: Cast, call: Call) -> None:
    cast.work()
    found = guide(cast, call)
    said = phrases.after(found.story, found.bill, "zh-hans", "ru", shops="Centre")
    codes = [card.code for card in said]
    assert {"identity_missing", "offer_link", "shops", "would_refund"} <= set(codes)
    assert all(card.theirs and card.own for card in said)
    assert "Centre" in next(card.theirs for card in said if card.code == "shops")
    assert "350" in next(card.own for card in said if card.code == "would_refund")
    sent = [card.code for card in phrases.after(found.story, {}, "ru", "ru", links=1, may_book=True)]
    assert {"link_sent", "offer_callback"} <= set(sent)
    assert not {"offer_link", "shops", "would_refund"} & set(sent)


def test_cards_follow_the_call(cast: Cast) -> None:
    def codes(**how: object) -> tuple[str, ...]:
        usual: dict[str, object] = {
            "number": True, "declared": True, "locked": False, "question": "", "may_do": "intake", "outcome": "",
        }  # fmt: skip
        return phrases.before(**(usual | how))  # type: ignore[arg-type]

    assert codes(number=False) == ("greeting", "ask_number")
    assert codes(declared=False)[0] == "declare_intake"
    assert codes(question="name") == ("ask_name",)
    assert codes(outcome="wrong")[0] == "answers_wrong"
    assert codes(locked=True)[0] == "locked"


def test_frauds_are_warned_of_in_the_packs_own_words(cast: Cast) -> None:
    pack = load("demo", on=cast.time.now().date())
    warned = phrases.warnings(pack, "zh-hans", "ru")
    assert warned[0].theirs == pack.entry(warned[0].code).value["advice"]["zh-hans"]
    assert all(pack.entry(card.code).is_confirmed for card in warned)


def test_a_link_is_not_sent_after_the_file_was_closed(cast: Cast, call: Call) -> None:
    agents.finish(cast.base, call_id=call.id, outcome="guided", actor=TIMUR)
    with refused("not_found", NotFound):
        send(cast, call)


def test_a_case_without_a_line_has_no_contact_for_its_link(cast: Cast, hotline: Hotline) -> None:
    """Its declarant has the words already, from the receipt."""
    receipt = cast.declare(FREE_MSISDN)
    assert cast.base.transact(lambda rows: links.channels(rows, cast.case(receipt))) == ()
