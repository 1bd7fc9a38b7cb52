"""A stranger declared first: that never stands in the holder's way."""

from __future__ import annotations

from datetime import date

from lastcall.core.closing import declare, identity
from lastcall.core.closing.declare import Declaring
from lastcall.core.closing.freeze import freeze
from lastcall.core.closing.receipts import Receipt
from lastcall.core.closing.withdraw import withdraw
from lastcall.core.subscribers.subscriber import Document
from tests.cast import LI_WEI_MSISDN, ON_THE_WEB, PASSPORT, SERGEIS_PASSPORT, SOMEBODY, Cast
from tests.core.tools import change, only


def show(cast: Cast, receipt: Receipt, document: tuple[str, str, str] = PASSPORT) -> bool:
    kind, issuer, number = document
    return identity.verify_document(
        cast.base, case_id=receipt.case_id, kind=kind, issuer=issuer, number=number, actor=ON_THE_WEB
    ).accepted


def both(cast: Cast) -> tuple[Receipt, Receipt]:
    """A stranger's declaration, then Li Wei's."""
    strangers, mine = cast.declare(), cast.declare()
    cast.work()
    assert cast.case(mine).line_id is None
    return strangers, mine


def test_the_holder_proves_themselves_and_gets_the_line(cast: Cast) -> None:
    strangers, mine = both(cast)
    line_id = cast.case(strangers).line_id
    assert show(cast, mine)
    lapsed = cast.case(strangers)
    assert (lapsed.state, lapsed.ended_reason) == ("lapsed", "superseded")
    assert (cast.case(mine).line_id, cast.case(mine).document_ok_at) == (line_id, cast.time.now())
    cast.prove_remotely(mine, cast.li_wei)
    cast.keep_sim(mine)
    cast.work()
    assert cast.case(mine).state == "review"


def test_a_case_whose_rival_has_ended_gets_the_line(cast: Cast) -> None:
    strangers, mine = both(cast)
    withdraw(cast.base, case_id=strangers.case_id, actor=ON_THE_WEB)
    assert show(cast, mine)
    assert cast.case(mine).line_id == cast.case(strangers).line_id


def test_whoever_proved_themselves_first_keeps_it(cast: Cast) -> None:
    first, second = both(cast)
    assert show(cast, first)
    assert not show(cast, second)
    assert cast.case(second).line_id is None
    assert cast.case(first).ended_at is None


def test_a_stranger_without_the_document_gets_nothing(cast: Cast) -> None:
    mine, strangers = both(cast)
    assert not show(cast, strangers, SERGEIS_PASSPORT)
    assert (cast.case(strangers).line_id, cast.case(strangers).identity_failures) == (None, 1)
    assert cast.case(mine).ended_at is None


def test_a_document_that_has_run_out_takes_nothing_over_and_counts_as_a_try(cast: Cast) -> None:
    strangers, mine = both(cast)
    document = only(cast.base, Document, subscriber_id=cast.li_wei.subscriber.id)
    change(cast.base, Document, document.id, valid_until=date(2026, 3, 1))
    assert not show(cast, mine)
    assert (cast.case(mine).line_id, cast.case(mine).identity_failures) == (None, 1)
    assert cast.case(strangers).ended_at is None


def test_a_representative_takes_nothing_over(cast: Cast) -> None:
    cast.declare()
    declaring = Declaring(msisdn=LI_WEI_MSISDN, door="portal", language="ru", declared_by="representative")
    second = declare.declare(
        cast.base, declaring=declaring, key="as representative", policy=cast.policy, actor=ON_THE_WEB
    )
    assert not show(cast, second)


def test_a_case_that_is_in_a_persons_hands_is_not_superseded(cast: Cast) -> None:
    proved = cast.declare()
    cast.prove_remotely(proved, cast.li_wei)
    cast.keep_sim(proved)
    cast.work()
    freeze(cast.base, case_id=proved.case_id, actor=SOMEBODY)
    rival = cast.declare()
    assert not show(cast, rival)
    assert cast.case(proved).state == "review"
