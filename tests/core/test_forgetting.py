"""What the doors hold only for a time is gone when the time is over, and not before."""

from __future__ import annotations

from datetime import timedelta

from lastcall.core import clock
from lastcall.core.forgetting import LOOKED_BACK, forget
from lastcall.core.hotline.call import Call
from lastcall.core.numbers.look import Look
from lastcall.core.numbers.looking import look_at_number
from lastcall.core.plan import Insert, Plan
from lastcall.core.staff.tries import Tries
from tests.cast import LI_WEI_MSISDN, NIKOLAI, Cast


def ended_call(cast: Cast) -> int:
    """A call that ended now, in which Li Wei's number was said."""
    now = clock.now()
    call = Call(
        id=clock.new_id(), revision=1, state="gone", channel_key=clock.token(80), language="ru", began_at=now,
        claimed_msisdn=LI_WEI_MSISDN, over_at=now,
    )  # fmt: skip
    cast.base.transact(lambda rows: rows.apply(Plan((Insert(call),))))
    return call.id


def number_of(cast: Cast, call_id: int) -> int | None:
    """What the call still knows of the number."""
    call = cast.base.transact(lambda rows: rows.one(Call, {"id": call_id}))
    assert call is not None
    return call.claimed_msisdn


def test_an_ended_call_forgets_the_number_after_the_days_of_the_policy(cast: Cast) -> None:
    call_id, days = ended_call(cast), timedelta(days=cast.policy.hotline_retention_days)
    cast.time.advance(days - timedelta(seconds=1))
    forget(cast.base, policy=cast.policy)
    assert number_of(cast, call_id) == LI_WEI_MSISDN
    cast.time.advance(timedelta(seconds=1))
    forget(cast.base, policy=cast.policy)
    assert number_of(cast, call_id) is None


def test_looks_are_kept_as_long_as_unusual_viewing_is_judged_by_them(cast: Cast) -> None:
    look_at_number(cast.base, msisdn=LI_WEI_MSISDN, reason="planning", actor=NIKOLAI, policy=cast.policy)
    cast.time.advance(LOOKED_BACK - timedelta(seconds=1))
    forget(cast.base, policy=cast.policy)
    assert cast.base.transact(lambda rows: rows.count(Look, {})) == 1
    cast.time.advance(timedelta(seconds=1))
    forget(cast.base, policy=cast.policy)
    assert cast.base.transact(lambda rows: rows.count(Look, {})) == 0


def test_a_count_of_wrong_sign_ins_goes_but_not_while_it_locks(cast: Cast) -> None:
    now = clock.now()
    calm = Tries(bucket="calm", failures=1, since=now)
    locked = Tries(bucket="locked", failures=5, since=now, locked_until=now + timedelta(days=10))
    cast.base.transact(lambda rows: rows.apply(Plan((Insert(calm), Insert(locked)))))
    cast.time.advance(LOOKED_BACK)
    forget(cast.base, policy=cast.policy)
    assert cast.base.transact(lambda rows: [one.bucket for one in rows.some(Tries, {})]) == ["locked"]


def test_nothing_is_written_when_nothing_is_due(cast: Cast) -> None:
    ended_call(cast)
    assert forget(cast.base, policy=cast.policy) == 0
