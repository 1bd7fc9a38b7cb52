"""Breaches planted in lives that were in order: each changes rows and events as no service does."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, TypeVar

from lastcall.core.audit.event import Event
from lastcall.core.audit.life import Life
from lastcall.core.closing.codes import digits_of
from lastcall.core.numbers.number import Reservation
from lastcall.core.numbers.tenure import Tenure
from lastcall.core.policies.policy import Policy
from lastcall.core.ports import HlrEntry

R = TypeVar("R")
Plant = Callable[[Life], Life]

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@dataclass(frozen=True)
class Planted:
    """``story``: the life that the breach is put into; ``also``: invariants that cannot but be broken with it."""

    code: str
    story: str
    plant: Plant
    also: frozenset[str] = frozenset()


def the_case(**values: Any) -> Plant:
    """The case's columns changed."""
    return lambda life: replace(life, cases=(*life.cases[:-1], replace(life.cases[-1], **values)))


def moved(column: str, delta: timedelta) -> Plant:
    """A date of the case moved."""
    return lambda life: the_case(**{column: getattr(life.cases[-1], column) + delta})(life)


def frozen(**values: Any) -> Plant:
    """Values of the policy that the case froze."""
    return lambda life: the_case(policy=life.cases[-1].policy | values)(life)


def each(
    rows: str, change: Callable[[Any], dict[str, Any]], *, where: Callable[[Any], bool] = lambda row: True
) -> Plant:
    """Every row of one kind changed."""

    def plant(life: Life) -> Life:
        held = getattr(life, rows)
        assert any(where(row) for row in held), f"no such row among {rows}"
        return replace(life, **{rows: tuple(replace(row, **change(row)) if where(row) else row for row in held)})  # type: ignore[arg-type]

    return plant


def without(rows: str, where: Callable[[Any], bool] = lambda row: True) -> Plant:
    """Rows of one kind taken away."""

    def plant(life: Life) -> Life:
        held = getattr(life, rows)
        assert any(where(row) for row in held), f"no such row among {rows}"
        return replace(life, **{rows: tuple(row for row in held if not where(row))})  # type: ignore[arg-type]

    return plant


def together(*plants: Plant) -> Plant:
    """Several changes that are one breach."""

    def plant(life: Life) -> Life:
        for one in plants:
            life = one(life)
        return life

    return plant


def event_of(kind: str, **data: Any) -> Callable[[Event], bool]:
    """The events of one kind, with these data."""
    return lambda event: event.kind == kind and data.items() <= event.data.items()


def inserted(event: Event, *, before: Callable[[Event], bool]) -> Plant:
    """One event more, just before another."""

    def plant(life: Life) -> Life:
        spaced = [replace(known, id=known.id * 10) for known in life.events]
        place = next(known.id for known in spaced if before(known)) - 5
        taken = {known.id for known in spaced}
        while place in taken:
            place -= 1
        return replace(life, events=tuple(sorted([*spaced, replace(event, id=place)], key=lambda known: known.id)))

    return plant


def put_earlier(kind: str, *, before: Callable[[Event], bool]) -> Plant:
    """The one event of this kind moved to just before another."""

    def plant(life: Life) -> Life:
        event = next(event for event in life.events if event.kind == kind)
        return inserted(event, before=before)(without("events", event_of(kind))(life))

    return plant


def _line_event(life: Life, kind: str) -> Event:
    first = next(event for event in life.events if event.kind == "case.step")
    return Event(at=first.at, kind=kind, subject="line", subject_id=life.lines[0].id, actor="clerk:olga", door="store")


def locked_while_it_began(kind: str, ended: str) -> Plant:
    """A lock put on before the first step, and taken off after it."""

    def plant(life: Life) -> Life:
        on, off = _line_event(life, kind), _line_event(life, ended)
        begun, done = event_of("case.step", intended="bar"), event_of("case.step", done="bar")
        return inserted(off, before=done)(inserted(on, before=begun)(life))

    return plant


