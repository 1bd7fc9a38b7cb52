"""What one member of the staff asked for and another decides, as either of them sees it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise

from lastcall.core.numbers.correction_row import Correction
from lastcall.core.numbers.release_request import ReleaseRequest
from lastcall.doors.screens.moments import Dated, dated, time_left


@dataclass(frozen=True, slots=True)
class Waiting:
    """A request that waits: who asked and why; ``mine``: only others may decide."""

    id: int
    by: str
    reason: str
    reference: str
    asked: Dated
    until: Dated
    mine: bool


def waiting(
    request: ReleaseRequest | Correction, reasons: Mapping[str, str | Promise], *, login: str, now: datetime
) -> Waiting:
    """The request as ``login`` may act on it, its reason in the words of ``reasons``."""
    return Waiting(
        request.id, request.asked_by, str(reasons[request.reason]), request.reference, dated("", request.asked_at),
        dated("", request.until, time_left(request.until, now)), request.asked_by == login,
    )  # fmt: skip
