"""Codes are sent by the worker: in the case's language, once, and never one that no longer works."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import override_settings

from lastcall.core.closing import codes, prove
from lastcall.core.closing.code import Code
from lastcall.core.closing.receipts import Receipt
from lastcall.core.closing.withdraw import withdraw
from lastcall.core.errors import ElementTrouble
from lastcall.core.job import Job
from lastcall.core.ports import Message
from lastcall.core.subscribers.subscriber import Contact
from lastcall.site.wiring import make_worker
from tests.cast import ON_THE_WEB, PASSPORT, Cast
from tests.core.tools import change, only, some, written


class Box:
    """A messenger that keeps what it was given; ``down``: it takes nothing."""

    name = "box"

    def __init__(self) -> None:
        self.messages: dict[str, Message] = {}
        self.down = False

    def send(self, message: Message) -> None:
        if self.down:
            raise ElementTrouble("no messages today", permanent=False, code="unreachable")
        self.messages[message.key] = message

    def codes(self) -> list[Message]:
        return [message for key, message in self.messages.items() if key.startswith("code:")]


@pytest.fixture
def boxes(cast: Cast) -> dict[str, Box]:
    """The cast's worker hands messages to these."""
    made = {"sms": Box(), "mail": Box()}
    cast.elements.messengers.update(made)
    cast.worker = make_worker(cast.elements, base=cast.base)
    return made


def begun(cast: Cast, channel: str = "mail") -> Receipt:
    receipt = cast.declare()
    kind, issuer, number = PASSPORT
    prove.begin(
        cast.base, case_id=receipt.case_id, kind=kind, issuer=issuer, number=number, channel=channel, actor=ON_THE_WEB
    )
    return receipt


def secret(cast: Cast, receipt: Receipt) -> str:
    return codes.digits_of(only(cast.base, Code, case_id=receipt.case_id), cast.policy)


def test_it_goes_out_in_the_cases_language_and_is_kept_nowhere(cast: Cast, boxes: dict[str, Box]) -> None:
    receipt = begun(cast)
    assert boxes["mail"].codes() == []
    cast.work()
    [message] = boxes["mail"].codes()
    code = secret(cast, receipt)
    assert (message.address, message.language) == ("li@example.org", "zh-hans")
    assert code in message.text
    assert "+7 900" in message.text and "79000001001" not in message.text
    assert f"'{code}'" not in written()
    assert f" {code} " not in written()


def test_an_sms_ends_with_the_line_that_binds_it_to_our_site(cast: Cast, boxes: dict[str, Box]) -> None:
    receipt = begun(cast, "line")
    with override_settings(LASTCALL_PUBLIC_HOST="close.example.org"):
        cast.work()
    [message] = boxes["sms"].codes()
    assert message.text.endswith(f"\n\n@close.example.org #{secret(cast, receipt)}")


def test_without_a_public_host_there_is_no_such_line_nor_ever_in_a_mail(cast: Cast, boxes: dict[str, Box]) -> None:
    begun(cast, "line")
    cast.work()
    with override_settings(LASTCALL_PUBLIC_HOST="close.example.org"):
        withdrawn = begun(cast)
        cast.work()
    assert "@" not in boxes["sms"].codes()[0].text
    assert "@close" not in "".join(message.text for message in boxes["mail"].codes())
    assert withdrawn


def test_a_messenger_that_is_down_is_tried_again(cast: Cast, boxes: dict[str, Box]) -> None:
    boxes["mail"].down = True
    receipt = begun(cast)
    cast.work()
    assert only(cast.base, Job, kind="code.send").state == "queued"
    boxes["mail"].down = False
    cast.time.advance(timedelta(minutes=1))
    cast.work()
    assert len(boxes["mail"].codes()) == 1
    assert prove.finish(cast.base, case_id=receipt.case_id, code=secret(cast, receipt), actor=ON_THE_WEB).accepted


def test_sent_twice_after_a_crash_it_is_the_same_message(cast: Cast, boxes: dict[str, Box]) -> None:
    receipt = begun(cast)
    code_id = only(cast.base, Code, case_id=receipt.case_id).id
    for _ in range(2):
        codes.send(cast.base, code_id=code_id, messengers=cast.elements.messengers)
    cast.work()
    [message] = boxes["mail"].codes()
    assert message.key == f"code:{code_id}"


def test_one_that_expired_while_the_messenger_was_down_is_not_sent(cast: Cast, boxes: dict[str, Box]) -> None:
    boxes["mail"].down = True
    begun(cast)
    cast.work()
    boxes["mail"].down = False
    cast.time.advance(timedelta(minutes=cast.policy.identity_code_minutes))
    cast.work()
    assert boxes["mail"].codes() == []
    assert only(cast.base, Job, kind="code.send").state == "done"


def test_one_that_was_followed_by_another_is_not_sent(cast: Cast, boxes: dict[str, Box]) -> None:
    receipt = begun(cast)
    cast.time.advance(timedelta(seconds=1))
    prove.again(cast.base, case_id=receipt.case_id, actor=ON_THE_WEB)
    cast.work()
    [message] = boxes["mail"].codes()
    newest = max(code.id for code in some(cast.base, Code, case_id=receipt.case_id))
    assert message.key == f"code:{newest}"


def test_none_goes_to_a_contact_that_is_gone_or_for_a_case_that_has_ended(cast: Cast, boxes: dict[str, Box]) -> None:
    receipt = begun(cast)
    withdraw(cast.base, case_id=receipt.case_id, actor=ON_THE_WEB)
    cast.work()
    begun(cast)
    change(cast.base, Contact, cast.li_wei.mail.id, removed_at=cast.time.now())
    cast.work()
    assert boxes["mail"].codes() == []


def test_each_row_has_a_code_of_its_own_with_as_many_digits_as_the_policy_asks(cast: Cast) -> None:
    now = cast.time.now()
    made = [
        Code(id=place, case_id=1, action=action, contact_id=None, sent_at=now, expires_at=now)
        for place in range(300) for action in ("close", "prove")
    ]  # fmt: skip
    secrets = [codes.digits_of(code, cast.policy) for code in made]
    assert {len(found) for found in secrets} == {cast.policy.identity_code_digits}
    assert len(set(secrets)) > 590
    assert {found[0] for found in secrets} == set("0123456789")
