"""An object behind each address of the hotline's pages."""

from __future__ import annotations

from collections.abc import Callable

from lastcall.core.closing import callbacks
from tests.cast import ANNA_MSISDN, ON_THE_WEB
from tests.core.hotline.calling import Hotline
from tests.doors.desk.staffed import Staffed

Sample = Callable[[Staffed], dict[str, object]]


def _waiting(staffed: Staffed) -> dict[str, object]:
    return {"call_id": Hotline(staffed.cast).queued().id}


def _taken(staffed: Staffed) -> dict[str, object]:
    return {"call_id": Hotline(staffed.cast).taken().id}


def _asking(staffed: Staffed) -> dict[str, object]:
    return _taken(staffed) | {"kind": "questions"}


def _opened(staffed: Staffed) -> dict[str, object]:
    hotline = Hotline(staffed.cast)
    call = hotline.taken()
    hotline.opened(call, staffed.cast.anna)
    return {"call_id": call.id}


def _back(staffed: Staffed) -> dict[str, object]:
    """The cast's day is a Friday noon: the first free time is the afternoon's."""
    cast = staffed.cast
    receipt = cast.declare(ANNA_MSISDN)
    cast.prove_remotely(receipt, cast.anna)
    slot = callbacks.slots(cast.base, case_id=receipt.case_id)[0]
    made = callbacks.book(cast.base, case_id=receipt.case_id, start=slot.start, language="ru", actor=ON_THE_WEB)
    return {"callback_id": made.id}


SAMPLES: dict[str, Sample] = {
    "calls_take": _waiting,
    "calls_call": _taken,
    "calls_language": _taken,
    "calls_again": _taken,
    "calls_number": _taken,
    "calls_reference": _taken,
    "calls_declare": _taken,
    "calls_ask": _asking,
    "calls_answer": _taken,
    "calls_file": _taken,
    "calls_link": _opened,
    "calls_callback": _opened,
    "calls_withdraw": _opened,
    "calls_stop": _taken,
    "calls_finish": _taken,
    "calls_back_take": _back,
}
OWNERS: dict[str, str] = {name: "timur" for name in SAMPLES if name not in {"calls_take", "calls_back_take"}}
