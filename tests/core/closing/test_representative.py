"""Somebody acts for the holder: by a power of attorney that names the closing, or as heir."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from lastcall.core.actor import REPRESENTATIVE, Actor
from lastcall.core.closing import evidence, identity
from lastcall.core.closing.receipts import Receipt
from lastcall.core.errors import BadInput, NotAllowed
from lastcall.core.subscribers.file import put_representative_on_file
from tests.cast import FREE_MSISDN, NIKOLAI, OLGA, PASSPORT, SERGEIS_PASSPORT, Cast, Holder
from tests.core.tools import refused

SERGEI_FOR_HER = Actor(REPRESENTATIVE, "-", "store")
GOOD: dict[str, Any] = {"kind": "power_of_attorney", "powers": ("close",), "notarised": True}


def acting(cast: Cast, *, of: Holder | None = None, **papers: Any) -> Receipt:
    """Sergei stands in the shop with papers of Li Wei's (or ``of``'s) and shows his own passport."""
    receipt = cast.declare()
    holder = (of or cast.li_wei).subscriber
    filed = put_representative_on_file(
        cast.base, subscriber_id=holder.id, name="Сергей Кузнецов", document=SERGEIS_PASSPORT, actor=OLGA,
        **(GOOD | papers),
    )  # fmt: skip
    evidence.bring_papers(cast.base, case_id=receipt.case_id, representative_id=filed.id, actor=OLGA)
    show(cast, receipt, SERGEIS_PASSPORT)
    cast.keep_sim(receipt)
    cast.work()
    return receipt


def show(cast: Cast, receipt: Receipt, document: tuple[str, str, str]) -> bool:
    kind, issuer, number = document
    return identity.verify_document(
        cast.base, case_id=receipt.case_id, kind=kind, issuer=issuer, number=number, actor=OLGA, in_person=True
    ).accepted


def test_a_notarised_power_to_close_goes_to_review_and_then_on(cast: Cast) -> None:
    receipt = acting(cast)
    case = cast.case(receipt)
    assert (case.state, case.results["mandate"]["reason"]) == ("review", "representative")
    cast.approve(receipt)
    cast.work()
    assert cast.case(receipt).state == "on_hold"


def test_an_heir_brings_the_death_certificate(cast: Cast) -> None:
    receipt = acting(cast, kind="heir", certificate="III-МЮ 123456")
    assert cast.case(receipt).state == "review"


@pytest.mark.parametrize(
    ("papers", "reason"),
    [
        ({"powers": ("money",)}, "papers_not_for_closing"),
        ({"valid_until": date(2026, 3, 12)}, "papers_not_for_closing"),
        ({"notarised": False}, "papers_not_notarised"),
        ({"kind": "heir"}, "death_certificate_missing"),
    ],
)
def test_papers_that_fall_short_keep_the_case_waiting(cast: Cast, papers: dict[str, Any], reason: str) -> None:
    case = cast.case(acting(cast, **papers))
    assert (case.state, case.awaiting_papers) == ("waiting", True)
    assert case.results["mandate"]["reason"] == reason


def test_another_subscribers_papers_are_no_papers(cast: Cast) -> None:
    case = cast.case(acting(cast, of=cast.anna))
    assert (case.state, case.results["mandate"]["reason"]) == ("waiting", "papers_missing")


def test_the_representative_shows_their_own_document_not_the_holders(cast: Cast) -> None:
    receipt = cast.declare()
    filed = put_representative_on_file(
        cast.base, subscriber_id=cast.li_wei.subscriber.id, name="Сергей", document=SERGEIS_PASSPORT, actor=OLGA, **GOOD
    )
    evidence.bring_papers(cast.base, case_id=receipt.case_id, representative_id=filed.id, actor=OLGA)
    assert not show(cast, receipt, PASSPORT)
    assert show(cast, receipt, SERGEIS_PASSPORT)


def test_only_staff_put_papers_on_file_for_a_case(cast: Cast) -> None:
    receipt = cast.declare()
    with refused("not_staff"):
        evidence.bring_papers(cast.base, case_id=receipt.case_id, representative_id=1, actor=SERGEI_FOR_HER)
    filed = put_representative_on_file(
        cast.base, subscriber_id=cast.li_wei.subscriber.id, name="Сергей", document=SERGEIS_PASSPORT, actor=OLGA, **GOOD
    )
    with refused("not_allowed", NotAllowed):
        evidence.bring_papers(cast.base, case_id=receipt.case_id, representative_id=filed.id, actor=NIKOLAI)


def test_papers_that_are_not_on_file_cannot_be_brought(cast: Cast) -> None:
    receipt = cast.declare()
    with refused("no_such_papers", BadInput):
        evidence.bring_papers(cast.base, case_id=receipt.case_id, representative_id=12345, actor=OLGA)


def test_papers_for_a_number_that_nobody_holds_lead_nowhere(cast: Cast) -> None:
    receipt = cast.declare(FREE_MSISDN)
    filed = put_representative_on_file(
        cast.base, subscriber_id=cast.li_wei.subscriber.id, name="Сергей", document=SERGEIS_PASSPORT, actor=OLGA, **GOOD
    )
    evidence.bring_papers(cast.base, case_id=receipt.case_id, representative_id=filed.id, actor=OLGA)
    assert not show(cast, receipt, SERGEIS_PASSPORT)


def test_papers_come_too_late_after_the_end(cast: Cast) -> None:
    receipt = cast.closed()
    filed = put_representative_on_file(
        cast.base, subscriber_id=cast.li_wei.subscriber.id, name="Сергей", document=SERGEIS_PASSPORT, actor=OLGA, **GOOD
    )
    with refused("not_allowed", NotAllowed):
        evidence.bring_papers(cast.base, case_id=receipt.case_id, representative_id=filed.id, actor=OLGA)
