"""Proving who is closing the line by oneself, on the web: a document's number, then a one-time code to a contact on file.

Whoever declared has the case's secret, and need not be the holder. So every answer and all that they can see of the case is the
same, and comes after the same work, whether the number is a line of ours, the document was right, a contact of that kind is on
file or a code was sent: until the right code comes back, which proves both.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from lastcall.core import clock, keyed
from lastcall.core.actor import Actor
from lastcall.core.closing import codes
from lastcall.core.closing.case import Case
from lastcall.core.closing.changes import after, job, move, try_again
from lastcall.core.closing.checks.identity import is_still_valid
from lastcall.core.closing.code import Code
from lastcall.core.closing.facts import read_case
from lastcall.core.closing.identity import (
    FRESH_TRIES,
    Proof,
    advance_again,
    answered,
    bind,
    claimed_line,
    keys_of,
    locked,
    matches,
    refuse_if_locked,
)
from lastcall.core.closing.review import not_the_decider
from lastcall.core.errors import Refused
from lastcall.core.plan import Insert, Plan
from lastcall.core.policies.policy import Policy
from lastcall.core.store import Database, Store
from lastcall.core.subscribers.file import document_key, valid_document_keys
from lastcall.core.subscribers.inputs import one_of, parse_country
from lastcall.core.subscribers.line import Line
from lastcall.core.subscribers.subscriber import Contact

CHANNELS: Final = ("line", "sms", "mail")


def begin(
    database: Database,
    *,
    case_id: int,
    kind: str,
    issuer: str,
    number: str,
    channel: str,
    actor: Actor,
    aloud: bool = False,
) -> datetime:
    """Take a document's number and send a code to a contact on file before the declaration; returns when the code runs out.

    ``channel``: ``line`` (the closing line's own number), ``sms`` or ``mail``; ``aloud``: the code is to be read out to an agent.
    Each call is a try (policy ``identity.document_tries``). Raises ``BadInput`` for a number that cannot be one, ``bad_country``,
    ``bad_channel`` (no try is counted); ``Refused``: ``identity_locked`` when the tries are used up, ``too_many_codes``;
    ``NotAllowed``.
    """
    one_of("channel", channel, CHANNELS)
    offered = document_key(kind, parse_country(issuer), number)
    return try_again(lambda: database.transact(lambda rows: _begin(rows, case_id, offered, channel, actor, aloud)))


def _begin(rows: Store, case_id: int, offered: str, channel: str, actor: Actor, aloud: bool) -> datetime:
    case, now = read_case(rows, case_id), clock.now()
    policy = Policy.from_json(case.policy)
    refuse_if_locked(case, now)
    if case.identity_failures >= policy.identity_document_tries:
        raise locked()
    codes.refuse_if_too_many(rows, case, policy, now)
    contact = _reached(rows, case, offered, channel)
    place = codes.place_for(rows, contact, policy, now)
    code = codes.make(case, place, codes.proving(case, aloud=aloud), now)
    _ask(rows, case, code, actor, data={"asked": "code", "channel": channel}, tries=case.identity_failures + 1)
    return code.expires_at


def _reached(rows: Store, case: Case, offered: str, channel: str) -> Contact | None:
    """Where the code goes: only when the document is right and such a contact is on file."""
    line = rows.one(Line, {"id": case.line_id}) if case.line_id else claimed_line(rows, case)
    # A case that is bound to none has the same reads, of a file that nobody has.
    subscriber_id = line.subscriber_id if line else 0
    keys = keys_of(rows, case) if case.line_id else valid_document_keys(rows, subscriber_id)
    right = matches(keys, offered)
    found = rows.some(Contact, {"subscriber_id": subscriber_id, "kind": channel, "removed_at": None}, order="id")
    own = [
        contact for contact in found
        if line and contact.line_id in {None, line.id} and contact.on_file_since <= case.declared_at
    ]  # fmt: skip
    return own[0] if own and right else None


def _ask(rows: Store, case: Case, code: Code, actor: Actor, *, data: dict[str, Any], tries: int) -> None:
    """Write the code with the job that sends it. With the last try the lock is set for the moment at which its code runs out."""
    now = code.sent_at
    last = tries >= Policy.from_json(case.policy).identity_document_tries
    locked_at = code.expires_at if last else None
    plan = move(
        case, "prove", actor=actor, now=now, data=data, identity_failures=tries, identity_locked_at=locked_at
    )  # fmt: skip
    plan += Plan((Insert(code), job("code.send", code.id, due_at=now)))
    if last:
        plan += Plan((job("case.advance", case.id, due_at=code.expires_at, about=f"locked {case.revision + 1}"),))
    rows.apply(plan)


def again(database: Database, *, case_id: int, actor: Actor, aloud: bool = False) -> datetime:
    """Send the code once more, which is a new one, to where the one before went; returns when it runs out.

    Wrong answers so far stay counted. Raises ``Refused``: ``too_many_codes``, ``identity_locked``, ``begin_first`` when no code was
    asked for, or the last one was used or answered wrongly too often; ``NotAllowed``.
    """
    return try_again(lambda: database.transact(lambda rows: _again(rows, case_id, actor, aloud)))


def _again(rows: Store, case_id: int, actor: Actor, aloud: bool) -> datetime:
    case, now = read_case(rows, case_id), clock.now()
    policy = Policy.from_json(case.policy)
    refuse_if_locked(case, now)
    action = codes.proving(case, aloud=aloud)
    before = codes.latest(rows, case.id, action)
    if before is None or before.used_at is not None or before.tries >= policy.identity_code_tries:
        raise Refused(
            "there is no code to be sent again", code="begin_first", remedy="Give the number of your document first."
        )
    codes.refuse_if_too_many(rows, case, policy, now)
    contact = rows.one(Contact, {"id": before.contact_id or 0, "removed_at": None})
    place = codes.place_for(rows, contact, policy, now)
    code = codes.make(case, place, action, now, tries=before.tries)
    _ask(rows, case, code, actor, data={"asked": "again"}, tries=case.identity_failures)
    return code.expires_at


def finish(database: Database, *, case_id: int, code: str, actor: Actor, aloud: bool = False) -> Proof:
    """Take the code: with it both the document and the contact are proved, and a case that was bound to no line gets its own.

    Accepted at most once (policies ``identity.code_minutes``, ``identity.code_tries``); on a case that was proved by then the
    answer is still "accepted", and nothing is written. What cannot be a code costs no try. Raises ``Refused``
    (``identity_locked``; ``four_eyes``: staff who decided the case do not verify it), ``NotAllowed``. A member of the staff who
    takes the code is the verifier.
    """
    offered = codes.typed_digits(code)
    return try_again(lambda: database.transact(lambda rows: _finish(rows, case_id, offered, actor, aloud)))


def _finish(rows: Store, case_id: int, offered: str, actor: Actor, aloud: bool) -> Proof:
    case, now = read_case(rows, case_id), clock.now()
    refuse_if_locked(case, now)
    not_the_decider(rows, case, actor)
    policy = Policy.from_json(case.policy)
    code = codes.latest(rows, case.id, codes.proving(case, aloud=aloud))
    if code is None or not codes.is_live(code, policy, now):
        return Proof(case, accepted=is_still_valid(case, policy, now), tries_left=0)
    secret = codes.digits_of(code, policy)
    if not (offered.isdecimal() and len(offered) == len(secret)):
        return Proof(case, accepted=False, tries_left=policy.identity_code_tries - code.tries)
    right = keyed.same(secret, offered)
    bound, writes = _bound(rows, case, code, actor, now)
    if bound is None or not right:
        return _wrong(rows, case, code, policy, actor)
    verified = {"verifier": str(actor)} if actor.is_staff and bound.in_person_at is None else {}
    plan = move(
        bound,
        "prove",
        actor=actor,
        now=now,
        data={"proof": "remote"},
        document_ok_at=now,
        code_ok_at=now,
        **verified,
        **FRESH_TRIES,
    )
    rows.apply(Plan((answered(code, used_at=now),)) + writes + plan + Plan((advance_again(bound, now),)))
    return Proof(after(bound, plan), accepted=True, tries_left=policy.identity_code_tries)


def _bound(rows: Store, case: Case, code: Code, actor: Actor, now: datetime) -> tuple[Case | None, Plan]:
    """The case as bound to the line of the contact's owner, and what binds it; None when it is not, and cannot be."""
    contact = rows.one(Contact, {"id": code.contact_id or 0, "removed_at": None})
    line = rows.one(Line, {"id": case.line_id}) if case.line_id else claimed_line(rows, case)
    if contact is None or line is None or contact.subscriber_id != line.subscriber_id:
        return None, Plan()
    if case.line_id is not None:
        return case, Plan()
    bound, writes = bind(rows, case, line, actor, now, wholly=True)
    return (bound, writes) if bound.line_id is not None else (None, Plan())


def _wrong(rows: Store, case: Case, code: Code, policy: Policy, actor: Actor) -> Proof:
    """After the last answer to the last try the lock does not wait for the code's minutes."""
    now, tries = clock.now(), code.tries + 1
    left = max(policy.identity_code_tries - tries, 0)
    over = left == 0 and case.identity_failures >= policy.identity_document_tries
    locks: dict[str, Any] = {"identity_locked_at": now} if over else {}
    plan = move(case, "prove", actor=actor, now=now, reason="identity_refused", data={"code": "wrong"}, **locks)
    if over:
        plan += Plan((advance_again(case, now),))
    rows.apply(Plan((answered(code, tries=tries),)) + plan)
    return Proof(after(case, plan), accepted=False, tries_left=left)
