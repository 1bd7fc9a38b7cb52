"""The receipt: readable again by its keeper, and a copy to the contact that was given, which proves nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from lastcall.core import keyed
from lastcall.core.closing import declare, receipts
from lastcall.core.closing.declare import Declaring
from lastcall.core.closing.receipt_copy import ReceiptCopy
from lastcall.core.closing.receipts import Receipt, read_receipt
from lastcall.core.errors import Conflict, ElementTrouble, NotFound
from lastcall.core.ports import Attachment, Message
from lastcall.core.subscribers.inputs import Contacted, parse_contact
from lastcall.elements.mail.file import FileMail
from lastcall.elements.sms.file import FileSms
from lastcall.site.wiring import make_worker
from tests.cast import FREE_MSISDN, LI_WEI_MSISDN, ON_THE_WEB, Cast
from tests.core.tools import nothing_changes, open_alerts, some, written

MAIL = Contacted("mail", "li.wei@example.net")
PHONE = Contacted("sms", "+8613800138000")


def declared(
    cast: Cast, contact: Contacted | None, *, key: str = "a key of one form", msisdn: int = FREE_MSISDN
) -> Receipt:
    declaring = Declaring(msisdn=msisdn, door="portal", language="ru", contact=contact)
    return declare.declare(cast.base, declaring=declaring, key=key, policy=cast.policy, actor=ON_THE_WEB)


def sent_to(cast: Cast, contact: Contacted) -> list[Message]:
    messenger = cast.elements.messengers[contact.kind]
    assert isinstance(messenger, FileMail | FileSms)
    return [message for message in messenger.messages() if message.address == contact.address]


def test_whoever_keeps_it_reads_the_same_receipt_again(cast: Cast) -> None:
    receipt = declared(cast, MAIL)
    cast.time.advance(timedelta(days=3))
    again = read_receipt(cast.base, kept=receipt.kept)
    assert again.receipt == receipt
    assert (again.case.id, again.contact) == (receipt.case_id, "l…@example.net")


def test_a_keeper_of_something_else_reads_nothing(cast: Cast) -> None:
    declared(cast, MAIL)
    for kept in ("", "0" * 64, "no key at all"):
        with nothing_changes(), pytest.raises(NotFound):
            read_receipt(cast.base, kept=kept)


@pytest.mark.parametrize("contact", [MAIL, PHONE], ids=["mail", "phone"])
def test_its_copy_goes_to_the_contact_that_was_given(cast: Cast, contact: Contacted) -> None:
    receipt = declared(cast, contact)
    assert sent_to(cast, contact) == []
    cast.work()
    (message,) = sent_to(cast, contact)
    assert receipts.grouped(receipt.reference) in message.text and receipts.grouped(receipt.secret) in message.text
    assert message.language == "ru"
    assert str(FREE_MSISDN) not in message.text


def test_the_mail_carries_the_receipt_as_pdf(cast: Cast) -> None:
    declared(cast, MAIL)
    cast.work()
    (message,) = sent_to(cast, MAIL)
    (pdf,) = message.attachments
    assert (pdf.name, pdf.media_type) == ("receipt.pdf", "application/pdf")
    assert pdf.content.startswith(b"%PDF-")


def test_without_a_contact_nothing_is_sent(cast: Cast) -> None:
    receipt = declared(cast, None)
    cast.work()
    assert some(cast.base, ReceiptCopy) == []
    assert read_receipt(cast.base, kept=receipt.kept).contact == ""


def test_the_same_declaration_twice_is_one_copy(cast: Cast) -> None:
    assert declared(cast, MAIL) == declared(cast, MAIL)
    cast.work()
    assert len(sent_to(cast, MAIL)) == 1


def test_the_same_key_with_another_contact_is_a_conflict(cast: Cast) -> None:
    declared(cast, MAIL)
    for other in (None, PHONE, Contacted("mail", "other@example.net")):
        with nothing_changes(), pytest.raises(Conflict) as trouble:
            declared(cast, other)
        assert trouble.value.code == "key_reused"


def test_a_worker_that_died_after_the_sending_sends_no_second_one(cast: Cast) -> None:
    declared(cast, MAIL)
    cast.work()
    (copy,) = some(cast.base, ReceiptCopy)
    receipts.send_copy(cast.base, copy_id=copy.id, messengers=cast.elements.messengers)
    assert len(sent_to(cast, MAIL)) == 1


def test_one_address_gets_its_share_of_a_day_and_no_more(cast: Cast) -> None:
    most = cast.policy.receipt_copies_per_day
    given = [declared(cast, MAIL, key=f"form number {number}") for number in range(most + 2)]
    cast.work()
    assert len(sent_to(cast, MAIL)) == most
    assert len({receipt.reference for receipt in given}) == most + 2
    assert read_receipt(cast.base, kept=given[-1].kept).contact == ""
    cast.time.advance(timedelta(days=1, seconds=1))
    declared(cast, MAIL, key="the next day")
    cast.work()
    assert len(sent_to(cast, MAIL)) == most + 1


class Refusing:
    """A messenger that knows no such address, or cannot be reached."""

    name = "refusing"

    def __init__(self, *, permanent: bool) -> None:
        self._permanent = permanent

    def send(self, message: Message) -> None:
        raise ElementTrouble("refused", permanent=self._permanent, code="no_such_address")


def test_a_mistyped_address_alarms_nobody(cast: Cast) -> None:
    receipt = declared(cast, MAIL)
    cast.worker = make_worker(replace(cast.elements, messengers={"mail": Refusing(permanent=True)}), base=cast.base)
    cast.work()
    assert open_alerts(cast) == []
    assert read_receipt(cast.base, kept=receipt.kept).contact == ""


def test_a_messenger_that_is_away_is_tried_again(cast: Cast) -> None:
    declared(cast, MAIL)
    cast.worker = make_worker(replace(cast.elements, messengers={"mail": Refusing(permanent=False)}), base=cast.base)
    cast.work()
    cast.worker = make_worker(cast.elements, base=cast.base)
    cast.time.advance(timedelta(minutes=1))
    cast.work()
    assert len(sent_to(cast, MAIL)) == 1


def test_the_contact_is_nowhere_in_clear(cast: Cast) -> None:
    receipt = declared(cast, MAIL)
    cast.work()
    kept = written()
    for secret in (MAIL.address, receipt.reference, receipt.secret):
        assert secret not in kept


def test_a_copy_does_not_open_for_another_row(cast: Cast) -> None:
    declared(cast, MAIL)
    (copy,) = some(cast.base, ReceiptCopy)
    with pytest.raises(Exception, match="sealed"):
        keyed.unseal(copy.sealed_address, bound_to=f"closing.receipt_copy.address:{copy.id + 1}")


def test_what_goes_with_the_mail_is_told_only_to_mail(cast: Cast) -> None:
    declared(cast, PHONE)
    (copy,) = some(cast.base, ReceiptCopy)

    def attach(receipted: receipts.Receipted) -> tuple[Attachment, ...]:
        raise AssertionError("a text message carries no file")

    receipts.send_copy(cast.base, copy_id=copy.id, messengers=cast.elements.messengers, attach=attach)
    assert len(sent_to(cast, PHONE)) == 1


def test_a_contact_typed_by_the_declarant_never_hears_of_the_closing_itself(cast: Cast) -> None:
    receipt = declared(cast, MAIL, msisdn=LI_WEI_MSISDN)
    cast.prove_in_person(receipt, cast.li_wei)
    cast.keep_sim(receipt)
    cast.work()
    cast.time.advance(timedelta(days=8))
    cast.work()
    assert cast.case(receipt).state == "closed"
    assert len(sent_to(cast, MAIL)) == 1


GOOD = {
    "li.wei@example.net": MAIL,
    " li.wei@example.net ": MAIL,
    "８ ９１６ １２３-４５-６７": Contacted("sms", "+79161234567"),
    "+86 138 0013 8000": PHONE,
    "8 (916) 123-45-67": Contacted("sms", "+79161234567"),
}


@pytest.mark.parametrize(("text", "meant"), list(GOOD.items()), ids=str)
def test_a_contact_is_read_as_people_write_it(text: str, meant: Contacted) -> None:
    assert parse_contact(text) == meant


@pytest.mark.parametrize(
    "text", ["", "li wei", "a@", "@b.example", "12", "+7 916", "a@b", "李@例子.中国", "x" * 250 + "@e.org"]
)
def test_what_is_no_contact_is_refused_without_repeating_it(text: str) -> None:
    with pytest.raises(Exception, match="neither a mail address nor a phone") as trouble:
        parse_contact(text)
    assert getattr(trouble.value, "code", "") == "malformed_contact"
    assert not text or text not in str(trouble.value)


def test_masking_shows_its_owner_enough() -> None:
    assert receipts.masked(replace(MAIL)) == "l…@example.net"
    assert receipts.masked(Contacted("sms", "+79161234567")) == "+7 916 ***-**-67"
