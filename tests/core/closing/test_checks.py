"""Every check, fact by fact: when it passes, when it fails, when a person must look; and a remedy for every reason."""

from __future__ import annotations

import ast
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

import lastcall.core.closing.checks as package
from lastcall.core.closing import texts
from lastcall.core.closing.checks import CHECKS, ENDED, FAILED, PASSED, PERSON, run_checks
from lastcall.core.closing.checks.reactivation import limit, self_ban
from lastcall.core.closing.facts import Facts
from lastcall.core.closing.verdict import judge
from tests.core.closing.facts import ACCOUNT, DECLARED, NOW, PAPERS, POLICY, bound, case, facts

DAY = timedelta(days=1)
REMOTE: dict[str, Any] = {"in_person_at": None, "code_ok_at": NOW}
BY_PAPERS: dict[str, Any] = {"declared_by": "representative"}
WRONG: list[tuple[Facts, str, str, str]] = [
    (facts(line={"closed_at": NOW}), "line_open", ENDED, "line_already_ended"),
    (facts(tenure=replace(bound().tenure, until=NOW, ending="ported_out")), "line_open", ENDED, "line_already_ended"),
    (facts(about={"in_person_at": None}), "identity", FAILED, "identity_missing"),
    (facts(about=REMOTE | {"document_ok_at": None}), "identity", FAILED, "identity_missing"),
    (facts(about={"in_person_at": NOW - 31 * DAY}), "identity", FAILED, "identity_expired"),
    (facts(about=REMOTE | {"document_ok_at": NOW, "identity_locked_at": NOW}), "identity", FAILED, "identity_locked"),
    (facts(about=REMOTE), "identity", PERSON, "remote_identity"),
    (facts(about=BY_PAPERS), "mandate", FAILED, "papers_missing"),
    (facts(about=BY_PAPERS, representative=replace(PAPERS, subscriber_id=8)), "mandate", FAILED, "papers_missing"),
    (facts(about=BY_PAPERS, representative=replace(PAPERS, powers="money reactivate")), "mandate", FAILED,
     "papers_not_for_closing"),
    (facts(about=BY_PAPERS, representative=replace(PAPERS, valid_until=NOW.date() - DAY)), "mandate", FAILED,
     "papers_not_for_closing"),
    (facts(about=BY_PAPERS, representative=replace(PAPERS, kind="heir")), "mandate", FAILED, "death_certificate_missing"),
    (facts(about=BY_PAPERS, representative=replace(PAPERS, notarised=False)), "mandate", FAILED, "papers_not_notarised"),
    (facts(about=BY_PAPERS, representative=PAPERS), "mandate", PERSON, "representative"),
    (facts(about=REMOTE | {"door": "hotline"}, policy={"review_on_remote_identity": False}), "declared_act", FAILED,
     "act_not_completed"),
    (facts(account=None), "services_paid", FAILED, "balance_unknown"),
    (facts(account=replace(ACCOUNT, balance=-1, refundable=0)), "services_paid", FAILED, "arrears"),
    (facts(about={"sim_custody": ""}), "sim_custody", FAILED, "sim_undecided"),
    (facts(about={"sim_custody": "collected"}), "sim_pin", FAILED, "sim_pin_on"),
    (facts(about={"frozen_at": NOW}), "locks", PERSON, "frozen"),
    (facts(line={"legal_hold_at": NOW}), "locks", FAILED, "legal_hold"),
    (facts(line={"locked_at": NOW}), "locks", FAILED, "line_locked"),
    (facts(line={"port_out_at": NOW}), "port_out", FAILED, "open_port_out"),
    (facts(line={"sim_since": DECLARED - 6 * DAY}), "recent_change", PERSON, "recent_sim_change"),
    (facts(line={"title_changed_at": NOW}), "recent_change", PERSON, "recent_title_change"),
    (facts(subscriber={"contact_changed_at": DECLARED}), "recent_change", PERSON, "recent_contact_change"),
    (facts(contacts=()), "notice_contact", FAILED, "no_old_contact"),
    (facts(contacts=(replace(bound().contacts[0], on_file_since=DECLARED - 6 * DAY),)), "notice_contact", FAILED,
     "no_old_contact"),
    (facts(dependents=2), "dependents", FAILED, "lines_depend"),
]  # fmt: skip


def test_nothing_stands_in_the_way_of_a_plain_closing() -> None:
    results = run_checks(facts())
    assert len(results) == len(CHECKS)
    assert [result.check for result in results if not result.passed] == []


@pytest.mark.parametrize(("given", "check", "outcome", "reason"), WRONG, ids=[f"{row[1]}-{row[3]}" for row in WRONG])
def test_one_wrong_fact_is_one_result_with_its_reason(given: Facts, check: str, outcome: str, reason: str) -> None:
    wrong = [(result.check, result.outcome, result.reason) for result in run_checks(given) if not result.passed]
    assert wrong == [(check, outcome, reason)]


