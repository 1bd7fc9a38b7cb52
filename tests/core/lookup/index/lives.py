"""What happens to numbers, by the services."""

from __future__ import annotations

from typing import Final

from lastcall.core import clock
from lastcall.core.actor import WORKER
from lastcall.core.lookup.coverage import our_inn
from lastcall.core.numbers import rules
from lastcall.core.numbers.life import read_life
from lastcall.core.numbers.port import order_port_out, port_out
from lastcall.core.numbers.range import Operator, Range
from lastcall.core.numbers.tenure import Tenure
from lastcall.core.plan import Insert, InsertMissing, Plan
from lastcall.core.store import Store
from tests.cast import NIKOLAI, Cast, Holder

OURS: Final = 79100000000
"""Where our own range begins: the one of the cast is another operator's."""


def give_range(cast: Cast, first: int, last: int) -> None:
    """The register gives us these numbers."""

    def write(rows: Store) -> None:
        row = Range(id=clock.new_id(), first=first, last=last, operator_id=our_inn(), region="", territory="")
        rows.apply(Plan((InsertMissing(Operator(inn=our_inn(), name="Ours")), Insert(row))))

    cast.base.transact(write)


def tenure_of(cast: Cast, holder: Holder) -> Tenure:
    """The open tenure of the holder's number, or the last one."""
    found = cast.base.transact(lambda rows: rows.some(Tenure, {"msisdn": holder.msisdn}, order="-ordinal", limit=1))
    return found[0]


def close(cast: Cast, holder: Holder) -> Tenure:
    """The rule of a cease, without the case before it."""
    tenure = tenure_of(cast, holder)

    def end(rows: Store) -> None:
        now = clock.now()
        rows.apply(rules.cease(
            read_life(rows, tenure.msisdn), tenure=tenure, confirmed_at=now, policy=cast.policy, actor=WORKER, now=now,
            case_id=1,
        ))  # fmt: skip

    cast.base.transact(end)
    return tenure


def take_back(cast: Cast, holder: Holder) -> None:
    """The former holder has the number again."""
    former = tenure_of(cast, holder)

    def give(rows: Store) -> None:
        life = read_life(rows, former.msisdn)
        _, plan = rules.reactivate(
            life, former=former, subscriber_id=former.subscriber_id, actor=WORKER, now=clock.now(), approver="reviewer:irina"
        )  # fmt: skip
        rows.apply(plan)

    cast.base.transact(give)


def port_away(cast: Cast, holder: Holder) -> None:
    """To another operator."""
    assert holder.line is not None
    order_port_out(cast.base, line_id=holder.line.id, actor=NIKOLAI)
    port_out(cast.base, line_id=holder.line.id, actor=NIKOLAI)
