"""The member of the staff: who signs in at the desk, what they are and where they work."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from lastcall.core.rows import Row, table, unique


@table("staff", references={"shop_id": "staff.Shop"}, constraints=(unique("member_login_once", "login"),))
@dataclass(frozen=True, slots=True, kw_only=True)
class Member(Row):
    """``login``: never given to a second person; ``roles``: words among the staff roles of ``core/actor.py``, separated by
    spaces; ``shop_id``: a clerk's shop; ``language``: ``zh-hans``, ``ru`` or ``en``. After ``left_at`` nothing is theirs."""

    id: int
    login: str
    name: str
    roles: str
    shop_id: int | None
    language: str
    joined_at: datetime
    left_at: datetime | None = None
