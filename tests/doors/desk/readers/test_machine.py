"""What the program beside a reader asks and says, from the code to the last word."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import override_settings

from lastcall.core.actor import Actor
from lastcall.core.closing import preparation
from lastcall.core.simcard import backups, readers, sealing
from lastcall.core.simcard.backup import MOST_BYTES
from tests.core.counter.conftest import OLGA
from tests.core.simcard.at_the_counter import PACKED, Visit, paired
from tests.doors.desk.readers.conftest import Program


def test_the_whole_way(visit: Visit) -> None:
    """A code, an order, the right card, a backup, the end; then nothing is to be done, and it leaves."""
    program = Program()
    code = readers.offer(visit.base, actor=OLGA, shop_id=visit.counter.shop.id, policy=visit.cast.policy)
    answer = program.say("pair", {"code": code, "name": "Window 3"})
    assert answer.status_code == 200 and set(answer.json()) == {"token", "until", "shop"}
    assert answer.json()["shop"] == "Centre"
    program.token = visit.token = answer.json()["token"]
    assert program.ask("order").json() == {"order": None}
    visit.ask()
    order = program.ask("order").json()["order"]
    assert set(order) == {"id", "ticket", "language", "backup", "pin_off", "until"}
    assert (order["ticket"], order["language"], order["backup"], order["pin_off"]) == ("A001", "zh-hans", True, True)
    at = f"order/{order['id']}"
    assert program.say(f"{at}/card", {"iccid": visit.iccid}).json() == {"same": True}
    secret, sealed = sealing.seal(PACKED)
    kept = program.send(f"{at}/backup", sealed)
    assert kept.status_code == 201 and set(kept.json()) == {"address", "until"}
    assert program.say(f"{at}/done", {"contacts": 250, "messages": 30, "partial": "", "pin": "removed"}).json() == {}
    backup_id = int(kept.json()["address"].split("/")[-2])
    assert backups.fetch(visit.base, backup_id=backup_id, secret=secret) == PACKED
    ticked = visit.base.transact(lambda rows: preparation.ticked(rows, visit.case_id))
    assert ticked == {"contacts_saved", "messages_saved", "pin_removed"}
    assert program.ask("order").json() == {"order": None}
    assert program.say("leave", {}).json() == {}
    assert program.ask("order").status_code == 401


def test_the_address_is_on_the_public_host_where_there_is_one(visit: Visit, program: Program) -> None:
    handling = visit.taken()
    _, sealed = sealing.seal(PACKED)
    at = f"order/{handling.id}/backup"
    assert program.send(at, sealed).json()["address"].startswith("http://localhost/backup/")
    with override_settings(LASTCALL_PUBLIC_HOST="lines.example.org"):
        assert program.send(at, sealed).json()["address"].startswith("https://lines.example.org/backup/")


def test_another_card(visit: Visit, program: Program) -> None:
    asked = visit.ask()
    other = visit.cast.sim_of(visit.cast.anna).iccid
    assert program.say(f"order/{asked.id}/card", {"iccid": other}).json() == {"same": False}
    assert program.ask("order").json() == {"order": None}


def test_what_failed(visit: Visit, program: Program) -> None:
    asked = visit.ask()
    assert program.say(f"order/{asked.id}/failed", {"code": "no_card"}).json() == {}
    assert visit.now(asked).problem == "no_card"


def test_a_problem_says_code_message_and_remedy(visit: Visit, program: Program) -> None:
    asked = visit.ask()
    answer = program.say(f"order/{asked.id}/done", {"contacts": 0, "messages": 0, "partial": "", "pin": "removed"})
    assert answer.status_code == 409 and answer["Content-Type"] == "application/json"
    assert set(answer.json()) == {"error"} and set(answer.json()["error"]) == {"code", "message", "remedy"}
    assert answer.json()["error"]["code"] == "not_read"


@pytest.mark.parametrize(
    ("path", "document", "status", "code"),
    [
        ("done", {"contacts": True, "messages": 0, "partial": "", "pin": ""}, 400, "bad_field"),
        ("done", {"contacts": "1", "messages": 0, "partial": "", "pin": ""}, 400, "bad_field"),
        ("done", {"contacts": 10**30, "messages": 0, "partial": "", "pin": "removed"}, 400, "bad_result"),
        ("done", {"contacts": 0, "messages": 0, "partial": "some", "pin": "removed"}, 400, "bad_result"),
        ("done", {"contacts": 0, "messages": 0, "pin": "removed"}, 400, "bad_field"),
        ("done", {"messages": 0}, 400, "bad_field"),
        ("done", [], 400, "bad_json"),
        ("card", {"iccid": 8970199}, 400, "bad_field"),
        ("card", {"iccid": "\ud800"}, 400, "malformed_iccid"),
        ("card", {"iccid": "8" * 5000}, 413, "too_big"),
        ("failed", {}, 400, "bad_field"),
        ("backup", {}, 415, "bad_media_type"),
    ],
)
def test_what_cannot_be_read_is_refused_with_the_reason(
    visit: Visit, program: Program, path: str, document: object, status: int, code: str
) -> None:
    answer = program.say(f"order/{visit.ask().id}/{path}", document)
    assert (answer.status_code, answer.json()["error"]["code"]) == (status, code)


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        (b"{", "application/json", 400),
        (b"[" * 4096, "application/json", 400),
        (b"\xff\xfe", "application/json", 400),
        (b"code=1", "application/x-www-form-urlencoded", 415),
        (b"", "", 415),
    ],
)
def test_a_body_of_another_kind(program: Program, body: bytes, kind: str, status: int) -> None:
    assert program.send("pair", body, kind=kind).status_code == status


@pytest.mark.parametrize("size", [MOST_BYTES + 1, 2 * MOST_BYTES])
def test_a_backup_that_is_too_big(visit: Visit, program: Program, size: int) -> None:
    answer = program.send(f"order/{visit.taken().id}/backup", bytes(size))
    assert (answer.status_code, answer.json()["error"]["code"]) == (413, "too_big")


def test_a_backup_in_clear(visit: Visit, program: Program) -> None:
    answer = program.send(f"order/{visit.taken().id}/backup", b"PK\x03\x04" + bytes(200))
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "not_sealed")


def test_the_largest_backup(visit: Visit, program: Program) -> None:
    _, sealed = sealing.seal(b"")
    answer = program.send(f"order/{visit.taken().id}/backup", sealed + bytes(MOST_BYTES - len(sealed)))
    assert answer.status_code == 201


def test_other_methods(program: Program) -> None:
    assert program.ask("pair").json()["error"]["code"] == "bad_method"
    assert program.say("order", {}).status_code == 405
    assert program.client.put("/desk/readers/leave", headers=program.shown).status_code == 405


def test_a_pairing_ends_with_its_hours(visit: Visit, program: Program) -> None:
    visit.cast.time.advance(timedelta(hours=12))
    assert program.ask("order").status_code == 401


def test_another_shops_reader_hears_of_nothing(visit: Visit) -> None:
    oleg = Actor(OLGA.role, "oleg", OLGA.door)
    other = Program(paired(visit.counter, actor=oleg, shop_id=visit.counter.north.id))
    asked = visit.ask()
    assert other.ask("order").json() == {"order": None}
    answer = other.say(f"order/{asked.id}/card", {"iccid": visit.iccid})
    assert (answer.status_code, answer.json()["error"]["code"]) == (404, "no_such_handling")
