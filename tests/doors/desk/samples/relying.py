"""What the addresses about relying parties need: one of them, an alarm, a delivery that nobody took, a correction that waits."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from lastcall.core import clock
from lastcall.core.closing.reactivate import reactivate
from lastcall.core.job import Alert
from lastcall.core.lookup.days import today
from lastcall.core.numbers import correction
from lastcall.core.numbers.correction_row import Correction
from lastcall.core.numbers.tenure import Tenure
from lastcall.core.plan import Insert, Plan
from lastcall.core.relying import consumers, sweeping
from lastcall.core.relying.consumer import Consumer
from lastcall.core.telling.announcement import Announcement
from lastcall.core.telling.delivery import DEAD, Delivery
from tests.cast import LI_WEI_MSISDN, OLGA, PASSPORT
from tests.doors.desk.samples.numbers import looked
from tests.doors.desk.staffed import Staffed

OWNERS: Final = {
    "relying_party": "alla", "relying_change": "alla", "relying_end": "alla", "relying_looked_at": "alla",
    "relying_retry": "alla", "relying_skip": "alla", "relying_ask_correction": "nikolai",
    "relying_look_at_correction": "nadia", "relying_decide_correction": "nadia",
}  # fmt: skip


def party(staffed: Staffed, name: str = "Iron Bank", *, category: str = "bank", told: bool = True) -> Consumer:
    """A bank that asks and is told; registered once however often it is asked for."""
    known = [each for each in consumers.all(staffed.base) if each.name == name]
    return known[0] if known else consumers.create(
        staffed.base, name=name, category=category, scopes=["number-recycling:check", "lookup:interests"], told=told,
        actor=staffed.actor("alla", "relying.manage"),
    ).consumer  # fmt: skip


def alarm(staffed: Staffed) -> Alert:
    """It asked about one number after the other."""
    detail = "equal_steps: 5000 numbers, longest run 4000, 90 % never held"
    alert = Alert(
        id=clock.new_id(), at=clock.now(), code=sweeping.CODE, subject_id=party(staffed).id, job_id=0, detail=detail
    )
    staffed.base.transact(lambda rows: rows.apply(Plan((Insert(alert),))))
    return alert


def untaken(staffed: Staffed) -> Delivery:
    """What happened to Li Wei's number was announced to the bank for days, and not taken."""
    now, line = clock.now(), staffed.cast.li_wei.line
    assert line is not None
    announcement = Announcement(
        id=clock.new_id(), tenure_id=line.tenure_id, msisdn=LI_WEI_MSISDN, kind="ceased", ordinal=1, at=now, day=today(),
        place=1,
    )  # fmt: skip
    delivery = Delivery(
        id=clock.new_id(), consumer_id=party(staffed).id, announcement_id=announcement.id, msisdn=LI_WEI_MSISDN, cursor=1,
        subject=f"+{LI_WEI_MSISDN}", reference="", state=DEAD, made_at=now, attempts=17, give_up_at=now,
        last_error="timed_out: no answer within 10 s", dead_at=now,
    )  # fmt: skip
    staffed.base.transact(lambda rows: rows.apply(Plan((Insert(announcement), Insert(delivery)))))
    return delivery


def given_back(staffed: Staffed) -> Tenure:
    """Li Wei's line was closed, and then he had his number back: the tenure that was closed."""
    cast = staffed.cast
    receipt = cast.closed()
    card = cast.new_sim().iccid
    reactivate(cast.base, case_id=receipt.case_id, iccid=card, document=PASSPORT, actor=OLGA, approver="irina")
    tenure = cast.base.transact(lambda rows: rows.one(Tenure, {"id": cast.case(receipt).tenure_id}))
    assert tenure is not None
    return tenure


def asked(staffed: Staffed) -> Correction:
    """Nikolai asks that the closing be put right."""
    return correction.ask(
        staffed.base, tenure_id=given_back(staffed).id, reason="wrong_line", reference="DOC-2026/17",
        policy=staffed.cast.policy, actor=staffed.actor("nikolai", "correction.ask"),
    )  # fmt: skip


def _party(staffed: Staffed) -> dict[str, object]:
    return {"consumer_id": party(staffed).id}


def _delivery(staffed: Staffed) -> dict[str, object]:
    return {"delivery_id": untaken(staffed).id}


def _looked_at_a_closing(staffed: Staffed) -> dict[str, object]:
    given_back(staffed)
    return looked(staffed)


def _decided(staffed: Staffed) -> dict[str, object]:
    asked(staffed)
    return looked(staffed, "nadia")


SAMPLES: Final[dict[str, Callable[[Staffed], dict[str, object]]]] = {
    "relying_party": _party,
    "relying_change": _party,
    "relying_end": _party,
    "relying_looked_at": lambda staffed: {"alert_id": alarm(staffed).id},
    "relying_retry": _delivery,
    "relying_skip": _delivery,
    "relying_ask_correction": _looked_at_a_closing,
    "relying_look_at_correction": lambda staffed: {"correction_id": asked(staffed).id},
    "relying_decide_correction": _decided,
}
