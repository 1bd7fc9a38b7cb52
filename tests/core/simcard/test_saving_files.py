"""A card becomes files: all that was read, and a list by which each can be checked."""

from __future__ import annotations

import hashlib
import json
from dataclasses import fields
from datetime import datetime
from typing import Any

import pytest

from lastcall.core.closing.letters import Letter
from lastcall.core.errors import BadInput
from lastcall.core.simcard.card import Application, Call, Card, Entry, Message, Room
from lastcall.core.simcard.pin import PinState
from lastcall.core.simcard.saving import contacts, files
from tests.core.simcard.filled import APPLICATIONS, CALLS, ICCID, MADE_AT, card, message


class Paper:
    """Prints nothing."""

    name = "paper"

    def make(self, letter: Letter) -> bytes:
        return b"%PDF"

    def bind(self, letters: object) -> bytes:
        raise AssertionError


def made(given: Card | None = None, language: str = "en", made_at: datetime = MADE_AT) -> dict[str, bytes]:
    """The files of a card."""
    return files(given or card(), language=language, made_at=made_at, printer=Paper())


def read(document: dict[str, Any]) -> Card:
    """A card from ``card.json``, as somebody else's program would read it."""
    facts = {name: document[name] for name in ("kind", "atr", "iccid", "imsi", "provider")}
    return Card(
        **facts,
        pin=PinState(**document["pin"]),
        entries=tuple(Entry(**_tuples(entry)) for entry in document["entries"]),
        messages=tuple(Message(**_message(each)) for each in document["messages"]),
        rooms=tuple(Room(**room) for room in document["rooms"]),
        notes=tuple(document["notes"]),
        calls=tuple(Call(**_call(each)) for each in document["calls"]),
        applications=tuple(Application(**_tuples(each)) for each in document["applications"]),
    )


def _tuples(given: dict[str, Any]) -> dict[str, Any]:
    return {key: tuple(value) if isinstance(value, list) else value for key, value in given.items()}


def _call(given: dict[str, Any]) -> dict[str, Any]:
    return given | {"at": given["at"] and datetime.fromisoformat(given["at"])}


def _message(given: dict[str, Any]) -> dict[str, Any]:
    at = given["at"] and datetime.fromisoformat(given["at"])
    return _tuples(given) | {"at": at, "data": bytes.fromhex(given["data"])}


def test_there_are_seven_files() -> None:
    assert list(made()) == [
        "contacts.vcf", "contacts.csv", "messages.csv", "messages.html", "messages.pdf", "card.json", "manifest.json",
    ]  # fmt: skip


def test_a_card_with_calls_has_an_eighth_that_the_manifest_covers() -> None:
    found = made(card(calls=CALLS))
    manifest = json.loads(found["manifest.json"])
    assert list(found)[2:4] == ["messages.csv", "calls.csv"]
    assert [each["name"] for each in manifest["files"]] == list(found)[:-1]
    assert (manifest["counts"]["calls"], manifest["counts"]["damaged"]) == (4, 3)


def test_the_json_holds_every_field_and_comes_back_as_the_same_card() -> None:
    document = json.loads(made()["card.json"])
    assert (document["format"], document["version"]) == ("lastcall-sim-card", 1)
    assert {field.name for field in fields(Card)} <= set(document)
    assert read(document) == card()


def test_calls_and_applications_come_back_from_the_json_too() -> None:
    full = card(calls=CALLS, applications=APPLICATIONS)
    assert read(json.loads(made(full)["card.json"])) == full


def test_the_json_can_be_written_whatever_a_text_holds() -> None:
    document = json.loads(made(card(messages=(message(1, "\ud83d\ude00 \ud83d \x00"),)))["card.json"])
    assert document["messages"][0]["text"] == "😀 � \x00"


def test_the_manifest_tells_sizes_checksums_and_counts_but_not_the_cards_number() -> None:
    found = made()
    manifest = json.loads(found.pop("manifest.json"))
    assert {each["name"]: (each["size"], each["sha256"]) for each in manifest["files"]} == {
        name: (len(content), hashlib.sha256(content).hexdigest()) for name, content in found.items()
    }
    assert manifest["counts"]["contacts"] == len(contacts(card())) == 10
    assert manifest["counts"]["messages"] == 9
    assert manifest["counts"]["lists"]["fixed_dialling"] == 2
    assert manifest["counts"]["damaged"] == 2
    assert manifest["card"] == {"kind": "SIM", "iccid": "•••• 5017"}
    assert ICCID not in json.dumps(manifest)
    assert manifest["notes"] == list(card().notes)


def test_the_same_card_at_the_same_moment_gives_the_same_bytes() -> None:
    assert made() == made()


def test_it_refuses_a_language_that_it_does_not_speak() -> None:
    with pytest.raises(BadInput) as refused:
        made(language="de")
    assert refused.value.code == "bad_language"


def test_it_refuses_a_moment_without_an_offset() -> None:
    with pytest.raises(BadInput) as refused:
        made(made_at=datetime(2026, 1, 12))  # noqa: DTZ001 - that is the point
    assert refused.value.code == "naive_moment"
