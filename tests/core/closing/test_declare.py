"""Receiving a declaration: at once, without login, receipted, never lost, never received twice."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from lastcall.core.actor import DOORS, HOLDER, Actor
from lastcall.core.closing import declare, find, identity, review
from lastcall.core.closing.case import Case
from lastcall.core.closing.code import Code
from lastcall.core.closing.declare import Declaring
from lastcall.core.closing.receipts import Receipt
from lastcall.core.errors import BadInput, Conflict, NotFound
from lastcall.core.numbers.msisdn import format_msisdn
from tests.cast import ANNA_MSISDN, FREE_MSISDN, IRINA, LI_WEI_MSISDN, ON_THE_WEB, PASSPORT, Cast
from tests.core.tools import change, dump, only, refused, some, written

KEY = "a key that the browser made up"
LI_WEIS = Declaring(msisdn=LI_WEI_MSISDN, door="portal", language="zh-hans")


def declared(cast: Cast, declaring: Declaring, *, key: str = KEY, actor: Actor = ON_THE_WEB) -> Receipt:
    return declare.declare(cast.base, declaring=declaring, key=key, policy=cast.policy, actor=actor)


def test_it_is_receipted_with_the_moment_and_the_legal_end(cast: Cast) -> None:
    receipt = cast.declare()
    case = cast.case(receipt)
    assert receipt.received_at == case.declared_at == cast.time.now()
    assert receipt.legal_end == case.legal_end == cast.time.now() + timedelta(days=cast.policy.termination_notice_days)
    assert (case.state, cast.events(receipt)) == ("declared", ["case.declared"])
    assert case.line_id == cast.li_wei.line.id if cast.li_wei.line else False


def test_every_door_receives_and_says_whether_that_completes_the_legal_act(cast: Cast) -> None:
    acts, intakes = cast.policy.termination_act_doors, cast.policy.termination_intake_doors
    complete = {door: cast.declare(door=door).complete for door in acts + intakes}
    assert complete == dict.fromkeys(acts, True) | dict.fromkeys(intakes, False)


def test_reference_and_secret_open_the_case_however_they_are_typed(cast: Cast) -> None:
    receipt = cast.declare()
    typed = f" {receipt.reference[:4].lower()}-{receipt.reference[4:]} "
    found = find.find_case(cast.base, reference=typed.replace("0", "o"), secret=receipt.secret.lower())
    assert found.id == receipt.case_id
    assert len({receipt.reference, receipt.secret}) == 2
    assert all(len(word) * 5 >= 64 for word in (receipt.reference, receipt.secret))


def test_a_wrong_secret_and_an_unknown_reference_are_answered_in_the_same_words(cast: Cast) -> None:
    receipt = cast.declare()
    answers = set()
    for reference, secret in ((receipt.reference, "0" * 16), ("0" * 16, receipt.secret), ("", "")):
        with pytest.raises(NotFound) as unknown:
            find.find_case(cast.base, reference=reference, secret=secret)
        answers.add((unknown.value.message, unknown.value.code, unknown.value.remedy))
    assert len(answers) == 1


def test_the_same_key_and_body_gives_the_same_receipt_and_no_second_case(cast: Cast) -> None:
    first = declared(cast, LI_WEIS)
    cast.work()
    before = dump()
    cast.time.advance(timedelta(days=400))
    assert declared(cast, LI_WEIS) == first
    assert dump() == before


def test_the_same_receipt_is_given_after_the_line_has_closed(cast: Cast) -> None:
    first = cast.declare(key=KEY)
    cast.prove_in_person(first, cast.li_wei)
    cast.keep_sim(first)
    cast.work()
    cast.time.advance(timedelta(days=8))
    cast.work()
    assert cast.case(first).state == "closed"
    assert cast.declare(key=KEY) == first


def test_another_body_under_the_same_key_is_a_conflict(cast: Cast) -> None:
    declared(cast, LI_WEIS)
    for other in (
        replace(LI_WEIS, msisdn=ANNA_MSISDN),
        replace(LI_WEIS, language="ru"),
        replace(LI_WEIS, requested_end=datetime(2027, 1, 1, tzinfo=UTC)),
        replace(LI_WEIS, declared_by="representative"),
    ):
        with refused("key_reused", Conflict):
            declared(cast, other)


def test_the_same_key_at_another_door_is_another_declaration(cast: Cast) -> None:
    first = declared(cast, LI_WEIS)
    second = declared(cast, replace(LI_WEIS, door="hotline"), actor=Actor(HOLDER, "-", "hotline"))
    assert first.case_id != second.case_id
    assert first.reference != second.reference


def test_a_number_that_nobody_holds_is_receipted_like_any_other(cast: Cast) -> None:
    real, empty = cast.declare(LI_WEI_MSISDN), cast.declare(FREE_MSISDN)
    words = {"case_id": 0, "reference": "", "secret": "", "kept": ""}
    assert replace(real, **words) == replace(empty, **words)  # type: ignore[arg-type]
    assert cast.case(empty).line_id is None
    cast.work()
    waiting = cast.case(empty)
    assert (waiting.state, waiting.results["line_known"]["reason"]) == ("waiting", "line_not_known")


def test_a_second_declaration_on_a_line_is_receipted_and_does_not_disturb_the_first(cast: Cast) -> None:
    first, second = cast.declare(), cast.declare()
    assert cast.case(first).line_id is not None
    assert cast.case(second).line_id is None
    assert second.reference != first.reference


def test_no_later_decision_undoes_or_redates_it(cast: Cast) -> None:
    receipt = cast.declare()
    case = cast.case(receipt)
    cast.prove_remotely(receipt, cast.li_wei)
    cast.keep_sim(receipt)
    cast.work()
    review.reject(cast.base, case_id=receipt.case_id, actor=IRINA, reason="suspected_fraud")
    rejected = cast.case(receipt)
    assert (rejected.state, rejected.declared_at, rejected.legal_end) == ("rejected", case.declared_at, case.legal_end)
    with pytest.raises(Conflict):
        change(cast.base, Case, case.id, legal_end=case.legal_end + timedelta(days=1))


def test_it_refuses_a_number_in_no_range_of_the_register(cast: Cast) -> None:
    for foreign in (8613800138000, 78001234567, 112, 0, -1):
        with refused("not_in_range"):
            cast.declare(foreign)


def test_it_refuses_a_door_that_is_none_or_that_this_operator_keeps_closed(cast: Cast) -> None:
    assert "system" in DOORS
    with refused("door_closed"):
        cast.declare(door="system")
    with refused("bad_door", BadInput):
        cast.declare(door="window")


IMPOSSIBLE: tuple[tuple[dict[str, Any], str], ...] = (
    ({"requested_end": datetime(2026, 1, 1, tzinfo=UTC)}, "end_in_the_past"),
    ({"requested_end": datetime(2027, 1, 1)}, "naive_moment"),  # noqa: DTZ001 - that it is naive is the point
    ({"language": "tlh"}, "bad_language"),
    ({"declared_by": "neighbour"}, "bad_declarant"),
    ({"representative_id": 42}, "no_such_papers"),
)


def test_it_refuses_what_cannot_be_and_says_why(cast: Cast) -> None:
    for given, code in IMPOSSIBLE:
        with refused(code, BadInput):
            declared(cast, replace(LI_WEIS, **given))


def test_it_refuses_a_key_that_is_too_short_or_too_long(cast: Cast) -> None:
    for key in ("", "1234567", "1" * 201):
        with refused("bad_key", BadInput):
            declared(cast, LI_WEIS, key=key)


def test_no_table_holds_a_secret_a_document_a_code_or_an_address_in_clear(cast: Cast) -> None:
    receipt = cast.declare(key=KEY)
    kind, issuer, number = PASSPORT
    for offered in ("E99999999", number):
        identity.verify_document(
            cast.base, case_id=receipt.case_id, kind=kind, issuer=issuer, number=offered, actor=ON_THE_WEB
        )
    sent = identity.new_code(cast.base, case_id=receipt.case_id, contact_id=cast.li_wei.mail.id, actor=ON_THE_WEB)
    identity.verify_code(cast.base, case_id=receipt.case_id, code=sent.code, actor=ON_THE_WEB)
    cast.keep_sim(receipt)
    cast.work()
    cast.approve(receipt)
    cast.work()
    cast.time.advance(timedelta(days=8))
    cast.work()
    assert cast.case(receipt).state == "closed"
    kept = written()
    for secret in (receipt.reference, receipt.secret, KEY, "E12345678", "E99999999", "li@example.org", "@example"):
        assert secret not in kept, "a word that belongs to somebody else is kept in clear"
    assert f"'{sent.code}'" not in kept and f'"{sent.code}"' not in kept
    assert some(cast.base, Code, case_id=receipt.case_id)


def test_neither_events_nor_notices_nor_jobs_hold_a_number_or_a_card(cast: Cast) -> None:
    receipt = cast.closed()
    rows = dump()
    kept = repr(
        [rows[table] for table in ("audit_event", "closing_notice", "work_job", "work_alert", "closing_effect")]
    )
    sim = cast.sim_of(cast.li_wei)
    for number in (str(LI_WEI_MSISDN), format_msisdn(LI_WEI_MSISDN), sim.iccid, sim.imsi):
        assert number not in kept
    assert only(cast.base, Case, id=receipt.case_id).claimed_msisdn == LI_WEI_MSISDN
