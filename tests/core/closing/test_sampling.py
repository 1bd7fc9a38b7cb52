"""A few closings go past a person although nothing is suspicious: drawn by the installation's secret, not by anybody's choice."""

from __future__ import annotations

from dataclasses import replace

from django.test import override_settings

from lastcall.core.closing.checks import PERSON, run_checks
from lastcall.core.closing.checks.sampling import is_drawn
from lastcall.core.closing.review import approve
from lastcall.core.closing.withdraw import withdraw
from lastcall.core.policies.load import load
from tests.cast import IRINA, ON_THE_WEB, Cast
from tests.core.closing.facts import facts

DRAWS = 20_000


def test_so_many_of_a_thousand_are_drawn() -> None:
    drawn = sum(is_drawn(tenure, 20) for tenure in range(DRAWS))
    assert DRAWS * 15 // 1000 < drawn < DRAWS * 25 // 1000
    assert not any(is_drawn(tenure, 0) for tenure in range(1000))
    assert all(is_drawn(tenure, 1000) for tenure in range(1000))


def test_a_higher_share_draws_the_same_and_more() -> None:
    assert {tenure for tenure in range(2000) if is_drawn(tenure, 20)} < {
        tenure for tenure in range(2000) if is_drawn(tenure, 100)
    }


def test_nobody_without_the_secret_can_tell() -> None:
    ours = [is_drawn(tenure, 100) for tenure in range(500)]
    with override_settings(SECRET_KEY="another secret"):
        assert [is_drawn(tenure, 100) for tenure in range(500)] != ours


def test_a_drawn_closing_is_one_more_check_that_a_person_decides() -> None:
    drawn = facts(policy={"review_sample_permille": 1000})
    wrong = [(result.check, result.outcome, result.reason) for result in run_checks(drawn) if not result.passed]
    assert wrong == [("sample", PERSON, "sampled")]
    assert all(result.passed for result in run_checks(facts(policy={"review_sample_permille": 0})))


def test_it_waits_for_a_reviewer_and_then_goes_on(cast: Cast) -> None:
    cast.policy = replace(cast.policy, review_sample_permille=1000)
    receipt = cast.declare()
    cast.prove_in_person(receipt, cast.li_wei)
    cast.keep_sim(receipt)
    cast.work()
    case = cast.case(receipt)
    assert (case.state, case.results["sample"]["reason"]) == ("review", "sampled")
    approve(cast.base, case_id=receipt.case_id, actor=IRINA)
    cast.work()
    assert cast.case(receipt).state == "on_hold"


def test_declaring_once_more_draws_the_same_lot(cast: Cast) -> None:
    assert cast.li_wei.line is not None
    tenure = cast.li_wei.line.tenure_id
    share = next(share for share in range(1, 1001) if is_drawn(tenure, share))
    cast.policy = replace(cast.policy, review_sample_permille=share)
    for _ in range(2):
        receipt = cast.declare()
        cast.prove_in_person(receipt, cast.li_wei)
        cast.keep_sim(receipt)
        cast.work()
        assert cast.case(receipt).state == "review"
        withdraw(cast.base, case_id=receipt.case_id, actor=ON_THE_WEB)


def test_the_jurisdiction_draws_two_in_a_hundred_and_a_case_of_before_none(cast: Cast) -> None:
    assert load("mts", on=cast.time.now().date()).policy().review_sample_permille == 20
    assert cast.policy.review_sample_permille == 0
    frozen = {name: value for name, value in cast.policy.as_json().items() if not name.startswith("review_sample")}
    assert type(cast.policy).from_json(frozen).review_sample_permille == 0
