"""The parameters that rules read, as one frozen object.

A field ``termination_notice_days`` is the pack key ``termination.notice_days``. Where a value comes from (source, date,
confidence) stays in the pack; a case freezes the values themselves when it starts, so that a later change of the pack
never moves a running deadline.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Policy:
    """Everything a rule may ask about law and operator. Money in minor units of ``currency``."""

    pack: str
    operator: str
    currency: str

    termination_notice_days: int
    """Days from the declaration to the legal end of the agreement."""
    termination_act_doors: tuple[str, ...]
    """Doors through which a declaration is the legal act itself."""
    termination_intake_doors: tuple[str, ...]
    """Doors that only register the intent; the act is completed by signature or in person."""
    termination_lapse_days: int
    """Days after which a case that still misses something from the subscriber lapses."""

    identity_code_digits: int
    identity_code_minutes: int
    identity_code_tries: int
    identity_code_sends_per_10_minutes: int
    identity_code_sends_per_day: int
    identity_document_tries: int
    identity_valid_days: int

    hold_hours_default: int
    hold_hours_remote: int
    """Hold when identity was proved without presence."""
    hold_days_after_change: int
    """Days after a change of SIM, contact or title before anything irreversible."""
    hold_waived_in_person: bool
    """No hold when the holder stands in the shop with the original document and the line's SIM."""

    notice_contact_age_days: int
    """How long a contact must have been on file before the declaration to count for notices."""

    debt_blocks_cease: bool
    late_usage_hold_days_max: int

    review_four_eyes: bool
    """Where a person decides, the decider is neither opener nor verifier."""
    review_on_recent_change: bool
    review_on_representative: bool
    review_on_remote_identity: bool
    review_deadline_hours: int

    refund_deadline_days: int
    refund_methods: tuple[str, ...]
    refund_needs_application: bool

    reactivation_window_days: int
    """Days after the network-confirmed cease in which only the former holder may have the number back."""
    reactivation_four_eyes: bool
    reactivation_checks_self_ban: bool
    quarantine_days: int
    """Days after the network-confirmed cease before the number may be anybody's; at least ``quarantine_floor_days``."""
    quarantine_floor_days: int

    limits_citizen: int
    limits_foreigner: int

    poa_notarised: bool
    poa_money_clause: bool
    mnp_days_individual: int
    mnp_days_legal: int
    ported_number_on_cease: str
    """``return_to_range_holder`` or ``keep``."""

    # Fields that came later have a default, for cases that froze their policy before.
    notice_declared_per_day: int = 3
    """How often a day the contacts on file are told that somebody declared the closing of the same line."""
    receipt_copies_per_day: int = 5
    """How many receipts a day go to one address, whoever typed it."""

    identity_photo: str = "off"
    """Whether a photo of the document is taken from those who prove themselves from afar: ``off``, ``offered`` or ``needed``."""
    identity_photo_tries: int = 3
    identity_photo_kilobytes_max: int = 4096
    """Of the cleaned picture, as it is kept until the decision."""
    retention_photo_appeal_hours: int = 72
    """How long after the decision about a photo it is still there, for an appeal."""
    retention_scan_days_max: int = 30
    """Days after which a photo is destroyed whatever was decided."""

    callback_offered: bool = False
    callback_weekdays: tuple[str, ...] = ()
    """Days on which our staff call back: ``mon`` to ``sun``."""
    callback_hours: tuple[str, ...] = ()
    """The times of such a day, each ``10:00-12:00``, on the operator's clocks."""
    callback_days_ahead: int = 14
    callback_per_slot: int = 1
    """How many call-backs can be booked for one time."""

    def as_json(self) -> dict[str, Any]:
        """The values as JSON holds them, for freezing into a case."""
        values = ((name, getattr(self, name)) for name in self.__slots__)
        return {name: list(value) if isinstance(value, tuple) else value for name, value in values}

    @classmethod
    def from_json(cls, frozen: Mapping[str, Any]) -> Policy:
        """The policy that :meth:`as_json` froze. Raises ``TypeError`` when a key is missing or unknown."""
        if unknown := frozen.keys() - set(cls.__slots__):
            raise TypeError(f"unknown policy keys: {', '.join(sorted(unknown))}")
        thawed: dict[str, Any] = {
            name: tuple(value) if isinstance(value, list) else value for name, value in frozen.items()
        }
        return cls(**thawed)
