"""Tickets: taken, called, called again, passed on, given up, left; never by two clerks, never on another day."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import partial

import pytest

from lastcall.core.actor import Actor
from lastcall.core.audit.event import Event
from lastcall.core.counter import calls, kiosk, windows
from lastcall.core.counter.period import Period
from lastcall.core.counter.ticket import Ticket
from lastcall.core.errors import BadInput, LastcallError, NotAllowed, NotFound, Refused
from tests.core.counter.conftest import OLEG, OLGA, PAVEL, Counter
from tests.core.tools import race, winners


def test_tickets_are_numbered_by_purpose_and_day(counter: Counter) -> None:
    labels = [counter.take(purpose=purpose).ticket.label for purpose in ("close_line", "close_line", "pay", "ask")]
    assert labels == ["A001", "A002", "B001", "C001"]
    counter.cast.time.advance(timedelta(days=1))
    assert counter.take().ticket.label == "A001"


def test_two_kiosks_never_give_out_the_same_ticket(counter: Counter) -> None:
    issued = winners(race(*[counter.take] * 4))
    assert sorted(each.ticket.label for each in issued) == ["A001", "A002", "A003", "A004"]


def test_the_visitors_page_tells_the_place_and_the_wait(counter: Counter) -> None:
    first, second = counter.take(), counter.take()
    place = kiosk.look(counter.base, shop_code="centre", token=second.token)
    assert (place.ahead, place.minutes) == (1, None)
    counter.sit()
    assert kiosk.look(counter.base, shop_code="centre", token=first.token).minutes == 0
    counter.called()
    assert kiosk.look(counter.base, shop_code="centre", token=second.token).ahead == 0


def test_the_wait_is_guessed_from_the_latest_visits(counter: Counter) -> None:
    counter.sit()
    for _ in range(3):
        counter.take()
        ticket = counter.called()
        calls.begin(counter.base, ticket_id=ticket.id, actor=OLGA)
        counter.cast.time.advance(timedelta(minutes=9))
        calls.finish(counter.base, ticket_id=ticket.id, actor=OLGA)
    counter.take()
    counter.called()
    waiting = counter.take()
    assert kiosk.look(counter.base, shop_code="centre", token=waiting.token).minutes == 10


@pytest.mark.parametrize(("shop", "token"), [("north", ""), ("centre", "0" * 20), ("nowhere", "")])
def test_no_page_opens_with_another_shop_or_token(counter: Counter, shop: str, token: str) -> None:
    issued = counter.take()
    with pytest.raises(NotFound, match="no such ticket"):
        kiosk.look(counter.base, shop_code=shop, token=token or issued.token)


def test_one_device_cannot_flood_the_queue(counter: Counter) -> None:
    for _ in range(counter.cast.policy.counter_tickets_per_10_minutes):
        counter.take()
    with pytest.raises(Refused) as refusal:
        counter.take()
    assert refusal.value.code == "too_many_tickets"
    counter.cast.time.advance(timedelta(minutes=10))
    assert counter.take().ticket.state == "waiting"


@pytest.mark.parametrize(
    ("purpose", "language", "code"), [("robbery", "ru", "bad_purpose"), ("pay", "fr", "bad_language")]
)
def test_a_ticket_is_for_a_purpose_in_a_language_of_ours(
    counter: Counter, purpose: str, language: str, code: str
) -> None:
    with pytest.raises(BadInput) as refusal:
        counter.take(purpose=purpose, language=language)
    assert refusal.value.code == code


def test_the_one_who_waits_longest_is_called_first(counter: Counter) -> None:
    first = counter.take().ticket
    counter.take()
    counter.sit()
    ticket = counter.called()
    assert (ticket.id, ticket.state, ticket.clerk, ticket.window) == (first.id, "called", "olga", "3")
    assert [call.label for call in kiosk.screen(counter.base, shop_code="centre")] == ["A001"]


def test_a_clerk_calls_by_purpose_and_language(counter: Counter) -> None:
    counter.take(language="ru")
    wanted = counter.take(purpose="pay", language="zh-hans").ticket
    counter.sit()
    found = calls.call_next(
        counter.base, shop_id=counter.shop.id, actor=OLGA, purposes=("pay", "ask"), languages=("zh-hans",)
    )
    assert found is not None and found.id == wanted.id


def test_an_empty_queue_calls_nobody(counter: Counter) -> None:
    counter.sit()
    assert calls.call_next(counter.base, shop_id=counter.shop.id, actor=OLGA) is None


def test_two_calls_at_once_are_both_on_the_screen(counter: Counter) -> None:
    counter.take()
    counter.take()
    counter.sit()
    counter.sit(PAVEL, "4")
    counter.called(), counter.called(PAVEL)
    shown = {(call.label, call.window) for call in kiosk.screen(counter.base, shop_code="centre")}
    assert shown == {("A001", "3"), ("A002", "4")}


def test_two_clerks_never_get_the_same_ticket(counter: Counter) -> None:
    counter.take()
    counter.sit()
    counter.sit(PAVEL, "4")
    call = [partial(calls.call_next, counter.base, shop_id=counter.shop.id, actor=actor) for actor in (OLGA, PAVEL)]
    assert sorted(ticket is not None for ticket in winners(race(*call))) == [False, True]


def test_a_certain_ticket_is_called_once(counter: Counter) -> None:
    counter.take()
    wanted = counter.take().ticket
    counter.sit()
    counter.sit(PAVEL, "4")
    calls.call(counter.base, shop_id=counter.shop.id, ticket_id=wanted.id, actor=OLGA)
    with pytest.raises(NotAllowed):
        calls.call(counter.base, shop_id=counter.shop.id, ticket_id=wanted.id, actor=PAVEL)


def test_a_ticket_of_another_shop_is_not_called(counter: Counter) -> None:
    elsewhere = counter.take(shop="north").ticket
    counter.sit()
    assert calls.call_next(counter.base, shop_id=counter.shop.id, actor=OLGA) is None
    with pytest.raises(NotFound):
        calls.call(counter.base, shop_id=counter.shop.id, ticket_id=elsewhere.id, actor=OLGA)


def test_a_ticket_of_yesterday_is_over(counter: Counter) -> None:
    issued = counter.take()
    counter.cast.time.advance(timedelta(days=1))
    counter.sit()
    assert calls.call_next(counter.base, shop_id=counter.shop.id, actor=OLGA) is None
    assert kiosk.look(counter.base, shop_code="centre", token=issued.token).ticket.state == "left"
    with pytest.raises(NotFound):
        calls.call(counter.base, shop_id=counter.shop.id, ticket_id=issued.ticket.id, actor=OLGA)


def test_yesterdays_visit_does_not_keep_a_clerk_from_todays(counter: Counter) -> None:
    stale = counter.serving()
    counter.cast.time.advance(timedelta(days=1))
    counter.take()
    counter.sit()
    assert counter.called().label == "A001"
    assert counter.read(stale).state == "done"


def test_who_sits_at_no_window_calls_nobody(counter: Counter) -> None:
    counter.take()
    with pytest.raises(Refused) as refusal:
        calls.call_next(counter.base, shop_id=counter.shop.id, actor=OLGA)
    assert refusal.value.code == "no_window"


def test_a_clerk_has_one_visitor_at_a_time(counter: Counter) -> None:
    counter.serving()
    counter.take()
    acts: list[Callable[[], object]] = [
        lambda: calls.call_next(counter.base, shop_id=counter.shop.id, actor=OLGA),
        lambda: windows.rise(counter.base, actor=OLGA),
        lambda: counter.sit(window="9"),
    ]
    for refused in acts:
        with pytest.raises(Refused) as refusal:
            refused()
        assert refusal.value.code == "still_serving"


def test_nobody_sits_where_a_colleague_sits(counter: Counter) -> None:
    counter.sit()
    with pytest.raises(Refused) as refusal:
        counter.sit(PAVEL)
    assert refusal.value.code == "window_taken"
    windows.rise(counter.base, actor=OLGA)
    counter.sit(PAVEL)
    assert calls.window_of(counter.base, shop_id=counter.shop.id, actor=PAVEL) == "3"


@pytest.mark.parametrize("window", ["", "A-1", "1234", "окно"])
def test_a_window_has_a_short_name(counter: Counter, window: str) -> None:
    with pytest.raises(BadInput) as refusal:
        counter.sit(window=window)
    assert refusal.value.code == "bad_window"


def test_who_is_called_again_is_announced_again(counter: Counter) -> None:
    counter.take()
    counter.sit()
    ticket = counter.called()
    calls.recall(counter.base, ticket_id=ticket.id, actor=OLGA)
    assert [call.times for call in kiosk.screen(counter.base, shop_code="centre")] == [2]
    calls.begin(counter.base, ticket_id=ticket.id, actor=OLGA)
    assert kiosk.screen(counter.base, shop_code="centre") == ()
    with pytest.raises(NotAllowed):
        calls.recall(counter.base, ticket_id=ticket.id, actor=OLGA)


def test_who_does_not_come_is_not_called_any_more(counter: Counter) -> None:
    counter.take()
    counter.sit()
    ticket = counter.called()
    assert calls.no_show(counter.base, ticket_id=ticket.id, actor=OLGA).state == "no_show"
    with pytest.raises(NotFound):
        calls.begin(counter.base, ticket_id=ticket.id, actor=OLGA)


@pytest.mark.parametrize("act", [calls.recall, calls.begin, calls.no_show, calls.finish, calls.transfer])
@pytest.mark.parametrize("actor", [PAVEL, OLEG])
def test_a_colleagues_ticket_is_not_ones_own(counter: Counter, act: Callable[..., Ticket], actor: Actor) -> None:
    counter.take()
    counter.sit()
    ticket = counter.called()
    with pytest.raises(NotFound):
        act(counter.base, ticket_id=ticket.id, actor=actor)


def test_a_visitor_is_passed_on_and_keeps_their_place(counter: Counter) -> None:
    first = counter.serving()
    counter.take(purpose="pay")
    calls.transfer(counter.base, ticket_id=first.id, actor=OLGA, purpose="pay")
    again = calls.call_next(counter.base, shop_id=counter.shop.id, actor=OLGA, purposes=("pay",))
    assert again is not None and (again.id, again.label, again.calls) == (first.id, "A001", 2)


def test_a_visitor_is_passed_on_to_one_window_alone(counter: Counter) -> None:
    first = counter.serving()
    counter.sit(PAVEL, "4")
    calls.transfer(counter.base, ticket_id=first.id, actor=OLGA, window="4")
    assert calls.call_next(counter.base, shop_id=counter.shop.id, actor=OLGA) is None
    assert counter.called(PAVEL).id == first.id


@pytest.mark.parametrize(("window", "purpose", "code"), [("77", "", "bad_window"), ("", "close_line", "same_place")])
def test_a_visitor_is_passed_on_to_somewhere_else(counter: Counter, window: str, purpose: str, code: str) -> None:
    ticket = counter.serving()
    with pytest.raises(LastcallError) as refusal:
        calls.transfer(counter.base, ticket_id=ticket.id, actor=OLGA, window=window, purpose=purpose)
    assert refusal.value.code == code


def test_a_visitor_may_leave_until_the_visit_begins(counter: Counter) -> None:
    issued = counter.take()
    for _ in range(2):
        assert kiosk.leave(counter.base, shop_code="centre", token=issued.token).state == "left"
    ticket = counter.serving()
    token = counter.take().token
    calls.finish(counter.base, ticket_id=ticket.id, actor=OLGA)
    calls.begin(counter.base, ticket_id=counter.called().id, actor=OLGA)
    with pytest.raises(NotAllowed):
        kiosk.leave(counter.base, shop_code="centre", token=token)


def test_waiting_and_handling_time_can_be_read_from_the_rows(counter: Counter) -> None:
    counter.take()
    counter.sit()
    counter.cast.time.advance(timedelta(minutes=4))
    ticket = counter.called()
    counter.cast.time.advance(timedelta(minutes=1))
    calls.begin(counter.base, ticket_id=ticket.id, actor=OLGA)
    counter.cast.time.advance(timedelta(minutes=7))
    calls.finish(counter.base, ticket_id=ticket.id, actor=OLGA)
    found = counter.base.transact(lambda rows: rows.some(Period, {"ticket_id": ticket.id}, order="id"))
    spent = [(each.kind, (each.until - each.since) if each.until else None) for each in found]
    assert spent == [
        ("waiting", timedelta(minutes=4)), ("called", timedelta(minutes=1)), ("serving", timedelta(minutes=7))
    ]  # fmt: skip


def test_every_change_of_state_is_one_event(counter: Counter) -> None:
    ticket = counter.serving()
    calls.finish(counter.base, ticket_id=ticket.id, actor=OLGA)
    found = counter.base.transact(
        lambda rows: rows.some(Event, {"subject": "ticket", "subject_id": ticket.id}, order="id")
    )
    assert [(event.source, event.target) for event in found] == [
        ("", "waiting"), ("waiting", "called"), ("called", "serving"), ("serving", "done")
    ]  # fmt: skip
