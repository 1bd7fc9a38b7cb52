"""What the number room's addresses need: a live look of Nikolai's, a request that waits, an order that is stuck."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Final

from lastcall.core import work
from lastcall.core.job import Alert, Job
from lastcall.core.numbers import early_release
from lastcall.core.numbers.life import read_life
from lastcall.core.numbers.looking import look_at_number
from lastcall.core.numbers.release_request import ReleaseRequest
from lastcall.core.numbers.sweep import sweep
from tests.cast import LI_WEI_MSISDN
from tests.doors.desk.staffed import Staffed

OWNERS: Final = {
    "numbers_life": "nikolai", "numbers_ask_early": "nikolai", "numbers_decide": "nikolai",
    "numbers_look_at_request": "nikolai", "numbers_retry": "nikolai", "numbers_look_at_stuck": "nikolai",
    "numbers_resolve": "nikolai",
}  # fmt: skip


def resting(staffed: Staffed, *, days: int = 61) -> None:
    """Li Wei's number in quarantine."""
    if staffed.base.transact(lambda rows: read_life(rows, LI_WEI_MSISDN)).state != "quarantined":
        staffed.cast.closed()
        staffed.cast.time.advance(timedelta(days=days))
        sweep(staffed.base)


def looked(staffed: Staffed, login: str = "nikolai", *, right: str = "numbers.look") -> dict[str, object]:
    """A live look at Li Wei's number."""
    look = look_at_number(
        staffed.base,
        msisdn=LI_WEI_MSISDN,
        reason="complaint",
        policy=staffed.cast.policy,
        actor=staffed.actor(login, right),
    )
    return {"look_id": look.id}


def asked(staffed: Staffed, login: str = "nikolai") -> ReleaseRequest:
    """A request for the early release of Li Wei's number."""
    resting(staffed)
    return early_release.ask(
        staffed.base, msisdn=LI_WEI_MSISDN, reason="shortage", reference="ORD-2026/17", policy=staffed.cast.policy,
        actor=staffed.actor(login, "numbers.release_early"),
    )  # fmt: skip


def stuck(staffed: Staffed) -> Alert:
    """A line's cease that the HLR never confirmed."""
    receipt = staffed.cast.ceasing(staffed.cast.anna)
    job = work.claim(staffed.base)
    while job is not None and (job.kind, job.subject_id) != ("case.cease", receipt.case_id):
        work.finish(staffed.base, job=job)
        job = work.claim(staffed.base)
    assert job is not None
    work.fail(staffed.base, job=job, error="still_in_service: the HLR still serves it", permanent=True)
    [alert] = staffed.base.transact(lambda rows: rows.some(Alert, {"job_id": job.id}))
    return alert


def _job(staffed: Staffed) -> dict[str, object]:
    job_id = stuck(staffed).job_id
    assert staffed.base.transact(lambda rows: rows.one(Job, {"id": job_id, "state": "dead"}))
    return {"job_id": job_id}


SAMPLES: Final[dict[str, Callable[[Staffed], dict[str, object]]]] = {
    "numbers_life": looked,
    "numbers_ask_early": looked,
    "numbers_decide": looked,
    "numbers_look_at_request": lambda staffed: {"request_id": asked(staffed).id},
    "numbers_retry": _job,
    "numbers_look_at_stuck": _job,
    "numbers_resolve": lambda staffed: {"alert_id": stuck(staffed).id},
}
