"""Eight at once, on both databases: never two winners, and nobody's loss goes unsaid."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from lastcall.core.actor import REVIEWER, Actor
from lastcall.core.audit.event import Event
from lastcall.core.closing import cease, declare, identity, review
from lastcall.core.closing.case import Case
from lastcall.core.closing.code import Code
from lastcall.core.closing.declare import Declaring
from lastcall.core.closing.effect import Effect
from lastcall.core.closing.notice import Notice
from lastcall.core.closing.reactivate import reactivate
from lastcall.core.closing.receipts import Receipt
from lastcall.core.closing.steps import STEPS
from lastcall.core.closing.withdraw import withdraw
from lastcall.core.errors import Conflict, LastcallError, Refused
from lastcall.core.job import Job
from lastcall.core.numbers.assign import assign
from lastcall.core.numbers.life import read_life
from lastcall.core.numbers.number import Quarantine
from lastcall.core.numbers.port import order_port_out
from lastcall.core.numbers.port import withdraw as give_to_regulator
from lastcall.core.numbers.reserve import reserve
from lastcall.core.numbers.sim import Sim
from lastcall.core.numbers.sweep import Swept, sweep
from lastcall.core.numbers.tenure import Tenure
from lastcall.core.subscribers.file import set_legal_hold
from lastcall.core.subscribers.line import Line
from lastcall.core.subscribers.subscriber import Subscriber
from lastcall.elements.hlr.simulated import SimulatedHlr
from lastcall.elements.mail.file import FileMail
from tests.cast import FREE_MSISDN, IRINA, LI_WEI_MSISDN, NIKOLAI, OLGA, ON_THE_WEB, PASSPORT, SERGEIS_PASSPORT, Cast
from tests.core.numbers.test_sweep import ceased
from tests.core.tools import change, only, race, some, winners

EIGHT = range(8)


def losers_are_told(outcomes: list[object]) -> None:
    assert all(isinstance(outcome, Conflict | Refused) for outcome in outcomes if isinstance(outcome, LastcallError))


def in_service(cast: Cast) -> bool:
    entry = cast.elements.hlr.look(cast.sim_of(cast.li_wei).imsi)
    return entry is not None and entry.in_service


def assigning(cast: Cast, msisdn: int, card: str) -> Callable[[], Line]:
    return lambda: assign(cast.base, msisdn=msisdn, iccid=card, subscriber_id=cast.sergei.subscriber.id, actor=OLGA)


def test_one_number_goes_to_one_line(cast: Cast) -> None:
    cards = [cast.new_sim().iccid for _ in EIGHT]
    outcomes = race(*(assigning(cast, FREE_MSISDN, card) for card in cards))
    losers_are_told(list(outcomes))
    [line] = winners(outcomes)
    assert only(cast.base, Tenure, msisdn=FREE_MSISDN).id == line.tenure_id
    assert len(some(cast.base, Sim, state="in_stock")) == 7


def test_one_card_goes_into_one_line(cast: Cast) -> None:
    card = cast.new_sim().iccid
    outcomes = race(*(assigning(cast, FREE_MSISDN + place, card) for place in EIGHT))
    losers_are_told(list(outcomes))
    assert len(winners(outcomes)) == 1
    assert len(some(cast.base, Line, subscriber_id=cast.sergei.subscriber.id)) == 1


def test_one_number_is_kept_for_one_order(cast: Cast) -> None:
    until = cast.time.now() + timedelta(days=1)

    def keep(place: int) -> Callable[[], object]:
        return lambda: reserve(cast.base, msisdn=FREE_MSISDN, purpose=f"order {place}", until=until, actor=OLGA)

    outcomes = race(*map(keep, EIGHT))
    losers_are_told(list(outcomes))
    assert len(winners(outcomes)) == 1


def test_a_number_is_assigned_kept_or_given_back_and_never_two_of_these(cast: Cast) -> None:
    until = cast.time.now() + timedelta(days=1)
    for number in range(FREE_MSISDN, FREE_MSISDN + 5):
        cards = [cast.new_sim().iccid for _ in range(2)]
        outcomes: list[object] = race(
            *(assigning(cast, number, card) for card in cards),
            lambda: reserve(cast.base, msisdn=number, purpose="order 17", until=until, actor=OLGA),  # noqa: B023
            lambda: give_to_regulator(cast.base, msisdn=number, actor=NIKOLAI),  # noqa: B023
        )
        losers_are_told(outcomes)
        assert len(winners(outcomes)) == 1


def test_eight_declarations_on_one_line_are_all_receipted_and_one_has_it(cast: Cast) -> None:
    receipts = winners(race(*(cast.declare for _ in EIGHT)))
    assert len(receipts) == len({receipt.reference for receipt in receipts}) == 8
    cases = some(cast.base, Case)
    assert len(cases) == 8
    assert sum(case.line_id is not None for case in cases) == 1


def test_one_key_eight_times_is_one_case(cast: Cast) -> None:
    receipts = winners(race(*(lambda: cast.declare(key="the same key") for _ in EIGHT)))
    assert len(receipts) == 8 and len(set(receipts)) == 1
    assert len(some(cast.base, Case)) == 1


def test_one_key_for_two_bodies_is_one_case_and_a_conflict_for_the_other(cast: Cast) -> None:
    def declaring(language: str) -> Callable[[], Receipt]:
        body = Declaring(msisdn=LI_WEI_MSISDN, door="portal", language=language)
        return lambda: declare.declare(
            cast.base, declaring=body, key="the same key", policy=cast.policy, actor=ON_THE_WEB
        )

    outcomes = race(*(declaring("ru" if place % 2 else "en") for place in EIGHT))
    assert len(winners(outcomes)) == 4 and len(set(winners(outcomes))) == 1
    assert {outcome.code for outcome in outcomes if isinstance(outcome, LastcallError)} == {"key_reused"}
    assert len(some(cast.base, Case)) == 1


def test_a_withdrawal_and_the_first_effect_never_both_win(cast: Cast) -> None:
    receipt = cast.ceasing()

    def take_back() -> str:
        return withdraw(cast.base, case_id=receipt.case_id, actor=ON_THE_WEB).state

    def switch_off() -> str:
        return cease.cease(cast.base, case_id=receipt.case_id, outside=cast.elements.outside).state

    outcomes = race(*(take_back if place % 2 else switch_off for place in EIGHT))
    losers_are_told(list(outcomes))
    withdrawn = winners(outcomes).count("withdrawn")
    assert withdrawn in {0, 1}
    if withdrawn:
        assert in_service(cast) and some(cast.base, Effect) == []
        assert "closed" not in winners(outcomes)
    else:
        cast.work()
        assert not in_service(cast)
    assert cast.case(receipt).state == ("withdrawn" if withdrawn else "closed")


def test_eight_workers_at_one_cease_do_each_step_once(cast: Cast) -> None:
    receipt = cast.ceasing()
    hlr = cast.elements.hlr
    assert isinstance(hlr, SimulatedHlr)
    hlr.attach(cast.sim_of(cast.li_wei).imsi, "vlr-1")

    def switch_off() -> str:
        return cease.cease(cast.base, case_id=receipt.case_id, outside=cast.elements.outside).state

    outcomes = race(*(switch_off for _ in EIGHT))
    assert {type(outcome) for outcome in outcomes} <= {str, Conflict}
    cast.work()
    assert cast.case(receipt).state == "closed"
    events = [event.data["done"] for event in some(cast.base, Event, case_id=receipt.case_id) if "done" in event.data]
    assert sorted(events) == sorted(STEPS)
    assert cast.events(receipt).count("tenure.ceased") == 1


def referred(cast: Cast) -> Receipt:
    receipt = cast.declare()
    cast.prove_remotely(receipt, cast.li_wei)
    cast.keep_sim(receipt)
    cast.work()
    return receipt


def test_approval_rejection_and_withdrawal_never_two_win(cast: Cast) -> None:
    receipt = referred(cast)
    pavel = Actor(REVIEWER, "pavel", "desk")
    acts: list[Callable[[], Case]] = [
        lambda: review.approve(cast.base, case_id=receipt.case_id, actor=IRINA),
        lambda: review.approve(cast.base, case_id=receipt.case_id, actor=pavel),
        lambda: review.reject(cast.base, case_id=receipt.case_id, actor=IRINA, reason="suspected_fraud"),
        lambda: review.reject(cast.base, case_id=receipt.case_id, actor=pavel, reason="suspected_fraud"),
        *(lambda: withdraw(cast.base, case_id=receipt.case_id, actor=ON_THE_WEB) for _ in range(4)),
    ]
    outcomes = race(*acts)
    losers_are_told(list(outcomes))
    # An approved case may still be withdrawn afterwards; an end is the end.
    ends = [case.state for case in winners(outcomes) if case.ended_at is not None]
    approvals = [case for case in winners(outcomes) if case.state == "checking"]
    assert len(ends) <= 1 and len(approvals) <= 1
    assert cast.case(receipt).state == (ends[0] if ends else "checking")
    if approvals and ends:
        assert ends == ["withdrawn"]


def test_a_code_is_taken_once(cast: Cast) -> None:
    receipt = cast.declare()
    sent = identity.new_code(cast.base, case_id=receipt.case_id, contact_id=cast.li_wei.mail.id, actor=ON_THE_WEB)

    def give() -> bool:
        return identity.verify_code(cast.base, case_id=receipt.case_id, code=sent.code, actor=ON_THE_WEB).accepted

    outcomes = race(*(give for _ in EIGHT))
    losers_are_told(list(outcomes))
    assert winners(outcomes).count(True) == 1


def test_guesses_at_once_are_all_counted(cast: Cast) -> None:
    receipt = cast.declare()
    kind, issuer, number = SERGEIS_PASSPORT
    sent = identity.new_code(cast.base, case_id=receipt.case_id, contact_id=cast.li_wei.mail.id, actor=ON_THE_WEB)
    wrong = str((int(sent.code) + 1) % 10**6).zfill(6)

    def guess_code() -> int:
        return identity.verify_code(cast.base, case_id=receipt.case_id, code=wrong, actor=ON_THE_WEB).tries_left

    def guess_document() -> int:
        return identity.verify_document(
            cast.base, case_id=receipt.case_id, kind=kind, issuer=issuer, number=number, actor=ON_THE_WEB
        ).tries_left

    answered = winners(race(*(guess_code for _ in EIGHT)))
    tries = only(cast.base, Code, case_id=receipt.case_id).tries
    assert tries == min(len(answered), cast.policy.identity_code_tries)
    answered = winners(race(*(guess_document for _ in EIGHT)))
    assert cast.case(receipt).identity_failures == len(answered) <= cast.policy.identity_document_tries


def reactivating(cast: Cast, receipt: Receipt, card: str) -> Callable[[], Line]:
    return lambda: reactivate(
        cast.base, case_id=receipt.case_id, document=PASSPORT, iccid=card, actor=OLGA, approver="irina"
    )


def test_a_number_is_given_back_once(cast: Cast) -> None:
    receipt = cast.closed()
    cards = [cast.new_sim().iccid for _ in EIGHT]
    outcomes = race(*(reactivating(cast, receipt, card) for card in cards))
    losers_are_told(list(outcomes))
    assert len(winners(outcomes)) == 1


def test_two_numbers_given_back_at_once_are_both_counted_against_the_limit(cast: Cast) -> None:
    first = cast.closed()
    cast.give_line(cast.li_wei, FREE_MSISDN)
    cast.time.advance(timedelta(days=30))
    second = cast.closed()
    change(cast.base, Subscriber, cast.li_wei.subscriber.id, numbers_elsewhere=cast.policy.limits_foreigner - 1)
    cards = [cast.new_sim().iccid for _ in EIGHT]
    outcomes = race(*(reactivating(cast, (first, second)[place % 2], card) for place, card in enumerate(cards)))
    losers_are_told(list(outcomes))
    assert len(winners(outcomes)) == 1


def test_inside_the_window_the_sweep_and_a_stranger_lose(cast: Cast) -> None:
    receipt = cast.closed()
    cards = [cast.new_sim().iccid for _ in EIGHT]
    cast.time.advance(timedelta(days=60) - timedelta(microseconds=1))
    outcomes = race(
        *(reactivating(cast, receipt, card) for card in cards[:3]),
        *(assigning(cast, LI_WEI_MSISDN, card) for card in cards[3:6]),
        lambda: sweep(cast.base),
        lambda: sweep(cast.base),
    )
    lines = [outcome for outcome in winners(outcomes) if isinstance(outcome, Line)]
    assert [line.subscriber_id for line in lines] == [cast.li_wei.subscriber.id]


def test_after_the_rest_the_sweep_lets_one_stranger_in_and_never_the_former_holder_too(cast: Cast) -> None:
    receipt = cast.closed()
    cards = [cast.new_sim().iccid for _ in EIGHT]
    cast.time.advance(timedelta(days=cast.policy.quarantine_days))
    outcomes = race(
        lambda: sweep(cast.base),
        lambda: sweep(cast.base),
        *(reactivating(cast, receipt, card) for card in cards[:3]),
        *(assigning(cast, LI_WEI_MSISDN, card) for card in cards[3:6]),
    )
    lines = [outcome for outcome in winners(outcomes) if isinstance(outcome, Line)]
    assert len(lines) <= 1
    assert {line.subscriber_id for line in lines} <= {cast.sergei.subscriber.id}
    assert cast.base.transact(lambda rows: read_life(rows, LI_WEI_MSISDN)).state in {"available", "in_service"}


def test_sweeps_at_once_move_each_number_once(cast: Cast) -> None:
    ceased(cast, 60, apart=timedelta(seconds=1))
    cast.time.advance(timedelta(days=61))
    outcomes: list[Swept | LastcallError] = race(*(lambda: sweep(cast.base, batch=7) for _ in EIGHT))
    assert len(winners(outcomes)) == 8
    assert sum(swept.quarantined for swept in winners(outcomes)) == 60
    assert len(some(cast.base, Quarantine)) == 60
    told = [event.subject_id for event in some(cast.base, Event, kind="number.quarantined")]
    assert len(told) == len(set(told)) == 60


def test_eight_workers_at_the_same_jobs_do_each_once(cast: Cast) -> None:
    receipts = []
    for holder, msisdn in ((cast.li_wei, LI_WEI_MSISDN), (cast.anna, cast.anna.msisdn)):
        receipts.append(cast.declare(msisdn))
        cast.prove_in_person(receipts[-1], holder)
        cast.keep_sim(receipts[-1])
    for wait in (timedelta(0), timedelta(days=2)):
        cast.time.advance(wait)
        race(*(cast.worker.run_until_idle for _ in EIGHT))
        cast.time.advance(timedelta(seconds=2))
        cast.work()
    assert [cast.case(receipt).state for receipt in receipts] == ["closed", "closed"]
    assert all(job.state in {"done", "queued"} for job in some(cast.base, Job))
    effects = some(cast.base, Effect)
    assert len(effects) == 2 * len(STEPS) and {effect.attempts for effect in effects} == {1}
    mail = cast.elements.messengers["mail"]
    assert isinstance(mail, FileMail)
    keys = [message.key for message in mail.messages()]
    assert len(keys) == len(set(keys))
    assert all(notice.sent_at is not None for notice in some(cast.base, Notice))


def test_a_legal_hold_and_the_first_effect_come_one_after_the_other(cast: Cast) -> None:
    receipt = cast.ceasing()
    assert cast.li_wei.line is not None
    line_id = cast.li_wei.line.id

    def hold() -> str:
        set_legal_hold(cast.base, line_id=line_id, held=True, actor=IRINA)
        return "held"

    def switch_off() -> str:
        return cease.cease(cast.base, case_id=receipt.case_id, outside=cast.elements.outside).state

    outcomes = race(hold, *(switch_off for _ in range(3)))
    case = cast.case(receipt)
    assert "held" in outcomes
    assert in_service(cast) == (case.effect_attempted_at is None)


def test_a_port_out_order_and_the_first_effect_never_both_win(cast: Cast) -> None:
    receipt = cast.ceasing()
    assert cast.li_wei.line is not None
    line_id = cast.li_wei.line.id

    def order() -> str:
        order_port_out(cast.base, line_id=line_id, actor=NIKOLAI)
        return "ordered"

    def switch_off() -> str:
        return cease.cease(cast.base, case_id=receipt.case_id, outside=cast.elements.outside).state

    outcomes = race(order, switch_off, order, switch_off)
    assert winners(outcomes).count("ordered") <= 1
    attempted = cast.case(receipt).effect_attempted_at is not None
    assert attempted != ("ordered" in outcomes)
    assert in_service(cast) != attempted
