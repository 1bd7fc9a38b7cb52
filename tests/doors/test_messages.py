"""Every text that people read is there in every language, and its blanks are filled in all of them."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po
from django.utils import translation
from scripts.extract_messages import KEYWORDS, LANGUAGES, SOURCES, catalogue, messages

from lastcall.core.closing import texts, words
from lastcall.core.closing.texts import moment, money

BLANK = re.compile(r"%\(\w+\)[sd]|%%")


@pytest.fixture(scope="module")
def sources() -> Catalog:
    """What the sources say now."""
    return messages()


def known(language: str) -> Catalog:
    """The catalogue as it is kept."""
    with catalogue(language).open("rb") as file:
        return read_po(file, locale=language)


def translated(catalog: Catalog) -> Iterator[Message]:
    """All entries but the header."""
    return (message for message in catalog if message.id)


def each(text: object) -> tuple[str, ...]:
    """The forms of a text: one, or singular and plurals."""
    return tuple(text) if isinstance(text, list | tuple) else (str(text or ""),)


def test_the_extraction_sees_python_templates_and_plurals(sources: Catalog) -> None:
    found = {each(message.id)[0] for message in translated(sources)}
    assert str(texts.REMEDIES["sim_undecided"]) in found
    assert "Skip to the content" in found
    assert "%(days)d day left" in found
    assert "Try again in %(minutes)s minute." in found


def test_texts_are_marked_by_names_that_the_extraction_knows() -> None:
    """A text behind any other name for gettext would be shown in English to everybody."""
    marked = re.compile(r"\b(?:u|n|p|np)?gettext(?:_lazy)?(?:_noop)? as (\w+)")
    names = {name for path in SOURCES.rglob("*.py") for name in marked.findall(path.read_text(encoding="utf-8"))}
    assert names <= KEYWORDS.keys()


def test_no_text_is_marked_within_another_string() -> None:
    """There the extraction does not see it, and everybody would read it in English."""
    strings = (
        (path, node)
        for path in SOURCES.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.JoinedStr)
    )
    found = [
        f"{path.relative_to(SOURCES)}:{call.lineno}"
        for path, string in strings
        for call in ast.walk(string)
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id in KEYWORDS
    ]
    assert found == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_text_lacks_its_translation_and_none_is_left_over(sources: Catalog, language: str) -> None:
    wanted = {(each(message.id), message.context) for message in translated(sources)}
    kept = {(each(message.id), message.context) for message in translated(known(language))}
    assert kept == wanted, "run: python scripts/extract_messages.py"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_translation_is_finished(language: str) -> None:
    catalog = known(language)
    for message in translated(catalog):
        forms = each(message.string)
        assert all(forms), message.id
        assert not message.fuzzy, message.id
        assert len(forms) == (catalog.num_plurals if message.pluralizable else 1), message.id


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_translation_has_the_blanks_of_its_source(language: str) -> None:
    for message in translated(known(language)):
        wanted = sorted(BLANK.findall(each(message.id)[-1]))
        for form in each(message.string):
            assert sorted(BLANK.findall(form)) == wanted, message.id


@pytest.mark.parametrize(("language", "letters"), [("zh_Hans", "[\u4e00-\u9fff]"), ("ru", "[А-Яа-яЁё]")])
def test_every_translation_is_in_its_own_script(language: str, letters: str) -> None:
    for message in translated(known(language)):
        assert all(re.search(letters, form) for form in each(message.string)), message.id


@pytest.mark.parametrize("language", ["zh-hans", "ru"])
def test_every_word_of_the_story_is_translated_where_it_is_shown(language: str) -> None:
    tables = (words.HAPPENED, words.AHEAD, words.BILL_LINES, texts.REMEDIES, texts.REJECTIONS)
    pairs = (words.STATES, words.NUMBERS, texts.NOTICES)
    shown = [text for table in tables for text in table.values()]
    shown += [text for table in pairs for pair in table.values() for text in pair]
    with translation.override("en"):
        english = [str(text) for text in shown]
    with translation.override(language):
        assert all(str(text) != source for text, source in zip(shown, english, strict=True))


@pytest.mark.parametrize(
    ("language", "shown"),
    [
        ("zh-hans", "1234567.05\u00a0₽"),
        ("ru", "1\u00a0234\u00a0567,05\u00a0₽"),
        ("en", "1,234,567.05\u00a0₽"),
    ],
    ids=["zh-hans", "ru", "en"],
)
def test_money_is_in_the_readers_form(language: str, shown: str) -> None:
    with translation.override(language):
        assert money(123_456_705, "RUB") == shown
        assert money(-123_456_705, "RUB") == f"−{shown}"


@pytest.mark.parametrize(
    ("language", "shown"),
    [
        ("zh-hans", "2026年1月12日 12:05 (莫斯科时间)"),
        ("ru", "12 января 2026 г. 12:05 (МСК)"),
        ("en", "Jan. 12, 2026 12:05 (MSK)"),
    ],
    ids=["zh-hans", "ru", "en"],
)
def test_moments_are_in_the_readers_form_with_their_zone(language: str, shown: str) -> None:
    with translation.override(language):
        assert moment(datetime(2026, 1, 12, 9, 5, tzinfo=UTC)) == shown


@pytest.mark.parametrize(
    ("days", "shown"),
    [(1, "остался 1 день"), (2, "осталось 2 дня"), (5, "осталось 5 дней"), (21, "остался 21 день")],
    ids=["1", "2", "5", "21"],
)
def test_russian_counts_days_in_three_forms(days: int, shown: str) -> None:
    with translation.override("ru"):
        assert translation.ngettext("%(days)d day left", "%(days)d days left", days) % {"days": days} == shown
