"""The desk's pages about relying parties: who they are, what they may, what went wrong, and closings that are put right."""

from __future__ import annotations

import base64
import json
import re
from html import unescape
from typing import Any

from django.test import Client

from lastcall.core.audit.event import Event
from lastcall.core.job import Alert
from lastcall.core.lookup.days import today
from lastcall.core.numbers.correction_row import Correction
from lastcall.core.plan import Insert, Plan
from lastcall.core.relying import consumers
from lastcall.core.relying.allowance import Allowance
from lastcall.core.relying.consumer import Consumer
from lastcall.core.relying.consumer_key import ConsumerKey
from lastcall.core.telling.delivery import Delivery
from lastcall.core.telling.webhook import Webhook
from tests.doors.desk.samples.numbers import looked
from tests.doors.desk.samples.relying import alarm, asked, given_back, party, untaken
from tests.doors.desk.staffed import Staffed

NEW = {
    "name": "Stone Bank", "category": "bank", "purpose": "dpv:FraudPreventionAndDetection",
    "scopes": ["number-recycling:check"], "told": "on", "requests_per_second": "5", "requests_per_day": "1000",
    "rows_per_day": "0",
}  # fmt: skip


def now(staffed: Staffed, consumer_id: int) -> Consumer:
    found = consumers.by_id(staffed.base, consumer_id=consumer_id)
    assert found is not None
    return found


def body(browser: Client, address: str) -> str:
    answer = browser.get(address)
    assert answer.status_code == 200
    return " ".join(unescape(answer.content.decode()).split())


def events(staffed: Staffed, kind: str) -> list[Event]:
    return staffed.base.transact(lambda rows: rows.some(Event, {"kind": kind}))


def only(staffed: Staffed, row: type[Any]) -> Any:
    [found] = staffed.base.transact(lambda rows: rows.some(row, {}))
    return found


def test_the_list_says_kind_scopes_agreements_and_what_was_asked_today(staffed: Staffed) -> None:
    one = party(staffed)
    used = Allowance(consumer_id=one.id, day=today(), kind="requests", taken=1_234)
    staffed.base.transact(lambda rows: rows.apply(Plan((Insert(used),))))
    page = body(staffed.at_desk("alla"), "/desk/relying/")
    for words in (
        "Iron Bank",
        "Has the number changed hands",
        "Is told before numbers are re-issued",
        "1 234 / 100 000",
    ):
        assert words in page


def test_a_new_party_is_taken_in_and_its_private_key_is_shown_once(staffed: Staffed) -> None:
    alla = staffed.at_desk("alla")
    answer = alla.post("/desk/relying/new/", NEW)
    page = answer.content.decode()
    key = json.loads(unescape(re.search(r"<textarea[^>]*>(.*?)</textarea>", page, re.DOTALL)[1]))  # type: ignore[index]
    saved = re.search(r'href="data:application/json;base64,([^"]*)" download="stone-bank\.private\.jwk\.json"', page)
    assert saved is not None and json.loads(base64.b64decode(saved[1])) == key
    assert key["d"] and answer["Cache-Control"] == "no-store"
    made = consumers.by_name(staffed.base, name="Stone Bank")
    assert (made.told, made.bulk, made.requests_per_day, made.rows_per_day) == (True, False, 1_000, 0)
    again = body(alla, f"/desk/relying/of/{made.id}/")
    assert only(staffed, ConsumerKey).kid in again and key["d"] not in again


def test_what_is_wrong_with_a_new_party_is_said_at_the_form(staffed: Staffed) -> None:
    alla = staffed.at_desk("alla")
    party(staffed, "Stone Bank")
    for given, words in (
        (NEW, "was taken in before"),
        (NEW | {"name": "+79000001001"}, "Write the organisation's name"),
        (NEW | {"name": "Reed Bank", "scopes": []}, "Choose at least one."),
        (NEW | {"name": "Reed Bank", "category": ""}, "Choose what kind of organisation it is."),
        (NEW | {"name": "Reed Bank", "rows_per_day": "many"}, "Enter a whole number."),
    ):
        answer = alla.post("/desk/relying/new/", given)
        assert answer.status_code == 400 and words in unescape(answer.content.decode())
    assert [each.name for each in consumers.all(staffed.base)] == ["Stone Bank"]


