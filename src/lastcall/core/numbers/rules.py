"""What may happen to a number, decided purely: from what is held about it, the policy and the time, to a plan."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from lastcall.core import clock
from lastcall.core.actor import Actor
from lastcall.core.audit.event import Event
from lastcall.core.errors import Refused
from lastcall.core.numbers.lifecycle import NUMBER, SIM
from lastcall.core.numbers.number import Absent, Number, PendingRelease, Quarantine, Reservation
from lastcall.core.numbers.sim import Sim
from lastcall.core.numbers.tenure import Tenure
from lastcall.core.plan import Change, Insert, InsertMissing, Plan, Remove, Write
from lastcall.core.policies.policy import Policy
from lastcall.core.rows import Json


@dataclass(frozen=True, slots=True)
class NumberLife:
    """All that is held about one number: its latest tenure and its memberships."""

    msisdn: int
    in_range: bool
    latest: Tenure | None = None
    pending: PendingRelease | None = None
    quarantine: Quarantine | None = None
    absent: Absent | None = None
    reservation: Reservation | None = None

    @property
    def state(self) -> str:
        """The number's state in the design's words."""
        if self.latest is not None and self.latest.until is None:
            return "in_service"
        if self.pending is not None:
            return "pending_release"
        if self.quarantine is not None:
            return "quarantined"
        if self.absent is not None:
            return self.absent.state
        return "reserved" if self.reservation is not None else "available"


def number_event(
    kind: str, tenure_id: int, actor: Actor, now: datetime, *, source: str, target: str, case_id: int | None = None,
    reason: str = "", data: Json | None = None,
) -> Event:  # fmt: skip
    """The event of one number transition; it names the tenure, never the number."""
    return Event(
        at=now, kind=f"number.{kind}", subject="tenure", subject_id=tenure_id, case_id=case_id, actor=str(actor),
        door=actor.door, reason=reason, source=source, target=target, data=data or {},
    )  # fmt: skip


def sim_event(kind: str, sim: Sim, actor: Actor, now: datetime, *, target: str, case_id: int | None = None) -> Event:
    """The event of one SIM transition."""
    return Event(
        at=now, kind=f"sim.{kind}", subject="sim", subject_id=sim.id, case_id=case_id, actor=str(actor),
        door=actor.door, source=sim.state, target=target,
    )  # fmt: skip


def activate_sim(sim: Sim, *, actor: Actor, now: datetime) -> Plan:
    """Put a SIM from stock into service, once in its life."""
    target = SIM.move(sim.state, "activate", role=actor.role)
    change = Change(
        Sim, {"id": sim.id, "state": sim.state}, {"state": target, "custody": "subscriber", "active_since": now}
    )
    return Plan((change,), (sim_event("activated", sim, actor, now, target=target),))


def _next_tenure(life: NumberLife, subscriber_id: int, now: datetime, follows_id: int | None = None) -> Tenure:
    ordinal = 1 if life.latest is None else life.latest.ordinal + 1
    return Tenure(
        id=clock.new_id(), msisdn=life.msisdn, ordinal=ordinal, subscriber_id=subscriber_id, since=now,
        follows_id=follows_id,
    )  # fmt: skip


def assign(life: NumberLife, *, subscriber_id: int, purpose: str, actor: Actor, now: datetime) -> tuple[Tenure, Plan]:
    """Begin a tenure on an available number, or on one reserved for this ``purpose``.

    Raises ``NotAllowed`` in any other state, ``Refused`` (``not_in_range``, ``reserved_for_another``).
    """
    if not life.in_range:
        raise Refused(
            "this number is in no range of ours", code="not_in_range", remedy="Import the register, or check it."
        )
    target = NUMBER.move(life.state, "assign", role=actor.role)
    writes: list[Write] = [InsertMissing(Number(msisdn=life.msisdn, known_since=now))]
    if life.reservation is not None:
        if life.reservation.purpose != purpose and life.reservation.until > now:
            raise Refused(
                "this number is reserved for another order", code="reserved_for_another", remedy="Take another."
            )
        writes.append(Remove(Reservation, {"msisdn": life.msisdn, "purpose": life.reservation.purpose}))
    tenure = _next_tenure(life, subscriber_id, now)
    event = number_event("assigned", tenure.id, actor, now, source=life.state, target=target)
    return tenure, Plan((*writes, Insert(tenure)), (event,))


def rest_after(confirmed_at: datetime, policy: Policy) -> tuple[datetime, datetime]:
    """The former holder's last moment and the end of the rest, counted from the network-confirmed cease."""
    reclaim_until = confirmed_at + timedelta(days=policy.reactivation_window_days)
    rested = confirmed_at + timedelta(days=max(policy.quarantine_days, policy.quarantine_floor_days))
    return reclaim_until, max(rested, reclaim_until)


