"""A webhook's address is agreed by its receiver before anything is pushed, and its secret can be changed without a gap."""

from __future__ import annotations

import base64
import hmac
from datetime import timedelta

import pytest

from lastcall.core.errors import BadInput, ElementTrouble, NotFound, Refused
from lastcall.core.job import Alert
from lastcall.core.ports import Answered
from lastcall.core.telling import webhooks
from lastcall.core.telling.webhook import Webhook
from lastcall.elements.webhook.recorded import Sent, willing
from tests.core.telling.stage import URL, Stage


def state(stage: Stage) -> str:
    (webhook,) = stage.rows(Webhook)
    return webhook.state


def test_the_receiver_is_asked_and_agrees(stage: Stage) -> None:
    stage.with_webhook(stage.bank())
    (asked,) = stage.net.sent
    assert (asked.method, asked.url) == ("OPTIONS", URL)
    assert asked.headers["webhook-request-origin"] == "localhost"
    assert state(stage) == "active"


@pytest.mark.parametrize(
    "headers",
    [{}, {"webhook-allowed-origin": "elsewhere.example"}, {"allow": "POST, OPTIONS"}],
    ids=["no", "other", "allow"],
)
def test_nothing_is_pushed_to_a_receiver_that_does_not_agree(stage: Stage, headers: dict[str, str]) -> None:
    stage.net.answer = lambda sent: Answered(200, headers)
    bank = stage.bank()
    stage.with_webhook(bank)
    for _ in range(10):
        stage.later(hours=6)
    assert state(stage) == "refused"
    assert len(stage.net.sent) == 6  # the first handshake and five more
    stage.ceased()
    stage.tell()

    assert not stage.posts()
    assert stage.kinds(bank) == ["ceased"]
    assert not stage.rows(Alert)  # the consumer's own affair


def test_a_receiver_that_is_down_at_first_is_asked_again(stage: Stage) -> None:
    def down(sent: Sent) -> Answered:
        raise ElementTrouble("down", permanent=False, code="unreachable")

    stage.net.answer = down
    bank = stage.bank()
    stage.with_webhook(bank)
    stage.ceased()
    stage.tell()
    assert state(stage) == "unverified"

    stage.net.answer = willing
    stage.later(seconds=10)
    stage.tell()
    assert state(stage) == "active"
    assert stage.posted() == ["ceased"]


def verified(sent: Sent, secret: str) -> bool:
    """As a receiver does it."""
    key = base64.b64decode(secret.removeprefix("whsec_"))
    signed = f"{sent.headers['webhook-id']}.{sent.headers['webhook-timestamp']}.".encode() + sent.body
    expected = "v1," + base64.b64encode(hmac.new(key, signed, "sha256").digest()).decode()
    return any(hmac.compare_digest(expected, each) for each in sent.headers["webhook-signature"].split())


def test_deliveries_are_signed_with_both_secrets_until_the_former_is_over(stage: Stage) -> None:
    bank = stage.bank()
    former = stage.with_webhook(bank).secret
    rotated = webhooks.rotate_secret(stage.base, access=bank, policy=stage.policy).secret
    stage.ceased()
    stage.tell()
    stage.cast.time.advance(timedelta(hours=stage.policy.told_secret_overlap_hours))
    stage.given_back()
    stage.tell()

    both, new = stage.posts()
    assert verified(both, former) and verified(both, rotated)
    assert not verified(new, former) and verified(new, rotated)


def test_no_secret_lies_open_in_the_database_or_in_what_is_shown(stage: Stage) -> None:
    secret = stage.with_webhook(stage.bank()).secret
    (webhook,) = stage.rows(Webhook)
    assert secret.startswith("whsec_") and len(base64.b64decode(secret[6:])) == 32
    assert secret not in repr(webhook)
    assert webhooks.secrets_of(webhook, now=stage.cast.time.now()) == [secret]


def test_another_address_has_another_secret_and_the_same_one_keeps_its_own(stage: Stage) -> None:
    bank = stage.bank()
    first = stage.with_webhook(bank).secret
    assert stage.with_webhook(bank).secret == ""
    other = stage.with_webhook(bank, "https://bank.example/other").secret
    assert other and other != first
    assert state(stage) == "active"


def test_what_waits_is_pushed_to_the_new_address(stage: Stage) -> None:
    bank = stage.bank()
    stage.with_webhook(bank)
    stage.net.answer = lambda sent: Answered(500, {})
    stage.ceased()
    stage.tell()
    stage.net.answer = willing
    stage.with_webhook(bank, "https://bank.example/other")
    stage.later(minutes=10)

    assert [sent.url for sent in stage.posts()] == [URL, "https://bank.example/other"]


def test_a_webhook_that_was_taken_away_leaves_everything_in_the_feed(stage: Stage) -> None:
    bank = stage.bank()
    stage.with_webhook(bank)
    stage.net.answer = lambda sent: Answered(500, {})
    stage.ceased()
    stage.tell()
    webhooks.remove(stage.base, access=bank)
    stage.given_back()
    stage.later(days=1)

    assert len(stage.posts()) == 1
    assert stage.kinds(bank) == ["ceased", "returned"]
    with pytest.raises(NotFound):
        webhooks.look(stage.base, access=bank)


def test_an_address_that_is_none_is_refused_at_once(stage: Stage) -> None:
    with pytest.raises(BadInput) as bad:
        stage.with_webhook(stage.bank(), "http://bank.example/")
    assert bad.value.code == "bad_address"


def test_without_the_agreement_there_is_no_webhook(stage: Stage) -> None:
    with pytest.raises(Refused) as refused:
        stage.with_webhook(stage.consumer(told=False))
    assert refused.value.code == "no_agreement"
