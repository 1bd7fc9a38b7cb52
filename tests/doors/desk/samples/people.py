"""Members and shops that an administrator looks after: any administrator does."""

from __future__ import annotations

from collections.abc import Callable

from lastcall.core.staff import shops
from tests.doors.desk.staffed import Staffed


def _timur(staffed: Staffed) -> dict[str, object]:
    return {"login": "timur"}


def _shop(staffed: Staffed) -> dict[str, object]:
    return {
        "code": shops.open_shop(
            staffed.base, code="south", name="South", actor=staffed.actor("alla", "shops.manage")
        ).code
    }


SAMPLES: dict[str, Callable[[Staffed], dict[str, object]]] = {
    "people_member": _timur,
    "people_reset": _timur,
    "people_leave": _timur,
    "people_shop_close": _shop,
}
OWNERS: dict[str, str] = {name: "alla" for name in SAMPLES}
