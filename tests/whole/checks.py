"""What must be true of a line that was closed, however often those who closed it were killed."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from pathlib import Path
from typing import TypeVar
from typing import cast as as_type

from lastcall.core.audit.auditor import audit
from lastcall.core.audit.sequencer import sequence
from lastcall.core.closing.case import Case
from lastcall.core.closing.effect import Effect
from lastcall.core.closing.notice import Notice
from lastcall.core.closing.receipts import Receipt
from lastcall.core.closing.steps import STEPS
from lastcall.core.job import Alert, Job
from lastcall.core.numbers.life import read_life
from lastcall.core.numbers.rules import NumberLife
from lastcall.core.rows import Row
from lastcall.elements.billing.ledger import trial_balance
from lastcall.elements.billing.models import Entry
from lastcall.elements.hlr.simulated import SimulatedHlr
from lastcall.elements.mail.file import FileMail
from lastcall.elements.sms.file import FileSms
from lastcall.site.commands.audit import LedgerBooks
from tests.cast import Cast, Holder

VLR = "VLR-1"
ONCE_PER_CASE = (
    "case.declared", "case.cease", "sim.barred", "sim.dead", "number.pending_release", "line.closed", "case.close",
    "tenure.ceased",
)  # fmt: skip
BALANCE = 35_050

R = TypeVar("R", bound=Row)


def life_of(cast: Cast, msisdn: int) -> NumberLife:
    """All that is held about the number now."""
    return cast.base.transact(lambda rows: read_life(rows, msisdn))


def rows_of(cast: Cast, kind: type[R], /, **where: object) -> list[R]:
    """The rows that match."""
    return cast.base.transact(lambda rows: rows.some(kind, where))


def simulated(cast: Cast) -> SimulatedHlr:
    """The cast's HLR, which knows what its VLRs saw."""
    return as_type(SimulatedHlr, cast.elements.hlr)


def attempts(cast: Cast, receipt: Receipt) -> dict[str, int]:
    """How often each step of the case was begun."""
    return {effect.step: effect.attempts for effect in rows_of(cast, Effect, case_id=receipt.case_id)}


def closed_right(cast: Cast, receipt: Receipt, holder: Holder) -> Case:
    """The case came to its right end, and everybody outside saw each thing once. The phone was attached at ``VLR``."""
    case = cast.case(receipt)
    assert case.state == "closed" and case.stuck_at is None
    kinds = Counter(cast.events(receipt))
    assert {kind: kinds[kind] for kind in ONCE_PER_CASE} == dict.fromkeys(ONCE_PER_CASE, 1)
    assert {effect.step: effect.state for effect in rows_of(cast, Effect, case_id=case.id)} == dict.fromkeys(
        STEPS, "done"
    )
    _network_is_right(cast, holder)
    _money_is_right(holder)
    _number_rests(cast, case, holder)
    _work_is_done(cast, case)
    return case


def _network_is_right(cast: Cast, holder: Holder) -> None:
    sim = cast.sim_of(holder)
    entry = cast.elements.hlr.look(sim.imsi)
    assert entry is not None and not entry.in_service and entry.msisdn is None
    assert sim.state == "dead"
    seen = Counter(one.message for one in simulated(cast).seen(VLR) if one.imsi == sim.imsi)
    assert seen["DELETE_DATA"] == 2  # one for each domain
    assert seen["INSERT_DATA"] == 2  # the number when the phone came, and when the number was taken off


def _money_is_right(holder: Holder) -> None:
    assert holder.line is not None
    entries = Counter(Entry.objects.filter(account__line_id=holder.line.id).values_list("kind", flat=True))
    assert entries == {"top_up": 1, "stop": 1, "settlement": 1, "refund": 1}
    assert refund_paid(holder) == BALANCE
    assert trial_balance() == 0


def refund_paid(holder: Holder) -> int:
    """What left the cash for the holder's line, minor units. Raises unless there was exactly one refund."""
    assert holder.line is not None
    refund = Entry.objects.get(account__line_id=holder.line.id, kind="refund")
    return int(refund.postings.get(ledger_account="cash").amount)


def _number_rests(cast: Cast, case: Case, holder: Holder) -> None:
    life, confirmed = life_of(cast, holder.msisdn), case.network_confirmed_at
    assert life.state == "pending_release"
    assert life.latest is not None and life.pending is not None and confirmed is not None
    assert case.hold_until is not None and case.hold_until <= confirmed <= cast.time.now()
    assert life.latest.until == confirmed
    assert life.latest.reclaim_until == confirmed + timedelta(days=cast.policy.reactivation_window_days)
    assert life.latest.quarantine_until == confirmed + timedelta(days=cast.policy.quarantine_days)
    assert life.pending.quarantine_until == life.latest.quarantine_until


def _work_is_done(cast: Cast, case: Case) -> None:
    """Nothing about the case is left undone; the HLR's entry is to go when the number's rest is over."""
    assert {job.state for job in rows_of(cast, Job, kind="case.cease", subject_id=case.id)} == {"done"}
    notices = rows_of(cast, Notice, case_id=case.id)
    assert Counter(notice.template for notice in notices) == {"declared": 2, "accepted": 2, "ceased": 1}
    assert all(notice.sent_at is not None for notice in notices)


def each_notice_was_sent_once(cast: Cast, folder: Path) -> None:
    """As many files as notices, each whole."""
    mails = FileMail(folder / "mail", sender="lastcall@localhost").messages()
    texts = FileSms(folder / "sms").messages()
    keys = [message.key for message in mails + texts]
    assert sorted(keys) == sorted(f"notice:{notice.id}" for notice in rows_of(cast, Notice))


def invariants_hold(cast: Cast) -> None:
    """The auditor recomputes everything, the HLR and the ledger included, and finds nothing; nobody waits for a person."""
    sequence(cast.base)
    assert audit(cast.base, billing=LedgerBooks(), hlr=cast.elements.hlr).broken == ()
    assert not rows_of(cast, Alert, resolved_at=None)
