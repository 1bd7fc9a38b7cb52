"""Guidance: the next sensible step of somebody who wants a line closed, or its number back, or given to somebody else.

Random steps alone hardly ever get through all the checks; a history that is guided part of its way does.
"""

from __future__ import annotations

from datetime import timedelta

from lastcall.core.closing.case import Case
from lastcall.core.closing.story import is_proved
from lastcall.core.numbers.number import PendingRelease, Quarantine
from lastcall.core.numbers.release_request import ReleaseRequest
from lastcall.core.numbers.tenure import Tenure
from lastcall.core.simulator.people import NUMBER_ROOM
from lastcall.core.simulator.steps import Step
from lastcall.core.simulator.view import LETTERS, View

_OPEN = frozenset({"declared", "checking", "waiting", "review", "on_hold", "ceasing"})


def next_step(view: View) -> Step:
    """What gets the latest open case further; without one, what begins or ends a story."""
    for place in range(len(view.world.cases) - 1, -1, -1):
        case = view.case_row(place)
        if case.state in _OPEN and case.line_id is not None:
            return _further(view, place, case)
    return _afterwards(view)


def _further(view: View, place: int, case: Case) -> Step:
    if is_proved(case) and case.state in {"waiting", "review", "on_hold"} and view.chance(0.05):
        return view.step("call back", case=place, slot=0, by="holder")
    if case.state in {"on_hold", "ceasing"}:
        return _wait_or_work(view, case)
    if case.state == "review":
        act = "unfreeze" if case.frozen_at is not None else "approve"
        return view.step(act, case=place, by=view.one_of(("irina", "irina", "timur as reviewer")))
    missing = _missing(view, place, case)
    if missing is not None:
        return missing
    if view.world.hlr.down or view.world.billing.down:
        return _repair(view)
    return view.step("look again", case=place) if case.state == "waiting" else view.step("work", jobs=60)


def _wait_or_work(view: View, case: Case) -> Step:
    now = view.world.clock.now()
    if case.state == "on_hold" and case.hold_until is not None and case.hold_until > now:
        return view.step("wait", seconds=int((case.hold_until - now).total_seconds()) + 1)
    if view.world.hlr.down or view.world.billing.down:
        return _repair(view)
    deadlines = view.deadlines()
    if case.state == "ceasing" and deadlines and view.chance(0.3):
        return view.step("wait", seconds=min(deadlines[0] + 1, 3700))
    return view.step("work", jobs=view.one_of((3, 60)))


def _repair(view: View) -> Step:
    if view.world.billing.down:
        return view.step("billing", fault="well")
    return view.step("hlr", fault="well", count=0)


def _missing(view: View, place: int, case: Case) -> Step | None:
    """What the subscriber still owes, as far as it is known."""
    holder = view.holder_of(case.line_id)
    papers = "representative" if case.declared_by == "representative" else holder
    if case.declared_by == "representative" and case.representative_id is None:
        if not view.world.representatives:
            return view.step(
                "representative", person=holder, kind="power_of_attorney", powers="close money", notarised=True,
                certificate="",
            )  # fmt: skip
        return view.step("papers", case=place, representative=len(view.world.representatives) - 1, by="olga")
    if case.in_person_at is None and (step := _identity(view, place, case, papers, holder)) is not None:
        return step
    if not case.sim_custody:
        return _custody(view, place, case)
    if case.door in {"hotline", "text", "api", "command"} and case.signed_at is None and case.in_person_at is None:
        return view.step("sign", case=place, by="holder")
    return _hindrance(view, case)


def _identity(view: View, place: int, case: Case, papers: str, holder: str) -> Step | None:
    if case.photo == "differs" or case.is_locked(view.world.clock.now()):
        return view.step("document", case=place, papers=papers, by="olga", in_person=True)
    if is_proved(case):
        return _photo(view, place, case, holder)
    if view.world.begun.get(place) == papers and view.chance(0.9):
        return _on_the_web(view, place)
    if case.document_ok_at is None:
        if view.chance(0.4):
            return view.step(
                "begin proof", case=place, papers=papers, channel=view.one_of(("line", "mail")), by="holder"
            )
        in_person = view.chance(0.5)
        return view.step(
            "document", case=place, papers=papers, by="olga" if in_person else "holder", in_person=in_person
        )
    sent = view.world.codes.get(place, [])
    if sent and (place, sent[-1]) not in view.world.codes_taken and view.chance(0.8):
        return view.step("answer code", case=place, answer=sent[-1], by="holder")
    if view.chance(0.2):
        return view.step("document", case=place, papers=papers, by="olga", in_person=True)
    return view.step("ask code", case=place, person=holder, by="holder")


def _on_the_web(view: View, place: int) -> Step:
    """The code is on its way, or here."""
    if view.chance(0.4):
        return view.step("work", jobs=60)
    if view.chance(0.1):
        return view.step("send proof again", case=place, by="holder")
    return view.step("finish proof", case=place, right=True, by="holder")


