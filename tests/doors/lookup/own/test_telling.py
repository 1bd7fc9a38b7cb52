"""Being told: the feed with its cursor, the webhook and its secret, the daily file, deliveries that nobody took."""

from __future__ import annotations

import csv
from datetime import date, timedelta
from typing import Any

import jsonschema  # type: ignore[import-untyped]
import pytest

from lastcall.core.lookup.days import today
from lastcall.core.ports import Answered, Webhooks
from lastcall.core.provided import provide
from lastcall.core.relying import consumers
from lastcall.core.relying.hashing import number_hash
from lastcall.core.telling import periodic
from lastcall.core.telling.delivery import Delivery
from lastcall.elements.webhook import make_webhooks
from tests.cast import ANNA_MSISDN, LI_WEI_MSISDN, Cast
from tests.core.tools import change, some
from tests.doors.lookup.conftest import MakeConsumer
from tests.doors.lookup.own.conftest import MakeClient, Renewing

EVENTS = "/lookup/v1/events"
WEBHOOK = "/lookup/v1/webhook"
DEAD = "/lookup/v1/deliveries/dead"
INTERESTS = "/lookup/v1/interests"
LI_WEI = f"+{LI_WEI_MSISDN}"
ADDRESS = "https://bank.example.org/numbers"


class Receivers:
    """Addresses on the net, looked at as in earnest, none of which is spoken to."""

    name = "none"

    def check(self, url: str) -> None:
        make_webhooks("https").check(url)

    def send(self, method: str, *, url: str, body: bytes, headers: Any) -> Answered:
        raise AssertionError("nothing is sent from a request")

    def post(self, *, url: str, body: bytes, headers: Any) -> int:
        raise AssertionError("nothing is sent from a request")


@pytest.fixture(autouse=True)
def receivers(cast: Cast) -> None:
    provide(Webhooks, Receivers)


@pytest.fixture
def closed(client: Renewing, cast: Cast) -> None:
    """Li Wei's line, in whose number the bank has an interest, is closed, and that is announced."""
    client.post(INTERESTS, json={"numbers": [LI_WEI], "reference": "customer-7"})
    cast.closed()
    periodic.tell(cast.base, cast.policy)


def test_the_feed_tells_of_a_closing(client: Renewing, closed: None) -> None:
    answer = client.get(EVENTS)
    assert answer.headers["content-type"] == "application/cloudevents-batch+json"
    (event,) = answer.json()
    assert (event["specversion"], event["type"]) == ("1.0", "org.lastcall.number.ceased.v1")
    data = event["data"]
    assert (data["number"], data["kind"], data["reference"]) == (LI_WEI, "ceased", "customer-7")
    jsonschema.validate(data, client.get("/lookup/v1/schemas/number-event.json").json())


def test_the_feed_is_read_on_from_its_cursor(client: Renewing, closed: None, cast: Cast) -> None:
    first = client.get(EVENTS)
    after = {"after": first.headers["x-lastcall-cursor"]}
    assert first.headers["x-lastcall-more"] == "false"
    assert client.get(EVENTS, params=after).json() == []
    assert client.get(EVENTS).json() == first.json()
    cast.time.advance(timedelta(days=cast.policy.reactivation_window_days))
    cast.work()
    from lastcall.core.numbers.sweep import sweep

    sweep(cast.base)
    periodic.tell(cast.base, cast.policy)
    assert [one["data"]["kind"] for one in client.get(EVENTS, params=after).json()][:1] == ["reclaim_ended"]
    page = client.get(EVENTS, params={"limit": "1"})
    assert (len(page.json()), page.headers["x-lastcall-more"]) == (1, "true")
    assert client.get(page.links["next"]["url"]).json()[0]["data"]["kind"] == "reclaim_ended"


def test_the_feed_may_be_asked_for_by_its_media_type(client: Renewing, closed: None) -> None:
    assert client.get(EVENTS, headers={"accept": "application/cloudevents-batch+json"}).status_code == 200
    refused = client.get(EVENTS, headers={"accept": "text/html"})
    assert (refused.status_code, refused.json()["code"]) == (406, "NOT_ACCEPTABLE")


def test_a_query_that_is_not_as_the_definition_has_it(client: Renewing) -> None:
    for query in ({"after": "wrong"}, {"limit": "0"}, {"limit": "501"}, {"limit": "many"}):
        answer = client.get(EVENTS, params=query)
        assert (answer.status_code, answer.json()["code"]) == (400, "INVALID_ARGUMENT")


def test_each_consumer_has_its_own_feed(client: Renewing, rival: Renewing, closed: None) -> None:
    assert rival.get(EVENTS).json() == []
    cursor = client.get(EVENTS).headers["x-lastcall-cursor"]
    assert rival.get(EVENTS, params={"after": cursor}).status_code == 400


def test_a_cursor_from_a_time_that_is_not_known_is_gone(client: Renewing, closed: None, cast: Cast) -> None:
    from lastcall.core.telling.delivery import Reader

    cursor = client.get(EVENTS).headers["x-lastcall-cursor"]
    (bank,) = (one.id for one in consumers.all(cast.base))
    change(cast.base, Reader, bank, last=0)
    answer = client.get(EVENTS, params={"after": cursor})
    assert (answer.status_code, answer.json()["code"]) == (410, "GONE")


def test_the_secret_of_a_webhook_is_shown_once(client: Renewing) -> None:
    made = client.put(WEBHOOK, json={"url": ADDRESS})
    assert (made.status_code, made.json()["state"]) == (200, "unverified")
    assert made.json()["secret"].startswith("whsec_") and made.headers["cache-control"] == "no-store"
    assert "secret" not in client.get(WEBHOOK).json()
    assert "secret" not in client.put(WEBHOOK, json={"url": ADDRESS}).json()


