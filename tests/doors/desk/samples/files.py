"""What the pages of an open file need: a case that Irina has open for review, with a photo."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from lastcall.core.staff.opening import Opening, open_file
from tests.doors.desk.samples.review import Kwargs, with_irina
from tests.doors.desk.staffed import Staffed


def open_to_irina(staffed: Staffed) -> Opening:
    """A case in review that is Irina's, its file open to her."""
    taken = with_irina(staffed)
    return open_file(
        staffed.base, case_id=taken.case_id, actor=staffed.actor("irina", "review.decide"), ground="review",
        ground_id=taken.id, reason="review", policy=staffed.cast.policy,
    )  # fmt: skip


def _opening(staffed: Staffed) -> Kwargs:
    return {"opening_id": open_to_irina(staffed).id}


SAMPLES: Final[dict[str, Callable[[Staffed], Kwargs]]] = {
    "file": _opening,
    "file_photo": _opening,
    "file_close": _opening,
}
OWNERS: Final[dict[str, str]] = {name: "irina" for name in SAMPLES}
