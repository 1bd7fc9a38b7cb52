"""Questions to a caller, one by one: the agent types what is said, and hears right or wrong of the whole set alone.

Two kinds of set. *Questions* (policy ``hotline.questions``) are knowledge, which proves nothing: right answers open the file for
guidance. *Code* is the document's number and a one-time code to a contact on file, which is the proof for the closing; it never
reaches the agent but by the caller's mouth. Wrong sets are counted for the call and, over a day, for the number, whoever asks;
then only a shop helps. A code that failed is never followed by questions.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final

from lastcall.core import clock, keyed
from lastcall.core.actor import Actor
from lastcall.core.closing import codes, prove
from lastcall.core.closing.case import Case
from lastcall.core.errors import BadInput, Conflict, Refused
from lastcall.core.hotline.agents import (
    GROUND,
    case_of,
    given_up,
    noted,
    open_line,
    opening_of,
    own_call,
    own_case,
)
from lastcall.core.hotline.asking import Asking
from lastcall.core.hotline.call import Call
from lastcall.core.hotline.changes import move
from lastcall.core.plan import Change, Insert, Plan
from lastcall.core.policies.policy import Policy
from lastcall.core.staff import opening
from lastcall.core.staff.opening import Opening
from lastcall.core.store import Database, Store
from lastcall.core.subscribers.file import document_key
from lastcall.core.subscribers.inputs import name_key, parse_document_number, parse_name
from lastcall.core.subscribers.line import Line
from lastcall.core.subscribers.subscriber import Document, Representative, Subscriber

DOCUMENT: Final = "document"
DIGITS: Final = "digits"
NAME: Final = "name"
CODE: Final = "code"
_DAY: Final = timedelta(days=1)
_UNKNOWN: Final = ("other", "ZZ")
_LAST: Final = 4


@dataclass(frozen=True, slots=True)
class OnFile:
    """What answers are compared with. Without a line all of it is empty, and no answer is right."""

    names: tuple[str, ...]
    documents: tuple[Document, ...]

    @property
    def can_ask(self) -> frozenset[str]:
        """The questions that something on file answers."""
        return frozenset({DOCUMENT, DIGITS} if self.documents else ()) | frozenset({NAME} if self.names else ())


def on_file(rows: Store, call: Call) -> OnFile | None:
    """What is on file of the one whom the call is about; None where the number is no line of ours."""
    own = own_case(rows, call)
    bound = own is not None and own.line_id is not None
    line = rows.one(Line, {"id": own.line_id}) if own is not None and bound else open_line(rows, call.claimed_msisdn)
    subscriber = rows.one(Subscriber, {"id": line.subscriber_id}) if line is not None else None
    if line is None or subscriber is None:
        return None
    if own is not None and own.declared_by == "representative":
        return _of_representative(rows, own)
    today = clock.now().date()
    documents = rows.some(Document, {"subscriber_id": subscriber.id}, order="id")
    valid = tuple(row for row in documents if row.valid_until is None or row.valid_until >= today)
    return OnFile((subscriber.name, subscriber.name_latin), valid)


def _of_representative(rows: Store, case: Case) -> OnFile:
    """Of papers no document's kind is kept, so that its number alone cannot be compared: a shop helps, or the web."""
    papers = rows.one(Representative, {"id": case.representative_id or 0})
    return OnFile((papers.name,) if papers is not None else (), ())


def questions_of(found: OnFile | None, policy: Policy) -> tuple[str, ...]:
    """The set for guidance (policy ``hotline.questions``), less what nothing on file answers; empty when too little is left.

    A number that is no line of ours has the whole set, as most lines have.
    """
    wanted = policy.hotline_questions
    if found is None:
        return wanted
    left = tuple(word for word in wanted if word in found.can_ask)
    return left if set(left) & {DOCUMENT, DIGITS} or left == wanted else ()