def cease(
    life: NumberLife, *, tenure: Tenure, confirmed_at: datetime, policy: Policy, actor: Actor, now: datetime,
    case_id: int,
) -> Plan:  # fmt: skip
    """End the tenure: the number goes to pending release, counted from the network-confirmed cease.

    The deadlines are frozen here (policies ``reactivation.window_days``, ``quarantine.days``).
    """
    target = NUMBER.move(life.state, "cease", role=actor.role)
    reclaim_until, quarantine_until = rest_after(confirmed_at, policy)
    values = {
        "until": confirmed_at, "ending": "ceased", "reclaim_until": reclaim_until, "quarantine_until": quarantine_until,
    }  # fmt: skip
    pending = PendingRelease(
        reclaim_until=reclaim_until, msisdn=tenure.msisdn, tenure_id=tenure.id, quarantine_until=quarantine_until
    )
    event = number_event("pending_release", tenure.id, actor, now, source=life.state, target=target, case_id=case_id)
    return Plan((Change(Tenure, {"id": tenure.id, "until": None}, values), Insert(pending)), (event,))


def reactivate(
    life: NumberLife, *, former: Tenure, subscriber_id: int, actor: Actor, now: datetime, approver: str
) -> tuple[Tenure, Plan]:
    """Give the number back to its former holder inside the window, as a new tenure that follows the old one.

    Raises ``Refused``: ``someone_elses_number`` (in service again, or another's), ``window_over``, ``not_the_former_holder``.
    """
    if life.latest is None or life.latest.id != former.id:
        raise Refused("the number has a later holder", code="someone_elses_number", remedy="Choose another number.")
    if former.subscriber_id != subscriber_id:
        raise Refused(
            "only the former holder may have it back", code="not_the_former_holder", remedy="Choose another number."
        )
    if life.pending is None or former.reclaim_until is None or now >= former.reclaim_until:
        raise Refused("the time to have it back is over", code="window_over", remedy="Choose another number.")
    target = NUMBER.move(life.state, "reactivate", role=actor.role)
    tenure = _next_tenure(life, subscriber_id, now, follows_id=former.id)
    where = {"reclaim_until": life.pending.reclaim_until, "msisdn": life.msisdn, "tenure_id": former.id}
    events = (
        number_event("reactivated", former.id, actor, now, source=life.state, target=target, data={"by": tenure.id}),
        number_event(
            "assigned", tenure.id, actor, now, source="pending_release", target=target, reason="reactivation",
            data={"follows": former.id, "approver": approver},
        ),
    )  # fmt: skip
    return tenure, Plan((Remove(PendingRelease, where), Insert(tenure)), events)


def transfer(
    life: NumberLife, *, tenure: Tenure, subscriber_id: int, actor: Actor, now: datetime
) -> tuple[Tenure, Plan]:
    """Another subscriber takes the line over: one tenure ends in the very moment in which the next begins, without a rest.

    Raises ``NotAllowed`` for a number that is not in service or a role that may not, ``Refused`` (``same_subscriber``).
    """
    target = NUMBER.move(life.state, "transfer", role=actor.role)
    if subscriber_id == tenure.subscriber_id:
        raise Refused(
            "the line is this subscriber's already", code="same_subscriber", remedy="Name the one who takes it over."
        )
    following = _next_tenure(life, subscriber_id, now)
    ended = Change(Tenure, {"id": tenure.id, "until": None}, {"until": now, "ending": "transferred"})
    events = (
        number_event(
            "transferred", tenure.id, actor, now, source=life.state, target=target, data={"by": following.id}
        ),
        number_event(
            "assigned", following.id, actor, now, source=life.state, target=target, reason="transfer",
            data={"after": tenure.id},
        ),
    )  # fmt: skip
    return following, Plan((ended, Insert(following)), events)


