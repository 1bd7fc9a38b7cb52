"""Proving who is closing the line by the number of a document, from afar or with the original in a clerk's hand."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from lastcall.core.actor import Actor
from lastcall.core.closing import identity
from lastcall.core.closing.identity import Proof
from lastcall.core.closing.receipts import Receipt
from lastcall.core.errors import BadInput, NotAllowed, NotFound, Refused
from lastcall.core.subscribers.subscriber import Document
from tests.cast import (
    ANNAS_PASSPORT,
    FREE_MSISDN,
    IRINA,
    LI_WEI_MSISDN,
    OLGA,
    ON_THE_WEB,
    PASSPORT,
    SERGEIS_PASSPORT,
    SOMEBODY,
    TIMUR,
    Cast,
)
from tests.core.tools import change, only, refused


def show(
    cast: Cast,
    receipt: Receipt,
    document: tuple[str, str, str] = PASSPORT,
    *,
    actor: Actor = ON_THE_WEB,
    in_person: bool = False,
) -> Proof:
    kind, issuer, number = document
    return identity.verify_document(
        cast.base, case_id=receipt.case_id, kind=kind, issuer=issuer, number=number, actor=actor, in_person=in_person
    )


def test_the_number_on_file_is_accepted_however_it_is_typed(cast: Cast) -> None:
    receipt = cast.declare()
    for typed in ("E12345678", " e 1234 5678 ", "Е12345678", "№ E12345678"):
        proof = show(cast, receipt, ("foreign_passport", "cn", typed))
        assert proof.accepted
        assert proof.case.document_ok_at == cast.time.now()


def test_the_original_in_a_clerks_hand_proves_more_than_the_number(cast: Cast) -> None:
    receipt = cast.declare()
    show(cast, receipt)
    cast.keep_sim(receipt)
    cast.work()
    assert cast.case(receipt).state == "waiting"
    proof = show(cast, receipt, actor=OLGA, in_person=True)
    assert (proof.case.in_person_at, proof.case.verifier) == (cast.time.now(), "clerk:olga")
    cast.work()
    assert cast.case(receipt).state == "on_hold"


def test_a_wrong_number_is_refused_and_tells_nothing(cast: Cast) -> None:
    mine, nobodys = cast.declare(LI_WEI_MSISDN), cast.declare(FREE_MSISDN)
    proofs = [show(cast, receipt, SERGEIS_PASSPORT) for receipt in (mine, nobodys)]
    assert [(proof.accepted, proof.tries_left) for proof in proofs] == [(False, 2), (False, 2)]
    assert all(proof.case.document_ok_at is None for proof in proofs)


def test_another_subscribers_document_proves_nothing_here(cast: Cast) -> None:
    receipt = cast.declare()
    assert not show(cast, receipt, ANNAS_PASSPORT).accepted
    assert not show(cast, receipt, ("foreign_passport", "KZ", PASSPORT[2])).accepted


def test_a_number_that_cannot_be_one_is_bad_input_and_costs_no_try(cast: Cast) -> None:
    receipt = cast.declare()
    for kind, number, code in (
        ("foreign_passport", "E1", "malformed_document_number"),
        ("ru_passport", "45101234567", "malformed_document_number"),
        ("library_card", "12345678", "unknown_document_kind"),
    ):
        with refused(code, BadInput) as _:
            show(cast, receipt, (kind, "CN", number))
    assert cast.case(receipt).identity_failures == 0


def test_after_too_many_wrong_numbers_only_a_person_with_the_original_helps(cast: Cast) -> None:
    receipt = cast.declare()
    left = [show(cast, receipt, SERGEIS_PASSPORT).tries_left for _ in range(cast.policy.identity_document_tries)]
    assert left == [2, 1, 0]
    with refused("identity_locked"):
        show(cast, receipt)
    cast.work()
    assert cast.case(receipt).results["identity"]["reason"] == "identity_locked"
    assert show(cast, receipt, actor=OLGA, in_person=True).accepted
    cast.keep_sim(receipt)
    cast.work()
    assert cast.case(receipt).state == "on_hold"


def test_a_wrong_number_takes_back_what_was_proved_from_afar(cast: Cast) -> None:
    receipt = cast.declare()
    cast.prove_remotely(receipt, cast.li_wei)
    show(cast, receipt, SERGEIS_PASSPORT)
    case = cast.case(receipt)
    assert (case.document_ok_at, case.code_ok_at) == (None, None)


def test_a_document_that_has_run_out_proves_nothing(cast: Cast) -> None:
    document = only(cast.base, Document, subscriber_id=cast.li_wei.subscriber.id)
    change(cast.base, Document, document.id, valid_until=date(2026, 3, 1))
    receipt = cast.declare()
    assert not show(cast, receipt).accepted
    assert not show(cast, receipt, actor=OLGA, in_person=True).accepted


def test_a_proof_that_has_grown_old_is_asked_for_again(cast: Cast) -> None:
    receipt = cast.declare()
    cast.prove_in_person(receipt, cast.li_wei)
    cast.time.advance(timedelta(days=cast.policy.identity_valid_days - 1))
    cast.keep_sim(receipt)
    cast.time.advance(timedelta(hours=23))
    cast.work()
    assert cast.case(receipt).state == "on_hold"
    cast.time.advance(timedelta(days=2))
    cast.work()
    case = cast.case(receipt)
    assert case.results["identity"]["reason"] == "identity_expired"
    assert case.state == "lapsed"


def test_only_staff_can_say_that_they_saw_the_original(cast: Cast) -> None:
    receipt = cast.declare()
    for actor in (ON_THE_WEB, SOMEBODY):
        with refused("not_staff"):
            show(cast, receipt, actor=actor, in_person=True)


def test_nobody_but_the_declarant_or_the_counter_proves_identity(cast: Cast) -> None:
    receipt = cast.declare()
    for actor in (SOMEBODY, IRINA):
        with refused("not_allowed", NotAllowed):
            show(cast, receipt, actor=actor)


def test_whoever_saw_the_original_stays_the_verifier(cast: Cast) -> None:
    receipt = cast.declare()
    show(cast, receipt, actor=OLGA, in_person=True)
    show(cast, receipt, actor=ON_THE_WEB)
    show(cast, receipt, actor=TIMUR)
    assert cast.case(receipt).verifier == "clerk:olga"


def test_a_case_that_has_ended_takes_no_proof(cast: Cast) -> None:
    receipt = cast.closed()
    with refused("not_allowed", NotAllowed):
        show(cast, receipt)


def test_an_unknown_case_is_not_found(cast: Cast) -> None:
    with refused("not_found", NotFound):
        identity.verify_document(
            cast.base, case_id=1, kind=PASSPORT[0], issuer=PASSPORT[1], number=PASSPORT[2], actor=ON_THE_WEB
        )


def test_no_message_repeats_the_number(cast: Cast) -> None:
    receipt = cast.declare()
    with pytest.raises(BadInput) as trouble:
        show(cast, receipt, ("ru_passport", "RU", "77-77-77"))
    assert "77" not in f"{trouble.value.message} {trouble.value.remedy}"
    assert not isinstance(trouble.value, Refused)
