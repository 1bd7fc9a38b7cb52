"""The final bill before anything is final: for those who have shown who they are."""

from __future__ import annotations

import pytest

from lastcall.core.closing.preview import preview
from lastcall.core.numbers.assign import Terms
from tests.cast import FREE_MSISDN, Cast
from tests.core.tools import nothing_changes


def test_it_shows_what_comes_back(cast: Cast) -> None:
    bill = preview(cast.base, case_id=cast.on_hold().case_id, billing=cast.elements.billing)
    assert (bill["refund"], bill["owed"], bill["currency"]) == (35_050, 0, "RUB")


def test_it_shows_what_leaving_costs(cast: Cast) -> None:
    cast.give_line(cast.sergei, 79000001009, terms=Terms(instalments_left=50_000))
    receipt = cast.declare(cast.sergei.msisdn)
    cast.prove_in_person(receipt, cast.sergei)
    bill = preview(cast.base, case_id=receipt.case_id, billing=cast.elements.billing)
    assert (bill["refund"], bill["owed"]) == (0, 14_950)


@pytest.mark.parametrize("msisdn", [0, FREE_MSISDN], ids=["a line of ours", "no line"])
def test_who_has_not_shown_who_they_are_sees_nothing(cast: Cast, msisdn: int) -> None:
    receipt = cast.declare(msisdn or cast.li_wei.msisdn)
    with nothing_changes():
        assert preview(cast.base, case_id=receipt.case_id, billing=cast.elements.billing) == {}


def test_after_the_end_the_frozen_bill_counts(cast: Cast) -> None:
    assert preview(cast.base, case_id=cast.closed().case_id, billing=cast.elements.billing) == {}
