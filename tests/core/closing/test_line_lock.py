"""The line lock: while it is on, nothing ends the line."""

from __future__ import annotations

from datetime import timedelta

from lastcall.core.actor import SYSTEM, Actor
from lastcall.core.closing.advance import LOOK_AGAIN
from lastcall.core.closing.receipts import Receipt
from lastcall.core.errors import NotFound
from lastcall.core.subscribers.file import set_line_lock
from tests.cast import OLGA, ON_THE_WEB, SOMEBODY, Cast
from tests.core.tools import refused, work_through


def lock(cast: Cast, *, on: bool = True, actor: Actor = OLGA) -> None:
    assert cast.li_wei.line is not None
    set_line_lock(cast.base, line_id=cast.li_wei.line.id, locked=on, actor=actor)


def ready(cast: Cast) -> Receipt:
    receipt = cast.declare()
    cast.prove_in_person(receipt, cast.li_wei)
    cast.keep_sim(receipt)
    cast.work()
    return receipt


def in_service(cast: Cast) -> bool:
    entry = cast.elements.hlr.look(cast.sim_of(cast.li_wei).imsi)
    return entry is not None and entry.in_service


def test_a_locked_line_waits_and_goes_on_by_itself_when_it_is_unlocked(cast: Cast) -> None:
    lock(cast)
    receipt = ready(cast)
    case = cast.case(receipt)
    assert (case.state, case.results["locks"]["reason"]) == ("waiting", "line_locked")
    lock(cast, on=False)
    work_through(cast, LOOK_AGAIN)
    assert cast.case(receipt).state == "on_hold"


def test_a_lock_put_on_during_the_hold_stops_the_cease(cast: Cast) -> None:
    receipt = cast.on_hold()
    lock(cast)
    cast.time.advance(timedelta(days=8))
    cast.work()
    assert cast.case(receipt).state == "waiting"
    assert in_service(cast)


def test_a_lock_put_on_between_the_decision_and_the_first_effect_stops_it_too(cast: Cast) -> None:
    receipt = cast.ceasing()
    lock(cast)
    cast.work()
    case = cast.case(receipt)
    assert (case.state, case.effect_attempted_at) == ("waiting", None)
    assert in_service(cast)
    lock(cast, on=False)
    work_through(cast, LOOK_AGAIN)
    assert cast.case(receipt).state == "closed"


def test_the_holder_may_lock_from_afar(cast: Cast) -> None:
    lock(cast, actor=ON_THE_WEB)
    assert cast.case(ready(cast)).state == "waiting"


def test_unlocking_takes_a_person_of_the_staff(cast: Cast) -> None:
    lock(cast)
    with refused("not_staff"):
        lock(cast, on=False, actor=ON_THE_WEB)


def test_a_stranger_locks_nothing(cast: Cast) -> None:
    with refused("not_the_holder"):
        lock(cast, actor=SOMEBODY)


def test_locking_twice_is_locking_once(cast: Cast) -> None:
    lock(cast)
    lock(cast, actor=Actor(SYSTEM, "worker", "system"))
    lock(cast, on=False)
    assert cast.case(ready(cast)).state == "on_hold"


def test_an_unknown_line_is_not_found(cast: Cast) -> None:
    with refused("not_found", NotFound):
        set_line_lock(cast.base, line_id=1, locked=True, actor=OLGA)
