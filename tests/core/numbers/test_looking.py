"""Looking at a number: one whole number, a reason, noted before anything is shown, and told to its holders."""

from __future__ import annotations

from datetime import timedelta

from lastcall.core.actor import AUDITOR, NUMBER_MANAGER, Actor
from lastcall.core.audit.event import Event
from lastcall.core.audit.privacy import personal
from lastcall.core.audit.reading import NUMBER_REASONS, Reading, readings
from lastcall.core.errors import BadInput, NotFound
from lastcall.core.job import Alert, Job
from lastcall.core.numbers.look import Look
from lastcall.core.numbers.looking import get_live_look, look_at_number, look_at_stuck_order
from lastcall.core.numbers.sweep import sweep
from lastcall.core.plan import Insert, Plan
from lastcall.core.staff.member import Member
from tests.cast import FREE_MSISDN, LI_WEI_MSISDN, ON_THE_WEB, Cast
from tests.core.tools import refused, some

NIKOLAI = Actor(NUMBER_MANAGER, "nikolai", "desk")
ARKADY = Actor(AUDITOR, "arkady", "desk")
DAY = timedelta(days=1)


def look(cast: Cast, msisdn: int = LI_WEI_MSISDN, *, reason: str = "complaint", by: Actor = NIKOLAI) -> Look:
    return look_at_number(cast.base, msisdn=msisdn, reason=reason, policy=cast.policy, actor=by)


def seen(cast: Cast) -> list[Event]:
    return [event for event in some(cast.base, Event) if event.kind.startswith("number.read")]


def shown(cast: Cast, case_id: int) -> tuple[Reading, ...]:
    """What the case's page tells of readings."""
    return cast.base.transact(lambda rows: readings(rows, case_id=case_id))


def test_a_look_is_noted_on_the_tenure_without_the_number(cast: Cast) -> None:
    made = look(cast)
    assert cast.li_wei.line is not None
    [event] = seen(cast)
    assert (event.kind, event.subject, event.subject_id) == ("number.read", "tenure", cast.li_wei.line.tenure_id)
    assert (event.actor, event.reason, event.data) == ("number_manager:nikolai", "complaint", {"look": made.id})
    assert personal(event) == ""
    assert get_live_look(cast.base, look_id=made.id, login="nikolai") == made


def test_every_former_holder_whose_time_is_shown_is_told_and_it_counts_as_one_reading(cast: Cast) -> None:
    receipt = cast.closed()
    cast.time.advance(400 * DAY)
    sweep(cast.base)
    cast.give_line(cast.sergei, LI_WEI_MSISDN)
    cast.time.advance(60 * DAY)
    later = cast.on_hold(cast.sergei)
    look(cast)
    assert [event.kind for event in seen(cast)] == ["number.read_along", "number.read"]
    told = Reading(cast.time.now(), "number_manager", "complaint")
    assert shown(cast, receipt.case_id) == shown(cast, later.case_id) == (told,)


def test_the_next_holders_readings_are_not_the_former_ones(cast: Cast) -> None:
    receipt = cast.closed()
    look(cast)
    cast.time.advance(400 * DAY)
    sweep(cast.base)
    cast.give_line(cast.sergei, LI_WEI_MSISDN)
    cast.time.advance(60 * DAY)
    later = cast.on_hold(cast.sergei)
    assert len(shown(cast, receipt.case_id)) == 1
    assert shown(cast, later.case_id) == ()


def test_a_number_that_was_never_held_leaves_its_event_too(cast: Cast) -> None:
    look(cast, FREE_MSISDN, reason="planning")
    assert [(event.kind, event.subject_id) for event in seen(cast)] == [("number.read", 0)]


def test_nobody_looks_without_a_reason(cast: Cast) -> None:
    for reason in ("", "curiosity", "review"):
        with refused("bad_reason", BadInput):
            look(cast, reason=reason)


def test_every_reason_is_taken(cast: Cast) -> None:
    for reason in NUMBER_REASONS:
        look(cast, reason=reason)
    assert [event.reason for event in seen(cast)] == list(NUMBER_REASONS)


def test_only_staff_look(cast: Cast) -> None:
    with refused("not_staff"):
        look(cast, by=ON_THE_WEB)


def test_a_look_is_its_owners_and_ends(cast: Cast) -> None:
    made = look(cast)
    look(cast, by=ARKADY)
    with refused("not_open", NotFound):
        get_live_look(cast.base, look_id=made.id, login="arkady")
    cast.time.advance(timedelta(minutes=cast.policy.staff_opening_minutes) - timedelta(microseconds=1))
    get_live_look(cast.base, look_id=made.id, login="nikolai")
    cast.time.advance(timedelta(microseconds=1))
    with refused("not_open", NotFound):
        get_live_look(cast.base, look_id=made.id, login="nikolai")


def test_a_stuck_order_opens_the_number_it_is_about(cast: Cast) -> None:
    receipt, line = cast.on_hold(), cast.anna.line
    assert line is not None
    dead = [
        Job(id=number, kind=kind, subject_id=subject, about="test", state="dead", due_at=cast.time.now())
        for number, (kind, subject) in enumerate(
            (("case.cease", receipt.case_id), ("hlr.provision", line.id), ("hlr.remove", line.sim_id)), start=1
        )
    ]
    cast.base.transact(lambda rows: rows.apply(Plan(tuple(Insert(job) for job in dead))))
    looks = [look_at_stuck_order(cast.base, job_id=job.id, policy=cast.policy, actor=NIKOLAI) for job in dead]
    assert [made.msisdn for made in looks] == [LI_WEI_MSISDN, cast.anna.msisdn, cast.anna.msisdn]
    assert {event.reason for event in seen(cast)} == {"stuck"}


def test_work_that_is_not_stuck_opens_nothing(cast: Cast) -> None:
    cast.on_hold()
    for job in some(cast.base, Job):
        with refused("not_found", NotFound):
            look_at_stuck_order(cast.base, job_id=job.id, policy=cast.policy, actor=NIKOLAI)


def test_looking_at_many_numbers_tells_the_auditor(cast: Cast) -> None:
    nikolai = Member(
        id=1,
        login="nikolai",
        name="Nikolai",
        roles="number_manager",
        shop_id=None,
        language="ru",
        joined_at=cast.time.now(),
    )
    cast.base.transact(lambda rows: rows.apply(Plan((Insert(nikolai),))))
    for place in range(cast.policy.staff_views_per_hour):
        look(cast, FREE_MSISDN + place)
        look(cast, FREE_MSISDN + place)
    assert some(cast.base, Alert, code="staff.unusual_viewing") == []
    look(cast, LI_WEI_MSISDN)
    [alert] = some(cast.base, Alert, code="staff.unusual_viewing")
    assert alert.subject_id == nikolai.id
