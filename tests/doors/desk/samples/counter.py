"""A ticket of the shop in the centre, at Olga's window, for every page of the counter that is about one."""

from __future__ import annotations

from collections.abc import Callable

from lastcall.core.counter import calls, kiosk, visits, windows
from tests.doors.desk.staffed import CENTRE, Staffed


def _taken(staffed: Staffed) -> kiosk.Issued:
    return kiosk.take(
        staffed.base, shop_code=CENTRE, purpose="close_line", language="zh-hans", source="kiosk",
        policy=staffed.cast.policy,
    )  # fmt: skip


def waiting(staffed: Staffed) -> dict[str, object]:
    """A visitor waits, and Olga sits at a window."""
    windows.sit(staffed.base, shop_id=staffed.shops[CENTRE].id, window="3", actor=staffed.actor("olga", "queue.run"))
    return {"ticket_id": _taken(staffed).ticket.id}


def called(staffed: Staffed) -> dict[str, object]:
    """Olga has called a visitor."""
    found = waiting(staffed)
    calls.call_next(staffed.base, shop_id=staffed.shops[CENTRE].id, actor=staffed.actor("olga", "queue.run"))
    return found


def identified(staffed: Staffed) -> dict[str, object]:
    """Li Wei stands at Olga's window, and his passport matched."""
    found, olga = called(staffed), staffed.actor("olga", "counter.work")
    ticket_id = int(str(found["ticket_id"]))
    calls.begin(staffed.base, ticket_id=ticket_id, actor=olga)
    li_wei = staffed.cast.li_wei
    visits.identify(
        staffed.base, ticket_id=ticket_id, msisdn=f"+{li_wei.msisdn}", document=li_wei.document, actor=olga,
        policy=staffed.cast.policy, declares=True,
    )  # fmt: skip
    return found


SAMPLES: dict[str, Callable[[Staffed], dict[str, object]]] = {
    "counter_call": waiting,
    "counter_step": called,
    "counter_transfer": called,
    "counter_visit": called,
    "counter_show": called,
    "counter_identify": called,
    "counter_pay": identified,
    "counter_card": identified,
    "counter_sim": identified,
    "counter_stop": identified,
    "counter_statement": identified,
    "counter_receipt": identified,
    "counter_paper": identified,
}
OWNERS: dict[str, str] = dict.fromkeys(SAMPLES, "olga")
