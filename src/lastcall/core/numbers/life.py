"""Reading all that is held about one number."""

from __future__ import annotations

from lastcall.core import clock
from lastcall.core.errors import NotFound
from lastcall.core.numbers.number import Absent, Number, PendingRelease, Quarantine, Reservation
from lastcall.core.numbers.range import Range
from lastcall.core.numbers.rules import NumberLife
from lastcall.core.numbers.sim import Sim
from lastcall.core.numbers.tenure import Tenure
from lastcall.core.plan import Change, InsertMissing, Plan
from lastcall.core.store import Store


def range_of(rows: Store, msisdn: int) -> Range | None:
    """The range that holds the number, or None. Ranges do not overlap, so the last one that begins before decides."""
    below = rows.some(Range, {"first__lte": msisdn}, order="-first", limit=1)
    return below[0] if below and below[0].last >= msisdn else None


def latest_tenure(rows: Store, msisdn: int) -> Tenure | None:
    """The newest tenure of the number, open or ended, or None when it was never held."""
    found = rows.some(Tenure, {"msisdn": msisdn}, order="-ordinal", limit=1)
    return found[0] if found else None


def read_life(rows: Store, msisdn: int) -> NumberLife:
    """The number's latest tenure and memberships. Memberships are found by the deadlines frozen in the tenure."""
    latest = latest_tenure(rows, msisdn)
    pending = quarantine = None
    if latest is not None and latest.quarantine_until is not None:
        pending = rows.one(PendingRelease, {"reclaim_until": latest.reclaim_until, "msisdn": msisdn})
        quarantine = rows.one(Quarantine, {"quarantine_until": latest.quarantine_until, "msisdn": msisdn})
    return NumberLife(
        msisdn=msisdn,
        in_range=range_of(rows, msisdn) is not None,
        latest=latest,
        pending=pending,
        quarantine=quarantine,
        absent=rows.one(Absent, {"msisdn": msisdn}),
        reservation=rows.one(Reservation, {"msisdn": msisdn}),
    )


def claim_life(rows: Store, msisdn: int) -> NumberLife:
    """As :func:`read_life`, with everybody else kept from deciding about the number until this transaction ends.

    A number without a tenure is an absence of rows, which no guard can hold; so its own row is taken before the reading.
    """
    taken = Change(Number, {"msisdn": msisdn}, {"msisdn": msisdn})
    rows.apply(Plan((InsertMissing(Number(msisdn=msisdn, known_since=clock.now())), taken)))
    return read_life(rows, msisdn)


def sim_by_iccid(rows: Store, iccid: str) -> Sim:
    """The SIM with this ICCID. Raises ``NotFound``."""
    sim = rows.one(Sim, {"iccid": iccid})
    if sim is None:
        raise NotFound(
            f"no SIM with ICCID …{iccid[-4:]}", code="unknown_sim", remedy="Read the ICCID from the card again."
        )
    return sim
