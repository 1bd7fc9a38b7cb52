"""The caller at the voice menu: begun, a language, a number, the declaration, the last signs of a document, an agent, gone.

Nothing here tells a caller whether a number is a line, or whose: wrong signs, a number without a line and one whose tries are
used up give the same answer after the same work. The balance alone needs the right signs.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from lastcall.core import clock, keyed
from lastcall.core.actor import HOLDER, SYSTEM, Actor
from lastcall.core.audit.event import Event
from lastcall.core.closing import declare as declaring
from lastcall.core.closing.case import Case
from lastcall.core.closing.changes import try_again
from lastcall.core.closing.declaration import Declaration
from lastcall.core.closing.declare import Declaring
from lastcall.core.closing.receipts import Receipt
from lastcall.core.errors import Refused
from lastcall.core.hotline.call import Call
from lastcall.core.hotline.changes import after, move, read_call
from lastcall.core.hotline.keypad import REFERENCE_DIGITS, same_keys, spoken_reference
from lastcall.core.numbers.life import latest_tenure, range_of
from lastcall.core.numbers.msisdn import parse_msisdn
from lastcall.core.plan import Insert, Plan
from lastcall.core.policies.policy import Policy
from lastcall.core.ports import Account, Billing
from lastcall.core.store import Database, Store
from lastcall.core.subscribers.inputs import LANGUAGES, one_of
from lastcall.core.subscribers.line import Line
from lastcall.core.subscribers.subscriber import Document

MENU: Final = Actor(SYSTEM, "hotline", "hotline")
CALLER: Final = Actor(HOLDER, "-", "hotline")
_DAY: Final = timedelta(days=1)
_CASES_COMPARED: Final = 20
_ABANDONED: Final = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Registered:
    """What the caller hears of their declaration: ``reference``: eight digits; ``complete``: nothing more is to be signed."""

    received_at: datetime
    reference: str
    complete: bool


def begin(database: Database, *, channel: str, language: str = "") -> Call:
    """A call has come in. ``channel``: the voice platform's own id of it, kept only as a keyed hash; ``language``: may be empty.

    The same channel again, while its call stands in the menu, is the same call. Raises ``BadInput`` (``bad_language``).
    """
    if language:
        one_of("language", language, LANGUAGES)
    return try_again(lambda: database.transact(lambda rows: _begin(rows, channel, language)))


def _begin(rows: Store, channel: str, language: str) -> Call:
    for turn in range(100):
        key = keyed.keyed_hash("call.channel", channel, str(turn))
        known = rows.one(Call, {"channel_key": key})
        if known is None:
            return _new(rows, key, language)
        if known.state == "menu":
            return known
    raise Refused("this channel came a hundred times", code="too_many_calls", remedy="Look at the dialplan: it loops.")


def _new(rows: Store, key: str, language: str) -> Call:
    now = clock.now()
    call = Call(id=clock.new_id(), revision=1, state="menu", channel_key=key, language=language, began_at=now)
    event = Event(
        at=now, kind="call.began", subject="call", subject_id=call.id, actor=str(MENU), door=MENU.door, target="menu"
    )
    rows.apply(Plan((Insert(call),), (event,)))
    return call


def _note(database: Database, call_id: int, stage: str, **values: Any) -> Call:
    def work(rows: Store) -> Call:
        call = read_call(rows, call_id)
        plan = move(call, "note", actor=MENU, now=clock.now(), reason=stage, stage=stage, **values)
        rows.apply(plan)
        return after(call, plan)

    return try_again(lambda: database.transact(work))


def choose_language(database: Database, *, call_id: int, language: str) -> Call:
    """The caller speaks ``language``. Raises ``BadInput`` (``bad_language``), ``NotAllowed`` when the call has left the menu."""
    return _note(database, call_id, "language", language=one_of("language", language, LANGUAGES))


def claim_number(database: Database, *, call_id: int, typed: str) -> int:
    """The number that the call is about, as keyed in; returned as an integer.

    Raises ``BadInput`` (``malformed_number``, ``foreign_number``), ``Refused`` (``not_in_range``; ``number_settled``: the last
    signs were tried for another number in this call).
    """
    msisdn = parse_msisdn(typed)
    database.transact(lambda rows: _refuse_unless_ours(rows, call_id, msisdn))
    _note(database, call_id, "number", claimed_msisdn=msisdn)
    return msisdn


def _refuse_unless_ours(rows: Store, call_id: int, msisdn: int) -> None:
    call = read_call(rows, call_id)
    if call.claimed_msisdn not in {None, msisdn} and (call.tries or call.case_id):
        raise Refused("this call is about another number", code="number_settled", remedy="Call again.")
    # The same question that a declaration on the web is asked: it tells of the numbering plan, not of any line.
    if range_of(rows, msisdn) is None and latest_tenure(rows, msisdn) is None:
        raise Refused("this number is in no range of the register", code="not_in_range", remedy="Check the number.")


def declare(database: Database, *, call_id: int, policy: Policy) -> Registered:
    """Receive the caller's declaration for the number that they claimed; the same call again gives the same receipt.

    Raises ``Refused`` (``door_closed``, ``not_in_range``, ``no_number``).
    """
    call = database.transact(lambda rows: read_call(rows, call_id))
    if call.claimed_msisdn is None:
        raise Refused("no number was given", code="no_number", remedy="Ask for the number first.")
    said = Declaring(msisdn=call.claimed_msisdn, door="hotline", language=call.language)
    receipt = declaring.declare(database, declaring=said, key=f"call {call.id}", policy=policy, actor=CALLER)
    if call.case_id != receipt.case_id:
        _note(database, call_id, "declared", case_id=receipt.case_id)
    return _registered(receipt)


def _registered(receipt: Receipt) -> Registered:
    return Registered(receipt.received_at, spoken_reference(receipt.kept), receipt.complete)


def answer_document(database: Database, *, call_id: int, pressed: str, policy: Policy) -> bool:
    """Whether the keys are the last signs of a document of the line's holder (policy ``hotline.document_digits``).

    Counted per call and, for the number, over a day (policies ``hotline.tries``, ``hotline.tries_per_day``); beyond that the right
    ones are wrong too.
    """
    _count_try(database, call_id, "document")
    return try_again(lambda: database.transact(lambda rows: _answer(rows, call_id, pressed, policy)))


def _count_try(database: Database, call_id: int, stage: str) -> None:
    """Written and committed before anything is compared: of any number of calls at once no more than are allowed compare."""

    def work(rows: Store) -> None:
        call = read_call(rows, call_id)
        rows.apply(move(call, "note", actor=MENU, now=clock.now(), reason=stage, stage=stage, tries=call.tries + 1))

    try_again(lambda: database.transact(work))


def _answer(rows: Store, call_id: int, pressed: str, policy: Policy) -> bool:
    call = read_call(rows, call_id)
    allowed = _may_compare(rows, call, policy)
    if not (_agrees(rows, call, pressed, policy) and allowed):
        return False
    rows.apply(move(call, "note", actor=MENU, now=clock.now(), reason="matched", matched=True))
    return True


def _may_compare(rows: Store, call: Call, policy: Policy) -> bool:
    """Whether the try that was just counted is one of those allowed: in this call, and over a day in all calls."""
    recent = {"claimed_msisdn": call.claimed_msisdn, "began_at__gt": clock.now() - _DAY}
    wrong = sum(other.tries - other.matched for other in rows.some(Call, recent))
    return call.tries <= policy.hotline_tries and wrong <= policy.hotline_tries_per_day


def _agrees(rows: Store, call: Call, pressed: str, policy: Policy) -> bool:
    line = _open_line(rows, call.claimed_msisdn)
    # Without a line the same question is asked of the documents of nobody.
    documents = rows.some(Document, {"subscriber_id": line.subscriber_id if line else 0})
    today, digits = clock.now().date(), policy.hotline_document_digits
    valid = [row.last_four[-digits:] for row in documents if row.valid_until is None or row.valid_until >= today]
    return any([same_keys(signs, pressed) for signs in (*valid, "")])


def _open_line(rows: Store, msisdn: int | None) -> Line | None:
    tenure = latest_tenure(rows, msisdn or 0)
    wanted = tenure.id if tenure is not None and tenure.until is None else 0
    return rows.one(Line, {"tenure_id": wanted, "closed_at": None})


def balance(database: Database, *, call_id: int, billing: Billing) -> Account | None:
    """The account of the line, once the last signs agreed in this call; else None. Raises ``ElementTrouble``."""
    line = database.transact(lambda rows: _proved_line(rows, call_id))
    return billing.account(line.id) if line is not None else None


def _proved_line(rows: Store, call_id: int) -> Line | None:
    call = read_call(rows, call_id)
    return _open_line(rows, call.claimed_msisdn) if call.matched else None


def state_by_reference(database: Database, *, call_id: int, pressed: str, policy: Policy) -> str:
    """The state of the case with that spoken reference on the claimed number, ``frozen`` for one that was stopped; empty when
    there is none, or the tries of the call or of the day are used up."""
    _count_try(database, call_id, "reference")
    return try_again(lambda: database.transact(lambda rows: _state(rows, call_id, pressed, policy)))


def _state(rows: Store, call_id: int, pressed: str, policy: Policy) -> str:
    call = read_call(rows, call_id)
    case = find_by_spoken(rows, msisdn=call.claimed_msisdn or 0, pressed=pressed)
    if case is None or not _may_compare(rows, call, policy):
        return ""
    found: dict[str, Any] = {"case_id": case.id, "tries": call.tries - 1, "stage": "status"}
    rows.apply(move(call, "note", actor=MENU, now=clock.now(), reason="status", **found))
    return "frozen" if case.frozen_at is not None and case.ended_at is None else case.state


def find_by_spoken(rows: Store, *, msisdn: int, pressed: str) -> Case | None:
    """The case declared on that number whose spoken reference this is, among the newest twenty; None when there is none."""
    if len(pressed) != REFERENCE_DIGITS:
        return None
    cases = rows.some(Case, {"claimed_msisdn": msisdn}, order="-declared_at", limit=_CASES_COMPARED)
    return next((case for case in cases if _has_reference(rows, case, pressed)), None)


def _has_reference(rows: Store, case: Case, pressed: str) -> bool:
    declaration = rows.one(Declaration, {"case_id": case.id})
    return declaration is not None and keyed.same(spoken_reference(declaration.key), pressed)


def want_agent(database: Database, *, call_id: int, stage: str) -> Call:
    """The caller goes to the queue of the agents; ``stage``: the menu's step at which they asked. Twice is once.

    Raises ``NotAllowed`` when the call is over.
    """

    def work(rows: Store) -> Call:
        call = read_call(rows, call_id)
        if call.state == "queued":
            return call
        now = clock.now()
        plan = move(call, "want_agent", actor=MENU, now=now, reason=stage, stage=stage, wants_agent_at=now)
        rows.apply(plan)
        return after(call, plan)

    return try_again(lambda: database.transact(work))


def finish(database: Database, *, call_id: int, outcome: str) -> Call:
    """Everything was said. A call that has left the menu stays as it is."""
    return _end(database, call_id, "finish", outcome, ("menu",))


def hang_up(database: Database, *, call_id: int, outcome: str = "hung_up") -> Call:
    """The caller has gone, from the menu or the queue; with an agent it is only noted. What is over stays as it is."""
    return _end(database, call_id, "hang_up", outcome, ("menu", "queued"))


def _end(database: Database, call_id: int, action: str, outcome: str, states: tuple[str, ...]) -> Call:
    def work(rows: Store) -> Call:
        call, now = read_call(rows, call_id), clock.now()
        plan = Plan()
        if call.state in states:
            plan = move(call, action, actor=MENU, now=now, reason=outcome, outcome=outcome)
        elif call.state == "with_agent" and action == "hang_up" and call.hung_up_at is None:
            plan = move(call, "note", actor=MENU, now=now, reason=outcome, hung_up_at=now)
        rows.apply(plan)
        return after(call, plan)

    return try_again(lambda: database.transact(work))


def end_abandoned(database: Database) -> int:
    """Calls that have stood in the menu for an hour lost their server: they are over. Returns how many."""
    before = {"state": "menu", "began_at__lte": clock.now() - _ABANDONED}
    standing = database.transact(lambda rows: rows.some(Call, before))
    for call in standing:
        hang_up(database, call_id=call.id, outcome="abandoned")
    return len(standing)
