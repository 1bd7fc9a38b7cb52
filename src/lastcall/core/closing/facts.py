"""What the rules of closing look at: everything about one case at one moment, frozen."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from lastcall.core.closing.case import Case
from lastcall.core.errors import NotFound
from lastcall.core.numbers.sim import Sim
from lastcall.core.numbers.tenure import Tenure
from lastcall.core.policies.policy import Policy
from lastcall.core.ports import Account
from lastcall.core.store import Store
from lastcall.core.subscribers.line import Line
from lastcall.core.subscribers.subscriber import Contact, Representative, Subscriber


@dataclass(frozen=True, slots=True)
class Bound:
    """The line that a case is bound to, with all that belongs to it."""

    line: Line
    tenure: Tenure
    sim: Sim
    subscriber: Subscriber
    contacts: tuple[Contact, ...]
    dependents: int
    """Open lines whose bundle hangs on this one."""


@dataclass(frozen=True, slots=True)
class Facts:
    """``bound`` is None while the claimed number is no line of ours; ``account`` None while billing was not asked."""

    now: datetime
    policy: Policy
    case: Case
    bound: Bound | None
    representative: Representative | None = None
    account: Account | None = None


def read_case(rows: Store, case_id: int) -> Case:
    """The case. Raises ``NotFound`` in the words that strangers hear too."""
    case = rows.one(Case, {"id": case_id})
    if case is None:
        raise NotFound(
            "no such case, or the words given do not belong to it", remedy="Check the reference and the secret."
        )
    return case


def read_facts(rows: Store, case: Case, *, now: datetime, account: Account | None = None) -> Facts:
    """Everything the rules need to know of the case now."""
    representative = None
    if case.representative_id is not None:
        representative = rows.one(Representative, {"id": case.representative_id})
    return Facts(now, Policy.from_json(case.policy), case, read_bound(rows, case), representative, account)


def read_bound(rows: Store, case: Case) -> Bound | None:
    """The line the case is bound to, or None."""
    if case.line_id is None:
        return None
    line = rows.one(Line, {"id": case.line_id})
    assert line is not None
    tenure, sim = rows.one(Tenure, {"id": case.tenure_id}), rows.one(Sim, {"id": line.sim_id})
    subscriber = rows.one(Subscriber, {"id": line.subscriber_id})
    assert tenure is not None and sim is not None and subscriber is not None
    contacts = rows.some(Contact, {"subscriber_id": subscriber.id, "removed_at": None}, order="id")
    own = tuple(contact for contact in contacts if contact.line_id in {None, line.id})
    dependents = rows.count(Line, {"depends_on_id": line.id, "closed_at": None})
    return Bound(line, tenure, sim, subscriber, own, dependents)
