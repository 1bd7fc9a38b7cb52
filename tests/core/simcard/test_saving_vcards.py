"""``contacts.vcf``: vCard 4.0 that address books import, read back here by a parser that is not ours."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import vobject
from django.utils import translation
from hypothesis import given, settings
from hypothesis import strategies as st

from lastcall.core.simcard.card import Entry
from lastcall.core.simcard.saving.texts import one_line
from lastcall.core.simcard.saving.vcards import vcards
from tests.core.simcard.filled import ENTRIES, MADE_AT, card, empty, entry


def read(*entries: Entry) -> list[Any]:
    """The vCards of these entries, as vobject sees them."""
    return list(vobject.readComponents(vcards(card(entries=entries), made_at=MADE_AT).decode()))


def values(found: Any, name: str) -> list[Any]:
    """All values of a property."""
    return [each.value for each in found.contents.get(name, [])]


def test_names_and_numbers_come_back_as_they_were() -> None:
    found = read(*ENTRIES)
    assert [each.fn.value for each in found][:5] == [
        "妈妈", "Анна Петрова", "José; Zoë, «Łódź» \\ 100%", "Учитель 👩🏽‍🏫🇨🇳", "+79990000005",
    ]  # fmt: skip
    assert values(found[3], "tel") == ["tel:+79990000004", "0049300000004"]
    assert values(found[3], "email") == ["teacher@example.org"]
    assert values(found[3], "nickname") == ["Ольга, 3 «Б»"]
    assert values(found[6], "categories") == [["Семья", "工作, 学习"]]
    assert found[2].n.value.given == "José; Zoë, «Łódź» \\ 100%"


def test_every_card_opens_with_its_version_and_has_a_kind_and_a_moment() -> None:
    for part in vcards(card(), made_at=MADE_AT).decode().split("BEGIN:VCARD\r\n")[1:]:
        lines = part.split("\r\n")
        assert lines[0] == "VERSION:4.0"
        assert "KIND:individual" in lines
        assert "REV:20260112T090005Z" in lines
        assert lines[-2:] == ["END:VCARD", ""]


def test_no_line_is_longer_than_75_octets_and_no_character_is_cut() -> None:
    lines = vcards(card(), made_at=MADE_AT).split(b"\r\n")
    assert max(map(len, lines)) == 75
    for line in lines:
        line.decode()
    assert any(line.startswith(b" ") for line in lines)


def test_only_a_number_with_its_country_is_a_uri() -> None:
    several = (entry(1, "A", "+79990000001", "8999p12", "*100#"),)
    lines = vcards(card(entries=several), made_at=MADE_AT).decode()
    assert "TEL;PREF=1;VALUE=uri:tel:+79990000001\r\n" in lines
    assert "TEL:8999p12\r\nTEL:*100#\r\n" in lines


def test_what_the_card_calls_a_further_number_is_its_type_or_its_label() -> None:
    labels = ("", "Home", "办公室", "Моб.", "Дача; 2, этаж", "факс")
    numbers = tuple(f"+7999000000{place}" for place in range(len(labels)))
    lines = vcards(card(entries=(entry(1, "A", *numbers, labels=labels),)), made_at=MADE_AT).decode().split("\r\n")
    assert [line for line in lines if "TEL" in line or "Label" in line] == [
        "TEL;PREF=1;VALUE=uri:tel:+79990000000",
        "TEL;TYPE=home;VALUE=uri:tel:+79990000001",
        "TEL;TYPE=work;VALUE=uri:tel:+79990000002",
        "TEL;TYPE=cell;VALUE=uri:tel:+79990000003",
        "item5.TEL;VALUE=uri:tel:+79990000004",
        "item5.X-ABLabel:Дача; 2\\, этаж",
        "TEL;TYPE=fax;VALUE=uri:tel:+79990000005",
    ]


def test_labels_come_back_through_a_parser_that_is_not_ours() -> None:
    (found,) = read(entry(1, "A", "+79990000001", "0611", "0612", labels=("", "Работа", "大学")))
    assert values(found, "tel") == ["tel:+79990000001", "0611", "0612"]
    assert [each.params.get("TYPE") for each in found.contents["tel"]] == [None, ["work"], None]
    (label,) = found.contents["x-ablabel"]
    assert (label.group, label.value) == (found.contents["tel"][2].group, "大学")


@pytest.mark.parametrize(
    ("nameless", "shown"),
    [
        (entry(1, "", "+79990000001"), "+79990000001"),
        (entry(1, " \n ", mails=("a@example.org",)), "a@example.org"),
        (entry(1, "", second_name="Мама"), "Мама"),
    ],
)
def test_there_is_always_a_name_to_show(nameless: Entry, shown: str) -> None:
    (found,) = read(nameless)
    assert found.fn.value == shown
    assert "n" not in found.contents


def test_a_line_that_holds_nothing_is_no_contact() -> None:
    assert read(entry(1, " ", damaged="cut short"), entry(2, "Анна"))[0].fn.value == "Анна"


def test_the_same_line_has_the_same_uid_in_every_backup_and_no_other_line_has_it() -> None:
    first = [each.uid.value for each in read(*ENTRIES)]
    later = vcards(card(), made_at=MADE_AT + timedelta(days=3)).decode()
    assert [each.uid.value for each in vobject.readComponents(later)] == first
    assert len(set(first)) == len(first)
    assert {uuid.UUID(each).version for each in first} == {5}


def test_a_place_that_was_given_to_somebody_else_has_another_uid() -> None:
    (before,), (after,) = read(entry(1, "Анна", "+79990000001")), read(entry(1, "Сергей", "+79990000001"))
    assert before.uid.value != after.uid.value


def test_what_is_fixed_for_dialling_is_there_once_and_the_operators_numbers_are_not() -> None:
    names = [each.fn.value for each in read(*ENTRIES)]
    assert names.count("妈妈") == 1
    assert "Taxi" in names
    assert "Support" not in names
    assert "+79990000000" not in names


def test_what_could_not_be_read_is_said_in_the_readers_language() -> None:
    with translation.override("en"):
        (found,) = read(replace(entry(1, "Сергей"), damaged="cut short"))
    assert values(found, "note") == ["Not all of this entry could be read from the card."]


def test_an_empty_card_gives_an_empty_file() -> None:
    assert vcards(empty(), made_at=MADE_AT) == b""


@settings(max_examples=150, deadline=None)
@given(
    name=st.text(st.characters(), max_size=120),
    mail=st.text(st.characters(exclude_characters="\x00"), max_size=30),
    label=st.text(st.characters(), max_size=30),
)
def test_whatever_a_name_holds_the_file_can_be_read(name: str, mail: str, label: str) -> None:
    line = entry(1, name, "+79990000001", "0611", mails=(mail,), labels=("", label))
    made = vcards(card(entries=(line,)), made_at=MADE_AT)
    assert max(map(len, made.split(b"\r\n"))) <= 75
    (found,) = vobject.readComponents(made.decode())
    assert found.fn.value == (one_line(name) or "+79990000001")
