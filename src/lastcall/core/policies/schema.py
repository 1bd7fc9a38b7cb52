"""What a pack may hold: the header, the entry, and the kind of value behind each key.

A pack is a TOML file. Its ``[pack]`` table says what it is; every other value is an entry ``[table.key]`` (or several,
``[[table.key]]``, each valid at another time) with its source, the source's date and how sure it is.
"""

from __future__ import annotations

from datetime import date, time
from difflib import get_close_matches
from functools import cache
from typing import Annotated, Any, Final, Literal, get_args, get_type_hints

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    TypeAdapter,
    model_validator,
)
from stdnum.ru import inn

from lastcall.core.policies.policy import Policy

Confidence = Literal["confirmed", "single_source", "operator_choice", "conflict", "unconfirmed"]
CONFIDENCES: Final[tuple[str, ...]] = get_args(Confidence)
NOT_SURE: Final = frozenset({"conflict", "unconfirmed"})
"""The confidences that a screen must show as not confirmed."""
UNDATED: Final = "undated"

Words = Annotated[str, StringConstraints(min_length=1, pattern=r"\S")]
Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_-]*$")]


def _a_day_or_undated(given: object) -> object:
    if given != UNDATED and type(given) is not date:
        raise ValueError('a source_date is a day without quotes (2024-01-26) or "undated"')
    return given


def _a_choice(given: object) -> object:
    if not isinstance(given, bool | int | str):
        raise ValueError("a choice is true, false, a whole number or a text")
    return given


SourceDate = Annotated[date | Literal["undated"], BeforeValidator(_a_day_or_undated)]
Choice = Annotated[Any, BeforeValidator(_a_choice)]


class Strict(BaseModel):
    """No unknown keys, no silent conversions, no change after reading."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, populate_by_name=True)


class Header(Strict):
    """The ``[pack]`` table. ``not_confirmed``: what was looked for and is absent because no good source was found."""

    name: Name
    kind: Literal["jurisdiction", "operator"]
    title: Words
    jurisdiction: Name | None = None
    not_confirmed: list[Words] = []

    @model_validator(mode="after")
    def _an_operator_stands_in_a_jurisdiction(self) -> Header:
        if (self.kind == "operator") != (self.jurisdiction is not None):
            raise ValueError("an operator pack names its jurisdiction, a jurisdiction pack does not")
        return self


class Reading(Strict):
    """One of several readings of a value on which sources disagree."""

    value: Any
    source: Words
    source_date: SourceDate = UNDATED


class Entry(Strict):
    """One value with where it comes from.

    ``valid_from`` and ``valid_to``: first and last day on which it holds, both included. ``min``, ``max``, ``choices``:
    the room that a jurisdiction leaves its operators; without any of them an operator may not override the value.
    ``readings``: what the sources say, where they disagree.
    """

    value: Any
    source: Words
    source_date: SourceDate
    confidence: Confidence
    valid_from: date | None = None
    valid_to: date | None = None
    note: str = ""
    min: int | None = None
    max: int | None = None
    choices: list[Choice] | None = None
    readings: list[Reading] = []

    @model_validator(mode="after")
    def _it_holds_together(self) -> Entry:
        if self.valid_from and self.valid_to and self.valid_to < self.valid_from:
            raise ValueError(f"valid_to {self.valid_to} lies before valid_from {self.valid_from}")
        if self.min is not None and self.max is not None and self.max < self.min:
            raise ValueError(f"max {self.max} is below min {self.min}")
        if (self.confidence == "conflict") != (len(self.readings) >= 2):
            raise ValueError('confidence "conflict" and at least two readings go together')
        return self

    @property
    def is_bounded(self) -> bool:
        """Does this entry leave operators room?"""
        return self.min is not None or self.max is not None or self.choices is not None

    def holds_on(self, day: date) -> bool:
        """Is the value valid on ``day``?"""
        return (self.valid_from or day) <= day <= (self.valid_to or day)

    def overlaps(self, other: Entry) -> bool:
        """Is there a day on which both are valid?"""
        start = max(self.valid_from or date.min, other.valid_from or date.min)
        return start <= min(self.valid_to or date.max, other.valid_to or date.max)


class Text(Strict):
    """The same words in the three languages of the doors."""

    zh: Words = Field(alias="zh-hans")
    ru: Words
    en: Words


class Act(Strict):
    """A law or decree. ``number`` as printed, ``date`` of the act itself."""

    act: Words
    number: Words
    date: date
    title: Words


class Scam(Strict):
    """What the swindler says, and what to do."""

    script: Text
    advice: Text


class Service(Strict):
    """A kind of service to take a number off before it goes. ``examples``: names as people know them."""

    name: Text
    examples: list[Words]


class Alternative(Strict):
    """Something else a subscriber may do instead of closing."""

    name: Text
    text: Text


class Ussd(Strict):
    """A code to dial. ``verified``: somebody of the operator's tried it."""

    code: Annotated[str, StringConstraints(pattern=r"^\*[0-9*]+#$")]
    verified: bool


def _with_check_digit(given: str) -> str:
    if not inn.is_valid(given):
        raise ValueError("not an ИНН: 10 or 12 digits with a right check digit are needed")
    return given


Inn = Annotated[str, AfterValidator(_with_check_digit)]


def _a_time_of_day(given: str) -> str:
    first, _, last = given.partition("-")
    if not time.fromisoformat(first) < time.fromisoformat(last):
        raise ValueError("hours are a beginning and a later end, as in 10:00-12:00")
    return given


Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
Hours = Annotated[str, StringConstraints(pattern=r"^\d\d:\d\d-\d\d:\d\d$"), AfterValidator(_a_time_of_day)]

