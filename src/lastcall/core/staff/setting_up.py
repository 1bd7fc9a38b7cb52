"""Making a setting-up link and using it."""

from __future__ import annotations

from lastcall.core import clock, keyed
from lastcall.core.actor import Actor
from lastcall.core.errors import NotFound
from lastcall.core.plan import Change, Insert, Plan
from lastcall.core.staff.member import Member
from lastcall.core.staff.notes import noted
from lastcall.core.staff.setup_link import BITS, LASTS, SetupLink
from lastcall.core.staff.sign_ins import myself
from lastcall.core.store import Store, transaction


def plan_link(rows: Store, *, member: Member, actor: Actor) -> tuple[str, Plan]:
    """The secret word of a new link, shown once, and the plan that keeps its hash and makes older ones void."""
    now, word = clock.now(), clock.token(BITS)
    link = SetupLink(
        id=clock.new_id(), member_id=member.id, key_hash=_hash(word), made_at=now, until=now + LASTS
    )  # fmt: skip
    older = rows.some(SetupLink, {"member_id": member.id, "used_at": None})
    void = tuple(Change(SetupLink, {"id": one.id, "used_at": None}, {"used_at": now}) for one in older)
    event = noted("link_made", member_id=member.id, actor=actor, now=now, data={"until": link.until.isoformat()})
    return word, Plan((*void, Insert(link)), (event,))


def _hash(word: str) -> str:
    return keyed.keyed_hash("staff.setup", keyed.normal_token(word))


def holder_of_link(rows: Store, *, word: str) -> Member:
    """Whose link it is. Raises ``NotFound`` in the same words whether it never was, was used, or is too old."""
    link = rows.one(SetupLink, {"key_hash": _hash(word), "used_at": None})
    member = rows.one(Member, {"id": link.member_id, "left_at": None}) if link else None
    if link is None or member is None or clock.now() >= link.until:
        raise NotFound("no such setting-up link", code="no_such_link", remedy="Ask an administrator for a new one.")
    return member


look_at_link = transaction(holder_of_link)


@transaction
def use_link(rows: Store, *, word: str) -> Member:
    """The link is used up; whose it is may now choose a password. Raises ``NotFound`` (``no_such_link``), ``Conflict``."""
    member, now = holder_of_link(rows, word=word), clock.now()
    used = Change(SetupLink, {"key_hash": _hash(word), "used_at": None}, {"used_at": now})
    rows.apply(Plan((used,), (noted("link_used", member_id=member.id, actor=myself(member), now=now),)))
    return member
