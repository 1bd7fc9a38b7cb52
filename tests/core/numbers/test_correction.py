"""A closing that was reported wrongly is put right: two people, a reason, and only where its holder has the number back."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from lastcall.core.actor import ADMINISTRATOR, NUMBER_MANAGER, REVIEWER, Actor
from lastcall.core.audit.event import Event
from lastcall.core.audit.privacy import personal
from lastcall.core.errors import BadInput, Conflict, LastcallError, NotAllowed, NotFound
from lastcall.core.numbers import correction
from lastcall.core.numbers.correction_row import REASONS, Correction
from lastcall.core.numbers.tenure import Tenure
from lastcall.core.numbers.timeline import read_timeline
from lastcall.core.plan import Change, Plan, Remove
from tests.cast import IRINA, LI_WEI_MSISDN, NIKOLAI, OLGA, ON_THE_WEB, TIMUR, Cast
from tests.core.audit import stories
from tests.core.tools import only, race, refused, some, winners

NADIA = Actor(NUMBER_MANAGER, "nadia", "desk")
VERA = Actor(REVIEWER, "vera", "desk")
ALLA = Actor(ADMINISTRATOR, "alla", "desk")


def given_back(cast: Cast) -> None:
    """Li Wei's line closed, and the number given back five days later."""
    stories.have_back(cast, cast.closed(), cast.li_wei)


def closed_tenure(cast: Cast) -> Tenure:
    return only(cast.base, Tenure, msisdn=LI_WEI_MSISDN, ordinal=1)


def ask(cast: Cast, *, by: Actor = NIKOLAI, reason: str = "wrong_line", reference: str = "MEMO-17") -> Correction:
    return correction.ask(
        cast.base, tenure_id=closed_tenure(cast).id, reason=reason, reference=reference, policy=cast.policy, actor=by
    )


def approve(cast: Cast, asked: Correction, *, by: Actor = NADIA) -> Correction:
    return correction.approve(cast.base, correction_id=asked.id, actor=by)


def corrected(cast: Cast) -> list[Event]:
    return some(cast.base, Event, kind="number.corrected")


def test_one_asks_another_approves_and_the_event_names_both_tenures(cast: Cast) -> None:
    given_back(cast)
    asked = ask(cast)
    assert corrected(cast) == [] and correction.open_corrections(cast.base) == (asked,)
    cast.time.advance(timedelta(hours=5))
    approved = approve(cast, asked)
    assert (approved.approved_by, approved.at, approved.state) == ("nadia", cast.time.now(), "approved")
    [event] = corrected(cast)
    following = only(cast.base, Tenure, msisdn=LI_WEI_MSISDN, ordinal=2)
    assert event.subject_id == closed_tenure(cast).id == event.data["tenure"]
    assert (event.data["follows"], event.reason, event.actor) == (following.id, "wrong_line", "number_manager:nadia")
    assert correction.open_corrections(cast.base) == ()
    assert stories.broken(cast) == set()


def test_nothing_personal_and_no_reference_stands_in_the_log(cast: Cast) -> None:
    given_back(cast)
    approve(cast, ask(cast))
    assert not any(map(personal, some(cast.base, Event)))
    assert "MEMO" not in repr(some(cast.base, Event))


def test_the_number_room_sees_it_in_the_numbers_life(cast: Cast) -> None:
    given_back(cast)
    approve(cast, ask(cast))
    told = [(moment.code, moment.word) for moment in read_timeline(cast.base, msisdn=LI_WEI_MSISDN).past]
    assert told[-2:] == [("correction_asked", "wrong_line"), ("corrected", "wrong_line")]


def test_reviewers_and_number_managers_ask_and_nobody_else(cast: Cast) -> None:
    given_back(cast)
    for by in (OLGA, TIMUR, ON_THE_WEB, ALLA):
        with refused("not_allowed", NotAllowed):
            ask(cast, by=by)
    assert ask(cast, by=IRINA).asked_by == "irina"


