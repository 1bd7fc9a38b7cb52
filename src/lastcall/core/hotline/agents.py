"""The agent's call: taken from the queue or opened by hand, its number and declaration, stopped, finished.

An agent sees a caller's ticket and nothing of any file before the caller's answers were right (``questions.py``).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any, Final, TypeVar

from lastcall.core import clock, keyed
from lastcall.core.actor import WORKER, Actor
from lastcall.core.audit.event import Event
from lastcall.core.closing import declare as declaring
from lastcall.core.closing.case import Case
from lastcall.core.closing.changes import try_again
from lastcall.core.closing.declare import Declaring
from lastcall.core.closing.find import find_by_reference
from lastcall.core.closing.freeze import freeze_case
from lastcall.core.errors import BadInput, Conflict, NotFound, Refused
from lastcall.core.hotline.asking import Asking
from lastcall.core.hotline.attempt import Attempt
from lastcall.core.hotline.call import Call
from lastcall.core.hotline.calls import find_by_spoken
from lastcall.core.hotline.changes import after, move, read_call
from lastcall.core.hotline.keypad import REFERENCE_DIGITS
from lastcall.core.numbers.life import latest_tenure, range_of
from lastcall.core.numbers.msisdn import parse_msisdn
from lastcall.core.plan import Change, Insert, Plan
from lastcall.core.policies.policy import Policy
from lastcall.core.staff import opening
from lastcall.core.staff.opening import Opening
from lastcall.core.store import Database, Store
from lastcall.core.subscribers.inputs import LANGUAGES, one_of
from lastcall.core.subscribers.line import Line
from lastcall.core.typed_text import plain

T = TypeVar("T")
GROUND: Final = "call"
"""The ground of openings (``core/staff/opening.py``) that rest on a call."""
OUTCOMES: Final = (
    "guided",
    "declared",
    "stopped",
    "withdrawn",
    "to_shop",
    "not_verified",
    "hung_up",
    "no_answer",
    "other",
)
"""The coded words with which an agent ends a call; ``no_answer`` is for call-backs alone."""


def waiting(rows: Store, *, languages: tuple[str, ...] = ()) -> tuple[Call, ...]:
    """The callers who wait for an agent: those in ``languages`` first, each part oldest first."""
    found = rows.some(Call, {"state": "queued"}, order="wants_agent_at")
    return tuple(sorted(found, key=lambda call: call.language not in languages))


def gone_lately(rows: Store, *, minutes: int = 15) -> tuple[Call, ...]:
    """The callers who wanted an agent and hung up before one came, newest first."""
    since = clock.now() - timedelta(minutes=minutes)
    found = rows.some(Call, {"state": "gone", "wants_agent_at__gt": since}, order="-wants_agent_at")
    return tuple(found)


def call_of(rows: Store, *, login: str) -> Call | None:
    """The call that the agent has now."""
    return rows.one(Call, {"state": "with_agent", "agent": login})


def own_call(rows: Store, *, call_id: int, login: str) -> Call:
    """The call, while this agent has it. Raises ``NotFound`` in the same words when it is over, another's or none."""
    call = rows.one(Call, {"id": call_id, "agent": login, "state": "with_agent"})
    if call is None:
        raise NotFound("no such call of yours", remedy="Take one from the list of calls.")
    return call


def noted(database: Database, call_id: int, actor: Actor, work: Callable[[Store, Call], tuple[Plan, T]]) -> T:
    """Do ``work`` on the agent's own call in one transaction, once more when somebody else was quicker."""

    def once(rows: Store) -> T:
        plan, result = work(rows, own_call(rows, call_id=call_id, login=actor.name))
        rows.apply(plan)
        return result

    return try_again(lambda: database.transact(once))


def take(database: Database, *, call_id: int, actor: Actor) -> Call:
    """Take a waiting call. The same again gives the same call; nobody else gets it.

    Raises ``NotAllowed`` when the caller has gone, ``Conflict`` when somebody else has it, ``Refused`` (``busy``: one at a time).
    """
    return try_again(lambda: database.transact(lambda rows: _take(rows, call_id, actor)))