def frozen_while_it_began(life: Life) -> Life:
    """A freeze that was never lifted, in an event and in the column."""
    case = life.cases[-1]
    event = Event(
        at=case.declared_at, kind="case.freeze", subject="case", subject_id=case.id, case_id=case.id, actor="stranger:-",
        door="portal", source="declared", target="declared",
    )  # fmt: skip
    changed = the_case(frozen_at=case.declared_at, revision=case.revision + 1)(life)
    return inserted(event, before=event_of("case.check"))(changed)


def a_second_tenure(life: Life) -> Life:
    """Another open tenure on the same number."""
    return replace(life, tenures=(*life.tenures, replace(life.tenures[0], id=7, ordinal=2)))


def a_reservation(life: Life) -> Life:
    """The number is reserved although it is in service."""
    return replace(life, reservation=(Reservation(msisdn=life.msisdn, until=life.now, purpose="order"),))


def a_line_that_shares_the_sim(life: Life) -> Life:
    """Another number's line with the same SIM."""
    other = replace(life.lines[0], id=8, tenure_id=9, closed_at=None)
    opened = Event(
        id=10**9, at=life.now, kind="line.opened", subject="line", subject_id=8, actor="clerk:olga", door="store"
    )
    return replace(life, lines=(*life.lines, other), events=(*life.events, opened))


def activated_again(life: Life) -> Life:
    """A SIM put into service a second time after it was barred."""
    events = [event for event in life.events if event.kind == "sim.activated"]
    return inserted(events[0], before=lambda event: event.kind == "sim.barred")(life)


def a_second_case(life: Life) -> Life:
    """The open case with all that is its own, once more."""
    case = life.cases[-1]
    mine = [event for event in life.events if event.subject == "case" and event.subject_id == case.id]
    top = life.events[-1].id
    return replace(
        life,
        cases=(*life.cases, replace(case, id=5)),
        declarations=(*life.declarations, *(replace(row, key="other", case_id=5) for row in life.declarations)),
        notices=(*life.notices, *(replace(row, case_id=5) for row in life.notices)),
        jobs=(*life.jobs, *(replace(row, subject_id=5) for row in life.jobs)),
        codes=(*life.codes, *(replace(row, case_id=5) for row in life.codes)),
        events=(*life.events, *(replace(row, id=top + row.id, subject_id=5, case_id=5) for row in mine)),
    )


def second_tenure(**values: Any) -> Plant:
    """The later tenure's columns changed."""
    return each("tenures", lambda tenure: values, where=lambda tenure: tenure.ordinal == 2)


def begun_early(life: Life) -> Life:
    """The next holder got the number a second before it was free."""
    until = life.tenures[0].quarantine_until
    assert until is not None
    return second_tenure(since=until - timedelta(seconds=1))(life)


def rest_shortened(life: Life) -> Life:
    """Tenure and membership agree, but not with the policy that was frozen."""

    def shorten(row: Any) -> dict[str, Any]:
        return {"quarantine_until": row.quarantine_until - DAY}

    return together(each("tenures", shorten), each("pending", shorten))(life)


def rest_from_the_declaration(life: Life) -> Life:
    """Counted from the declaration instead of the confirmed cease."""
    case = life.cases[-1]
    assert case.network_confirmed_at is not None
    early = case.network_confirmed_at - case.declared_at

    def shift(row: Tenure) -> dict[str, Any]:
        assert row.reclaim_until is not None and row.quarantine_until is not None
        return {"reclaim_until": row.reclaim_until - early, "quarantine_until": row.quarantine_until - early}

    return together(each("tenures", shift), each("pending", shift))(life)


def released_early(life: Life) -> Life:
    """The sweep let the number go a second before its date."""
    former = life.tenures[0]
    assert former.reclaim_until is not None and former.quarantine_until is not None
    quarantined, released = former.reclaim_until, former.quarantine_until - timedelta(seconds=1)
    return together(
        each("events", lambda event: {"at": quarantined}, where=event_of("number.quarantined")),
        each("events", lambda event: {"at": released}, where=event_of("number.released")),
    )(life)


