"""Proving oneself on the web: whoever only declared learns nothing, and the holder is never locked out of a shop."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import pytest

from lastcall.core.closing import codes, declare, evidence, identity, prove
from lastcall.core.closing.code import Code
from lastcall.core.closing.declare import Declaring
from lastcall.core.closing.receipts import Receipt
from lastcall.core.closing.story import tell_story
from lastcall.core.closing.withdraw import withdraw
from lastcall.core.errors import BadInput, NotAllowed, NotFound, Refused
from lastcall.core.plan import Insert, Plan
from lastcall.core.subscribers.file import put_contact_on_file, put_representative_on_file
from lastcall.core.subscribers.line import Line
from lastcall.core.subscribers.subscriber import Contact
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
    Cast,
)
from tests.core.tools import change, nothing_changes, race, refused, some, winners

SECOND = timedelta(seconds=1)


def begin(cast: Cast, receipt: Receipt, document: tuple[str, str, str] = PASSPORT, channel: str = "mail") -> datetime:
    kind, issuer, number = document
    return prove.begin(
        cast.base, case_id=receipt.case_id, kind=kind, issuer=issuer, number=number, channel=channel, actor=ON_THE_WEB
    )


def finish(cast: Cast, receipt: Receipt, code: str) -> identity.Proof:
    return prove.finish(cast.base, case_id=receipt.case_id, code=code, actor=ON_THE_WEB)


def again(cast: Cast, receipt: Receipt) -> datetime:
    cast.time.advance(SECOND)
    return prove.again(cast.base, case_id=receipt.case_id, actor=ON_THE_WEB)


def code_of(cast: Cast, receipt: Receipt) -> Code:
    """The latest code's row."""
    return sorted(some(cast.base, Code, case_id=receipt.case_id), key=lambda code: code.id)[-1]


def digits(cast: Cast, receipt: Receipt) -> str:
    """The code that went out."""
    return codes.digits_of(code_of(cast, receipt), cast.policy)


def wrong(code: str) -> str:
    return str((int(code) + 1) % 10 ** len(code)).zfill(len(code))


def seen(cast: Cast, receipt: Receipt) -> list[Any]:
    """All that whoever has the secret sees, less what the case says of itself."""
    told = tell_story(cast.base, case=cast.case(receipt))
    return [getattr(told, field.name) for field in fields(told) if field.name != "case"]


def sent(cast: Cast) -> list[str]:
    """The addresses that codes went to."""
    cast.work()
    found = [
        message.address
        for messenger in cast.elements.messengers.values()
        for message in messenger.messages()  # type: ignore[attr-defined]
        if message.key.startswith("code:")
    ]
    return sorted(found)


def test_the_document_and_the_code_prove_the_holder(cast: Cast) -> None:
    receipt = cast.declare()
    runs_out = begin(cast, receipt)
    assert runs_out - cast.time.now() == timedelta(minutes=cast.policy.identity_code_minutes)
    assert sent(cast) == ["li@example.org"]
    proof = finish(cast, receipt, digits(cast, receipt))
    case = cast.case(receipt)
    assert proof.accepted
    assert (case.document_ok_at, case.code_ok_at, case.identity_failures) == (cast.time.now(), cast.time.now(), 0)
    cast.keep_sim(receipt)
    cast.work()
    assert (cast.case(receipt).state, cast.case(receipt).results["identity"]["reason"]) == ("review", "remote_identity")
    assert "proved_remotely" in [told.code for told in tell_story(cast.base, case=cast.case(receipt)).happened]


@pytest.mark.parametrize(
    ("channel", "address"), [("line", "+79000001001"), ("sms", "+79000007777"), ("mail", "li@example.org")]
)
def test_the_code_goes_where_it_was_asked_to(cast: Cast, channel: str, address: str) -> None:
    put_contact_on_file(
        cast.base, subscriber_id=cast.li_wei.subscriber.id, kind="sms", address="+79000007777", actor=OLGA
    )
    receipt = cast.declare()
    begin(cast, receipt, channel=channel)
    assert sent(cast) == [address]
    assert finish(cast, receipt, digits(cast, receipt)).accepted


@pytest.mark.parametrize("form", [" {0} {1} ", "{0}-{1}", "{0}\u00a0{1}"])
def test_a_code_is_read_however_it_is_typed(cast: Cast, form: str) -> None:
    receipt = cast.declare()
    begin(cast, receipt)
    code = digits(cast, receipt)
    full_width = code.translate({ord("0") + value: 0xFF10 + value for value in range(10)})
    assert finish(cast, receipt, form.format(full_width[:3], full_width[3:])).accepted