def test_reviewers_number_managers_and_administrators_approve_and_nobody_else(cast: Cast) -> None:
    given_back(cast)
    asked = ask(cast)
    for somebody in (OLGA, TIMUR, ON_THE_WEB, Actor("system", "worker", "system")):
        with refused("not_allowed", NotAllowed):
            approve(cast, asked, by=somebody)
    assert approve(cast, asked, by=ALLA).approved_by == "alla"


def test_nobody_corrects_alone_nor_their_own_closing(cast: Cast) -> None:
    given_back(cast)
    asked = ask(cast)
    with refused("own_request"):
        approve(cast, asked, by=replace(NIKOLAI, role=REVIEWER))
    with refused("took_part"):
        approve(cast, asked, by=Actor(NUMBER_MANAGER, "olga", "desk"))


def test_a_reason_and_a_papers_own_reference_are_needed(cast: Cast) -> None:
    given_back(cast)
    for reason in ("", "because"):
        with refused("bad_reason", BadInput):
            ask(cast, reason=reason)
    for reference in ("", "17", "89000001001", "E12345678", "Sergei"):
        with refused("bad_reference", BadInput):
            ask(cast, reference=reference)
    assert ask(cast, reason=REASONS[0]).reason == REASONS[0]


def test_only_a_closing_whose_holder_has_the_number_back_is_corrected(cast: Cast) -> None:
    with refused("not_ceased"):
        ask(cast)
    cast.closed()
    with refused("not_given_back"):
        ask(cast)
    stories.rest_to_the_end(cast)
    cast.give_line(cast.sergei, LI_WEI_MSISDN)
    with refused("not_given_back"):
        ask(cast)
    with refused("not_found", NotFound):
        correction.ask(
            cast.base, tenure_id=1, reason="wrong_line", reference="MEMO-17", policy=cast.policy, actor=NIKOLAI
        )


def test_it_is_asked_for_and_approved_once(cast: Cast) -> None:
    given_back(cast)
    asked = ask(cast)
    with refused("asked_already"):
        ask(cast, by=IRINA)
    approve(cast, asked)
    with refused("not_allowed", NotAllowed):
        approve(cast, asked, by=VERA)
    with refused("corrected_already"):
        ask(cast)
    with refused("not_found", NotFound):
        correction.approve(cast.base, correction_id=1, actor=NADIA)


def test_a_request_lapses_and_is_asked_anew(cast: Cast) -> None:
    given_back(cast)
    asked = ask(cast)
    cast.time.advance(timedelta(hours=cast.policy.numbers_early_release_hours))
    with refused("request_lapsed"):
        approve(cast, asked)
    assert correction.open_corrections(cast.base) == ()
    approve(cast, ask(cast, by=VERA))
    assert len(corrected(cast)) == 1
    assert stories.broken(cast) == set()


def test_two_approvers_at_once_are_one(cast: Cast) -> None:
    given_back(cast)
    asked = ask(cast)
    approvers = (NADIA, VERA, ALLA, Actor(REVIEWER, "rita", "desk"))
    outcomes = race(*(lambda by=by: approve(cast, asked, by=by) for by in approvers))
    assert len(winners(outcomes)) == 1 and len(corrected(cast)) == 1
    assert all(isinstance(each, Conflict | NotAllowed) for each in outcomes if isinstance(each, LastcallError))


def test_past_the_service_a_correction_is_neither_altered_nor_deleted(cast: Cast) -> None:
    given_back(cast)
    asked = ask(cast)
    for values in (
        {"reason": "technical_fault"},
        {"asked_by": "vera"},
        {"approved_by": "vera"},
        {"approved_by": "nikolai", "at": cast.time.now()},
        {"approved_by": "vera", "at": cast.time.now(), "reference": "MEMO-18"},
    ):
        with refused("conflict", Conflict):
            change(cast, asked, **values)
    approve(cast, asked)
    with refused("conflict", Conflict):
        change(cast, asked, approved_by="vera")
    with refused("conflict", Conflict):
        cast.base.transact(lambda rows: rows.apply(Plan((Remove(Correction, {"id": asked.id}),))))


def change(cast: Cast, asked: Correction, **values: object) -> None:
    cast.base.transact(lambda rows: rows.apply(Plan((Change(Correction, {"id": asked.id}, values),))))
