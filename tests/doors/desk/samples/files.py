"""What the pages of an open file need: a case that Irina has open for review, with a photo or without."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from lastcall.core.closing import assignments
from lastcall.core.closing.assignment import Assignment
from lastcall.core.staff.opening import Opening, open_file
from tests.doors.desk.pictures_of_documents import with_unclear_photo
from tests.doors.desk.samples.review import Kwargs, with_irina
from tests.doors.desk.staffed import Staffed


def _open(staffed: Staffed, taken: Assignment) -> Opening:
    return open_file(
        staffed.base, case_id=taken.case_id, actor=staffed.actor("irina", "review.decide"), ground="review",
        ground_id=taken.id, reason="review", policy=staffed.cast.policy,
    )  # fmt: skip


def open_to_irina(staffed: Staffed) -> Opening:
    """A case in review that is Irina's, its file open to her."""
    return _open(staffed, with_irina(staffed))


def with_photo(staffed: Staffed) -> Opening:
    """The same with a photo that nobody could read for certain."""
    receipt = with_unclear_photo(staffed.cast)
    irina = staffed.actor("irina", "review.decide")
    return _open(staffed, assignments.take(staffed.base, case_id=receipt.case_id, actor=irina))


def _opening(staffed: Staffed) -> Kwargs:
    return {"opening_id": open_to_irina(staffed).id}


def _photo(staffed: Staffed) -> Kwargs:
    return {"opening_id": with_photo(staffed).id}


SAMPLES: Final[dict[str, Callable[[Staffed], Kwargs]]] = {
    "file": _opening,
    "file_photo": _photo,
    "file_close": _opening,
}
OWNERS: Final[dict[str, str]] = {name: "irina" for name in SAMPLES}
HEADERS: Final[dict[str, dict[str, str]]] = {"file_photo": {"Sec-Fetch-Dest": "image", "Sec-Fetch-Site": "same-origin"}}
