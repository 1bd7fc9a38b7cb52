"""What the sweep waits for: the notice of a release, and how far those who give notice have looked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import models

from lastcall.core.rows import Row, table

ONLY = 1


@table(
    "numbers",
    key=("tenure_id",),
    indexes=(models.Index(fields=["announced_at"], name="release_notice_at"),),
)
@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseNotice(Row):
    """The release of this tenure's number was announced first at ``announced_at``, to whoever had an interest in it."""

    tenure_id: int
    announced_at: datetime


@table("numbers", key=("id",))
@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeWatch(Row):
    """One row. ``wanted``: somebody has an interest in some number; ``looked_until``: of every number that is due by then it is
    known whether somebody has, and if so the release is announced. ``revision`` counts the changes, so that none is overwritten."""

    id: int
    looked_until: datetime
    wanted: bool
    revision: int = 0
