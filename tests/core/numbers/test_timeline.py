"""A number's whole life on one line of time: holders by letter, cases by state, dates to come, and nobody's data."""

from __future__ import annotations

from datetime import timedelta

from lastcall.core.numbers import early_release
from lastcall.core.numbers.looking import look_at_number
from lastcall.core.numbers.port import order_port_out, port_out
from lastcall.core.numbers.reserve import reserve
from lastcall.core.numbers.sweep import sweep
from lastcall.core.numbers.timeline import Timeline, read_timeline
from tests.cast import FREE_MSISDN, LI_WEI_MSISDN, NIKOLAI, Cast

DAY = timedelta(days=1)


def told(cast: Cast, msisdn: int = LI_WEI_MSISDN) -> Timeline:
    return read_timeline(cast.base, msisdn=msisdn)


def codes(made: Timeline) -> list[str]:
    return [f"{moment.holder} {moment.code} {moment.word}".strip() for moment in made.past]


def test_a_number_in_service_tells_since_when(cast: Cast) -> None:
    made = told(cast)
    assert (made.state, made.range_holder, made.ahead) == ("in_service", "Demo Mobile", ())
    assert codes(made) == ["A assigned", "A sim_activated"]


def test_a_whole_life_is_told_in_order_with_holders_by_letter(cast: Cast) -> None:
    cast.closed()
    cast.time.advance(61 * DAY)
    sweep(cast.base)
    look_at_number(cast.base, msisdn=LI_WEI_MSISDN, reason="planning", policy=cast.policy, actor=NIKOLAI)
    cast.time.advance(400 * DAY)
    sweep(cast.base)
    cast.give_line(cast.sergei, LI_WEI_MSISDN)
    made = told(cast)
    assert [code for code in codes(made) if "case" not in code] == [
        "A assigned", "A sim_activated", "A sim_barred", "A sim_dead", "A pending_release", "A quarantined", "A read planning",
        "A released", "B assigned", "B sim_activated",
    ]  # fmt: skip
    states = [moment.word for moment in made.past if moment.code == "case"]
    assert states[0] == "declared" and states[-2:] == ["ceasing", "closed"]
    assert [moment.at for moment in made.past] == sorted(moment.at for moment in made.past)


def test_what_is_to_come_is_told_with_its_date(cast: Cast) -> None:
    receipt = cast.closed()
    confirmed = cast.case(receipt).network_confirmed_at
    assert confirmed is not None
    ahead = [(moment.code, moment.at) for moment in told(cast).ahead]
    window, rest = cast.policy.reactivation_window_days, cast.policy.quarantine_days
    assert ahead == [("reclaim_until", confirmed + window * DAY), ("quarantine_until", confirmed + rest * DAY)]
    cast.time.advance(61 * DAY)
    sweep(cast.base)
    request = early_release.ask(
        cast.base, msisdn=LI_WEI_MSISDN, reason="shortage", reference="ORD-17", policy=cast.policy, actor=NIKOLAI
    )
    made = told(cast)
    assert [moment.code for moment in made.ahead] == ["request_until", "quarantine_until"]
    assert made.request == request
    assert codes(made)[-1] == "A early_release_asked shortage"


def test_a_port_out_a_lock_and_a_reservation_are_part_of_it(cast: Cast) -> None:
    assert cast.li_wei.line is not None
    order_port_out(cast.base, line_id=cast.li_wei.line.id, actor=NIKOLAI)
    port_out(cast.base, line_id=cast.li_wei.line.id, actor=NIKOLAI)
    assert codes(told(cast))[2:] == ["A port_out_ordered", "A ported_out", "A sim_dead"]
    reserve(cast.base, msisdn=FREE_MSISDN, purpose="order 1", until=cast.time.now() + DAY, actor=NIKOLAI)
    made = told(cast, FREE_MSISDN)
    assert (made.state, [moment.code for moment in made.ahead], made.past) == ("reserved", ["reserved_until"], ())


def test_a_case_that_somebody_declared_on_a_free_number_is_nobodys(cast: Cast) -> None:
    cast.declare(FREE_MSISDN)
    assert codes(told(cast, FREE_MSISDN))[0] == "case declared"


def test_nothing_of_any_holder_is_in_it(cast: Cast) -> None:
    receipt = cast.closed()
    everything = repr(told(cast))
    for secret in (
        "Li Wei",
        "李伟",
        "E12345678",
        "li@example.org",
        receipt.reference,
        str(cast.li_wei.subscriber.id),
        "olga",
    ):
        assert secret not in everything


def test_a_number_of_another_operators_range_has_its_holder_and_no_life(cast: Cast) -> None:
    made = told(cast, 79990000000)
    assert (made.state, made.range_holder, made.past) == ("available", None, ())
