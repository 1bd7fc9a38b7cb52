"""The setting-up link: by it a new member, or one who lost their factors, chooses a password. Works once, kept as a hash."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from lastcall.core.rows import Row, table, unique

LASTS: Final = timedelta(hours=24)
BITS: Final = 160


@table("staff", references={"member_id": "staff.Member"}, constraints=(unique("setup_link_once", "key_hash"),))
@dataclass(frozen=True, slots=True, kw_only=True)
class SetupLink(Row):
    """``key_hash``: the keyed hash of the secret word in the link; ``used_at``: when it was used, or made void by a newer one."""

    id: int
    member_id: int
    key_hash: str
    made_at: datetime
    until: datetime
    used_at: datetime | None = None
