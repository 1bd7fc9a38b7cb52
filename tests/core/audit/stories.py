"""Stories told with the cast, and what the auditor makes of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from lastcall.core.actor import NUMBER_MANAGER, Actor
from lastcall.core.audit.auditor import Broken, Findings, audit
from lastcall.core.audit.life import Life, assemble
from lastcall.core.audit.reader import read_batch
from lastcall.core.audit.sequencer import sequence
from lastcall.core.closing import freeze, reactivate, review, withdraw
from lastcall.core.closing.receipts import Receipt
from lastcall.core.numbers import correction, early_release, longer_rest, notice
from lastcall.core.numbers.attempts_row import Attempts
from lastcall.core.numbers.sweep import sweep
from lastcall.core.numbers.tenure import Tenure
from lastcall.core.plan import Insert, Plan
from lastcall.site.commands.audit import LedgerBooks
from tests.cast import IRINA, NIKOLAI, OLGA, ON_THE_WEB, Cast, Holder

NADIA = Actor(NUMBER_MANAGER, "nadia", "desk")


def leave_from_afar(cast: Cast, leaver: Holder) -> Receipt:
    """Closed from the web: document and code, a review, the hold, the cease."""
    receipt = cast.declare(leaver.msisdn)
    cast.work()
    cast.prove_remotely(receipt, leaver)
    cast.keep_sim(receipt)
    cast.work()
    if cast.case(receipt).state == "review":
        cast.approve(receipt)
        cast.work()
    cast.time.advance(timedelta(days=8))
    cast.work()
    assert cast.case(receipt).state == "closed"
    return receipt


def have_back(cast: Cast, receipt: Receipt, holder: Holder) -> None:
    """The closed number given back to its former holder, five days later."""
    cast.time.advance(timedelta(days=5))
    sim = cast.new_sim()
    line = reactivate.reactivate(
        cast.base, case_id=receipt.case_id, document=holder.document, iccid=sim.iccid, actor=OLGA, approver="irina"
    )
    cast.elements.billing.open_account(line.id, "RUB")
    cast.work()
    holder.line = line


def rest_to_the_end(cast: Cast) -> None:
    """Every number that rests is released."""
    for _ in range(2):
        cast.time.advance(timedelta(days=400))
        sweep(cast.base)
    cast.work()


def take_back(cast: Cast, holder: Holder) -> Receipt:
    """Declared, put on hold, and withdrawn."""
    receipt = cast.on_hold(holder)
    withdraw.withdraw(cast.base, case_id=receipt.case_id, actor=ON_THE_WEB)
    cast.work()
    return receipt


def not_me(cast: Cast, holder: Holder) -> Receipt:
    """Put on hold, frozen by the holder, and rejected by a reviewer."""
    receipt = cast.on_hold(holder)
    freeze.freeze(cast.base, case_id=receipt.case_id, actor=ON_THE_WEB)
    cast.time.advance(timedelta(days=8))
    cast.work()
    review.reject(cast.base, case_id=receipt.case_id, actor=IRINA, reason="not_the_holder")
    return receipt


def end_quarantine_early(cast: Cast, msisdn: int) -> None:
    """Two months after the cease Nikolai asks, Nadia approves, and the sweep releases the number."""
    cast.time.advance(timedelta(days=61))
    sweep(cast.base)
    request = early_release.ask(
        cast.base, msisdn=msisdn, reason="shortage", reference="ORD-17", policy=cast.policy, actor=NIKOLAI
    )
    cast.time.advance(timedelta(hours=3))
    early_release.approve(cast.base, request_id=request.id, policy=cast.policy, actor=NADIA)
    sweep(cast.base)


def correct(cast: Cast, msisdn: int) -> None:
    """Nikolai asks that the closing before the last tenure be corrected, Nadia approves a day later."""
    tenures = cast.base.transact(lambda rows: rows.some(Tenure, {"msisdn": msisdn}, order="-ordinal", limit=2))
    asked = correction.ask(
        cast.base, tenure_id=tenures[1].id, reason="wrong_line", reference="MEMO-17", policy=cast.policy, actor=NIKOLAI
    )
    cast.time.advance(timedelta(days=1))
    correction.approve(cast.base, correction_id=asked.id, actor=NADIA)


def rest_longer(cast: Cast, receipt: Receipt) -> None:
    """The leaver asks for 90 days more; when they are over people still call, and the sweep puts the release off twice."""
    until = longer_rest.ask(cast.base, case=cast.case(receipt), days=90, actor=ON_THE_WEB)
    cast.time.advance(until - cast.time.now())
    for _ in range(2):
        day = cast.time.now().date()
        attempts = Attempts(msisdn=cast.case(receipt).claimed_msisdn, day=day, calls=50, messages=0)
        cast.base.transact(lambda rows, attempts=attempts: rows.apply(Plan((Insert(attempts),))))  # type: ignore[misc]
        sweep(cast.base, policy=cast.policy)
        cast.time.advance(timedelta(days=8))


def announce_late(cast: Cast, msisdn: int) -> None:
    """The release is announced when it is due, and put off for that."""
    [latest] = cast.base.transact(lambda rows: rows.some(Tenure, {"msisdn": msisdn}, order="-ordinal", limit=1))
    now = cast.time.now()
    cast.base.transact(lambda rows: notice.note_announced(rows, latest.id, now))
    sweep(cast.base, policy=cast.policy)


def findings(cast: Cast) -> Findings:
    """What the auditor finds once every event has its place."""
    cast.time.advance(timedelta(minutes=2))
    sequence(cast.base)
    return audit(cast.base, billing=LedgerBooks(), hlr=cast.elements.hlr)


def broken(cast: Cast) -> set[str]:
    """The invariants that the auditor finds broken."""
    return {breach.invariant for breach in findings(cast).broken}


def only_breach(cast: Cast) -> Broken:
    """The one breach that the auditor finds."""
    found = findings(cast).broken
    assert len(found) == 1, found
    return found[0]


def life_of(cast: Cast, msisdn: int) -> Life:
    """The number's life as the database holds it, with HLR and ledger."""
    batch = read_batch(cast.base, after=msisdn - 1, batch=1)
    assert batch is not None
    hlr = {sim.imsi: cast.elements.hlr.look(sim.imsi) for sim in batch[1].sims}
    accounts = LedgerBooks().billed([line.id for line in batch[1].lines])
    (life,) = assemble(replace(batch[1], hlr=hlr, accounts=accounts), now=cast.time.now())
    assert life.msisdn == msisdn
    return life
