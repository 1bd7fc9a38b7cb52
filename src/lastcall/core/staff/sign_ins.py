"""Signing in and out: begun, completed by a second factor, seen, ended here or everywhere."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from lastcall.core import clock
from lastcall.core.actor import Actor
from lastcall.core.audit.event import Event
from lastcall.core.errors import Conflict, Refused
from lastcall.core.plan import Change, Insert, Plan
from lastcall.core.policies.policy import Policy
from lastcall.core.staff.member import Member
from lastcall.core.staff.notes import noted
from lastcall.core.staff.sign_in import SignIn, over
from lastcall.core.store import Store, transaction

_SEEN_EVERY: Final = timedelta(minutes=1)
ENOUGH: Final = frozenset({"totp", "passkey", "recovery", "sso_mfa"})
"""The factors of which one must be among those shown. A passkey is two in one: the device, and its owner's finger or PIN."""


def myself(member: Member, *, door: str = "desk") -> Actor:
    """The member acting on what is only theirs: in the first of their roles."""
    return Actor(next(iter(member.roles.split()), "clerk"), member.login, door)


@transaction
def begin(rows: Store, *, login: str, how: str) -> SignIn:
    """Sign a member in who has shown ``how``; complete where that is enough. Raises ``Refused`` (``has_left``)."""
    member = rows.one(Member, {"login": login, "left_at": None})
    if member is None:
        raise Refused("no such member", code="has_left", remedy="Ask an administrator.")
    now = clock.now()
    begun = SignIn(
        id=clock.new_id(), member_id=member.id, how=how, complete=bool(ENOUGH & set(how.split())), began_at=now,
        seen_at=now,
    )  # fmt: skip
    events = (_signed_in(member, begun, now),) if begun.complete else ()
    rows.apply(Plan((Insert(begun),), events))
    return begun


@transaction
def complete(rows: Store, *, sign_in_id: int, factor: str) -> SignIn:
    """The second factor was shown. Raises ``Refused`` (``signed_out``) when the sign-in has ended meanwhile."""
    found, member = _open(rows, sign_in_id)
    now = clock.now()
    done = replace(found, how=f"{found.how} {factor}".strip(), complete=True, seen_at=now)
    change = Change(
        SignIn, {"id": found.id, "ended_at": None, "complete": found.complete},
        {"how": done.how, "complete": True, "seen_at": now},
    )  # fmt: skip
    rows.apply(Plan((change,), (_signed_in(member, done, now),)))
    return done


def _open(rows: Store, sign_in_id: int) -> tuple[SignIn, Member]:
    found = rows.one(SignIn, {"id": sign_in_id, "ended_at": None})
    member = rows.one(Member, {"id": found.member_id, "left_at": None}) if found is not None else None
    if found is None or member is None:
        raise Refused("this sign-in has ended", code="signed_out", remedy="Sign in again.")
    return found, member


def _signed_in(member: Member, done: SignIn, now: datetime) -> Event:
    return noted("signed_in", member_id=member.id, actor=myself(member), now=now, data={"how": done.how})


def present(rows: Store, *, sign_in_id: int, policy: Policy) -> tuple[Member, SignIn] | None:
    """Who is signed in, seen just now; None when the sign-in has ended, run out, or its member has left."""
    found = rows.one(SignIn, {"id": sign_in_id})
    if found is None or found.ended_at is not None:
        return None
    now = clock.now()
    if why := over(found, now=now, policy=policy):
        _quietly(rows, _ended(found, why, now))
        return None
    member = rows.one(Member, {"id": found.member_id, "left_at": None})
    if member is None:
        return None
    if now - found.seen_at >= _SEEN_EVERY:
        _quietly(rows, Change(SignIn, {"id": found.id, "ended_at": None}, {"seen_at": now}))
    return member, found


def _quietly(rows: Store, change: Change) -> None:
    try:
        rows.apply(Plan((change,)))
    except Conflict:
        return  # another click of the same member was quicker, which is as good


def _ended(found: SignIn, why: str, now: datetime) -> Change:
    return Change(SignIn, {"id": found.id, "ended_at": None}, {"ended_at": now, "ended_because": why})


@transaction
def end(rows: Store, *, sign_in_id: int) -> None:
    """Sign out here. Ended is ended: the same again does nothing."""
    found = rows.one(SignIn, {"id": sign_in_id, "ended_at": None})
    if found is None:
        return
    member = rows.one(Member, {"id": found.member_id})
    assert member is not None
    now = clock.now()
    event = noted("signed_out", member_id=member.id, actor=myself(member), now=now, reason="self")
    rows.apply(Plan((_ended(found, "self", now),), (event,)))


def plan_end_everywhere(rows: Store, *, member: Member, actor: Actor, why: str) -> Plan:
    """The plan that signs a member out of every device at once."""
    now = clock.now()
    standing = rows.some(SignIn, {"member_id": member.id, "ended_at": None})
    event = noted("signed_out", member_id=member.id, actor=actor, now=now, reason=why, data={"devices": len(standing)})
    return Plan(tuple(_ended(found, why, now) for found in standing), (event,))


@transaction
def end_everywhere(rows: Store, *, member_id: int) -> None:
    """Sign oneself out of every device."""
    member = rows.one(Member, {"id": member_id})
    assert member is not None
    rows.apply(plan_end_everywhere(rows, member=member, actor=myself(member), why="everywhere"))


def standing(rows: Store, *, member_id: int, policy: Policy) -> tuple[SignIn, ...]:
    """The sign-ins of a member that still hold, newest first."""
    found = rows.some(SignIn, {"member_id": member_id, "ended_at": None}, order="-began_at")
    return tuple(one for one in found if one.complete and not over(one, now=clock.now(), policy=policy))
