"""A cover sheet for papers that come by post: its barcode says which case they belong to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db import models

from lastcall.core import keyed
from lastcall.core.rows import Row, table, unique

KINDS: Final = ("statement", "document_copy", "power_of_attorney", "death_certificate", "other")
_PREFIX: Final = "LC1-"


@table(
    "closing",
    references={"case_id": "closing.Case"},
    constraints=(unique("paper_sheet_barcode_once", "barcode_key"),),
    indexes=(models.Index(fields=["case_id"], name="paper_sheet_case"),),
)
@dataclass(frozen=True, slots=True, kw_only=True)
class PaperSheet(Row):
    """``kinds``: words among :data:`KINDS`, separated by spaces; ``barcode_key``: keyed hash of the barcode's token, which is
    derived and kept nowhere; ``received_by``: who scanned it."""

    id: int
    case_id: int
    kinds: str
    barcode_key: str
    announced_at: datetime
    arrived_at: datetime | None = None
    received_by: str = ""

    @property
    def barcode(self) -> str:
        """``LC1-`` and 80 bits in Crockford's base 32, fit for Code 128."""
        return _PREFIX + token_of(self.id)


def token_of(sheet_id: int) -> str:
    """The token of a sheet's barcode, which only this installation can derive."""
    return keyed.derived_token("paper.sheet", str(sheet_id), bits=80)


def key_of(barcode: str) -> str:
    """The keyed hash by which a barcode is found, as scanned or typed."""
    token = keyed.normal_token(barcode)
    return keyed.keyed_hash("paper.barcode", token.removeprefix(keyed.normal_token(_PREFIX)))
