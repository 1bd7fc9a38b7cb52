"""What may be told of a number: everything to the operator, the register's word to strangers, their own part to leavers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from lastcall.core.numbers.life import range_of, read_life
from lastcall.core.numbers.range import Operator
from lastcall.core.numbers.rules import NumberLife
from lastcall.core.numbers.tenure import Tenure
from lastcall.core.store import Store, transaction

RELEASED = "released"
REACTIVATED = "reactivated"
TRANSFERRED = "transferred"


@dataclass(frozen=True, slots=True)
class NumberStatus:
    """``state``: a state of the number's lifecycle, or from :func:`tenure_status` also ``released``, ``reactivated`` and
    ``transferred``.

    ``range_holder``: the operator the register gives the number to, None when it is in no range. ``reclaim_until``: until
    when its former holder alone may have it back; ``quarantine_until``: not before then may somebody else hold it.
    """

    state: str
    range_holder: str | None
    reclaim_until: datetime | None = None
    quarantine_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class PublicStatus:
    """What the public register says: who the range was given to (None: nobody) and for which region. Nothing of the number."""

    range_holder: str | None
    region: str


def number_status(rows: Store, msisdn: int) -> NumberStatus:
    """All there is to say, for the operator's own eyes."""
    life = read_life(rows, msisdn)
    reclaim_until, quarantine_until = _deadlines(life)
    return NumberStatus(life.state, public_status(rows, msisdn).range_holder, reclaim_until, quarantine_until)


def public_status(rows: Store, msisdn: int) -> PublicStatus:
    """The same for a number in service, at rest or free: the answer comes from the register alone."""
    held = range_of(rows, msisdn)
    if held is None:
        return PublicStatus(None, "")
    operator = rows.one(Operator, {"inn": held.operator_id}) if held.operator_id is not None else None
    return PublicStatus(operator.name if operator else None, held.region)


def tenure_status(rows: Store, tenure: Tenure) -> NumberStatus:
    """The number as its holder in ``tenure`` may see it.

    Once the number was released it stays ``released`` to them, whoever holds it then; ``reactivated`` when they got it back;
    ``transferred`` when somebody else took the line over from them.
    """
    life, holder = read_life(rows, tenure.msisdn), public_status(rows, tenure.msisdn).range_holder
    if tenure.ending == "transferred":
        return NumberStatus(TRANSFERRED, holder)
    if life.latest is not None and life.latest.id != tenure.id:
        return NumberStatus(REACTIVATED if life.latest.follows_id == tenure.id else RELEASED, holder)
    state = RELEASED if life.state in {"available", "reserved"} else life.state
    return NumberStatus(state, holder, *_deadlines(life))


def _deadlines(life: NumberLife) -> tuple[datetime | None, datetime | None]:
    if life.pending is not None:
        return life.pending.reclaim_until, life.pending.quarantine_until
    return None, life.quarantine.quarantine_until if life.quarantine is not None else None


get_number_status = transaction(number_status)
get_public_status = transaction(public_status)