def test_what_cannot_be_a_code_costs_no_try(cast: Cast) -> None:
    receipt = cast.declare()
    begin(cast, receipt)
    with nothing_changes():
        for typed in ("", "12345", "1234567", "abcdef", "12345六"):
            proof = finish(cast, receipt, typed)
            assert (proof.accepted, proof.tries_left) == (False, cast.policy.identity_code_tries)


# what a stranger sees


@dataclass(frozen=True)
class Trying:
    """Somebody at a case, with a document and a channel."""

    receipt: Receipt
    document: tuple[str, str, str] = PASSPORT
    channel: str = "mail"


def right(cast: Cast) -> Trying:
    return Trying(cast.declare(cast.anna.msisdn), ANNAS_PASSPORT)


def wrong_document(cast: Cast) -> Trying:
    return Trying(cast.declare(), SERGEIS_PASSPORT)


def not_ours(cast: Cast) -> Trying:
    return Trying(cast.declare(FREE_MSISDN))


def no_such_contact(cast: Cast) -> Trying:
    return Trying(cast.declare(), channel="sms")


def too_new_a_contact(cast: Cast) -> Trying:
    change(cast.base, Contact, cast.li_wei.mail.id, on_file_since=cast.time.now() + SECOND)
    return Trying(cast.declare())


def contact_that_had_its_share(cast: Cast) -> Trying:
    other = cast.declare()
    now, most = cast.time.now(), cast.policy.identity_code_sends_per_day
    had = [
        Code(id=place, case_id=other.case_id, action="close", contact_id=cast.li_wei.mail.id, sent_at=now, expires_at=now,
             ordinal=place)
        for place in range(1, most + 1)
    ]  # fmt: skip
    cast.base.transact(lambda rows: rows.apply(Plan(tuple(Insert(code) for code in had))))
    return Trying(cast.declare())


def behind_a_rival(cast: Cast) -> Trying:
    cast.declare()
    return Trying(cast.declare())


def behind_a_proved_rival(cast: Cast) -> Trying:
    cast.prove_in_person(cast.declare(), cast.li_wei)
    return Trying(cast.declare())


def for_somebody_without_papers(cast: Cast) -> Trying:
    declaring = Declaring(msisdn=LI_WEI_MSISDN, door="portal", language="zh-hans", declared_by="representative")
    receipt = declare.declare(
        cast.base, declaring=declaring, key="for the holder", policy=cast.policy, actor=ON_THE_WEB
    )
    return Trying(receipt)


WRONG = [wrong_document, not_ours, no_such_contact, too_new_a_contact, contact_that_had_its_share, behind_a_rival,
         behind_a_proved_rival, for_somebody_without_papers]  # fmt: skip


@pytest.mark.parametrize("guessing", [True, False], ids=["wrong codes", "no codes"])
@pytest.mark.parametrize("scene", WRONG, ids=lambda scene: scene.__name__)
def test_without_the_code_nothing_tells_what_was_wrong(
    cast: Cast, scene: Callable[[Cast], Trying], guessing: bool
) -> None:
    """Step by step beside a holder with the right document: every answer and every story, until only people help."""
    both = right(cast), scene(cast)

    def same(act: Callable[[Trying], Any]) -> Any:
        answers = [_answer(act, trying) for trying in both]
        assert answers[0] == answers[1]
        stories = [seen(cast, trying.receipt) for trying in both]
        assert stories[0] == stories[1]
        return answers[0]

    cast.work()
    for _ in range(cast.policy.identity_document_tries):
        same(lambda one: begin(cast, one.receipt, one.document, one.channel))
        cast.work()
        same(lambda one: prove.again(cast.base, case_id=one.receipt.case_id, actor=ON_THE_WEB))
        for _ in range(cast.policy.identity_code_tries if guessing else 0):
            same(lambda one: finish(cast, one.receipt, wrong(digits(cast, one.receipt))))
            cast.work()
        cast.time.advance(timedelta(minutes=cast.policy.identity_code_minutes))
        cast.work()
        same(lambda one: finish(cast, one.receipt, "000000"))
    assert same(lambda one: begin(cast, one.receipt, one.document, one.channel)) == "identity_locked"
    assert same(lambda one: prove.again(cast.base, case_id=one.receipt.case_id, actor=ON_THE_WEB)) == "identity_locked"
    assert same(lambda one: finish(cast, one.receipt, "000000")) == "identity_locked"
    assert tell_story(cast.base, case=cast.case(both[1].receipt)).missing[0].reason == "identity_locked"


