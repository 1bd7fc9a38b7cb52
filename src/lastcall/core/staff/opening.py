"""The opening: for a while one member of the staff may see one case, on a ground and for a reason. Without one, nobody sees any."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db import models

from lastcall.core import clock
from lastcall.core.actor import Actor
from lastcall.core.audit.reading import note_reading
from lastcall.core.errors import BadInput, NotFound, Refused
from lastcall.core.numbers.look import Look
from lastcall.core.plan import Change, Insert, Plan
from lastcall.core.policies.policy import Policy
from lastcall.core.rows import Row, holds, table
from lastcall.core.staff import viewing
from lastcall.core.store import Store, transaction

GROUNDS: Final = ("counter", "call", "review", "papers", "break_glass", "audit")


@table(
    "staff",
    references={"case_id": "closing.Case"},
    constraints=(holds("opening_ground", models.Q(ground__in=GROUNDS)),),
    indexes=(
        models.Index(fields=["ground", "ground_id"], name="opening_ground"),
        models.Index(fields=["login", "opened_at"], name="opening_login"),
    ),
)
@dataclass(frozen=True, slots=True, kw_only=True)
class Opening(Row):
    """``ground``: one of :data:`GROUNDS`, ``ground_id`` the ticket, call, assignment, sheet or break-glass it rests on.

    ``reason``: one of :data:`~lastcall.core.audit.reading.REASONS`, told to the subscriber. It ends at ``until`` whatever happens.
    """

    id: int
    login: str
    case_id: int
    ground: str
    ground_id: int
    reason: str
    opened_at: datetime
    until: datetime
    closed_at: datetime | None = None


def plan_opening(
    *, case_id: int, actor: Actor, ground: str, ground_id: int, reason: str, policy: Policy, minutes: int | None = None
) -> tuple[Opening, Plan]:
    """The opening and the plan that writes it together with the note of the reading.

    ``minutes``: instead of policy ``staff.opening_minutes``. Raises ``BadInput`` (``bad_reason``, ``bad_ground``), ``Refused``
    (``not_staff``).
    """
    if ground not in GROUNDS:
        raise BadInput(f"no such ground: {ground[:40]}", code="bad_ground", remedy=f"One of: {', '.join(GROUNDS)}.")
    if not actor.is_staff:
        raise Refused("only staff open a file", code="not_staff", remedy="The case page is the subscriber's.")
    now = clock.now()
    opening = Opening(
        id=clock.new_id(), login=actor.name, case_id=case_id, ground=ground, ground_id=ground_id, reason=reason,
        opened_at=now, until=now + timedelta(minutes=minutes or policy.staff_opening_minutes),
    )  # fmt: skip
    return opening, Plan((Insert(opening),)) + note_reading(case_id=case_id, actor=actor, reason=reason, ground=ground)


@transaction
def open_file(
    rows: Store, *, case_id: int, actor: Actor, ground: str, ground_id: int, reason: str, policy: Policy
) -> Opening:
    """Open a case to one member of the staff; the reading is noted in the same transaction. Raises as :func:`plan_opening`.

    While one on the same ground lives, it is given back and nothing is written.
    """
    now = clock.now()
    for known in rows.some(Opening, {"ground": ground, "ground_id": ground_id, "closed_at": None}):
        if (known.login, known.case_id, known.reason) == (actor.name, case_id, reason) and now < known.until:
            return known
    opening, plan = plan_opening(
        case_id=case_id, actor=actor, ground=ground, ground_id=ground_id, reason=reason, policy=policy
    )
    rows.apply(plan)
    watch(rows, actor=actor, policy=policy)
    return opening


def watch(rows: Store, *, actor: Actor, policy: Policy) -> None:
    """After a file or a number was opened: tell the auditor of one who opens unusually many (policy ``staff.views_per_hour``)."""
    now = clock.now()
    lately = _seen(rows, actor, {"opened_at__gt": now - viewing.HOUR})
    if len(lately) * 4 > policy.staff_views_per_hour:
        before = _seen(rows, actor, {"opened_at__gt": now - viewing.BACK, "opened_at__lte": now - viewing.HOUR})
        rows.apply(viewing.alarm(rows, actor=actor, lately=lately, before=before, limit=policy.staff_views_per_hour))


def _seen(rows: Store, actor: Actor, when: Mapping[str, datetime]) -> list[viewing.Seen]:
    files = rows.some(Opening, {"login": actor.name} | dict(when))
    numbers = rows.some(
        Look, {"login": actor.name} | {name.replace("opened_at", "at"): at for name, at in when.items()}
    )
    return [(one.opened_at, one.case_id) for one in files] + [(one.at, one.msisdn) for one in numbers]


def live(rows: Store, *, opening_id: int, login: str) -> Opening:
    """The opening, while it lives and is this member's. Raises ``NotFound`` in the same words whatever it lacks."""
    found = rows.one(Opening, {"id": opening_id, "login": login, "closed_at": None})
    if found is None or clock.now() >= found.until:
        raise NotFound("this file is not open to you", code="not_open", remedy="Open it again, with a reason.")
    return found


live_opening = transaction(live)


@transaction
def close_file(rows: Store, *, opening_id: int, login: str) -> None:
    """Close it before its time. Closed is closed: the same again does nothing."""
    if rows.one(Opening, {"id": opening_id, "login": login, "closed_at": None}) is not None:
        rows.apply(Plan((_closed(opening_id),)))


def close_ground(rows: Store, *, ground: str, ground_id: int) -> Plan:
    """The plan that closes every opening on that ground: the visit or the call is over."""
    standing = rows.some(Opening, {"ground": ground, "ground_id": ground_id, "closed_at": None})
    return Plan(tuple(_closed(opening.id) for opening in standing))


def _closed(opening_id: int) -> Change:
    return Change(Opening, {"id": opening_id, "closed_at": None}, {"closed_at": clock.now()})
