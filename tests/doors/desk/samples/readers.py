"""A card reader that is paired with the shop in the centre."""

from __future__ import annotations

from collections.abc import Callable

from lastcall.core.simcard import readers
from tests.doors.desk.staffed import CENTRE, Staffed


def paired(staffed: Staffed) -> dict[str, object]:
    """Olga paired it."""
    shop_id, olga = staffed.shops[CENTRE].id, staffed.actor("olga", "counter.work")
    code = readers.offer(staffed.base, actor=olga, shop_id=shop_id, policy=staffed.cast.policy)
    token = readers.pair(staffed.base, code=code, name="Window 3").token
    return {"reader_id": readers.by_token(staffed.base, token).id}


SAMPLES: dict[str, Callable[[Staffed], dict[str, object]]] = {"readers_end": paired}
OWNERS: dict[str, str] = dict.fromkeys(SAMPLES, "olga")