def _photo(view: View, place: int, case: Case, holder: str) -> Step | None:
    """The photo, where one is needed, and sometimes where one is offered."""
    wish = case.policy["identity_photo"]
    if case.photo == "reading":
        return view.step("reader", down=False) if view.world.reader.down else view.step("work", jobs=60)
    if case.photo or wish == "off" or (wish == "offered" and view.chance(0.8)):
        return None
    return view.step("photo", case=place, page=holder, by="holder")


def _custody(view: View, place: int, case: Case) -> Step:
    custody = view.one_of(("subscriber", "collected", "destroyed"))
    return view.step(
        "sim", case=place, custody=custody, by="holder" if custody == "subscriber" else "olga", pin_removed=True,
        sim=view.sim_of(case.line_id),
    )  # fmt: skip


def _hindrance(view: View, case: Case) -> Step | None:
    line = view.line_place(case.line_id)
    row = view.line_row(line)
    if row.locked_at is not None:
        return view.step("lock", line=line, on=False)
    if row.legal_hold_at is not None:
        return view.step("legal hold", line=line, on=False)
    if row.port_out_at is not None and row.closed_at is None:
        return view.step("cancel port-out", line=line)
    held = view.world.billing.held.get(row.id)
    if held is not None and held.debt:
        return view.step("pay", line=line)
    return None


def _afterwards(view: View) -> Step:
    """No case is open: a new declaration, a number back, the sweep, a new holder."""
    resting = len(view.store.rows(PendingRelease)) + len(view.store.rows(Quarantine))
    if resting and view.chance(0.5):
        return _resting(view)
    number = view.number
    if view.world.cases and view.chance(0.1):
        return _reactivation(view, int(view.random.random() * len(view.world.cases)))
    tenure = view.open_tenure(number)
    if tenure is None:
        return view.step(
            "assign", number=number, sim=view.sim, person=view.person, by="olga", purpose="", fees=False, balance=5_000
        )
    return view.step(
        "declare", number=number, door=view.one_of(("portal", "store", "hotline")),
        key=f"declaration {len(view.world.declared)}", by=view.one_of(("holder", "holder", "olga", "timur")),
        language="ru", declared_by="representative" if view.chance(0.1) else "holder", end_in_days=None,
    )  # fmt: skip


def _resting(view: View) -> Step:
    now = view.world.clock.now()
    for pending in view.store.rows(PendingRelease).values():
        letter = LETTERS[pending.msisdn]
        places = [
            place for place in range(len(view.world.cases)) if view.case_row(place).tenure_id == pending.tenure_id
        ]
        closed = [place for place in places if view.case_row(place).state == "closed"]
        if closed and view.chance(0.4):
            return _reactivation(view, closed[-1])
        if pending.reclaim_until > now and view.chance(0.5):
            return view.step("wait", seconds=int((pending.reclaim_until - now).total_seconds()))
        if view.chance(0.2):
            return view.step(
                "assign", number=letter, sim=view.sim, person="sergei", by="olga", purpose="", fees=False, balance=0
            )
    for rest in view.store.rows(Quarantine).values():
        if rest.quarantine_until > now and view.chance(0.7):
            return _early_release(view, rest)
        if rest.quarantine_until > now and view.chance(0.5):
            return view.step("wait", seconds=int((rest.quarantine_until - now).total_seconds()))
    return view.step("sweep", batch=100)


_LONGEST_FLOOR = timedelta(days=90)


def _early_release(view: View, rest: Quarantine) -> Step:
    """The quarantine ended before its date: asked by one once it has rested long enough, mostly decided by another."""
    number, now = LETTERS[rest.msisdn], view.world.clock.now()
    ceased_at = view.store.rows(Tenure)[rest.tenure_id].until or now
    if now < ceased_at + _LONGEST_FLOOR < rest.quarantine_until and view.chance(0.8):
        return view.step("wait", seconds=int((ceased_at + _LONGEST_FLOOR - now).total_seconds()))
    requests = view.store.rows(ReleaseRequest).values()
    if not any(row.tenure_id == rest.tenure_id and row.state == "asked" and row.until > now for row in requests):
        return view.step("ask early release", number=number, reason="shortage", by="nikolai")
    by = "nadia" if view.chance(0.7) else view.one_of(NUMBER_ROOM)
    return view.step("decide early release", number=number, how="approve", by=by)


def _reactivation(view: View, place: int) -> Step:
    """The number back: mostly to its former holder, by two people."""
    holder = view.holder_of(view.case_row(place).line_id)
    return view.step(
        "reactivate", case=place, papers=holder if view.chance(0.7) else view.person, sim=view.sim, by="olga",
        approver="irina" if view.chance(0.8) else view.one_of(("", "olga")),
    )  # fmt: skip