def extend(
    member: PendingRelease | Quarantine, *, until: datetime, reason: str, actor: Actor, now: datetime,
    data: Json | None = None, case_id: int | None = None,
) -> Plan:  # fmt: skip
    """Make a rest longer: the number's place among the resting and its tenure's date, both moved to ``until``, together."""
    was = member.quarantine_until
    state = "pending_release" if isinstance(member, PendingRelease) else "quarantined"
    target = NUMBER.move(state, "extend", role=actor.role)
    told: Json = {"was": was.isoformat(), "until": until.isoformat()} | (data or {})
    event = number_event(
        "rest_extended", member.tenure_id, actor, now, source=state, target=target, reason=reason, data=told,
        case_id=case_id,
    )  # fmt: skip
    dated = Change(Tenure, {"id": member.tenure_id, "quarantine_until": was}, {"quarantine_until": until})
    return Plan((*_moved(member, until), dated), (event,))


def _moved(member: PendingRelease | Quarantine, until: datetime) -> tuple[Write, ...]:
    if isinstance(member, PendingRelease):
        where = {name: getattr(member, name) for name in member.columns}
        return (Change(PendingRelease, where, {"quarantine_until": until}),)
    where = {"quarantine_until": member.quarantine_until, "msisdn": member.msisdn, "tenure_id": member.tenure_id}
    return Remove(Quarantine, where), Insert(replace(member, quarantine_until=until))


def port_out(life: NumberLife, *, tenure: Tenure, actor: Actor, now: datetime) -> Plan:
    """The number has gone to another operator: the tenure ends, the number is absent until it returns."""
    target = NUMBER.move(life.state, "port_out", role=actor.role)
    return Plan(
        (
            Change(Tenure, {"id": tenure.id, "until": None}, {"until": now, "ending": "ported_out"}),
            Insert(Absent(msisdn=life.msisdn, state=target, since=now, tenure_id=tenure.id)),
        ),
        (number_event("ported_out", tenure.id, actor, now, source=life.state, target=target),),
    )


def give_back(life: NumberLife, *, policy: Policy, actor: Actor, now: datetime) -> Plan:
    """A ported number came back: it rests like any other before somebody else may have it."""
    target = NUMBER.move(life.state, "return", role=actor.role)
    assert life.absent is not None and life.latest is not None
    rest = Quarantine(
        quarantine_until=now + timedelta(days=max(policy.quarantine_days, policy.quarantine_floor_days)),
        msisdn=life.msisdn, tenure_id=life.latest.id,
    )  # fmt: skip
    where = {"msisdn": life.msisdn, "state": "ported_out"}
    deadlines = {"reclaim_until": now, "quarantine_until": rest.quarantine_until}
    return Plan(
        (Remove(Absent, where), Insert(rest), Change(Tenure, {"id": life.latest.id}, deadlines)),
        (number_event("returned", life.latest.id, actor, now, source=life.state, target=target),),
    )


def withdraw(life: NumberLife, *, actor: Actor, now: datetime) -> Plan:
    """Give the number back to the regulator; it is never ours to assign again. Raises ``Refused`` (``not_in_range``)."""
    if not life.in_range:
        raise Refused("this number is in no range of ours", code="not_in_range", remedy="Check the number.")
    target = NUMBER.move(life.state, "withdraw", role=actor.role)
    tenure_id = life.latest.id if life.latest is not None else 0
    event = number_event("withdrawn", tenure_id, actor, now, source=life.state, target=target)
    if life.absent is not None:
        change: Write = Change(
            Absent, {"msisdn": life.msisdn, "state": life.absent.state}, {"state": target, "since": now}
        )
        return Plan((change,), (event,))
    return Plan((Insert(Absent(msisdn=life.msisdn, state=target, since=now, tenure_id=tenure_id or None)),), (event,))