def _take(rows: Store, call_id: int, actor: Actor) -> Call:
    call, now = read_call(rows, call_id), clock.now()
    if call.state == "with_agent" and call.agent == actor.name:
        return call
    if call.state == "with_agent":
        raise Conflict("somebody else has this call", remedy="Take another one.")
    refuse_if_busy(rows, actor)
    plan = move(call, "take", actor=actor, now=now, agent=actor.name, taken_at=now)
    rows.apply(plan)
    return after(call, plan)


def refuse_if_busy(rows: Store, actor: Actor) -> None:
    """Raises ``Refused`` (``busy``) while the agent has a call."""
    if call_of(rows, login=actor.name) is not None:
        raise Refused("you have a call", code="busy", remedy="Finish it first.")


def open_by_hand(database: Database, *, language: str, key: str, actor: Actor) -> Call:
    """A call that came past the menu. ``key``: a random word of the form, by which the same click is the same call.

    Raises ``BadInput`` (``bad_language``), ``Refused`` (``busy``).
    """
    one_of("language", language, LANGUAGES)
    channel = keyed.keyed_hash("call.by_hand", actor.name, key)
    return try_again(lambda: database.transact(lambda rows: _open(rows, channel, language, actor)))


def _open(rows: Store, channel: str, language: str, actor: Actor) -> Call:
    known = rows.one(Call, {"channel_key": channel})
    if known is not None:
        return known
    refuse_if_busy(rows, actor)
    call, plan = begun_by_hand(channel, language, actor, "opened_by_hand")
    rows.apply(plan)
    return call


def begun_by_hand(channel: str, language: str, actor: Actor, kind: str, **values: Any) -> tuple[Call, Plan]:
    """A call that begins with its agent, and what writes it."""
    now = clock.now()
    call = Call(
        id=clock.new_id(), revision=1, state="with_agent", channel_key=channel, language=language, began_at=now,
        agent=actor.name, taken_at=now, **values,
    )  # fmt: skip
    event = Event(
        at=now, kind=f"call.{kind}", subject="call", subject_id=call.id, case_id=call.case_id, actor=str(actor),
        door=actor.door, target=call.state,
    )  # fmt: skip
    return call, Plan((Insert(call),), (event,))


def choose_language(database: Database, *, call_id: int, language: str, actor: Actor) -> Call:
    """The language that the caller speaks, when the menu was not told. Raises ``BadInput`` (``bad_language``)."""
    one_of("language", language, LANGUAGES)

    def work(_: Store, call: Call) -> tuple[Plan, Call]:
        if call.language == language:
            return Plan(), call
        plan = move(call, "note", actor=actor, now=clock.now(), reason="language", language=language)
        return plan, after(call, plan)

    return noted(database, call_id, actor, work)


def claim_number(database: Database, *, call_id: int, typed: str, actor: Actor) -> Call:
    """The number that the call is about, as the caller says it.

    Raises ``BadInput`` (``malformed_number``, ``foreign_number``), ``Refused``: ``not_in_range``, ``number_settled`` once something
    was declared, found or asked about another.
    """
    msisdn = parse_msisdn(typed)
    return noted(database, call_id, actor, lambda rows, call: _claim(rows, call, msisdn, actor))


def _claim(rows: Store, call: Call, msisdn: int, actor: Actor) -> tuple[Plan, Call]:
    if call.claimed_msisdn == msisdn:
        return Plan(), call
    if is_settled(rows, call):
        raise Refused("this call is about another number", code="number_settled", remedy="Open another call for it.")
    if range_of(rows, msisdn) is None and latest_tenure(rows, msisdn) is None:
        raise Refused("this number is in no range of the register", code="not_in_range", remedy="Check the number.")
    plan = move(call, "note", actor=actor, now=clock.now(), reason="number", claimed_msisdn=msisdn, matched=False)
    return plan, after(call, plan)


