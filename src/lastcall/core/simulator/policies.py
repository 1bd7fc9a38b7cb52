"""The policies that histories are played under: the demo operator's, varied within what a pack may say."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from random import Random
from typing import Any, Final

from lastcall.core.policies.load import load
from lastcall.core.policies.policy import Policy
from lastcall.core.simulator.world import START

COUNT: Final = 48
_VARIED: Final[dict[str, tuple[Any, ...]]] = {
    "termination_notice_days": (0, 0, 0, 14),
    "termination_lapse_days": (14, 30, 60),
    "identity_code_tries": (3, 5),
    "identity_document_tries": (2, 3, 5),
    "identity_valid_days": (10, 30, 60),
    "identity_photo": ("off", "offered", "offered", "needed"),
    "identity_photo_tries": (1, 3),
    "retention_photo_appeal_hours": (0, 72),
    "retention_scan_days_max": (5, 30),
    "callback_offered": (True, True, False),
    "callback_per_slot": (1, 2),
    "hold_hours_default": (0, 24, 72),
    "hold_hours_remote": (24, 72, 168),
    "hold_days_after_change": (3, 7, 14),
    "hold_waived_in_person": (True, False),
    "notice_contact_age_days": (7, 14),
    "debt_blocks_cease": (True, True, False),
    "review_four_eyes": (True, True, False),
    "review_on_recent_change": (True, False),
    "review_on_representative": (True, False),
    "review_on_remote_identity": (True, False),
    "reactivation_window_days": (30, 60, 90),
    "reactivation_four_eyes": (True, True, False),
    "reactivation_checks_self_ban": (True, False),
    "quarantine_days": (60, 90, 180),
    "quarantine_floor_days": (60, 90),
    "limits_citizen": (2, 20),
    "limits_foreigner": (2, 10),
    "poa_notarised": (True, False),
    "review_sample_permille": (0, 0, 0, 1000),
    "quarantine_longer_days": ((), (90, 180), (30, 90)),
    "quarantine_longer_days_max": (0, 90, 365),
    "quiet_days": (0, 3, 7),
    "quiet_most_attempts_a_day": (0, 3),
    "quiet_most_days_beyond": (0, 10, 90),
    "notice_before_release_days": (0, 7, 14),
}


@cache
def policy(number: int) -> Policy:
    """Variation ``number`` of :data:`COUNT`; 0 is the demo operator's own."""
    plain = load("demo", on=START.date()).policy()
    if number == 0:
        return plain
    pick = Random(number)  # noqa: S311 - a replay, no secret
    return replace(plain, **{name: pick.choice(values) for name, values in _VARIED.items()})
