"""The one-time code: once, for one case and one action, in its minutes and tries; nobody on the staff can read it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from lastcall.core.closing import identity
from lastcall.core.closing.code import Code
from lastcall.core.closing.identity import Sent
from lastcall.core.closing.receipts import Receipt
from lastcall.core.errors import ElementTrouble, NotAllowed
from lastcall.core.ports import Message
from lastcall.core.subscribers.file import put_contact_on_file
from lastcall.core.subscribers.subscriber import Contact
from lastcall.elements.mail.file import FileMail
from tests.cast import ANNA_MSISDN, OLGA, ON_THE_WEB, SERGEIS_PASSPORT, SOMEBODY, Cast
from tests.core.tools import change, nothing_changes, refused, some, written


def ask(cast: Cast, receipt: Receipt, *, action: str = "close") -> Sent:
    """A code for the mail on file; a second later than the one before it."""
    cast.time.advance(timedelta(seconds=1))
    mail = cast.li_wei.mail.id
    return identity.new_code(cast.base, case_id=receipt.case_id, contact_id=mail, actor=ON_THE_WEB, action=action)


def give(cast: Cast, receipt: Receipt, code: str, *, action: str = "close") -> bool:
    return identity.verify_code(cast.base, case_id=receipt.case_id, code=code, actor=ON_THE_WEB, action=action).accepted


def wrong(code: str) -> str:
    return str((int(code) + 1) % 10 ** len(code)).zfill(len(code))


def test_it_is_taken_once(cast: Cast) -> None:
    receipt = cast.declare()
    code = ask(cast, receipt).code
    assert len(code) >= 6 and code.isdigit()
    assert give(cast, receipt, f" {code[:3]} {code[3:]} ")
    assert cast.case(receipt).code_ok_at == cast.time.now()
    with nothing_changes():
        assert not give(cast, receipt, code)


def test_with_the_documents_number_it_proves_the_holder_from_afar(cast: Cast) -> None:
    receipt = cast.declare()
    cast.prove_remotely(receipt, cast.li_wei)
    cast.keep_sim(receipt)
    cast.work()
    case = cast.case(receipt)
    assert (case.state, case.results["identity"]["reason"]) == ("review", "remote_identity")


def test_alone_it_proves_too_little(cast: Cast) -> None:
    receipt = cast.declare()
    assert give(cast, receipt, ask(cast, receipt).code)
    cast.keep_sim(receipt)
    cast.work()
    assert cast.case(receipt).results["identity"]["reason"] == "identity_missing"


def test_it_is_dead_after_its_minutes(cast: Cast) -> None:
    receipt = cast.declare()
    sent = ask(cast, receipt)
    assert sent.expires_at - cast.time.now() == timedelta(minutes=cast.policy.identity_code_minutes)
    cast.time.advance(sent.expires_at - cast.time.now())
    with nothing_changes():
        assert not give(cast, receipt, sent.code)


def test_it_is_dead_after_its_tries(cast: Cast) -> None:
    receipt = cast.declare()
    code = ask(cast, receipt).code
    for _ in range(cast.policy.identity_code_tries):
        assert not give(cast, receipt, wrong(code))
    assert not give(cast, receipt, code)
    assert cast.case(receipt).code_ok_at is None


def test_a_new_one_ends_the_one_before(cast: Cast) -> None:
    receipt = cast.declare()
    first, second = ask(cast, receipt).code, ask(cast, receipt).code
    assert first == second or not give(cast, receipt, first)
    assert give(cast, receipt, second)


def test_it_works_for_its_own_case_only(cast: Cast) -> None:
    mine, annas = cast.declare(), cast.declare(ANNA_MSISDN)
    identity.new_code(cast.base, case_id=annas.case_id, contact_id=cast.anna.mail.id, actor=ON_THE_WEB)
    code = ask(cast, mine).code
    assert not give(cast, annas, code)
    assert cast.case(annas).code_ok_at is None


def test_one_for_another_action_does_not_close(cast: Cast) -> None:
    receipt = cast.declare()
    code = ask(cast, receipt, action="withdraw").code
    assert not give(cast, receipt, code)
    assert give(cast, receipt, code, action="withdraw")
    assert cast.case(receipt).code_ok_at is None


def test_it_is_sent_three_times_in_ten_minutes_and_ten_times_a_day(cast: Cast) -> None:
    receipt = cast.declare()
    sent = 0
    for _ in range(cast.policy.identity_code_sends_per_day // 3):
        for _ in range(cast.policy.identity_code_sends_per_10_minutes):
            ask(cast, receipt)
            sent += 1
        with refused("too_many_codes"):
            ask(cast, receipt)
        cast.time.advance(timedelta(minutes=10))
    while sent < cast.policy.identity_code_sends_per_day:
        ask(cast, receipt)
        sent += 1
    cast.time.advance(timedelta(minutes=10))
    with refused("too_many_codes"):
        ask(cast, receipt)
    cast.time.advance(timedelta(days=1))
    ask(cast, receipt)


def test_it_goes_only_to_a_contact_of_the_lines_own_holder(cast: Cast) -> None:
    receipt = cast.declare()
    gone = put_contact_on_file(
        cast.base, subscriber_id=cast.li_wei.subscriber.id, kind="sms", address="+79000007777", actor=OLGA
    )
    change(cast.base, Contact, gone.id, removed_at=cast.time.now())
    for contact_id in (cast.anna.mail.id, gone.id, 0):
        with refused("no_such_contact"):
            identity.new_code(cast.base, case_id=receipt.case_id, contact_id=contact_id, actor=ON_THE_WEB)


def test_it_does_not_go_to_a_contact_that_came_on_file_after_the_declaration(cast: Cast) -> None:
    receipt = cast.declare()
    cast.time.advance(timedelta(minutes=1))
    new = put_contact_on_file(
        cast.base, subscriber_id=cast.li_wei.subscriber.id, kind="sms", address="+79000007777", actor=OLGA
    )
    with refused("contact_too_new"):
        identity.new_code(cast.base, case_id=receipt.case_id, contact_id=new.id, actor=ON_THE_WEB)


def test_a_stranger_and_a_case_that_has_ended_get_none(cast: Cast) -> None:
    receipt = cast.declare()
    with refused("not_allowed", NotAllowed):
        identity.new_code(cast.base, case_id=receipt.case_id, contact_id=cast.li_wei.mail.id, actor=SOMEBODY)
    closed = cast.closed(cast.anna)
    with refused("not_allowed", NotAllowed):
        identity.new_code(cast.base, case_id=closed.case_id, contact_id=cast.anna.mail.id, actor=ON_THE_WEB)


def test_a_locked_case_takes_none(cast: Cast) -> None:
    receipt = cast.declare()
    code = ask(cast, receipt).code
    kind, issuer, number = SERGEIS_PASSPORT
    for _ in range(cast.policy.identity_document_tries):
        identity.verify_document(
            cast.base, case_id=receipt.case_id, kind=kind, issuer=issuer, number=number, actor=ON_THE_WEB
        )
    with refused("identity_locked"):
        give(cast, receipt, code)
    with refused("identity_locked"):
        ask(cast, receipt)


def test_it_goes_out_in_the_cases_language_and_is_kept_nowhere(cast: Cast) -> None:
    receipt = cast.declare()
    mail = cast.elements.messengers["mail"]
    assert isinstance(mail, FileMail)
    expires_at = identity.send_code(
        cast.base, case_id=receipt.case_id, contact_id=cast.li_wei.mail.id, actor=ON_THE_WEB,
        messengers=cast.elements.messengers,
    )  # fmt: skip
    [message] = mail.messages()
    assert (message.address, message.language) == ("li@example.org", "zh-hans")
    [code] = [word for word in message.text.replace("。", " ").split() if word.isdigit() and len(word) == 6]
    assert f"'{code}'" not in written()
    assert expires_at > cast.time.now()
    assert give(cast, receipt, code)


def test_when_the_sending_fails_it_can_be_asked_for_again(cast: Cast) -> None:
    class BrokenMail:
        name = "broken"

        def send(self, message: Message) -> None:
            raise ElementTrouble("no mail today", permanent=False, code="unreachable")

    receipt = cast.declare()
    with pytest.raises(ElementTrouble):
        identity.send_code(
            cast.base, case_id=receipt.case_id, contact_id=cast.li_wei.mail.id, actor=ON_THE_WEB,
            messengers={"mail": BrokenMail()},
        )  # fmt: skip
    assert give(cast, receipt, ask(cast, receipt).code)
    assert len(some(cast.base, Code, case_id=receipt.case_id)) == 2
