"""Announcements are CloudEvents 1.0 whose data keeps to its published schema, signed as Standard Webhooks say."""

from __future__ import annotations

from datetime import UTC, date, datetime

import jsonschema  # type: ignore[import-untyped]
import pytest
from django.test import override_settings

from lastcall.core.clock import ManualClock, use
from lastcall.core.telling import cloudevent, signature
from lastcall.core.telling.announcement import Announcement
from lastcall.core.telling.delivery import Delivery
from lastcall.core.telling.kinds import KINDS

AT = datetime(2026, 3, 13, 9, tzinfo=UTC)


def announced(kind: str, due_at: datetime | None = None) -> Announcement:
    return Announcement(
        id=1, tenure_id=2, msisdn=79000001001, kind=kind, ordinal=1, at=AT, day=date(2026, 3, 13), due_at=due_at
    )


def delivery(subject: str = "+79000001001", reference: str = "") -> Delivery:
    return Delivery(
        id=17, consumer_id=3, announcement_id=1, msisdn=79000001001, cursor=4, subject=subject, reference=reference,
        state="kept", made_at=AT,
    )  # fmt: skip


@override_settings(LASTCALL_PUBLIC_HOST="line.example")
def test_every_attribute_is_as_the_standard_asks() -> None:
    event = cloudevent.as_event(announced("release_soon", datetime(2026, 3, 20, 22, tzinfo=UTC)), delivery())
    assert event == {
        "specversion": "1.0", "id": "17", "source": "https://line.example",
        "type": "org.lastcall.number.release_soon.v1", "subject": "+79000001001", "time": "2026-03-13T09:00:00Z",
        "datacontenttype": "application/json",
        "dataschema": "https://line.example/lookup/v1/schemas/number-event.json", "sequence": "0000000000000000004",
        "data": {"kind": "release_soon", "number": "+79000001001", "day": "2026-03-13", "notBefore": "2026-03-21"},
    }  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
def test_the_data_of_every_kind_keeps_to_the_schema(kind: str) -> None:
    checker = jsonschema.Draft202012Validator(
        cloudevent.SCHEMA, format_checker=jsonschema.Draft202012Validator.FORMAT_CHECKER
    )
    checker.check_schema(cloudevent.SCHEMA)
    for one in (delivery(), delivery("ab" * 32, reference="customer 12")):
        checker.validate(cloudevent.as_event(announced(kind, AT), one)["data"])


def test_the_signature_is_that_of_the_published_example() -> None:
    # From the reference libraries of Standard Webhooks, which all sign this the same way.
    headers = signature.headers(
        event_id="msg_p5jXN8AQM9LWM0D4loKWxJek", body=b'{"test": 2432232314}',
        at=datetime.fromtimestamp(1_614_265_330, UTC), secrets=["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"],
    )  # fmt: skip
    assert headers["webhook-signature"] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_secrets_are_fresh_and_long_enough() -> None:
    with use(ManualClock(AT)):
        made = {signature.new_secret() for _ in range(3)}
    assert len(made) == 3 and all(len(secret) == len("whsec_") + 44 for secret in made)