def begin(database: Database, *, call_id: int, kind: str, policy: Policy, actor: Actor) -> Asking:
    """Begin a set: ``questions`` or ``code``. One that is open and of that kind is gone on with.

    Raises ``Refused``: ``no_number``, ``caller_gone``, ``identity_locked`` (too many wrong sets: policies
    ``hotline.wrong_answers``, ``hotline.wrong_answers_per_day``), ``weaker_factor`` after a code that failed, ``nothing_to_ask``;
    for a code ``no_code_aloud`` (policy ``hotline.code_aloud``), ``declare_first``.
    """
    return noted(database, call_id, actor, lambda rows, call: _begin(rows, call, kind, policy, actor))


def _begin(rows: Store, call: Call, kind: str, policy: Policy, actor: Actor) -> tuple[Plan, Asking]:
    standing = rows.one(Asking, {"call_id": call.id, "outcome": ""})
    if standing is not None and standing.kind == kind:
        return Plan(), standing
    msisdn = _askable(call)
    # Read before the count that decides: whoever begins in between takes this place, and we decide once more.
    ordinal = rows.count(Asking, {"msisdn": msisdn}) + 1
    refuse_if_locked(rows, call, policy)
    words = _code_set(rows, call, policy) if kind == CODE else _question_set(rows, call, policy)
    asking = Asking(
        id=clock.new_id(), call_id=call.id, msisdn=msisdn, ordinal=ordinal,
        kind=kind, questions=" ".join(words), began_at=clock.now(),
    )  # fmt: skip
    left = given_up(standing) if standing is not None else Plan()
    note = move(call, "note", actor=actor, now=asking.began_at, reason="asked", data={"set": kind})
    return left + Plan((Insert(asking),)) + note, asking


def _askable(call: Call) -> int:
    if call.claimed_msisdn is None:
        raise Refused("no number was given", code="no_number", remedy="Ask for the number first.")
    if call.hung_up_at is not None:
        raise Refused("the caller has gone", code="caller_gone", remedy="Finish the call.")
    return call.claimed_msisdn


def _question_set(rows: Store, call: Call, policy: Policy) -> tuple[str, ...]:
    if _failed(rows, call, CODE):
        raise Refused("a stronger proof failed", code="weaker_factor", remedy="Only the code, or a shop, helps now.")
    words = questions_of(on_file(rows, call), policy)
    if not words:
        raise Refused("too little is on file to ask for", code="nothing_to_ask", remedy="A shop helps, or the site.")
    return words


def _code_set(rows: Store, call: Call, policy: Policy) -> tuple[str, ...]:
    if not policy.hotline_code_aloud:
        raise Refused("no code is said aloud here", code="no_code_aloud", remedy="Send the link, or name a shop.")
    if call.case_id is None:
        raise Refused("nothing was declared in this call", code="declare_first", remedy="Declare first.")
    return (DOCUMENT, CODE)


def _failed(rows: Store, call: Call, kind: str) -> bool:
    """Whether a set of that kind about the number was begun within a day and was not right."""
    since = {"msisdn": call.claimed_msisdn, "began_at__gt": clock.now() - _DAY, "kind": kind}
    return rows.count(Asking, since | {"outcome__ne": "right"}) > 0


def is_locked(rows: Store, call: Call, policy: Policy) -> bool:
    """Whether nothing more is asked in this call: too many sets were wrong in it, or about its number within a day."""
    today = {"msisdn": call.claimed_msisdn, "began_at__gt": clock.now() - _DAY, "outcome__in": ("", "wrong")}
    others = [row for row in rows.some(Asking, today) if row.outcome or row.call_id != call.id]
    case = case_of(rows, call)
    return (
        call.wrong_answers >= policy.hotline_wrong_answers
        or len(others) >= policy.hotline_wrong_answers_per_day
        or (case is not None and case.in_person_at is None and case.is_locked(clock.now()))
    )


def refuse_if_locked(rows: Store, call: Call, policy: Policy) -> None:
    """Raises ``Refused`` (``identity_locked``) when nothing more is asked."""
    if is_locked(rows, call, policy):
        raise Refused("too many wrong answers", code="identity_locked", remedy="Only a shop helps, with the document.")


