"""What the menu's steps do: each takes the keys and says what came of them, a word that the step's edges know."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from lastcall.core.errors import BadInput, ElementTrouble, Refused
from lastcall.core.hotline import calls
from lastcall.core.hotline.calls import Registered
from lastcall.core.policies.policy import Policy
from lastcall.core.ports import Account, Billing
from lastcall.core.store import Database
from lastcall.doors.hotline.spoken import LARGEST

LANGUAGE_KEYS: Final = {"1": "zh-hans", "2": "ru", "3": "en"}


@dataclass(slots=True)
class Caller:
    """One caller and what they have said and heard so far; gone with the call."""

    database: Database
    billing: Billing
    policy: Policy
    call_id: int
    language: str
    stage: str = ""
    msisdn: int = 0
    registered: Registered | None = None
    account: Account | None = None
    state: str = ""
    outcome: str = "nothing"


def choose_language(caller: Caller, keys: str) -> str:
    """The language behind the key."""
    language = LANGUAGE_KEYS.get(keys)
    if language is None:
        return "other"
    calls.choose_language(caller.database, call_id=caller.call_id, language=language)
    caller.language = language
    return language


def claim_number(caller: Caller, keys: str) -> str:
    """The number that the call is about: ``taken``, ``unreadable`` or ``not_ours``."""
    try:
        caller.msisdn = calls.claim_number(caller.database, call_id=caller.call_id, typed=keys)
    except BadInput:
        return "unreadable"
    except Refused:
        return "not_ours"
    return "taken"


def declare(caller: Caller, keys: str) -> str:
    """The declaration, for the number that was read back."""
    try:
        caller.registered = calls.declare(caller.database, call_id=caller.call_id, policy=caller.policy)
    except Refused:
        return "refused"
    caller.outcome = "declared"
    return "registered"


def answer_document(caller: Caller, keys: str) -> str:
    """The last signs of the document; no key at all is to go on without."""
    if not keys:
        return "skipped"
    agrees = calls.answer_document(caller.database, call_id=caller.call_id, pressed=keys, policy=caller.policy)
    return "agrees" if agrees else "differs"


def balance(caller: Caller, keys: str) -> str:
    """The balance, for a caller whose last signs agreed."""
    try:
        caller.account = calls.balance(caller.database, call_id=caller.call_id, billing=caller.billing)
    except ElementTrouble:
        return "away"
    account = caller.account
    if account is None or account.currency != "RUB" or abs(account.balance) > LARGEST:
        return "untold"
    return "debt" if account.balance < 0 else "credit"


def state_by_reference(caller: Caller, keys: str) -> str:
    """The state of a closing, by number and reference."""
    caller.state = calls.state_by_reference(caller.database, call_id=caller.call_id, pressed=keys, policy=caller.policy)
    if not caller.state:
        return "none"
    caller.outcome = "status"
    return "found"


def want_agent(caller: Caller, keys: str) -> str:
    """To the queue of the agents."""
    calls.want_agent(caller.database, call_id=caller.call_id, stage=caller.stage)
    return "queued"


def finish(caller: Caller, keys: str) -> str:
    """Everything was said."""
    calls.finish(caller.database, call_id=caller.call_id, outcome=caller.outcome)
    return "finished"


ACTS: Final[dict[str, Callable[[Caller, str], str]]] = {
    act.__name__: act
    for act in (
        choose_language,
        claim_number,
        declare,
        answer_document,
        balance,
        state_by_reference,
        want_agent,
        finish,
    )
}
