"""What a leaver writes into a file is read or refused, and what a kit cannot be sure of is named once."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import UTC, date, datetime

import pytest
from django.utils import translation

from lastcall.core.closing.letters.letter import Day, Heading, Item, Items, Paragraph, Row, Rows, Text, Unsure
from lastcall.core.errors import BadInput
from lastcall.core.kit.choices import LANGUAGES, REASONS, SITUATIONS
from lastcall.core.kit.document import as_document
from lastcall.core.kit.doubts import doubts
from lastcall.core.kit.facts import Cited
from lastcall.core.kit.kit import Details, Kit, make_kit
from lastcall.core.kit.labels import REASONS as REASON_WORDS
from lastcall.core.kit.labels import SITUATIONS as SITUATION_WORDS
from lastcall.core.kit.typed import LONGEST, TEMPLATE, read_details
from lastcall.core.kit.words import COLON
from lastcall.core.policies.load import load

ON = date(2026, 1, 12)


def made(language: str = "en") -> Kit:
    return make_kit(
        pack=load("mts", on=ON), language=language, reason="leaving", situation="abroad", on=ON,
        made_at=datetime(2026, 1, 12, 9, tzinfo=UTC),
    )  # fmt: skip


def test_each_entry_is_read() -> None:
    text = "\n".join(f'{field.name} = "some {field.name}"' for field in fields(Details) if field.name != "msisdn")

    assert read_details(f'{text}\nmsisdn = "8 900 000-10-01"') == Details(
        name="some name", msisdn=79000001001, document="some document", born="some born", address="some address",
        contact="some contact", account="some account", operator="some operator",
    )  # fmt: skip


@pytest.mark.parametrize("text", ["", TEMPLATE, 'name = ""\n', 'name = "  "'])
def test_what_is_left_empty_stays_empty(text: str) -> None:
    assert read_details(text) == Details()


def test_letters_of_any_script_and_lines_broken_by_an_editor_are_taken() -> None:
    details = read_details('name = "李伟 Ёлкин O’Brien"\naddress = """Москва,\n  ул. Примерная"""')

    assert (details.name, details.address) == ("李伟 Ёлкин O’Brien", "Москва, ул. Примерная")


@pytest.mark.parametrize(
    "text",
    [
        "name", 'name = "Li" x', 'who = "Li"', "name = 1", "[name]\nfirst = 'Li'", 'msisdn = "5"', "msisdn = 79000001001",
        f'contact = "{"x" * (LONGEST + 1)}"', 'born = "\\u0000"', 'born = "\\u200b"', 'name = "123"',
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_refused_with_what_to_do(text: str) -> None:
    with pytest.raises(BadInput) as refused:
        read_details(text)

    assert refused.value.code == "bad_details"
    assert refused.value.message.startswith("details: ")
    assert refused.value.remedy


def test_the_line_of_a_mistake_is_named() -> None:
    with pytest.raises(BadInput, match=r"it is no TOML, line 3"):
        read_details('name = "Li"\n\nborn = 1.2.3')


@pytest.mark.parametrize("language", LANGUAGES)
def test_doubts_are_told_once_without_marks_in_the_language_in_force(language: str) -> None:
    with translation.override(language):
        found, mark = doubts(made(language)), translation.gettext("(not confirmed)")

    assert len(found) == len(set(found)) > 3
    assert not any(mark.strip("（）()") in text for text in found)


def test_a_doubt_is_told_with_its_label_and_a_sure_thing_is_not() -> None:
    unsure, sure = Unsure(Text("maybe")), Text("certainly")
    blocks = (
        Rows((Row(Text("Phone"), Cited(unsure, (1,))), Row(Text("Mail"), sure))),
        Items((Item(unsure), Item(Text("whole"), under=Unsure(Text("below"))), Item(sure))),
        Paragraph(Unsure(Text("said"))),
        Paragraph(sure),
    )
    kit = made()
    head = Heading(Text("In the shop"))
    letter = replace(kit.letters[0], title=Text("First"), blocks=(*blocks[:2], head, *blocks), phones=())

    assert doubts(replace(kit, letters=(letter,), deadlines=())) == (
        "First: Phone: maybe", "First: maybe", "First: whole: below", "In the shop: said",
    )  # fmt: skip


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_doubt_says_by_itself_what_it_is_about(language: str) -> None:
    with translation.override(language):
        found, colon = doubts(made(language)), COLON.get(language, COLON[""])

    assert all(len(text.partition(colon)[2]) > 3 for text in found)


def test_a_day_that_is_not_sure_is_told_once_and_with_its_date() -> None:
    with translation.override("en"):
        found = doubts(made())

        for deadline in made().deadlines:
            told = [text for text in found if deadline.title.shown() in text]
            assert told == ([] if deadline.sure else [f"{Day(deadline.on).shown()}: {deadline.title.shown()}"])


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_document_for_machines_is_in_the_language_of_the_kit(language: str) -> None:
    kit = made(language)
    document = as_document(kit)
    with translation.override(language):
        assert [each["title"] for each in document["deadlines"]] == [each.title.shown() for each in kit.deadlines]

    assert {letter["kind"]: list(letter["columns"]) for letter in document["letters"]} == {
        letter.kind: list(letter.languages) for letter in kit.letters
    }
    assert document["on"] == "2026-01-12"


def test_every_choice_has_words() -> None:
    assert tuple(REASON_WORDS) == REASONS
    assert tuple(SITUATION_WORDS) == SITUATIONS