def shortened(**values: Any) -> Plant:
    """The approval of an early release, otherwise than it was."""
    return each("events", lambda event: values, where=event_of("number.released_early"))


def asked(**values: Any) -> Plant:
    """The request for an early release, otherwise than it was."""
    return each("events", lambda event: values, where=event_of("number.early_release_asked"))


def lapsed_before_it_was_approved(life: Life) -> Life:
    """The request ran out at the very moment of its approval."""
    approved = next(event for event in life.events if event.kind == "number.released_early")

    def change(event: Event) -> dict[str, Any]:
        return {"data": event.data | {"until": approved.at.isoformat()}}

    return each("events", change, where=event_of("number.early_release_asked"))(life)


def held_when_it_was_shortened(life: Life) -> Life:
    """A court's hold on the line that the number came from, put on before the approval."""
    approved = next(event for event in life.events if event.kind == "number.released_early")
    line = next(line for line in life.lines if line.tenure_id == approved.subject_id)
    held = Event(
        at=approved.at,
        kind="line.legal_hold",
        subject="line",
        subject_id=line.id,
        actor="reviewer:irina",
        door="system",
    )
    lines = each("lines", lambda row: {"legal_hold_at": held.at}, where=lambda row: row.id == line.id)
    return together(lines, inserted(held, before=event_of("number.released_early")))(life)


def extended(reason: str, **data: Any) -> Plant:
    """The last event of a longer rest of that reason, its data otherwise than they were."""

    def plant(life: Life) -> Life:
        last = max(event.id for event in life.events if event.kind == "number.rest_extended" and event.reason == reason)
        return each("events", lambda event: {"data": event.data | data}, where=lambda event: event.id == last)(life)

    return plant


def extended_by(reason: str, actor: str) -> Plant:
    """A longer rest of that reason by somebody else."""
    return each("events", lambda event: {"actor": actor}, where=lambda event: event.reason == reason)


def the_first_put_off_lost(life: Life) -> Life:
    """The first of the two events that put the release off is gone."""
    first = next(event for event in life.events if event.reason == "not_quiet")
    return without("events", lambda event: event.id == first.id)(life)


def asked_twice(life: Life) -> Life:
    """The leaver asked for the same days again right after, tenure, place and later dates moved along."""
    first = next(event for event in life.events if event.reason == "asked_by_leaver")
    more = timedelta(days=first.data["days"])

    def later(text: str) -> str:
        return (datetime.fromisoformat(text) + more).isoformat()

    def moved_on(event: Event) -> dict[str, Any]:
        dates = {name: later(event.data[name]) for name in ("was", "until", "first") if name in event.data}
        return {"data": event.data | dates, "at": event.at + more}

    rows = [
        each(kind, lambda row: {"quarantine_until": row.quarantine_until + more}) for kind in ("tenures", "quarantine")
    ]
    again = replace(first, data=moved_on(first)["data"])
    shifted = each("events", moved_on, where=lambda event: event.reason == "not_quiet")(life)
    return inserted(again, before=event_of("number.quarantined"))(together(*rows)(shifted))


def begun_later(life: Life) -> Life:
    """The next tenure begins an hour after the transfer."""
    until = life.tenures[0].until
    assert until is not None
    return second_tenure(since=until + HOUR)(life)


def to_themselves(life: Life) -> Life:
    """The next tenure is the same subscriber's."""
    return second_tenure(subscriber_id=life.tenures[0].subscriber_id)(life)


def transferred(**values: Any) -> Plant:
    """The event of the transfer, otherwise than it was."""
    return each("events", lambda event: values, where=event_of("number.transferred"))


