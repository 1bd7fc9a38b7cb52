"""A break-glass that Timur asked for: any second person decides, any third one looks at it."""

from __future__ import annotations

from collections.abc import Callable

from lastcall.core.staff import break_glass
from lastcall.core.staff.glass import Glass
from tests.doors.desk.staffed import Staffed


def asked(staffed: Staffed) -> Glass:
    """Timur has asked."""
    return break_glass.ask(
        staffed.base, reference=staffed.cast.declare().reference, reason="danger", words="somebody may come to harm",
        actor=staffed.actor("timur", "glass.ask"), policy=staffed.cast.policy,
    )  # fmt: skip


def _asked(staffed: Staffed) -> dict[str, object]:
    return {"glass_id": asked(staffed).id}


def _approved(staffed: Staffed) -> dict[str, object]:
    glass = asked(staffed)
    actor = staffed.actor("alla", "glass.approve")
    break_glass.approve(staffed.base, glass_id=glass.id, actor=actor, policy=staffed.cast.policy)
    return {"glass_id": glass.id}


SAMPLES: dict[str, Callable[[Staffed], dict[str, object]]] = {"glass_decide": _asked, "glass_review": _approved}
OWNERS: dict[str, str] = {"glass_decide": "alla", "glass_review": "arkady"}