def _answer(act: Callable[[Trying], Any], trying: Trying) -> Any:
    """What came back, without the case, or the code of the refusal."""
    try:
        answer = act(trying)
    except Refused as refusal:
        return refusal.code
    return (answer.accepted, answer.tries_left) if isinstance(answer, identity.Proof) else answer


@pytest.mark.parametrize(
    "scene", [scene for scene in WRONG if scene is not behind_a_rival], ids=lambda scene: scene.__name__
)
def test_where_anything_is_wrong_no_code_goes_out_and_the_derived_one_is_worth_nothing(
    cast: Cast, scene: Callable[[Cast], Trying]
) -> None:
    trying = scene(cast)
    begin(cast, trying.receipt, trying.document, trying.channel)
    assert sent(cast) == (["li@example.org"] if scene is behind_a_proved_rival else [])
    assert not finish(cast, trying.receipt, digits(cast, trying.receipt)).accepted
    assert cast.case(trying.receipt).document_ok_at is None


def test_a_refusal_shows_only_after_a_code_was_given(cast: Cast) -> None:
    receipt = cast.declare()
    begin(cast, receipt, SERGEIS_PASSPORT)
    assert [told.code for told in tell_story(cast.base, case=cast.case(receipt)).happened] == [
        "declared",
        "identity_begun",
    ]
    finish(cast, receipt, wrong(digits(cast, receipt)))
    assert tell_story(cast.base, case=cast.case(receipt)).happened[-1].code == "identity_refused"


# tries, codes and their limits


def test_a_number_that_cannot_be_one_is_bad_input_and_costs_no_try(cast: Cast) -> None:
    receipt = cast.declare()
    for document, channel, code in (
        (("foreign_passport", "CN", "E1"), "mail", "malformed_document_number"),
        (("foreign_passport", "China", "E12345678"), "mail", "bad_country"),
        (("library_card", "CN", "E12345678"), "mail", "unknown_document_kind"),
        (PASSPORT, "pigeon", "bad_channel"),
    ):
        with refused(code, BadInput):
            begin(cast, receipt, document, channel)
    assert cast.case(receipt).identity_failures == 0


def test_the_last_try_can_still_be_finished_and_success_gives_all_tries_back(cast: Cast) -> None:
    receipt = cast.declare()
    for _ in range(cast.policy.identity_document_tries):
        begin(cast, receipt)
        cast.time.advance(timedelta(minutes=4))
    with refused("identity_locked"):
        begin(cast, receipt)
    assert finish(cast, receipt, digits(cast, receipt)).accepted
    cast.time.advance(timedelta(hours=1))
    cast.work()
    assert tell_story(cast.base, case=cast.case(receipt)).proved
    assert cast.case(receipt).results["identity"]["reason"] != "identity_locked"
    begin(cast, receipt)


def test_a_locked_case_is_still_proved_in_a_shop(cast: Cast) -> None:
    receipt = cast.declare()
    for _ in range(cast.policy.identity_document_tries):
        begin(cast, receipt, SERGEIS_PASSPORT)
        cast.time.advance(timedelta(minutes=11))
    cast.work()
    assert cast.case(receipt).results["identity"]["reason"] == "identity_locked"
    cast.prove_in_person(receipt, cast.li_wei)
    cast.keep_sim(receipt)
    cast.work()
    assert cast.case(receipt).state == "on_hold"


def test_a_locked_case_of_a_strangers_does_not_keep_the_holder_from_a_case_of_their_own(cast: Cast) -> None:
    strangers = cast.declare()
    for _ in range(cast.policy.identity_document_tries):
        begin(cast, strangers, SERGEIS_PASSPORT)
        cast.time.advance(timedelta(minutes=11))
    mine = cast.declare()
    begin(cast, mine)
    assert cast.case(mine).line_id is None
    assert cast.case(strangers).ended_at is None
    assert finish(cast, mine, digits(cast, mine)).accepted
    assert cast.case(mine).line_id is not None
    assert (cast.case(strangers).state, cast.case(strangers).ended_reason) == ("lapsed", "superseded")