def locked_when_it_was_transferred(life: Life) -> Life:
    """A port-out order that was called off only after the line had gone over."""
    moved = next(event for event in life.events if event.kind == "number.transferred")
    line = next(line for line in life.lines if line.tenure_id == moved.subject_id)
    on = Event(
        at=moved.at, kind="line.port_out_ordered", subject="line", subject_id=line.id, actor="system:-", door="system"
    )
    off = replace(on, kind="line.port_out_cancelled")
    return inserted(off, before=event_of("line.opened", tenure=life.tenures[1].id))(
        inserted(on, before=event_of("number.transferred"))(life)
    )


def corrected(**values: Any) -> Plant:
    """The approval of a correction, otherwise than it was."""
    return each("events", lambda event: values, where=event_of("number.corrected"))


def corrected_again(life: Life) -> Life:
    """The same correction a second time."""
    event = next(event for event in life.events if event.kind == "number.corrected")
    return replace(life, events=(*life.events, replace(event, id=life.events[-1].id + 1)))


def billed(**values: Any) -> Plant:
    """What billing holds for the line, otherwise than it was."""

    def plant(life: Life) -> Life:
        line_id = life.cases[-1].line_id
        assert line_id is not None
        return replace(life, accounts={line_id: replace(life.accounts[line_id], **values)})

    return plant


def hlr_says(*, number: bool, service: bool) -> Plant:
    """What the HLR holds for the line's SIM, otherwise than it was."""

    def plant(life: Life) -> Life:
        imsi = life.sims[0].imsi
        entry = HlrEntry(imsi, str(life.msisdn) if number else None, circuit_switched=service, packet_switched=False)
        return replace(life, hlr={imsi: entry})

    return plant


def bill(**values: Any) -> Plant:
    """The final bill otherwise than it was."""
    return lambda life: the_case(final_bill=life.cases[-1].final_bill | values)(life)


def legal_end_put_off(life: Life) -> Life:
    """A later legal end, in the case and in the receipt."""
    end = life.cases[-1].legal_end + DAY
    receipt = each("declarations", lambda row: {"receipt": row.receipt | {"legal_end": end.isoformat()}})
    return together(the_case(legal_end=end), receipt)(life)


def another_key(life: Life) -> Life:
    """One effect twice, under two keys."""
    return replace(life, effects=(*life.effects, replace(life.effects[0], key="another")))


def refund_done(**evidence: Any) -> Plant:
    """What the refund's evidence says."""
    return each("effects", lambda row: {"evidence": row.evidence | evidence}, where=lambda row: row.step == "refund")


def a_code_in_an_event(life: Life) -> Life:
    """A code of the case, in clear."""
    secret = digits_of(life.codes[-1], Policy.from_json(life.cases[-1].policy))
    return each(
        "events", lambda event: {"data": event.data | {"note": f"it was {secret}"}}, where=event_of("case.declared")
    )(life)


def a_code_in_a_notice(life: Life) -> Life:
    """A code of the case in what fills a notice."""
    secret = digits_of(life.codes[-1], Policy.from_json(life.cases[-1].policy))
    return each("notices", lambda row: {"facts": row.facts | {"code": secret}})(life)


def asked_for_too_often(life: Life) -> Life:
    """Three codes more in the same minute."""
    code = life.codes[-1]
    more = tuple(replace(code, id=code.id - place, used_at=None) for place in (1, 2, 3))
    return replace(life, codes=(*life.codes, *more))


def sent_for_other_cases(life: Life) -> Life:
    """More codes a day to one contact than the policy allows, for a case that each of them has alone."""
    code, case = life.codes[-1], life.cases[-1]
    most = case.policy["identity_code_sends_per_day"]
    spread = [
        replace(
            code,
            id=code.id - place,
            used_at=None,
            sent_at=code.sent_at - HOUR * place,
            expires_at=code.expires_at - HOUR * place,
        )
        for place in range(1, most + 1)
    ]
    return replace(life, codes=(*life.codes, *spread))


CONTACTS_TOO_NEW = each("contacts", lambda row: {"on_file_since": row.on_file_since + timedelta(days=59)})
CONTACTS_LATER = each("contacts", lambda row: {"on_file_since": row.on_file_since + timedelta(days=90)})
CHARGED_AFTERWARDS = billed(late_charges=1)
STILL_CHARGED = billed(charging=True, stopped_at=None)
NOT_SETTLED = billed(balance=100)

