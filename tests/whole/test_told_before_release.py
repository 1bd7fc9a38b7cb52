"""A bank is told of a closed number before somebody else gets it: a real close, a real receiver, and workers that are killed."""

from __future__ import annotations

import base64
import hmac
import json
import signal
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import override_settings

from lastcall.core import clock
from lastcall.core.audit.auditor import audit
from lastcall.core.numbers.number import Quarantine
from lastcall.core.numbers.sweep import sweep
from lastcall.core.telling import telling
from lastcall.core.telling.delivery import Delivery
from lastcall.core.telling.periodic import tell
from lastcall.elements.webhook.pinned import PinnedWebhooks
from tests.cast import LI_WEI_MSISDN, Cast
from tests.core.telling.stage import Stage as Telling
from tests.elements.webhook.receiver import Receiver, saying
from tests.whole.processes import Forks, running
from tests.whole.stage import Stage
from tests.whole.waiting import wait_until

KILLED = -signal.SIGKILL


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with Receiver() as at_the_bank:
        yield at_the_bank


@pytest.fixture
def told(cast: Cast, tmp_path: Path) -> Iterator[Telling]:
    """The cast, with telling over the net, to this machine only."""
    policy = replace(cast.policy, notice_before_release_days=14, told_retention_days=400)
    stage = Telling(cast, policy, sender=PinnedWebhooks(loopback=True))
    with override_settings(LASTCALL_DAILY=tmp_path / "daily"):
        yield stage


def url(receiver: Receiver) -> str:
    return f"http://127.0.0.1:{receiver.port}/numbers"


def taken(receiver: Receiver) -> list[tuple[dict[str, str], bytes]]:
    """Headers and body of each delivery."""
    return [_apart(seen) for seen in receiver.seen if seen.startswith(b"POST")]


def _apart(seen: bytes) -> tuple[dict[str, str], bytes]:
    head, _, body = seen.partition(b"\r\n\r\n")
    lines = (line.partition(": ") for line in head.decode().split("\r\n")[1:])
    return {name.lower(): value for name, _, value in lines}, body


def verified(headers: dict[str, str], body: bytes, secret: str) -> dict[str, Any]:
    """What a receiver does with a delivery."""
    key = base64.b64decode(secret.removeprefix("whsec_"))
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    expected = "v1," + base64.b64encode(hmac.new(key, signed, "sha256").digest()).decode()
    assert any(hmac.compare_digest(expected, each) for each in headers["webhook-signature"].split())
    event: dict[str, Any] = json.loads(body)
    assert event["id"] == headers["webhook-id"]
    return event


def test_a_bank_hears_of_a_closed_number_at_every_step_and_before_anybody_gets_it(
    told: Telling, receiver: Receiver
) -> None:
    bank, cast = told.bank(), told.cast
    secret = told.with_webhook(bank, url(receiver)).secret
    cast.closed()
    told.tell()
    told.rested()
    told.near_its_release()
    (resting,) = told.rows(Quarantine)
    cast.time.advance(resting.quarantine_until - clock.now())
    told.tell()
    sweep(told.base, policy=told.policy)
    assert told.state() == "available"
    told.given_to(cast.sergei)
    told.tell()

    events = [verified(headers, body, secret) for headers, body in taken(receiver)]
    assert [event["data"]["kind"] for event in events] == ["ceased", "reclaim_ended", "release_soon", "reissued"]
    assert len({event["id"] for event in events}) == 4
    soon = events[2]
    assert soon["data"]["notBefore"] == resting.quarantine_until.date().isoformat()
    since = told.tenure().since.date() - timedelta(days=300)
    heard = told.base.transact(lambda rows: telling.of_number(rows, msisdn=LI_WEI_MSISDN, since=since, until=None))
    assert sum(one.times for one in heard) == 4
    assert audit(told.base).broken == ()


def test_a_worker_killed_between_announcement_and_delivery_loses_nothing(
    stage: Stage, told: Telling, forks: Forks, receiver: Receiver
) -> None:
    told.with_webhook(told.bank(), url(receiver))
    told.ceased()
    push = "tests.whole.telling_errands:push"

    assert forks.run(stage.errand(task=push, die_in_call="announced")).code == KILLED
    assert not taken(receiver)
    assert forks.run(stage.errand(task=push)).code == 0
    assert forks.run(stage.errand(task=push)).code == 0

    assert [json.loads(body)["data"]["kind"] for _, body in taken(receiver)] == ["ceased"]


def test_a_worker_killed_after_the_post_sends_the_very_same_again(
    stage: Stage, told: Telling, forks: Forks, receiver: Receiver
) -> None:
    told.with_webhook(told.bank(), url(receiver))
    told.ceased()
    push = "tests.whole.telling_errands:push"

    assert forks.run(stage.errand(task=push, die_in_call="taken")).code == KILLED
    stage.after_the_lease()
    assert forks.run(stage.errand(task=push)).code == 0

    (first, body), (again, same) = taken(receiver)
    assert first["webhook-id"] == again["webhook-id"] and body == same
    assert [one.state for one in told.rows(Delivery)] == ["delivered"]


def test_two_worker_processes_push_each_thing_once_and_each_number_in_its_order(
    stage: Stage, told: Telling, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LASTCALL_WEBHOOKS_LOOPBACK", "1")
    numbers = [f"+7900000{number}" for number in range(3000, 3010)]
    told.with_webhook(told.bank(*numbers), url(receiver))
    for number in numbers:
        told.given_to(told.cast.sergei, int(number))
        told.ceased(int(number))
        told.given_back(int(number))
    receiver.behaviour = saying("HTTP/1.1 503 Not now\n\n")
    told.tell()
    receiver.behaviour = saying("HTTP/1.1 204 Taken\n\n")
    before = len(taken(receiver))
    told.cast.time.advance(timedelta(minutes=30))
    tell(told.base, told.policy)
    with running([stage.errand(), stage.errand()], stage.folder):
        wait_until(lambda: {one.state for one in told.rows(Delivery)} == {"delivered"})

    pushed = [json.loads(body) for _, body in taken(receiver)[before:]]
    assert len(pushed) == 20 and len({event["id"] for event in pushed}) == 20
    for number in numbers:
        assert [event["data"]["kind"] for event in pushed if event["subject"] == number] == ["ceased", "returned"]