def test_a_document_number_alone_does_not_stand_in_the_way_of_document_and_code(cast: Cast) -> None:
    strangers, mine = cast.declare(), cast.declare()
    kind, issuer, number = PASSPORT
    identity.verify_document(
        cast.base, case_id=strangers.case_id, kind=kind, issuer=issuer, number=number, actor=ON_THE_WEB
    )
    begin(cast, mine)
    assert finish(cast, mine, digits(cast, mine)).accepted
    assert cast.case(strangers).state == "lapsed"


def test_a_code_works_once_and_the_answer_to_a_double_click_is_the_same(cast: Cast) -> None:
    receipt = cast.declare()
    begin(cast, receipt)
    code = digits(cast, receipt)
    assert finish(cast, receipt, code).accepted
    with nothing_changes():
        assert finish(cast, receipt, code).accepted
    assert sum(row.used_at is not None for row in some(cast.base, Code, case_id=receipt.case_id)) == 1


def test_a_code_is_dead_after_its_minutes(cast: Cast) -> None:
    receipt = cast.declare()
    runs_out = begin(cast, receipt)
    code = digits(cast, receipt)
    cast.time.advance(runs_out - cast.time.now())
    with nothing_changes():
        assert finish(cast, receipt, code) == identity.Proof(cast.case(receipt), accepted=False, tries_left=0)


def test_a_code_is_dead_after_its_tries_and_sending_it_again_brings_none_back(cast: Cast) -> None:
    receipt = cast.declare()
    begin(cast, receipt)
    left = [finish(cast, receipt, wrong(digits(cast, receipt))).tries_left for _ in range(3)]
    again(cast, receipt)
    left += [finish(cast, receipt, wrong(digits(cast, receipt))).tries_left for _ in range(2)]
    assert left == [4, 3, 2, 1, 0]
    assert not finish(cast, receipt, digits(cast, receipt)).accepted
    with refused("begin_first"):
        again(cast, receipt)
    begin(cast, receipt)
    assert finish(cast, receipt, digits(cast, receipt)).accepted


def test_a_code_sent_again_ends_the_one_before(cast: Cast) -> None:
    receipt = cast.declare()
    begin(cast, receipt)
    first = digits(cast, receipt)
    again(cast, receipt)
    assert first == digits(cast, receipt) or not finish(cast, receipt, first).accepted
    assert finish(cast, receipt, digits(cast, receipt)).accepted


def test_nothing_is_sent_again_that_was_not_asked_for(cast: Cast) -> None:
    receipt = cast.declare()
    with refused("begin_first"):
        again(cast, receipt)
    assert finish(cast, receipt, "000000") == identity.Proof(cast.case(receipt), accepted=False, tries_left=0)


def test_codes_of_staff_and_of_the_web_are_not_taken_for_each_other(cast: Cast) -> None:
    receipt = cast.declare()
    begin(cast, receipt, SERGEIS_PASSPORT)
    staffs = identity.new_code(cast.base, case_id=receipt.case_id, contact_id=cast.li_wei.mail.id, actor=OLGA)
    assert not finish(cast, receipt, staffs.code).accepted
    begin(cast, receipt)
    own = digits(cast, receipt)
    assert (
        own == staffs.code
        or not identity.verify_code(cast.base, case_id=receipt.case_id, code=own, actor=OLGA).accepted
    )


@pytest.mark.parametrize("document", [PASSPORT, SERGEIS_PASSPORT], ids=["right", "wrong"])
def test_codes_are_asked_for_three_times_in_ten_minutes(cast: Cast, document: tuple[str, str, str]) -> None:
    receipt = cast.declare()
    begin(cast, receipt, document)
    for _ in range(cast.policy.identity_code_sends_per_10_minutes - 1):
        again(cast, receipt)
    with refused("too_many_codes"):
        begin(cast, receipt, document)
    cast.time.advance(timedelta(minutes=9))
    with refused("too_many_codes"):
        prove.again(cast.base, case_id=receipt.case_id, actor=ON_THE_WEB)
    cast.time.advance(timedelta(minutes=1))
    again(cast, receipt)


def test_a_contact_gets_its_share_of_codes_a_day_over_all_cases(cast: Cast) -> None:
    """Declared, asked, taken back, again and again: the phone of the holder does not ring all day."""
    for _ in range(cast.policy.identity_code_sends_per_day + 3):
        receipt = cast.declare()
        begin(cast, receipt)
        cast.work()
        withdraw(cast.base, case_id=receipt.case_id, actor=ON_THE_WEB)
        cast.time.advance(timedelta(minutes=5))
    assert len(sent(cast)) == cast.policy.identity_code_sends_per_day
    cast.time.advance(timedelta(days=1))
    begin(cast, cast.declare())
    assert len(sent(cast)) == cast.policy.identity_code_sends_per_day + 1