RIGHT: list[Facts] = [
    facts(about=REMOTE, policy={"review_on_remote_identity": False}),
    facts(about={"identity_locked_at": NOW}),
    facts(about={"in_person_at": NOW - 30 * DAY}),
    facts(about=BY_PAPERS, representative=PAPERS, policy={"review_on_representative": False}),
    facts(about=BY_PAPERS, representative=replace(PAPERS, notarised=False),
          policy={"review_on_representative": False, "poa_notarised": False}),
    facts(about=BY_PAPERS, representative=replace(PAPERS, kind="heir", certificate_key="k", notarised=False),
          policy={"review_on_representative": False}),
    facts(about={"door": "hotline", "signed_at": NOW}),
    facts(about={"door": "text"}),
    facts(account=replace(ACCOUNT, balance=0, refundable=0)),
    facts(account=replace(ACCOUNT, balance=-1, refundable=0), policy={"debt_blocks_cease": False}),
    facts(about={"sim_custody": "collected", "sim_pin_removed": True}),
    facts(about={"sim_custody": ""}, sim=replace(bound().sim, form="esim")),
    facts(line={"sim_since": DECLARED - 7 * DAY}),
    facts(subscriber={"contact_changed_at": DECLARED}, policy={"review_on_recent_change": False}),
    facts(contacts=(replace(bound().contacts[0], on_file_since=DECLARED - 7 * DAY),)),
]  # fmt: skip


@pytest.mark.parametrize("given", RIGHT, ids=range(len(RIGHT)))
def test_what_is_just_enough_passes(given: Facts) -> None:
    assert {result.outcome for result in run_checks(given)} == {PASSED}


def test_fees_are_told_and_never_forbid_leaving() -> None:
    given = facts(line={"commitment_until": date(2026, 12, 1), "early_termination_fee": 50_000})
    [terms] = [result for result in run_checks(given) if result.check == "terms"]
    assert (terms.outcome, terms.reason) == (PASSED, "fees_apply")
    assert judge(given, run_checks(given)).action == "hold"


def test_a_case_bound_to_no_line_has_one_result() -> None:
    [result] = run_checks(Facts(NOW, POLICY, case(line_id=None, tenure_id=None), None))
    assert (result.check, result.outcome, result.reason) == ("line_known", FAILED, "line_not_known")


@pytest.mark.parametrize(
    ("given", "here", "reason"),
    [
        ({}, 9, ""),
        ({}, 10, "over_limit"),
        ({"numbers_elsewhere": 4}, 6, "over_limit"),
        ({"citizenship": "RU"}, 19, ""),
        ({"citizenship": "RU", "numbers_elsewhere": 1}, 19, "over_limit"),
        ({"kind": "organisation"}, 999, ""),
    ],
)
def test_the_limit_of_numbers_in_one_name_counts_all_operators(given: dict[str, Any], here: int, reason: str) -> None:
    assert limit(bound(subscriber=given).subscriber, POLICY, numbers_here=here).reason == reason


def test_a_self_ban_forbids_a_new_agreement() -> None:
    banned = bound(subscriber={"self_ban": True}).subscriber
    assert self_ban(banned, POLICY).reason == "self_ban"
    assert self_ban(banned, replace(POLICY, reactivation_checks_self_ban=False)).passed


def reasons_in_source() -> set[str]:
    """Every reason that a check is written to give."""
    found = set()
    for path in Path(package.__file__).parent.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Result" and len(node.args) > 2:
                found |= _spelled(node.args[2])
    return found - {""}


def _spelled(reason: ast.expr) -> set[str]:
    if isinstance(reason, ast.Constant):
        return {str(reason.value)}
    if isinstance(reason, ast.JoinedStr):
        return {f"recent_{what}_change" for what in ("sim", "contact", "title")}
    if isinstance(reason, ast.IfExp):
        return _spelled(reason.body) | _spelled(reason.orelse)
    return set()  # a custody that the subscriber chose


@pytest.mark.parametrize("language", ["zh-hans", "ru", "en"])
def test_every_reason_a_check_can_give_has_a_remedy(language: str) -> None:
    reasons = reasons_in_source()
    assert {row[3] for row in WRONG} <= reasons
    for reason in reasons:
        assert reason in texts.REMEDIES
        assert texts.remedy(reason, language=language, details={"amount": 12_345, "currency": "RUB", "lines": 2})


def test_a_remedy_names_the_amount_and_a_passed_check_needs_none() -> None:
    told = texts.remedy("arrears", language="en", details={"amount": 12_345, "currency": "RUB"})
    assert "123.45" in told and "₽" in told
    assert texts.remedy("subscriber", language="en") == ""
