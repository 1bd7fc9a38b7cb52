"""Notices: queued with what they tell, to contacts that were on file long enough, sent once, never bait."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from itertools import repeat
from typing import Any

import pytest

from lastcall.core.closing import notices, texts
from lastcall.core.closing.notice import Notice
from lastcall.core.closing.receipts import Receipt
from lastcall.core.closing.withdraw import withdraw
from lastcall.core.errors import ElementTrouble
from lastcall.core.job import Job
from lastcall.core.numbers.msisdn import mask_msisdn
from lastcall.core.ports import Message
from lastcall.core.subscribers.file import put_contact_on_file
from lastcall.core.subscribers.subscriber import Contact
from lastcall.elements.mail.file import FileMail
from lastcall.elements.sms.file import FileSms
from lastcall.site.wiring import make_worker
from tests.cast import LI_WEI_MSISDN, OLGA, ON_THE_WEB, Cast
from tests.core.tools import change, only, open_alerts, retry_dead, some, work_until_dead
from tests.core.tools import notices as queued

FACTS: dict[str, Any] = {
    "number": mask_msisdn(LI_WEI_MSISDN), "code": "123456", "hold_until": "2026-03-14T09:00:00+00:00",
    "opened_at": "2026-03-14T09:00:00+00:00", "confirmed_at": "2026-03-14T09:00:00+00:00",
    "bill": {"refund": 35_050, "owed": 0, "currency": "RUB"},
    "received_at": "2026-03-13T09:00:00+00:00", "stop_word": "ABCD-EFGH", "reference": "ABCD-EFGH", "secret": "JKMN-PQRS",
    "asked": "photo", "answer_until": "2026-03-28T09:00:00+00:00", "rejected": "suspected_fraud",
    "link": "the link",
}  # fmt: skip
DECLARED = {texts.notice("declared", language=language, facts=FACTS)[0] for language in ("zh-hans", "ru", "en")}


def post(cast: Cast) -> list[Message]:
    """All that was mailed and texted after the notice of the declaration itself, in order."""
    mail, sms = cast.elements.messengers["mail"], cast.elements.messengers["sms"]
    assert isinstance(mail, FileMail) and isinstance(sms, FileSms)
    return [message for message in (*mail.messages(), *sms.messages()) if message.subject not in DECLARED]


def ready(cast: Cast) -> Receipt:
    """All is given; the worker has not looked yet."""
    receipt = cast.declare()
    cast.prove_in_person(receipt, cast.li_wei)
    cast.keep_sim(receipt)
    return receipt


def test_the_acceptance_is_told_to_mail_and_line_in_the_declarants_language(cast: Cast) -> None:
    cast.on_hold()
    sent = post(cast)
    assert [message.address for message in sent] == ["li@example.org", f"+{LI_WEI_MSISDN}"]
    assert {message.language for message in sent} == {"zh-hans"}


@pytest.mark.parametrize("language", ["zh-hans", "ru", "en"])
@pytest.mark.parametrize("template", sorted(texts.NOTICES))
def test_a_notice_names_the_line_masked_and_asks_for_nothing(template: str, language: str) -> None:
    subject, text = texts.notice(template, language=language, facts=FACTS)
    assert subject and mask_msisdn(LI_WEI_MSISDN) in text
    assert str(LI_WEI_MSISDN) not in text and "http" not in text and "%(" not in text


def test_who_came_on_file_shortly_before_is_not_told_and_never_the_only_one(cast: Cast) -> None:
    cast.time.advance(timedelta(days=1))
    new = put_contact_on_file(
        cast.base, subscriber_id=cast.li_wei.subscriber.id, kind="mail", address="thief@example.org", actor=OLGA
    )
    cast.time.advance(timedelta(days=6))
    receipt = ready(cast)
    cast.work()
    cast.approve(receipt)
    cast.work()
    assert new.id not in {contact for _, contact in queued(cast, receipt.case_id)}
    assert "thief@example.org" not in {message.address for message in post(cast)}


def test_a_contact_that_was_removed_is_not_told(cast: Cast) -> None:
    change(cast.base, Contact, cast.li_wei.mail.id, removed_at=cast.time.now())
    receipt = ready(cast)
    cast.work()
    assert cast.li_wei.mail.id not in {contact for _, contact in queued(cast, receipt.case_id)}


def test_without_an_old_contact_nothing_is_accepted(cast: Cast) -> None:
    for contact in some(cast.base, Contact, subscriber_id=cast.li_wei.subscriber.id):
        change(cast.base, Contact, contact.id, on_file_since=cast.time.now())
    receipt = ready(cast)
    cast.work()
    case = cast.case(receipt)
    assert (case.state, case.results["notice_contact"]["reason"]) == ("waiting", "no_old_contact")
    assert queued(cast, receipt.case_id) == []
    assert some(cast.base, Notice, case_id=receipt.case_id, template="declared") == []


def test_it_is_queued_in_the_transaction_of_what_it_tells(cast: Cast) -> None:
    receipt = ready(cast)
    while cast.case(receipt).state != "on_hold":
        assert cast.worker.run_one() is not None
    assert len(queued(cast, receipt.case_id)) == 2
    assert post(cast) == []
    assert {notice.queued_at for notice in some(cast.base, Notice)} == {cast.time.now()}


def test_it_is_sent_once_however_often_the_worker_tries(cast: Cast) -> None:
    cast.on_hold()
    before = post(cast)
    for notice in some(cast.base, Notice):
        assert notice.sent_at is not None
        notices.send(cast.base, notice_id=notice.id, messengers=cast.elements.messengers)
    notices.send(cast.base, notice_id=1, messengers=cast.elements.messengers)
    assert post(cast) == before


def test_a_worker_that_died_after_the_sending_sends_no_second_one(cast: Cast) -> None:
    cast.on_hold()
    before = post(cast)
    for notice in some(cast.base, Notice):
        change(cast.base, Notice, notice.id, sent_at=None)
        notices.send(cast.base, notice_id=notice.id, messengers=cast.elements.messengers)
    assert post(cast) == before


def test_the_last_warning_is_not_sent_for_a_case_that_was_withdrawn(cast: Cast) -> None:
    receipt = cast.declare()
    cast.prove_remotely(receipt, cast.li_wei)
    cast.keep_sim(receipt)
    cast.work()
    cast.approve(receipt)
    cast.work()
    before = post(cast)
    withdraw(cast.base, case_id=receipt.case_id, actor=ON_THE_WEB)
    cast.work()
    told = post(cast)
    cast.time.advance(timedelta(days=4))
    cast.work()
    assert post(cast) == told
    assert len(told) == len(before) + 2
    assert {message.key for message in told} - {message.key for message in before} == {
        f"notice:{notice.id}" for notice in some(cast.base, Notice, template="withdrawn")
    }


def test_the_last_warning_comes_a_day_before(cast: Cast) -> None:
    receipt = cast.declare()
    cast.prove_remotely(receipt, cast.li_wei)
    cast.keep_sim(receipt)
    cast.work()
    cast.approve(receipt)
    cast.work()
    told = len(post(cast))
    cast.time.advance(timedelta(hours=48) - timedelta(microseconds=1))
    cast.work()
    assert len(post(cast)) == told
    cast.time.advance(timedelta(microseconds=1))
    cast.work()
    assert len(post(cast)) == told + 2


class Silent:
    """A messenger that is down."""

    name = "silent"

    def __init__(self) -> None:
        self._trouble = repeat(ElementTrouble("no answer", permanent=False, code="unreachable"))

    def send(self, message: Message) -> None:
        raise next(self._trouble)


def test_a_messenger_that_is_down_stops_no_closing_and_alerts_in_the_end(cast: Cast) -> None:
    put_off = some(cast.base, Contact, subscriber_id=cast.li_wei.subscriber.id, kind="line")
    change(cast.base, Contact, put_off[0].id, removed_at=cast.time.now())
    receipt = cast.declare()
    cast.work()
    good = cast.elements
    deaf = replace(good, messengers={"mail": Silent(), "sms": Silent()})
    cast.worker = make_worker(deaf, base=cast.base)
    cast.prove_in_person(receipt, cast.li_wei)
    cast.keep_sim(receipt)
    job = work_until_dead(cast, "notice.send")
    assert open_alerts(cast) == [("notice.send", job.subject_id)]
    cast.worker = make_worker(good, base=cast.base)
    retry_dead(cast, "notice.send")
    cast.work()
    assert [message.address for message in post(cast)] == ["li@example.org"]
    assert only(cast.base, Notice, case_id=receipt.case_id, template="accepted").sent_at == cast.time.now()
    assert some(cast.base, Job, kind="notice.send", state="dead") == []