def test_agreements_and_quotas_are_changed_and_the_same_again_changes_nothing(staffed: Staffed) -> None:
    one, alla = party(staffed), staffed.at_desk("alla")
    given = {"bulk": "on", "requests_per_second": "2", "requests_per_day": "500", "rows_per_day": "7"}
    for _ in "12":
        assert alla.post(f"/desk/relying/of/{one.id}/change/", given).status_code == 302
    found = now(staffed, one.id)
    assert (found.bulk, found.told, found.requests_per_second, found.requests_per_day, found.rows_per_day) == (
        True, False, 2, 500, 7,
    )  # fmt: skip
    assert len(events(staffed, "consumer.changed")) == 1


def test_a_quota_that_is_no_number_is_said_and_changes_nothing(staffed: Staffed) -> None:
    one, alla = party(staffed), staffed.at_desk("alla")
    given = {"requests_per_second": "-1", "requests_per_day": "", "rows_per_day": "7"}
    answer = alla.post(f"/desk/relying/of/{one.id}/change/", given)
    assert answer.status_code == 400 and answer.content.decode().count("Enter a whole number.") == 4
    assert now(staffed, one.id) == one


def test_whose_access_ended_can_be_read_about_but_changes_no_more(staffed: Staffed) -> None:
    one, alla = party(staffed), staffed.at_desk("alla")
    assert "This cannot be undone" in body(alla, f"/desk/relying/of/{one.id}/end/")
    assert alla.post(f"/desk/relying/of/{one.id}/end/").status_code == 302
    page = body(alla, f"/desk/relying/of/{one.id}/")
    assert "Ended" in page and "<form class" not in page
    assert alla.post(f"/desk/relying/of/{one.id}/end/").status_code == 404
    assert alla.post(f"/desk/relying/of/{one.id}/change/", {"bulk": "on"}).status_code == 404
    assert "Iron Bank" in body(alla, "/desk/relying/").split("Ended", 1)[1]


def test_auditor_and_number_manager_read_and_change_nothing(staffed: Staffed) -> None:
    one = party(staffed)
    alarm(staffed)
    untaken(staffed)
    for login in ("arkady", "nikolai"):
        browser = staffed.at_desk(login)
        for address in ("", f"of/{one.id}/", "alarms/", "dead/"):
            page = body(browser, f"/desk/relying/{address}")
            assert 'action="/desk/relying/' not in page and "/desk/relying/new/" not in page


def test_the_webhook_is_shown_without_what_may_be_secret_in_its_address(staffed: Staffed) -> None:
    one = party(staffed)
    hook = Webhook(
        id=1, consumer_id=one.id, url="https://bank.example/hook?word=of-theirs", state="active", sealed_secret="sealed-word",
        sealed_former="", since=one.created_at, failures=3, failing_since=one.created_at, last_error="timed_out",
    )  # fmt: skip
    staffed.base.transact(lambda rows: rows.apply(Plan((Insert(hook),))))
    page = body(staffed.at_desk("alla"), f"/desk/relying/of/{one.id}/")
    assert "https://bank.example/hook" in page and "In use" in page and "timed_out" in page
    assert "of-theirs" not in page and "sealed-word" not in page


def test_an_alarm_is_looked_into_once(staffed: Staffed) -> None:
    alert, alla = alarm(staffed), staffed.at_desk("alla")
    page = body(alla, "/desk/relying/alarms/")
    assert "It asks about one number after the other" in page and "Iron Bank" in page
    assert "Iron Bank" not in body(alla, "/desk/numbers/stuck/"), "it is nothing that could be tried again"
    assert alla.post(f"/desk/relying/alarms/{alert.id}/").status_code == 302
    assert only(staffed, Alert).resolved_by == "administrator:alla"
    assert "There is none." in body(alla, "/desk/relying/alarms/")
    answer = alla.post(f"/desk/relying/alarms/{alert.id}/")
    assert answer.status_code == 404 and "Somebody has looked into it already." in answer.content.decode()


