"""The case: the closing of one line, from declaration to the end."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from django.db import models

from lastcall.core.closing.lifecycle import CASE
from lastcall.core.rows import Json, Row, holds, table, unique

ENDED = tuple(sorted(CASE.ends))
PHOTOS = ("", "reading", "matched", "unclear", "differs")
REQUESTS = ("", "photo", "in_person", "papers", "signature")


@table(
    "closing",
    references={
        "line_id": "subscribers.Line",
        "tenure_id": "numbers.Tenure",
        "representative_id": "subscribers.Representative",
    },
    constraints=(
        unique("case_reference_once", "reference_key"),
        unique("case_one_open_per_line", "line_id", where=models.Q(ended_at__isnull=True)),
        holds("case_state", models.Q(state__in=CASE.states)),
        holds(
            "case_ended_exactly_in_an_end",
            models.Q(ended_at__isnull=False, state__in=ENDED)
            | (models.Q(ended_at__isnull=True) & ~models.Q(state__in=ENDED)),
        ),
        holds(
            "case_bound_as_a_whole",
            models.Q(line__isnull=True, tenure__isnull=True) | models.Q(line__isnull=False, tenure__isnull=False),
        ),
        holds("case_photo", models.Q(photo__in=PHOTOS)),
        holds("case_asked", models.Q(asked__in=REQUESTS)),
        holds(
            "case_frozen_never_ceases", models.Q(frozen_at__isnull=True) | ~models.Q(state__in=["ceasing", "closed"])
        ),
    ),
    indexes=(
        models.Index(fields=["state"], name="case_state"),
        models.Index(fields=["claimed_msisdn"], name="case_claimed"),
        models.Index(fields=["frozen_at"], name="case_frozen", condition=models.Q(frozen_at__isnull=False)),
        # What is counted for figures is answered from these alone, without reading a wide row.
        models.Index(fields=["declared_at", "door", "language"], name="case_figures_declared"),
        models.Index(
            fields=["state", "door", "declared_at"],
            name="case_figures_open",
            condition=models.Q(ended_at__isnull=True),
        ),
        models.Index(
            fields=["ended_at", "state", "door", "language"],
            name="case_figures_ended",
            condition=models.Q(ended_at__isnull=False),
        ),
    ),
)
@dataclass(frozen=True, slots=True, kw_only=True)
class Case(Row):
    """One closing. ``reference_key`` and ``secret_key`` are keyed hashes: the words themselves are only in the receipt.

    ``line_id``/``tenure_id`` are empty while the claimed number is no line of ours, or another open case has the line.
    ``policy`` is frozen at the declaration. ``legal_end`` follows from the declaration alone: no check moves it.
    ``revision`` counts every change; a decision taken on an older revision is a conflict.

    Identity: ``document_ok_at`` (number matched the one on file), ``code_ok_at`` (a one-time code came back), ``in_person_at``
    (original seen by ``verifier``), ``identity_failures`` (tries used up) and ``identity_locked_at`` (from then on people only; it
    lies ahead while the last try still waits for its code). ``photo``: how the photo of the document stands, one of
    :data:`PHOTOS`; ``photo_ok_at``: it matched; ``photo_decided_at``: a person decided about it.

    ``asked`` and ``asked_at``: what a reviewer asked the subscriber for, one of :data:`REQUESTS`; the next decision clears it.
    """

    id: int
    revision: int
    state: str
    reference_key: str
    secret_key: str
    claimed_msisdn: int
    line_id: int | None
    tenure_id: int | None
    door: str
    language: str
    declared_by: str
    opener: str
    declared_at: datetime
    legal_end: datetime
    lapse_at: datetime
    policy: Json
    representative_id: int | None = None
    requested_end: datetime | None = None
    # identity, bound to this very tenure
    document_ok_at: datetime | None = None
    code_ok_at: datetime | None = None
    in_person_at: datetime | None = None
    signed_at: datetime | None = None
    verifier: str = ""
    identity_failures: int = 0
    identity_locked_at: datetime | None = None
    photo: str = ""
    photo_ok_at: datetime | None = None
    photo_decided_at: datetime | None = None
    # what the subscriber declared of the SIM: custody among subscriber, collected, destroyed
    sim_custody: str = ""
    sim_pin_removed: bool = False
    # flags of the design's section 4
    frozen_at: datetime | None = None
    awaiting_papers: bool = False
    awaiting_payment: bool = False
    awaiting_sim: bool = False
    papers_arrived_at: datetime | None = None
    stuck_at: datetime | None = None
    # review
    review_due_at: datetime | None = None
    approver: str = ""
    approved_reasons: str = ""
    results: Json = field(default_factory=dict)
    # hold and cease
    hold_until: datetime | None = None
    effect_attempted_at: datetime | None = None
    network_confirmed_at: datetime | None = None
    final_bill: Json = field(default_factory=dict)
    refund_target: str = ""
    ended_at: datetime | None = None
    ended_reason: str = ""
    # afterwards: the former holder asked for the number back
    asked_back_at: datetime | None = None
    # what a reviewer asked the subscriber for
    asked: str = ""
    asked_at: datetime | None = None

    def is_locked(self, now: datetime) -> bool:
        """Whether the tries of proving identity from afar are used up: only people help from then on."""
        return self.identity_locked_at is not None and self.identity_locked_at <= now
