"""The agent's call: taken once, opened by hand, its number and declaration, stopped on the caller's word, finished."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from itertools import pairwise

import pytest

from lastcall.core.audit.event import Event
from lastcall.core.audit.privacy import personal
from lastcall.core.closing.case import Case
from lastcall.core.closing.find import find_case
from lastcall.core.closing.link import words_of
from lastcall.core.errors import BadInput, Conflict, NotAllowed, NotFound
from lastcall.core.hotline import agents, calls, guiding
from lastcall.core.hotline.asking import Asking
from lastcall.core.hotline.call import Call
from lastcall.core.hotline.keypad import spoken_reference
from lastcall.core.staff.opening import Opening
from lastcall.site.periodic import keep_up
from tests.cast import ANNA_MSISDN, FREE_MSISDN, LI_WEI_MSISDN, Cast
from tests.core.hotline.calling import TAMARA, TIMUR, Hotline
from tests.core.tools import change, nothing_changes, only, race, refused, some, winners


@pytest.fixture
def hotline(cast: Cast) -> Hotline:
    """The cast on the phone."""
    return Hotline(cast)


def in_line(cast: Cast, *languages: str) -> list[int]:
    return [call.id for call in cast.base.transact(lambda rows: agents.waiting(rows, languages=languages))]


def test_the_oldest_comes_first_and_the_agents_languages_before_the_others(cast: Cast, hotline: Hotline) -> None:
    made = []
    for language in ("ru", "zh-hans", "ru", "en"):
        made.append(hotline.queued(language=language).id)
        cast.time.advance(timedelta(minutes=1))
    assert in_line(cast) == made
    assert in_line(cast, "zh-hans", "en") == [made[1], made[3], made[0], made[2]]


def test_a_call_is_taken_and_leaves_the_queue(cast: Cast, hotline: Hotline) -> None:
    waiting = hotline.queued()
    call = agents.take(cast.base, call_id=waiting.id, actor=TIMUR)
    assert (call.state, call.agent, call.taken_at) == ("with_agent", "timur", cast.time.now())
    assert in_line(cast) == []
    with nothing_changes():
        assert agents.take(cast.base, call_id=waiting.id, actor=TIMUR) == call


def test_what_one_agent_has_another_cannot_take(cast: Cast, hotline: Hotline) -> None:
    call = hotline.taken()
    with refused("conflict", Conflict):
        agents.take(cast.base, call_id=call.id, actor=TAMARA)


def test_two_agents_at_once_never_get_the_same_call(cast: Cast, hotline: Hotline) -> None:
    waiting = hotline.queued()
    outcomes = race(*(partial(agents.take, cast.base, call_id=waiting.id, actor=actor) for actor in (TIMUR, TAMARA)))
    [won] = winners(outcomes)
    assert only(cast.base, Call, id=waiting.id).agent == won.agent


def test_an_agent_has_one_call_at_a_time_even_when_two_are_clicked_at_once(cast: Cast, hotline: Hotline) -> None:
    first, second = hotline.queued(), hotline.queued(LI_WEI_MSISDN)
    outcomes = race(*(partial(agents.take, cast.base, call_id=call.id, actor=TIMUR) for call in (first, second)))
    assert len(winners(outcomes)) == 1
    assert len(some(cast.base, Call, state="with_agent")) == 1
    left = next(call for call in (first, second) if only(cast.base, Call, id=call.id).state == "queued")
    with refused("busy"):
        agents.take(cast.base, call_id=left.id, actor=TIMUR)


def test_a_caller_who_hung_up_cannot_be_taken_and_is_shown_as_gone(cast: Cast, hotline: Hotline) -> None:
    call = hotline.queued()
    calls.hang_up(cast.base, call_id=call.id)
    with refused("not_allowed", NotAllowed):
        agents.take(cast.base, call_id=call.id, actor=TIMUR)
    assert [row.id for row in cast.base.transact(agents.gone_lately)] == [call.id]
    cast.time.advance(timedelta(minutes=16))
    assert cast.base.transact(agents.gone_lately) == ()


def test_a_call_past_the_menu_is_opened_by_hand_once_a_click(cast: Cast) -> None:
    call = agents.open_by_hand(cast.base, language="zh-hans", key="a click", actor=TIMUR)
    assert (call.state, call.agent, call.language, call.claimed_msisdn) == ("with_agent", "timur", "zh-hans", None)
    with nothing_changes():
        assert agents.open_by_hand(cast.base, language="zh-hans", key="a click", actor=TIMUR) == call
    with refused("busy"):
        agents.open_by_hand(cast.base, language="ru", key="another", actor=TIMUR)
    with refused("bad_language", BadInput):
        agents.open_by_hand(cast.base, language="xx", key="another", actor=TAMARA)


def test_the_agent_takes_the_number_and_the_declaration_when_the_menu_did_not(cast: Cast) -> None:
    call = agents.open_by_hand(cast.base, language="ru", key="a click", actor=TIMUR)
    with refused("no_number"):
        agents.declare(cast.base, call_id=call.id, policy=cast.policy, actor=TIMUR)
    agents.claim_number(cast.base, call_id=call.id, typed="8 900 000-10-02", actor=TIMUR)
    declared = agents.declare(cast.base, call_id=call.id, policy=cast.policy, actor=TIMUR)
    case = only(cast.base, Case, id=declared.case_id)
    assert (case.claimed_msisdn, case.door, case.opener, case.language) == (ANNA_MSISDN, "hotline", "agent:timur", "ru")
    with nothing_changes():
        assert agents.declare(cast.base, call_id=call.id, policy=cast.policy, actor=TIMUR) == declared


def test_a_door_that_is_closed_to_declarations_receives_none(cast: Cast, hotline: Hotline) -> None:
    hotline.set_policy(termination_intake_doors=("text",))
    call = hotline.taken(declared=False)
    assert guiding.may_do(cast.policy) == "closed"
    with refused("door_closed"):
        agents.declare(cast.base, call_id=call.id, policy=cast.policy, actor=TIMUR)


@pytest.mark.parametrize(("typed", "code"), [("12", "malformed_number"), ("+86 138 0013 8000", "foreign_number")])
def test_what_is_no_number_is_not_taken(cast: Cast, typed: str, code: str) -> None:
    call = agents.open_by_hand(cast.base, language="ru", key="a click", actor=TIMUR)
    with refused(code, BadInput):
        agents.claim_number(cast.base, call_id=call.id, typed=typed, actor=TIMUR)


def test_once_something_was_declared_the_call_stays_with_its_number(cast: Cast, hotline: Hotline) -> None:
    call = hotline.taken()
    with refused("number_settled"):
        agents.claim_number(cast.base, call_id=call.id, typed=f"+{LI_WEI_MSISDN}", actor=TIMUR)


def test_the_closing_whose_reference_is_quoted_is_taken_up(cast: Cast, hotline: Hotline) -> None:
    receipt = cast.declare(ANNA_MSISDN)
    for quoted in (receipt.reference, spoken_reference(receipt.kept)):
        call = hotline.taken(declared=False)
        found = agents.quote(cast.base, call_id=call.id, typed=quoted, policy=cast.policy, actor=TIMUR)
        assert found is not None
        assert found.case_id == receipt.case_id
        with refused("number_settled"):
            agents.quote(cast.base, call_id=call.id, typed=quoted, policy=cast.policy, actor=TIMUR)
        agents.finish(cast.base, call_id=call.id, outcome="other", actor=TIMUR)


def test_guessed_references_and_those_of_other_numbers_find_nothing_and_are_counted(
    cast: Cast, hotline: Hotline
) -> None:
    other = cast.declare(LI_WEI_MSISDN)
    call = hotline.taken(declared=False)
    for guess in ("12345678", other.reference, spoken_reference(other.kept)):
        assert agents.quote(cast.base, call_id=call.id, typed=guess, policy=cast.policy, actor=TIMUR) is None
    assert hotline.fresh(call).tries == 3
    own = cast.declare(ANNA_MSISDN)
    with refused("too_many_references"):
        agents.quote(cast.base, call_id=call.id, typed=own.reference, policy=cast.policy, actor=TIMUR)


def test_this_was_not_me_freezes_whatever_closing_the_number_has(cast: Cast, hotline: Hotline) -> None:
    stranger = cast.declare(ANNA_MSISDN)
    call = hotline.taken(declared=False)
    agents.stop(cast.base, call_id=call.id, actor=TIMUR)
    assert cast.case(stranger).frozen_at == cast.time.now()
    agents.stop(cast.base, call_id=call.id, actor=TIMUR)


def test_this_was_not_me_says_nothing_where_there_is_nothing_to_stop(cast: Cast, hotline: Hotline) -> None:
    call = hotline.taken(FREE_MSISDN, declared=False)
    agents.stop(cast.base, call_id=call.id, actor=TIMUR)
    agents.finish(cast.base, call_id=call.id, outcome="stopped", actor=TIMUR)
    cast.ceasing(cast.anna)
    case = only(cast.base, Case, state="ceasing")
    change(cast.base, Case, case.id, effect_attempted_at=cast.time.now())
    late = hotline.taken(declared=False)
    agents.stop(cast.base, call_id=late.id, actor=TIMUR)
    assert only(cast.base, Case, id=case.id).frozen_at is None


def test_finished_it_closes_what_it_opened(cast: Cast, hotline: Hotline) -> None:
    call = hotline.taken()
    opening = hotline.opened(call, cast.anna)
    done = agents.finish(cast.base, call_id=call.id, outcome="guided", actor=TIMUR)
    assert (done.state, done.outcome, done.over_at) == ("done", "guided", cast.time.now())
    assert only(cast.base, Opening, id=opening.id).closed_at == cast.time.now()
    with nothing_changes():
        assert agents.finish(cast.base, call_id=call.id, outcome="to_shop", actor=TIMUR) == done


def test_finished_amid_the_questions_they_are_given_up(cast: Cast, hotline: Hotline) -> None:
    call = hotline.taken()
    hotline.ask(call, "4510 123456")
    agents.finish(cast.base, call_id=call.id, outcome="hung_up", actor=TIMUR)
    assert only(cast.base, Asking, call_id=call.id).outcome == "given_up"


def test_an_outcome_is_one_of_the_words(cast: Cast, hotline: Hotline) -> None:
    call = hotline.taken()
    with refused("bad_outcome", BadInput):
        agents.finish(cast.base, call_id=call.id, outcome="whatever", actor=TIMUR)
    with refused("bad_outcome", BadInput):
        agents.finish(cast.base, call_id=call.id, outcome="no_answer", actor=TIMUR)


def test_somebody_elses_call_is_as_if_it_were_none(cast: Cast, hotline: Hotline) -> None:
    call = hotline.taken()
    acts = (
        partial(agents.claim_number, typed=f"+{ANNA_MSISDN}"),
        partial(agents.declare, policy=cast.policy),
        partial(agents.quote, typed="12345678", policy=cast.policy),
        agents.stop,
        partial(agents.finish, outcome="other"),
    )
    for act in acts:
        with refused("not_found", NotFound):
            act(cast.base, call_id=call.id, actor=TAMARA)
    agents.finish(cast.base, call_id=call.id, outcome="other", actor=TIMUR)
    for act in acts[:-1]:
        with refused("not_found", NotFound):
            act(cast.base, call_id=call.id, actor=TIMUR)


def test_some_time_after_the_caller_hung_up_the_call_and_its_file_are_closed(cast: Cast, hotline: Hotline) -> None:
    call = hotline.taken()
    opening = hotline.opened(call, cast.anna)
    calls.hang_up(cast.base, call_id=call.id)
    cast.time.advance(timedelta(minutes=cast.policy.hotline_wrap_up_minutes - 1))
    assert agents.end_left_calls(cast.base, policy=cast.policy) == 0
    cast.time.advance(timedelta(minutes=1))
    assert agents.end_left_calls(cast.base, policy=cast.policy) == 1
    assert hotline.fresh(call).outcome == "hung_up"
    assert only(cast.base, Opening, id=opening.id).closed_at is not None
    assert agents.end_left_calls(cast.base, policy=cast.policy) == 0


def test_the_worker_ends_the_calls_that_were_left(cast: Cast, hotline: Hotline) -> None:
    call = hotline.taken()
    calls.hang_up(cast.base, call_id=call.id)
    cast.time.advance(timedelta(hours=1))
    keep_up(cast.base)
    assert hotline.fresh(call).state == "done"


def test_events_of_a_call_hold_nothing_personal_and_fold_to_its_state(cast: Cast, hotline: Hotline) -> None:
    call = hotline.taken(declared=False)
    agents.declare(cast.base, call_id=call.id, policy=cast.policy, actor=TIMUR)
    hotline.ask(call, "4512 999888", "Сергей Кузнецов")
    hotline.opened(call, cast.anna)
    agents.finish(cast.base, call_id=call.id, outcome="guided", actor=TIMUR)
    events = sorted(some(cast.base, Event, subject="call", subject_id=call.id), key=lambda event: event.id)
    assert [event for event in events if personal(event)] == []
    assert [event.target for event in events if event.source != event.target] == [
        "menu",
        "queued",
        "with_agent",
        "done",
    ]
    for before, then in pairwise(events):
        assert before.target == then.source


def test_the_words_of_the_case_open_it_on_the_web(cast: Cast, hotline: Hotline) -> None:
    """What the agent never sees is what the caller's link holds."""
    case = hotline.case(hotline.taken())
    reference, secret = cast.base.transact(lambda rows: words_of(rows, case))
    assert find_case(cast.base, reference=reference, secret=secret).id == case.id