def test_what_was_not_delivered_is_sent_again(staffed: Staffed) -> None:
    delivery, alla = untaken(staffed), staffed.at_desk("alla")
    page = body(alla, "/desk/relying/dead/")
    assert "The line was closed" in page and "timed_out" in page
    assert "9000001001" not in re.sub(r"\D", "", page)
    assert alla.post(f"/desk/relying/dead/{delivery.id}/retry/").status_code == 302
    assert only(staffed, Delivery).state == "queued"
    assert alla.post(f"/desk/relying/dead/{delivery.id}/retry/").status_code == 404
    assert "Everything was delivered." in body(alla, "/desk/relying/dead/")


def test_what_was_not_delivered_is_left_to_the_feed(staffed: Staffed) -> None:
    delivery, alla = untaken(staffed), staffed.at_desk("alla")
    assert alla.get(f"/desk/relying/dead/{delivery.id}/skip/").status_code == 302
    assert only(staffed, Delivery).state == "dead", "looking does nothing"
    alla.post(f"/desk/relying/dead/{delivery.id}/skip/")
    assert only(staffed, Delivery).state == "kept"


def test_a_closing_is_put_right_by_two(staffed: Staffed) -> None:
    tenure, nikolai, nadia = given_back(staffed), staffed.at_desk("nikolai"), staffed.at_desk("nadia")
    look_id = looked(staffed)["look_id"]
    assert f"/desk/relying/corrections/ask/{look_id}/" in body(nikolai, f"/desk/numbers/life/{look_id}/")
    given = {"reason": "wrong_line", "reference": "DOC-2026/17"}
    assert nikolai.post(f"/desk/relying/corrections/ask/{look_id}/", given).status_code == 302
    assert "Put a closing right" not in body(nikolai, f"/desk/numbers/life/{look_id}/"), "it was asked for"
    found = only(staffed, Correction)
    listed = body(nadia, "/desk/relying/corrections/")
    assert "The wrong line was closed" in listed and "DOC-2026/17" in listed and "900 000" not in listed
    opened = nadia.post(f"/desk/relying/corrections/{found.id}/")["Location"]
    assert "+7 900 000-10-01" in body(nadia, opened)
    assert nadia.post(opened)["Location"] == "/desk/relying/corrections/"
    done = only(staffed, Correction)
    assert (done.tenure_id, done.asked_by, done.approved_by) == (tenure.id, "nikolai", "nadia")
    assert "Nothing waits for a second person." in body(nadia, "/desk/relying/corrections/")
    assert nadia.post(opened).status_code == 404


def test_whoever_asked_does_not_approve(staffed: Staffed) -> None:
    found, nikolai = asked(staffed), staffed.at_desk("nikolai")
    opened = nikolai.post(f"/desk/relying/corrections/{found.id}/")["Location"]
    assert "You asked for it: another number manager decides." in body(nikolai, opened)
    answer = nikolai.post(opened)
    assert answer.status_code == 403 and "Whoever asked does not decide." in answer.content.decode()
    assert only(staffed, Correction).at is None


def test_only_a_number_that_was_given_back_can_be_put_right(staffed: Staffed) -> None:
    staffed.cast.closed()
    nikolai, look_id = staffed.at_desk("nikolai"), looked(staffed)["look_id"]
    assert "Put a closing right" not in body(nikolai, f"/desk/numbers/life/{look_id}/")
    given = {"reason": "wrong_line", "reference": "DOC-2026/17"}
    answer = nikolai.post(f"/desk/relying/corrections/ask/{look_id}/", given)
    assert answer.status_code == 400
    assert "The subscriber has not been given the number back." in answer.content.decode()


def test_without_a_reason_or_a_reference_nothing_is_asked(staffed: Staffed) -> None:
    given_back(staffed)
    nikolai, look_id = staffed.at_desk("nikolai"), looked(staffed)["look_id"]
    for given, words in (
        ({"reason": "", "reference": "DOC-2026/17"}, "Choose one of the reasons."),
        ({"reason": "wrong_line", "reference": ""}, "Enter the paper's reference."),
        ({"reason": "wrong_line", "reference": "Li Wei"}, "Give the order's own reference"),
    ):
        answer = nikolai.post(f"/desk/relying/corrections/ask/{look_id}/", given)
        assert answer.status_code == 400 and words in unescape(answer.content.decode())
    assert staffed.base.transact(lambda rows: rows.count(Correction, {})) == 0