def test_a_new_secret_and_the_former_one_are_both_good_for_a_time(client: Renewing) -> None:
    first = client.put(WEBHOOK, json={"url": ADDRESS}).json()["secret"]
    rotated = client.post(f"{WEBHOOK}/secret").json()
    assert rotated["secret"] != first and rotated["formerSecretUntil"]


def test_a_webhook_is_taken_away(client: Renewing) -> None:
    client.put(WEBHOOK, json={"url": ADDRESS})
    assert client.delete(WEBHOOK).json() == {"removed": True}
    for method, path in (("GET", WEBHOOK), ("DELETE", WEBHOOK), ("POST", f"{WEBHOOK}/secret")):
        answer = client.request(method, path)
        assert (answer.status_code, answer.json()["code"]) == (404, "NOT_FOUND")


def test_an_address_that_cannot_be_pushed_to(client: Renewing) -> None:
    for url in ("http://bank.example.org/", "https://10.0.0.1/", "bank", 7, None):
        answer = client.put(WEBHOOK, json={"url": url})
        assert (answer.status_code, answer.json()["code"]) == (400, "INVALID_ARGUMENT")


def test_the_daily_file_has_the_closed_numbers(client: Renewing, cast: Cast) -> None:
    periodic.tell(cast.base, cast.policy)
    cast.closed()
    day = today()
    periodic.tell(cast.base, cast.policy)
    cast.time.advance(timedelta(days=1))
    periodic.tell(cast.base, cast.policy)
    answer = client.get(f"/lookup/v1/closed-numbers/{day}")
    assert answer.headers["content-type"].startswith("text/csv")
    assert list(csv.reader(answer.text.splitlines())) == [["number", "day", "kind"], [LI_WEI, str(day), "ceased"]]
    key = consumers.hash_key(cast.base, consumers.by_name(cast.base, name="Demo Bank").id)
    hashed = client.get(f"/lookup/v1/closed-numbers/{day}?hashed=1", headers={"accept": "text/csv"}).text
    assert number_hash(key, LI_WEI_MSISDN) in hashed and LI_WEI not in hashed


def test_a_daily_file_that_is_not_there(client: Renewing, cast: Cast) -> None:
    for day in (today(), date(2020, 1, 1)):
        answer = client.get(f"/lookup/v1/closed-numbers/{day}")
        assert (answer.status_code, answer.json()["code"]) == (404, "NOT_FOUND")
    assert client.get("/lookup/v1/closed-numbers/2023-02-30").status_code == 400
    assert client.get("/lookup/v1/closed-numbers/").status_code == 404


def events_that_nobody_took(cast: Cast) -> list[Delivery]:
    now = cast.time.now()
    for delivery in some(cast.base, Delivery):
        change(cast.base, Delivery, delivery.id, state="dead", dead_at=now, give_up_at=now, last_error="timeout")
    return some(cast.base, Delivery)


def test_what_nobody_took_is_listed_and_sent_again(client: Renewing, closed: None, cast: Cast) -> None:
    (delivery,) = events_that_nobody_took(cast)
    (dead,) = client.get(DEAD).json()["deliveries"]
    assert (dead["id"], dead["kind"], dead["lastError"]) == (str(delivery.id), "ceased", "timeout")
    assert dead["id"] == client.get(EVENTS).json()[0]["id"]
    again = client.post(f"/lookup/v1/deliveries/{delivery.id}/retry")
    assert (again.status_code, again.json()) == (202, {"queued": True})
    assert client.get(DEAD).json() == {"deliveries": []}
    assert client.post(f"/lookup/v1/deliveries/{delivery.id}/retry").status_code == 404


def test_nobody_sends_anothers_events_again(client: Renewing, rival: Renewing, closed: None, cast: Cast) -> None:
    (delivery,) = events_that_nobody_took(cast)
    assert rival.get(DEAD).json() == {"deliveries": []}
    assert rival.post(f"/lookup/v1/deliveries/{delivery.id}/retry").status_code == 404
    assert some(cast.base, Delivery)[0].state == "dead"


def test_a_delivery_that_is_none(client: Renewing) -> None:
    for wrong in ("0", "x", "-1", "99999999999999999999", "1"):
        assert client.post(f"/lookup/v1/deliveries/{wrong}/retry").status_code == 404


PATHS: tuple[tuple[str, str, Any], ...] = (
    ("GET", EVENTS, None),
    ("PUT", WEBHOOK, {"url": ADDRESS}),
    ("GET", WEBHOOK, None),
    ("POST", f"{WEBHOOK}/secret", None),
    ("DELETE", WEBHOOK, None),
    ("GET", "/lookup/v1/closed-numbers/2026-01-12", None),
)


def test_without_the_agreement_nothing_is_told(client_of: MakeClient, consumer: MakeConsumer) -> None:
    shop = client_of(consumer("Shop", category="app", told=False))
    for method, path, body in PATHS:
        answer = shop.request(method, path, json=body)
        assert (answer.status_code, answer.json()["code"]) == (403, "PERMISSION_DENIED"), path


def test_a_sandbox_gets_no_real_file(client_of: MakeClient, consumer: MakeConsumer) -> None:
    sandboxed = client_of(consumer("Sandbox Bank", sandbox=True))
    assert sandboxed.get("/lookup/v1/closed-numbers/2026-03-12").status_code == 403


def test_an_interest_of_anna_is_not_told_of_li_wei(client: Renewing, cast: Cast) -> None:
    client.post(INTERESTS, json={"numbers": [f"+{ANNA_MSISDN}"]})
    cast.closed()
    periodic.tell(cast.base, cast.policy)
    assert client.get(EVENTS).json() == []
