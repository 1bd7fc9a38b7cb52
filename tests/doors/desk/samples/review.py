"""What the pages of review need: a case that waits, one with Irina, one with Irina for an administrator."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from lastcall.core.closing import assignments
from lastcall.core.closing.assignment import Assignment
from lastcall.core.closing.freeze import freeze
from lastcall.core.closing.receipts import Receipt
from tests.cast import SOMEBODY
from tests.doors.desk.staffed import Staffed

Kwargs = dict[str, object]


def referred(staffed: Staffed) -> Receipt:
    """Li Wei's case, proved from afar, in review."""
    cast = staffed.cast
    receipt = cast.declare()
    cast.prove_remotely(receipt, cast.li_wei)
    cast.keep_sim(receipt)
    cast.work()
    assert cast.case(receipt).state == "review"
    return receipt


def with_irina(staffed: Staffed) -> Assignment:
    """The same, taken by Irina."""
    receipt = referred(staffed)
    return assignments.take(staffed.base, case_id=receipt.case_id, actor=staffed.actor("irina", "review.decide"))


def _case(staffed: Staffed) -> Kwargs:
    return {"case_id": referred(staffed).case_id}


def _assignment(staffed: Staffed) -> Kwargs:
    return {"assignment_id": with_irina(staffed).id}


def _frozen(staffed: Staffed) -> Kwargs:
    taken = with_irina(staffed)
    freeze(staffed.base, case_id=taken.case_id, actor=SOMEBODY)
    return {"assignment_id": taken.id}


SAMPLES: Final[dict[str, Callable[[Staffed], Kwargs]]] = {
    "review_take": _case,
    "review_case": _assignment,
    "review_contacts": _frozen,
    "review_release": _assignment,
    "review_hand_over": _assignment,
    "review_approve": _assignment,
    "review_reject": _assignment,
    "review_ask": _assignment,
    "review_photo": _assignment,
    "review_unfreeze": _frozen,
    "review_reassign": _assignment,
}
OWNERS: Final[dict[str, str]] = {name: "irina" for name in SAMPLES} | {
    "review_take": "irina",
    "review_reassign": "alla",
}