def answer(
    database: Database, *, call_id: int, question: str, said: str, policy: Policy, actor: Actor, channel: str = "line"
) -> Asking:
    """Take the answer to ``question``; an empty one is a wrong one. After the last, the whole set is right or wrong.

    ``channel``: where a code goes (:data:`lastcall.core.closing.prove.CHANNELS`), whatever the document's number was. Raises
    ``BadInput`` for what cannot be an answer (nothing is counted), ``Conflict`` when another question is asked now; ``Refused`` as
    :func:`begin`, and ``too_many_codes``.
    """
    call, asking = database.transact(lambda rows: _asked(rows, call_id, question, policy, actor))
    said = readable(question, said)
    if asking.kind != CODE:
        return _take(database, call_id, asking, actor, policy, lambda rows, fresh: _agrees(rows, fresh, question, said))
    assert call.case_id is not None
    if question == DOCUMENT:
        _send_code(database, call, said, channel, actor)
        return _take(database, call_id, asking, actor, policy, lambda rows, fresh: bool(said))
    right = _code_came_back(database, call.case_id, said, actor)
    return _take(database, call_id, asking, actor, policy, lambda rows, fresh: right)


def send_again(database: Database, *, call_id: int, policy: Policy, actor: Actor) -> None:
    """Send the code once more, which is a new one.

    Raises ``Conflict`` when none is asked for; as :func:`lastcall.core.closing.prove.again`.
    """
    call, _ = database.transact(lambda rows: _asked(rows, call_id, CODE, policy, actor))
    assert call.case_id is not None
    prove.again(database, case_id=call.case_id, actor=actor, aloud=True)


def _asked(rows: Store, call_id: int, question: str, policy: Policy, actor: Actor) -> tuple[Call, Asking]:
    call = own_call(rows, call_id=call_id, login=actor.name)
    _askable(call)
    asking = rows.one(Asking, {"call_id": call.id, "outcome": ""})
    if asking is None or asking.question != question:
        raise Conflict("another question is asked now", remedy="Look at the call again.")
    refuse_if_locked(rows, call, policy)
    return call, asking


def readable(question: str, said: str) -> str:
    """What was said, in plain form; empty when the caller does not know. Raises ``BadInput`` for what cannot be such an answer."""
    if not said.strip():
        return ""
    if question == NAME:
        return parse_name(said)
    if question == CODE:
        return _only_digits(codes.typed_digits(said))
    plain = parse_document_number("other", said)
    if question == DIGITS and len(plain) != _LAST:
        raise BadInput("these are not the last four", code="not_four_signs", remedy="Type the last four signs.")
    return plain


def _only_digits(said: str) -> str:
    if not said.isdecimal():
        raise BadInput("a code has digits alone", code="not_a_code", remedy="Type the digits of the code.")
    return said


def _agrees(rows: Store, call: Call, question: str, said: str) -> bool:
    found = on_file(rows, call) or OnFile((), ())
    if question == NAME:
        return any([keyed.same(_spelt(name), _spelt(said)) for name in found.names]) and bool(said)
    if question == DIGITS:
        return any([keyed.same(row.last_four, said) for row in found.documents]) and bool(said)
    return _document(found.documents, said) is not None


def _spelt(name: str) -> str:
    """The words of a name in whatever order they are said."""
    return " ".join(sorted(name_key(name).split()))


def _document(documents: Sequence[Document], said: str) -> Document | None:
    """The document on file whose whole number this is; every one is compared."""
    right = [row for row in documents if keyed.same(row.number_key, _key(row.kind, row.issuer, said))]
    return right[0] if right else None


def _key(kind: str, issuer: str, said: str) -> str:
    try:
        return document_key(kind, issuer, said)
    except BadInput:
        return ""


def _send_code(database: Database, call: Call, said: str, channel: str, actor: Actor) -> None:
    """Ask for the code: it goes to a contact on file when the number was right, nowhere when not, and nobody can tell."""
    assert call.case_id is not None
    found = database.transact(lambda rows: on_file(rows, call))
    right = _document(found.documents if found is not None else (), said)
    kind, issuer = (right.kind, right.issuer) if right is not None else _UNKNOWN
    prove.begin(
        database, case_id=call.case_id, kind=kind, issuer=issuer, number=said or "0", channel=channel, actor=actor,
        aloud=True,
    )  # fmt: skip