def is_settled(rows: Store, call: Call) -> bool:
    """Whether the call's number stands: something was declared or found, or a question asked."""
    asked = rows.count(Asking, {"call_id": call.id}) > 0
    return call.case_id is not None or call.tries > 0 or asked


def declare(database: Database, *, call_id: int, policy: Policy, actor: Actor) -> Call:
    """Receive the caller's declaration by the agent's hand, when the menu did not. The same again changes nothing.

    Raises ``Refused``: ``no_number``, ``door_closed`` (policies ``termination.intake_doors``, ``termination.act_doors``).
    """
    call = database.transact(lambda rows: own_call(rows, call_id=call_id, login=actor.name))
    if call.case_id is not None:
        return call
    if call.claimed_msisdn is None:
        raise Refused("no number was given", code="no_number", remedy="Ask for the number first.")
    said = Declaring(msisdn=call.claimed_msisdn, door="hotline", language=call.language)
    receipt = declaring.declare(database, declaring=said, key=f"call {call.id}", policy=policy, actor=actor)
    return noted(database, call_id, actor, lambda _, fresh: _with_case(fresh, receipt.case_id, actor, "declared"))


def _with_case(call: Call, case_id: int, actor: Actor, reason: str) -> tuple[Plan, Call]:
    if call.case_id == case_id:
        return Plan(), call
    plan = move(call, "note", actor=actor, now=clock.now(), reason=reason, case_id=case_id)
    return plan, after(call, plan)


def quote(database: Database, *, call_id: int, typed: str, policy: Policy, actor: Actor) -> Call | None:
    """Take up the case whose reference the caller quotes: the receipt's, or the eight digits that the menu told. None for a wrong
    one, which is counted (policy ``hotline.tries``).

    Raises ``Refused``: ``no_number``, ``number_settled`` when the call has a case or questions were asked, ``too_many_references``.
    """
    return noted(database, call_id, actor, lambda rows, call: _quote(rows, call, plain(typed), policy, actor))


def _quote(rows: Store, call: Call, typed: str, policy: Policy, actor: Actor) -> tuple[Plan, Call | None]:
    if call.claimed_msisdn is None:
        raise Refused("no number was given", code="no_number", remedy="Ask for the number first.")
    if call.case_id is not None or rows.count(Asking, {"call_id": call.id}):
        raise Refused("this call has its case", code="number_settled", remedy="Go on with it.")
    if call.tries >= policy.hotline_tries:
        raise Refused(
            "too many references were wrong", code="too_many_references", remedy="Declare anew, or ask the questions."
        )
    case = _referred(rows, call.claimed_msisdn, typed)
    if case is None:
        return move(call, "note", actor=actor, now=clock.now(), reason="reference", tries=call.tries + 1), None
    return _with_case(call, case.id, actor, "reference")


def _referred(rows: Store, msisdn: int, typed: str) -> Case | None:
    digits = typed.replace(" ", "").replace("-", "")
    if digits.isdecimal() and len(digits) == REFERENCE_DIGITS:
        return find_by_spoken(rows, msisdn=msisdn, pressed=digits)
    try:
        case = find_by_reference(rows, reference=typed)
    except NotFound:
        return None
    return case if case.claimed_msisdn == msisdn else None


def open_line(rows: Store, msisdn: int | None) -> Line | None:
    """The open line on that number, or None."""
    tenure = latest_tenure(rows, msisdn or 0)
    wanted = tenure.id if tenure is not None and tenure.until is None else 0
    return rows.one(Line, {"tenure_id": wanted, "closed_at": None})


def own_case(rows: Store, call: Call) -> Case | None:
    """The case that was declared in the call, or whose reference was quoted."""
    return rows.one(Case, {"id": call.case_id}) if call.case_id is not None else None