# who may not, and when not


def test_a_stranger_a_reviewer_and_a_case_that_has_ended_are_turned_away(cast: Cast) -> None:
    receipt = cast.declare()
    kind, issuer, number = PASSPORT
    for actor in (SOMEBODY, IRINA):
        with refused("not_allowed", NotAllowed):
            prove.begin(
                cast.base, case_id=receipt.case_id, kind=kind, issuer=issuer, number=number, channel="mail", actor=actor
            )
    begin(cast, receipt)
    withdraw(cast.base, case_id=receipt.case_id, actor=ON_THE_WEB)
    with refused("not_allowed", NotAllowed):
        begin(cast, receipt)
    with refused("not_allowed", NotAllowed):
        finish(cast, receipt, digits(cast, receipt))


def test_an_unknown_case_is_not_found(cast: Cast) -> None:
    for act in (partial(prove.finish, code="000000"), prove.again):
        with refused("not_found", NotFound):
            act(cast.base, case_id=1, actor=ON_THE_WEB)


def test_a_contact_that_is_gone_when_the_code_comes_back_proves_nothing(cast: Cast) -> None:
    receipt = cast.declare()
    begin(cast, receipt)
    change(cast.base, Contact, cast.li_wei.mail.id, removed_at=cast.time.now())
    assert not finish(cast, receipt, digits(cast, receipt)).accepted


def test_a_line_that_changed_hands_meanwhile_is_not_bound(cast: Cast) -> None:
    cast.declare()
    mine = cast.declare()
    begin(cast, mine)
    assert cast.li_wei.line is not None
    change(cast.base, Line, cast.li_wei.line.id, subscriber_id=cast.sergei.subscriber.id)
    assert not finish(cast, mine, digits(cast, mine)).accepted
    assert cast.case(mine).line_id is None


# at once


def test_papers_that_make_somebody_else_the_one_to_be_proved_end_a_proof_begun_before(cast: Cast) -> None:
    receipt = cast.declare()
    begin(cast, receipt)
    code = digits(cast, receipt)
    filed = put_representative_on_file(
        cast.base, subscriber_id=cast.li_wei.subscriber.id, kind="power_of_attorney", name="Сергей Кузнецов",
        document=SERGEIS_PASSPORT, powers=("close",), notarised=True, actor=OLGA,
    )  # fmt: skip
    evidence.bring_papers(cast.base, case_id=receipt.case_id, representative_id=filed.id, actor=OLGA)
    with nothing_changes():
        assert not finish(cast, receipt, code).accepted
    assert cast.case(receipt).document_ok_at is None


def test_of_two_who_finish_at_once_the_code_serves_one(cast: Cast) -> None:
    receipt = cast.declare()
    begin(cast, receipt)
    code = digits(cast, receipt)
    answers = winners(race(*[lambda: finish(cast, receipt, code)] * 4))
    assert any(answer.accepted for answer in answers)
    assert cast.events(receipt).count("case.prove") == 2


def test_of_two_cases_proved_at_once_one_gets_the_line(cast: Cast) -> None:
    receipts = [cast.declare() for _ in range(3)]
    for receipt in receipts:
        begin(cast, receipt)
    given = [(receipt, digits(cast, receipt)) for receipt in receipts]
    answers = race(*[partial(finish, cast, *pair) for pair in given])
    accepted = [answer for answer in winners(answers) if answer.accepted]
    bound = [receipt for receipt in receipts if cast.case(receipt).ended_at is None and cast.case(receipt).line_id]
    assert len(accepted) >= 1
    assert len(bound) == 1
    assert cast.case(bound[0]).code_ok_at is not None


def test_of_many_begun_at_once_no_try_is_lost(cast: Cast) -> None:
    receipt = cast.declare()
    answers = winners(race(*[lambda: begin(cast, receipt)] * 3))
    assert cast.case(receipt).identity_failures == len(answers) == len(some(cast.base, Code, case_id=receipt.case_id))


def test_many_cases_at_once_are_counted_one_after_the_other_for_one_contact(cast: Cast) -> None:
    receipts = [cast.declare() for _ in range(4)]
    winners(race(*[partial(begin, cast, receipt) for receipt in receipts]))
    ordinals = [code.ordinal for code in some(cast.base, Code, contact_id=cast.li_wei.mail.id)]
    assert sorted(ordinals) == list(range(1, len(ordinals) + 1))
    assert ordinals