PLANTS = (
    Planted("one_open_tenure", "in_service", a_reservation),
    Planted("one_open_tenure", "in_service", a_second_tenure, frozenset({"number_is_its_events"})),
    Planted("one_open_tenure", "closed", each("tenures", lambda row: {"ordinal": 2})),
    Planted("sim_in_one_line", "in_service", a_line_that_shares_the_sim),
    Planted("sim_in_one_line", "closed", activated_again, frozenset({"sim_is_its_events"})),
    Planted("one_open_case", "on_hold", a_second_case),
    Planted("number_rests", "next_holder", begun_early),
    Planted("number_rests", "next_holder", each("tenures", lambda row: {"reclaim_until": None, "quarantine_until": None},
            where=lambda row: row.ordinal == 1),
            frozenset({"rest_counts_from_confirmed_cease", "number_not_freed_early"})),
    Planted("reactivated_by_former_holder", "given_back", second_tenure(subscriber_id=3)),
    Planted("reactivated_by_former_holder", "given_back", second_tenure(follows_id=3)),
    Planted("reactivated_by_former_holder", "given_back",
            lambda life: second_tenure(since=life.tenures[0].reclaim_until)(life)),
    Planted("reactivated_by_former_holder", "given_back",
            each("events", lambda event: {"data": event.data | {"approver": "olga"}},
                 where=lambda event: event.reason == "reactivation")),
    Planted("rest_counts_from_confirmed_cease", "closed", rest_shortened),
    Planted("rest_counts_from_confirmed_cease", "closed", rest_from_the_declaration),
    Planted("rest_counts_from_confirmed_cease", "closed", frozen(quarantine_floor_days=1000)),
    Planted("number_not_freed_early", "next_holder", released_early),
    Planted("shortened_by_two", "freed_early", without("events", event_of("number.early_release_asked"))),
    Planted("shortened_by_two", "freed_early", shortened(actor="number_manager:nikolai")),
    Planted("shortened_by_two", "freed_early", shortened(actor="number_manager:olga")),
    Planted("shortened_by_two", "freed_early", frozen(quarantine_floor_days=75)),
    Planted("shortened_by_two", "freed_early", asked(reason="")),
    Planted("shortened_by_two", "freed_early", asked(actor="number_manager:olga")),
    Planted("shortened_by_two", "freed_early", lapsed_before_it_was_approved),
    Planted("shortened_by_two", "freed_early", held_when_it_was_shortened),
    Planted("rest_counts_from_confirmed_cease", "freed_early",
            each("events", lambda event: {"data": event.data | {"was": "2031-01-01T00:00:00+00:00"}},
                 where=event_of("number.released_early"))),
    Planted("rest_is_its_events", "rests_longer", together(
            each("tenures", lambda row: {"quarantine_until": row.quarantine_until + DAY}),
            each("quarantine", lambda row: {"quarantine_until": row.quarantine_until + DAY}))),
    Planted("rest_is_its_events", "rests_longer", the_first_put_off_lost, frozenset({"extended_within_bounds"})),
    Planted("rest_is_its_events", "freed_early",
            each("tenures", lambda row: {"quarantine_until": row.quarantine_until - DAY}, where=lambda row: row.ordinal == 2)),
    Planted("extended_within_bounds", "rests_longer", frozen(quarantine_longer_days=[30])),
    Planted("extended_within_bounds", "rests_longer", frozen(quarantine_longer_days_max=30)),
    Planted("extended_within_bounds", "rests_longer", asked_twice),
    Planted("extended_within_bounds", "rests_longer", extended("asked_by_leaver", days=180)),
    Planted("extended_within_bounds", "rests_longer", extended_by("asked_by_leaver", "system:sweep")),
    Planted("extended_within_bounds", "rests_longer", each("events", lambda event: {"case_id": None},
            where=lambda event: event.reason == "asked_by_leaver")),
    Planted("extended_within_bounds", "rests_longer", extended("not_quiet", most=1)),
    Planted("extended_within_bounds", "rests_longer", extended("not_quiet", first="2031-01-01T00:00:00+00:00")),
    Planted("extended_within_bounds", "rests_longer", extended_by("not_quiet", "holder:-")),
    Planted("extended_within_bounds", "rests_longer", each("events", lambda event: {"at": event.at - DAY},
            where=lambda event: event.reason == "not_quiet"), frozenset({"time_goes_forward"})),
    Planted("extended_within_bounds", "rests_longer", each("events", lambda event: {"reason": ""},
            where=lambda event: event.reason == "not_quiet")),
    Planted("extended_within_bounds", "announced_late", extended("notice", days=3)),
    Planted("extended_within_bounds", "announced_late", extended("notice", announced="2031-01-01T00:00:00+00:00")),
    Planted("transferred_at_one_moment", "transferred", to_themselves),
    Planted("transferred_at_one_moment", "transferred", begun_later),
    Planted("transferred_at_one_moment", "transferred", without("events", event_of("number.transferred"))),
    Planted("transferred_at_one_moment", "transferred", transferred(data={"by": 3})),
    Planted("transferred_at_one_moment", "transferred", locked_when_it_was_transferred),
    Planted("transferred_at_one_moment", "transferred", each("sims", lambda sim: {"state": "active"},
            where=lambda sim: sim.state == "dead"), frozenset({"sim_is_its_events"})),
    Planted("corrected_by_two", "corrected", corrected(actor="number_manager:nikolai")),
    Planted("corrected_by_two", "corrected", corrected(actor="reviewer:olga")),
    Planted("corrected_by_two", "corrected", without("events", event_of("number.correction_asked"))),
    Planted("corrected_by_two", "corrected", each("events", lambda event: {"data": event.data | {"until": event.at.isoformat()}},
            where=event_of("number.correction_asked"))),
    Planted("corrected_by_two", "corrected", second_tenure(follows_id=None), frozenset({"number_rests"})),
    Planted("corrected_by_two", "corrected", corrected_again),
    Planted("number_not_freed_early", "closed", each("pending", lambda row: {"quarantine_until": row.quarantine_until - DAY})),
    Planted("number_not_freed_early", "closed", each("pending", lambda row: {"reclaim_until": row.reclaim_until - DAY})),
    Planted("identity_bound", "closed", the_case(in_person_at=None, document_ok_at=None)),
    Planted("identity_bound", "closed", moved("document_ok_at", timedelta(days=30))),
    Planted("identity_bound", "closed", frozen(identity_valid_days=1)),
    Planted("identity_bound", "closed",
            each("events", lambda event: {"data": event.data | {"tenure": 3}}, where=event_of("case.declared"))),
    Planted("identity_bound", "closed", each("lines", lambda line: {"subscriber_id": 3})),
    Planted("identity_bound", "closed", the_case(photo="differs")),
    Planted("identity_bound", "closed", the_case(photo="unclear")),
    Planted("identity_bound", "closed", frozen(identity_photo="needed")),
    Planted("four_eyes", "closed", the_case(verifier="clerk:irina")),
    Planted("four_eyes", "closed", the_case(opener="clerk:irina")),
    Planted("only_lawful_moves", "closed", each("events", lambda event: {"actor": "clerk:olga"}, where=event_of("case.cease"))),
    Planted("only_lawful_moves", "closed", each("events", lambda event: {"actor": "agent:timur"}, where=event_of("sim.dead"))),
    Planted("only_lawful_moves", "closed",
            each("events", lambda event: {"actor": "holder:-"}, where=event_of("number.pending_release"))),
    Planted("hold_is_kept", "closed", moved("hold_until", timedelta(days=9))),
    Planted("hold_is_kept", "closed", the_case(hold_until=None)),
    Planted("nothing_under_lock", "closed", locked_while_it_began("line.legal_hold", "line.legal_hold_ended")),
    Planted("nothing_under_lock", "closed", locked_while_it_began("line.locked", "line.unlocked")),
    Planted("nothing_under_lock", "closed", locked_while_it_began("line.port_out_ordered", "line.port_out_cancelled")),
    Planted("nothing_under_lock", "closed", frozen_while_it_began),
    Planted("notice_with_acceptance", "closed", CONTACTS_TOO_NEW),
    Planted("notice_with_acceptance", "on_hold", without("notices")),
    Planted("notice_with_acceptance", "on_hold", each("notices", lambda row: {"queued_at": row.queued_at + HOUR})),
    Planted("declaration_stays", "on_hold", without("declarations")),
    Planted("declaration_stays", "on_hold", together(without("cases"), without("events", lambda event: event.subject == "case"))),
    Planted("declaration_stays", "on_hold", each("declarations", lambda row: {"received_at": row.received_at - DAY})),
    Planted("declaration_stays", "on_hold", moved("declared_at", timedelta(seconds=-1)), frozenset({"legal_end_not_late"})),
    Planted("declaration_stays", "on_hold", each("declarations", lambda row: {"receipt": row.receipt | {"legal_end": ""}})),
    Planted("legal_end_not_late", "on_hold", legal_end_put_off),
    Planted("closed_on_network", "closed", hlr_says(number=False, service=True)),
    Planted("closed_on_network", "closed", hlr_says(number=True, service=False)),
    Planted("closed_on_network", "closed", each("sims", lambda sim: {"dead_since": None})),
    Planted("closed_in_billing", "closed", STILL_CHARGED),
    Planted("closed_in_billing", "closed", CHARGED_AFTERWARDS),
    Planted("closed_in_billing", "closed", NOT_SETTLED),
    Planted("closed_in_billing", "closed", lambda life: billed(stopped_at=life.now + HOUR)(life)),
    Planted("closed_as_a_whole", "closed", each("lines", lambda line: {"closed_at": line.closed_at + HOUR})),
    Planted("closed_as_a_whole", "on_hold", each("lines", lambda line: {"closed_at": line.opened_at}),
            frozenset({"line_is_its_events"})),
    Planted("freed_after_all_steps", "closed",
            put_earlier("number.pending_release", before=event_of("case.step", done="refund"))),
    Planted("freed_after_all_steps", "closed",
            each("events", lambda event: {"case_id": None}, where=event_of("number.pending_release"))),
    Planted("effect_once", "closed", another_key),
    Planted("effect_once", "closed", each("effects", lambda row: {"key": "another"}, where=lambda row: row.step == "bar")),
    Planted("steps_in_order", "closed",
            each("effects", lambda row: {"done_at": row.done_at + HOUR}, where=lambda row: row.step == "bar")),
    Planted("steps_in_order", "closed", without("effects", lambda row: row.step == "kill_sim")),
    Planted("no_way_back_after_effect", "withdrawn", lambda life: the_case(effect_attempted_at=life.now)(life)),
    Planted("in_somebodys_hands", "on_hold", without("jobs")),
    Planted("in_somebodys_hands", "on_hold", without("jobs", lambda job: job.about != "lapse")),
    Planted("in_somebodys_hands", "waiting", without("jobs")),
    Planted("in_somebodys_hands", "review", without("jobs", lambda job: job.kind == "review.overdue")),
    Planted("in_somebodys_hands", "review", the_case(review_due_at=None)),
    Planted("in_somebodys_hands", "ceasing", without("jobs", lambda job: job.kind == "case.cease")),
    Planted("in_somebodys_hands", "declared", without("jobs", lambda job: job.about != "lapse")),
    Planted("refund_is_right", "closed", billed(refunds=(35_050, 35_050))),
    Planted("refund_is_right", "closed", billed(refunds=(35_049,))),
    Planted("refund_is_right", "closed", billed(refunds=())),
    Planted("refund_is_right", "closed", refund_done(amount=1)),
    Planted("refund_is_right", "closed", bill(owed=1)),
    Planted("one_ceased_event", "closed", without("events", event_of("tenure.ceased"))),
    Planted("one_ceased_event", "closed",
            each("events", lambda event: {"data": {"confirmed_at": "2026-01-01T00:00:00+00:00"}}, where=event_of("tenure.ceased"))),
    Planted("one_ceased_event", "in_service",
            lambda life: replace(life, events=(*life.events, Event(
                id=10**9, at=life.now, kind="tenure.ceased", subject="tenure", subject_id=life.tenures[0].id,
                actor="system:worker", door="system")))),
    Planted("codes_work_once", "closed", each("codes", lambda code: {"tries": 6})),
    Planted("codes_work_once", "closed", each("codes", lambda code: {"used_at": code.expires_at})),
    Planted("codes_work_once", "closed", each("codes", lambda code: {"used_at": None})),
    Planted("codes_work_once", "closed", each("codes", lambda code: {"expires_at": code.expires_at + DAY})),
    Planted("codes_work_once", "closed", frozen(identity_code_digits=4)),
    Planted("codes_work_once", "closed", CONTACTS_LATER, frozenset({"notice_with_acceptance"})),
    Planted("codes_work_once", "review", each("codes", lambda row: {"contact_id": None})),
    Planted("codes_are_counted", "review", asked_for_too_often),
    Planted("codes_are_counted", "review", sent_for_other_cases),
    Planted("codes_stay_unread", "review", a_code_in_an_event),
    Planted("codes_stay_unread", "on_hold", a_code_in_a_notice),
    Planted("photos_are_destroyed", "photographed", without("jobs", lambda job: job.kind == "photo.destroy")),
    Planted("photos_are_destroyed", "photographed", each("jobs", lambda job: {"state": "dead"},
            where=lambda job: job.kind == "photo.destroy")),
    Planted("photos_are_destroyed", "photographed", each("scans", lambda scan: {"keep_until": scan.keep_until + DAY})),
    Planted("photos_are_destroyed", "photographed", each("scans", lambda scan: {"destroyed_at": scan.given_at})),
    Planted("photos_are_destroyed", "photograph_gone", each("scans", lambda scan: {"sealed_key": "still here"})),
    Planted("photos_are_destroyed", "photograph_gone", without("events", event_of("photo.destroyed"))),
    Planted("backups_are_deleted", "saved", each("backups", lambda backup: {"until": backup.until + HOUR})),
    Planted("backups_are_deleted", "saved", lambda life: replace(life, now=life.now + 2 * DAY)),
    Planted("backups_are_deleted", "saved", lambda life: replace(life, ciphertexts=frozenset())),
    Planted("backups_are_deleted", "saved_and_gone",
            lambda life: replace(life, ciphertexts=frozenset(backup.id for backup in life.backups))),
    Planted("backups_are_deleted", "saved_and_gone", without("events", event_of("backup.deleted"))),
    Planted("case_is_its_events", "on_hold", lambda life: the_case(revision=life.cases[-1].revision + 1)(life)),
    Planted("case_is_its_events", "withdrawn", the_case(state="lapsed")),
    Planted("case_is_its_events", "on_hold", lambda life: the_case(frozen_at=life.now)(life)),
    Planted("sim_is_its_events", "in_service", each("sims", lambda sim: {"state": "barred"})),
    Planted("number_is_its_events", "closed", without("pending")),
    Planted("line_is_its_events", "in_service", lambda life: each("lines", lambda line: {"locked_at": life.now})(life)),
    Planted("line_is_its_events", "in_service", without("events", event_of("line.opened"))),
    Planted("time_goes_forward", "in_service",
            each("events", lambda event: {"at": event.at + DAY}, where=event_of("sim.stocked"))),
    Planted("time_goes_forward", "closed",
            each("effects", lambda row: {"intended_at": row.done_at + HOUR}, where=lambda row: row.step == "release_number")),
)  # fmt: skip
