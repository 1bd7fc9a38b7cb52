"""What the pages of papers by post need: a cover sheet that Olga has scanned in, open to her."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from lastcall.core.actor import Actor
from lastcall.core.closing import papers
from lastcall.core.closing.paper import PaperSheet
from lastcall.core.closing.receipts import Receipt
from lastcall.core.staff.opening import Opening, open_file
from tests.cast import ON_THE_WEB
from tests.doors.desk.samples.review import Kwargs
from tests.doors.desk.staffed import Staffed


def announced(staffed: Staffed, *kinds: str) -> tuple[Receipt, PaperSheet]:
    """A declaration by phone with a cover sheet for its papers."""
    receipt = staffed.cast.declare(door="hotline")
    sheet = papers.announce(staffed.base, case_id=receipt.case_id, kinds=kinds or ("statement",), actor=ON_THE_WEB)
    return receipt, sheet


def open_to(staffed: Staffed, login: str, role: str) -> Opening:
    """A sheet that this member scanned in, its case open to them."""
    receipt, sheet = announced(staffed)
    actor = Actor(role, login, "post")
    papers.arrived(staffed.base, barcode=sheet.barcode, actor=actor)
    return open_file(
        staffed.base, case_id=receipt.case_id, actor=actor, ground="papers", ground_id=sheet.id, reason="papers",
        policy=staffed.cast.policy,
    )  # fmt: skip


def _opening(staffed: Staffed) -> Kwargs:
    return {"opening_id": open_to(staffed, "olga", "clerk").id}


SAMPLES: Final[dict[str, Callable[[Staffed], Kwargs]]] = {
    "papers_case": _opening,
    "papers_signed": _opening,
    "papers_representative": _opening,
}
OWNERS: Final[dict[str, str]] = {name: "olga" for name in SAMPLES}