def _code_came_back(database: Database, case_id: int, said: str, actor: Actor) -> bool:
    """Whether this very code was the right one: a proof of before does not stand in for it."""
    proof = prove.finish(database, case_id=case_id, code=said or "-", actor=actor, aloud=True)
    asked = database.transact(lambda rows: codes.latest(rows, case_id, codes.proving(proof.case, aloud=True)))
    return proof.accepted and asked is not None and asked.used_at is not None


def _take(
    database: Database,
    call_id: int,
    asking: Asking,
    actor: Actor,
    policy: Policy,
    compare: Callable[[Store, Call], bool],
) -> Asking:
    def work(rows: Store, call: Call) -> tuple[Plan, Asking]:
        return _answered(rows, call, asking, policy, actor, right=compare(rows, call))

    return noted(database, call_id, actor, work)


def _answered(
    rows: Store, call: Call, asking: Asking, policy: Policy, actor: Actor, *, right: bool
) -> tuple[Plan, Asking]:
    now, wrong = clock.now(), asking.wrong or not right
    taken = replace(asking, answered=asking.answered + 1, wrong=wrong)
    if not taken.question:
        taken = replace(taken, ended_at=now, outcome="wrong" if wrong else "right")
    where = {"id": asking.id, "answered": asking.answered, "outcome": ""}
    values = {name: getattr(taken, name) for name in ("answered", "wrong", "ended_at", "outcome")}
    plan = Plan((Change(Asking, where, values),))
    return plan + _told(rows, call, taken, policy, actor, now), taken


def _told(rows: Store, call: Call, asking: Asking, policy: Policy, actor: Actor, now: datetime) -> Plan:
    """What the end of a set means for the call: right opens the way to the file, the last wrong one closes it."""
    if not asking.outcome:
        return Plan()
    values: dict[str, Any] = (
        {"verified_at": now} if asking.outcome == "right" else {"wrong_answers": call.wrong_answers + 1}
    )
    closing = Plan()
    if values.get("wrong_answers", 0) >= policy.hotline_wrong_answers:
        values["verified_at"] = None
        closing = opening.close_ground(rows, ground=GROUND, ground_id=call.id)
    reason = f"answers_{asking.outcome}"
    return move(call, "note", actor=actor, now=now, reason=reason, data={"set": asking.kind}, **values) + closing


def asking_of(rows: Store, call: Call) -> Asking | None:
    """The newest set of the call."""
    return next(iter(rows.some(Asking, {"call_id": call.id}, order="-id", limit=1)), None)


def open_file(database: Database, *, call_id: int, policy: Policy, actor: Actor) -> Opening:
    """Open the case to the agent whose questions were answered rightly; the reading is noted. While it is open, the same again.

    Raises ``Refused``: ``not_verified`` (or too long ago: policy ``staff.opening_minutes``), ``caller_gone``, ``declare_first``
    when no case is there to be opened.
    """
    case = database.transact(lambda rows: _openable(rows, call_id, policy, actor))
    if isinstance(case, Opening):
        return case
    return opening.open_file(
        database, case_id=case.id, actor=actor, ground=GROUND, ground_id=call_id, reason="subscriber_on_the_phone",
        policy=policy,
    )  # fmt: skip


def _openable(rows: Store, call_id: int, policy: Policy, actor: Actor) -> Case | Opening:
    call = own_call(rows, call_id=call_id, login=actor.name)
    standing = opening_of(rows, call)
    if standing is not None:
        return standing
    _askable(call)
    if not is_verified(call, policy):
        raise Refused("the questions come first", code="not_verified", remedy="Ask the questions.")
    case = case_of(rows, call)
    if case is None:
        raise Refused("no closing is declared", code="declare_first", remedy="Declare first.")
    return case


def is_verified(call: Call, policy: Policy) -> bool:
    """Whether the caller's answers were right, not too long ago (policy ``staff.opening_minutes``)."""
    lasts = timedelta(minutes=policy.staff_opening_minutes)
    return call.verified_at is not None and clock.now() - call.verified_at < lasts