def case_of(rows: Store, call: Call) -> Case | None:
    """The case that right answers open: the call's own; where another open case has the line, that one."""
    own = own_case(rows, call)
    if own is not None and own.line_id is not None:
        return own
    line = open_line(rows, call.claimed_msisdn)
    standing = rows.one(Case, {"line_id": line.id, "ended_at": None}) if line is not None else None
    return standing or own


def stop(database: Database, *, call_id: int, actor: Actor) -> None:
    """ "This was not me", on the caller's word: the open closing of the number stands still until the holder was asked.

    Nothing tells whether there was one: it may be said about any number. Raises ``Refused`` (``no_number``).
    """

    def work(rows: Store, call: Call) -> tuple[Plan, None]:
        if call.claimed_msisdn is None:
            raise Refused("no number was given", code="no_number", remedy="Ask for the number first.")
        line = open_line(rows, call.claimed_msisdn)
        case = rows.one(Case, {"line_id": line.id, "ended_at": None}) if line is not None else None
        if case is not None and case.effect_attempted_at is None:
            freeze_case(rows, case, actor)
        return move(call, "note", actor=actor, now=clock.now(), reason="this_was_not_me"), None

    noted(database, call_id, actor, work)


def finish(database: Database, *, call_id: int, outcome: str, actor: Actor) -> Call:
    """End the call with a coded word of :data:`OUTCOMES`; whatever it opened is closed. The same again changes nothing.

    Raises ``BadInput`` (``bad_outcome``), ``NotFound`` for another's call.
    """
    one_of("outcome", outcome, OUTCOMES)
    return try_again(lambda: database.transact(lambda rows: _finish(rows, call_id, outcome, actor)))


def _finish(rows: Store, call_id: int, outcome: str, actor: Actor) -> Call:
    over = rows.one(Call, {"id": call_id, "agent": actor.name, "state": "done"})
    return over or _end(rows, own_call(rows, call_id=call_id, login=actor.name), outcome, actor)


def _end(rows: Store, call: Call, outcome: str, actor: Actor) -> Call:
    attempt = rows.one(Attempt, {"call_id": call.id, "outcome": ""})
    if outcome == "no_answer" and attempt is None:
        raise BadInput("only a call-back can stay unanswered", code="bad_outcome", remedy="Choose another outcome.")
    now = clock.now()
    plan = move(call, "finish", actor=actor, now=now, reason=outcome, outcome=outcome)
    plan += opening.close_ground(rows, ground=GROUND, ground_id=call.id)
    for asking in rows.some(Asking, {"call_id": call.id, "outcome": ""}):
        plan += given_up(asking)
    if attempt is not None:
        ended = {"outcome": "no_answer" if outcome == "no_answer" else "called", "ended_at": now}
        plan += Plan((Change(Attempt, {"id": attempt.id, "outcome": ""}, ended),))
    rows.apply(plan)
    return after(call, plan)


def given_up(asking: Asking) -> Plan:
    """A set of questions ends without all answers."""
    where = {"id": asking.id, "answered": asking.answered, "outcome": ""}
    return Plan((Change(Asking, where, {"outcome": "given_up", "ended_at": clock.now()}),))


def opening_of(rows: Store, call: Call) -> Opening | None:
    """The opening that the call gives its agent now."""
    found = rows.some(Opening, {"ground": GROUND, "ground_id": call.id, "login": call.agent, "closed_at": None})
    return next((row for row in found if clock.now() < row.until), None)


def end_left_calls(database: Database, *, policy: Policy) -> int:
    """End the calls whose caller hung up some time ago (policy ``hotline.wrap_up_minutes``), with what they opened; how many."""
    before = clock.now() - timedelta(minutes=policy.hotline_wrap_up_minutes)

    def work(rows: Store) -> int:
        left = rows.some(Call, {"state": "with_agent", "hung_up_at__lte": before})
        for call in left:
            _end(rows, call, "hung_up", WORKER)
        return len(left)

    return try_again(lambda: database.transact(work))
