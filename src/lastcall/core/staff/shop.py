"""The shop: where clerks and visitors meet."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from lastcall.core.rows import Row, table, unique


@table("staff", constraints=(unique("shop_code_once", "code"),))
@dataclass(frozen=True, slots=True, kw_only=True)
class Shop(Row):
    """``code``: a short word for addresses, lower-case Latin letters, digits and dashes; ``name`` as visitors know it."""

    id: int
    code: str
    name: str
    opened_at: datetime
    closed_at: datetime | None = None