_LISTS: Final[dict[Any, Any]] = {tuple[str, ...]: list[str], tuple[int, ...]: list[int]}

RULES: Final[dict[str, Any]] = {
    name.replace("_", ".", 1): _LISTS.get(hint, hint)
    for name, hint in get_type_hints(Policy).items()
    if name not in {"pack", "operator"}
} | {"callback.weekdays": list[Weekday], "callback.hours": list[Hours]}
"""The kind of value of every key that :class:`Policy` reads; its two other fields are the packs' own names."""

FACTS: Final[dict[str, Any]] = {
    "contract.added_service_consent": Text,
    "contract.number_change_notice_days": int,
    "contract.online_signature": list[str],
    "contract.recalculation": Text,
    "contract.sim_has_no_term": Text,
    "debt.cash_top_up_needs_id": bool,
    "death.documents": list[str],
    "death.estate": Text,
    "death.proof_of_kinship": bool,
    "death.outcomes": list[str],
    "esim.delete_after_end": Text,
    "esim.deleted_needs_new_profile": Text,
    "esim.profile_is_not_contract": Text,
    "foreigner.accepted_ids": list[str],
    "foreigner.cancel_requires": list[str],
    "foreigner.contract_in_person": bool,
    "foreigner.contract_requires": list[str],
    "foreigner.entry_application": Text,
    "foreigner.exceptions": list[str],
    "foreigner.idle_months": int,
    "foreigner.minimum_age": int,
    "foreigner.passport_translation_notarised": bool,
    "foreigner.redo_until": date,
    "foreigner.remote_path": list[str],
    "foreigner.restricted_services": list[str],
    "foreigner.stage_days": int,
    "gosuslugi.hotline": str,
    "gosuslugi.hotline_short": str,
    "gosuslugi.sender": list[str],
    "gosuslugi.sim_list": Text,
    "gosuslugi.terminate_unused": Text,
    "gosuslugi.unblocking_in_person": bool,
    "gosuslugi.unlink_plan": Text,
    "inactivity.activity_events": list[str],
    "inactivity.keeping_fee": bool,
    "inactivity.min_days": int,
    "inactivity.negative_balance_days": int,
    "limits.counted_by": str,
    "limits.over_limit_action": Literal["excess", "all"],
    "mnp.fee": int,
    "mnp.future_days_max": int,
    "mnp.min_tenure_days": int,
    "mnp.online_needs_signature": bool,
    "mnp.premium_number_fee": bool,
    "mnp.refusal_grounds": list[str],
    "mnp.same_subject_only": bool,
    "mnp.service_until_transfer": bool,
    "mnp.balance_moves": bool,
    "mnp.through": str,
    "police.hotline": str,
    "poa.consular_accepted": bool,
    "reactivation.is_new_contract": bool,
    "refund.exclude": list[str],
    "refund.returns_advance": bool,
    "retention.content_months": int,
    "retention.metadata_years": int,
    "retention.restricted_access": list[str],
    "retention.subscriber_record_years": int,
    "retention.until_purpose_reached": bool,
    "self_ban.check_before_contract": bool,
    "sms_otp.unreliable_when": list[str],
    "termination.any_time": bool,
    "termination.precondition": str,
}
"""The kind of value of every other key whose name is fixed."""

SHELVES: Final[dict[str, Any]] = {
    "legal_basis": Act,
    "penalties": str,
    "scams": Scam,
    "advice": Text,
    "unlink": Service,
    "unlink_how": Text,
    "alternatives": Alternative,
}
"""Tables of a jurisdiction that hold any number of things of one kind, under names of their own."""

OPERATOR_FACTS: Final[dict[str, Any]] = {
    "operator.name": Text,
    "operator.brand": Words,
    "operator.legal_name": Words,
    "operator.inn": Inn,
}
OPERATOR_SHELVES: Final[dict[str, Any]] = {
    "contacts": Words,
    "ussd": Ussd,
    "channels": bool,
    "conditions": Text,
}
NEEDED: Final = frozenset(RULES)
OPERATOR_NEEDED: Final = frozenset(OPERATOR_FACTS)


def kind_of(key: str, *, operator: bool) -> Any | None:
    """The kind of value behind ``key`` in a jurisdiction's or an operator's pack; None when there is no such key."""
    table, _, name = key.partition(".")
    shelves = {**SHELVES, **(OPERATOR_SHELVES if operator else {})}
    named = {**RULES, **FACTS, **(OPERATOR_FACTS if operator else {})}
    return named.get(key, shelves.get(table) if name else None)


@cache
def reader(key: str, *, operator: bool) -> TypeAdapter[Any] | None:
    """What reads the value of ``key``; None when there is no such key."""
    kind = kind_of(key, operator=operator)
    return None if kind is None else TypeAdapter(kind)


def near(key: str, *, operator: bool) -> list[str]:
    """Up to three known keys that look like ``key``, the likeliest first."""
    known = [*RULES, *FACTS, *(OPERATOR_FACTS if operator else ())]
    return get_close_matches(key, known, n=3, cutoff=0.7)


def tables(*, operator: bool) -> tuple[str, ...]:
    """The tables that a pack of this kind may have, sorted."""
    keys = [*RULES, *FACTS, *SHELVES, *([*OPERATOR_FACTS, *OPERATOR_SHELVES] if operator else ())]
    return tuple(sorted({key.partition(".")[0] for key in keys}))


def keys_of(table: str, *, operator: bool) -> tuple[str, ...]:
    """The keys with fixed names in ``table``, sorted."""
    keys = [*RULES, *FACTS, *(OPERATOR_FACTS if operator else ())]
    return tuple(sorted(key for key in keys if key.startswith(f"{table}.")))
