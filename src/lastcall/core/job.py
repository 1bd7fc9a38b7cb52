"""The job: durable work, written in the transaction that makes it necessary; and the alert when it runs out of tries."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import models

from lastcall.core.rows import Row, holds, table, unique


@table(
    "work",
    constraints=(
        holds("job_state", models.Q(state__in=["queued", "leased", "done", "dead"])),
        unique(
            "job_once_while_open", "kind", "subject_id", "about", where=models.Q(state__in=["queued", "leased", "dead"])
        ),
    ),
    indexes=(
        models.Index(fields=["due_at"], name="job_due", condition=models.Q(state__in=["queued", "leased"])),
        models.Index(fields=["kind", "finished_at"], name="job_figures", condition=~models.Q(last_error="")),
    ),
)
@dataclass(frozen=True, slots=True, kw_only=True)
class Job(Row):
    """``kind``: which handler; ``subject_id``: the case, notice or line it is about; ``about``: tells several apart.

    ``lease``: a random word of the worker that has it, until ``lease_until``; then anybody may take it over.
    """

    id: int
    kind: str
    subject_id: int
    about: str
    state: str
    due_at: datetime
    attempts: int = 0
    lease: str = ""
    lease_until: datetime | None = None
    last_error: str = ""
    finished_at: datetime | None = None


@table(
    "work",
    indexes=(models.Index(fields=["at"], name="alert_open", condition=models.Q(resolved_at__isnull=True)),),
)
@dataclass(frozen=True, slots=True, kw_only=True)
class Alert(Row):
    """A person must look: ``code`` says at what, ``subject_id`` names the case, ``job_id`` the work that stopped."""

    id: int
    at: datetime
    code: str
    subject_id: int
    job_id: int
    detail: str
    resolved_at: datetime | None = None
    resolved_by: str = ""
