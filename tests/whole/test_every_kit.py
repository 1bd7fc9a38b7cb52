"""Every kit that can be chosen, printed and dated: operator × language × reason × situation."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from functools import cache
from itertools import product
from typing import Final

import pytest
from django.utils import translation
from icalendar import Calendar

from lastcall.core.closing.letters import Letter, in_language
from lastcall.core.kit.calendar import ics
from lastcall.core.kit.choices import LANGUAGES, REASONS, SITUATIONS
from lastcall.core.kit.kit import Kit, make_kit
from lastcall.core.kit.operators import OTHER, operators, pack_of
from lastcall.core.policies.load import load
from lastcall.core.policies.load import operators as with_packs
from lastcall.elements.letters.glyphs import MISSING, printable
from lastcall.elements.letters.typst_printer import TypstPrinter
from tests.printed import pages, squeezed, values

ON: Final = date(2026, 1, 12)
MADE_AT: Final = datetime(2026, 1, 12, 9, tzinfo=UTC)
PAGE_NUMBER: Final = re.compile(r"(\d+) / (\d+)")
PRINTED: Final = frozenset({"text", "under", "value", "label", "title"})
OPERATORS: Final = operators()


def made(operator: str, language: str, reason: str, situation: str) -> Kit:
    return make_kit(
        pack=pack_of(operator, on=ON), language=language, reason=reason, situation=situation, on=ON, made_at=MADE_AT
    )


@pytest.fixture(scope="module")
def printer() -> TypstPrinter:
    return TypstPrinter()


def texts(letter: Letter) -> tuple[str, ...]:
    """Every text that must be seen on the letter's pages, its title first."""
    columns = [in_language(letter, language) for language in letter.languages]
    found = (text for column in columns for text in values(column, named=PRINTED, but="phones"))
    return tuple(dict.fromkeys(map(as_printed, found)))


@cache
def as_printed(text: str) -> str:
    return squeezed(printable(text))


@cache
def own_contacts(operator: str) -> frozenset[str]:
    """Phones and short codes of one operator, as its pack writes them, long enough to be told from other digits."""
    entries = pack_of(operator, on=ON).entries("contacts.")
    return frozenset(found for entry in entries if len(found := squeezed(str(entry.value))) > 5)


@cache
def strangers(operator: str) -> frozenset[str]:
    """The names and contacts of all the others that this operator does not have itself."""
    others = [name for name in with_packs() if name != operator]
    names = {squeezed(str(load(name, on=ON).entry("operator.legal_name").value)) for name in others}
    return frozenset(names.union(*map(own_contacts, others)) - own_contacts(operator))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("operator", OPERATORS)
def test_every_kit_is_whole(printer: TypstPrinter, operator: str, language: str) -> None:
    for situation, reason in product(SITUATIONS, REASONS):
        kit = made(operator, language, reason, situation)
        check_paper(kit, pages(printer.bind(kit.letters)))
        check_days(kit, ics(kit))


def check_paper(kit: Kit, printed: list[str]) -> None:
    """It opens, its pages are counted through, each part begins where the contents say, and all of its text is there."""
    choice = (kit.operator, kit.language, kit.reason, kit.situation)
    assert [PAGE_NUMBER.findall(page)[-1] for page in printed] == [
        (str(number), str(len(printed))) for number in range(1, len(printed) + 1)
    ]
    begins = [_beginning(printed[0], number, letter) for number, letter in enumerate(kit.letters, start=1)]
    assert begins[0] == 2 and begins == sorted(set(begins)), choice
    squeezed_pages = list(map(squeezed, printed))
    for letter, begin, end in zip(kit.letters, begins, [*begins[1:], len(printed) + 1], strict=True):
        part = "".join(squeezed_pages[begin - 1 : end - 1])
        for text in texts(letter):
            assert text in part, (*choice, letter.kind, text)
    whole = "".join(squeezed_pages)
    assert MISSING not in whole and "\ufffd" not in whole, choice
    for stranger in strangers(kit.operator):
        assert stranger not in whole, choice


def _beginning(contents: str, number: int, letter: Letter) -> int:
    """The page on which the contents say that a letter begins."""
    with translation.override(letter.language):
        title = squeezed(letter.title.shown())
    lines = PAGE_NUMBER.split(contents)[0]  # the foot of the page begins with its own number
    line = squeezed(lines.split(f"{number}. ", 1)[1].split(f"{number + 1}. ")[0])
    found = re.match(re.escape(title) + r"(\d+)", line)
    assert found is not None, contents
    return int(found[1])


def check_days(kit: Kit, content: bytes) -> None:
    """It parses, and holds the kit's days, none before the kit's own."""
    calendar = Calendar.from_ical(content)
    events = calendar.walk("VEVENT")
    assert isinstance(calendar, Calendar) and not calendar.errors and not any(event.errors for event in events)
    assert sorted(event.decoded("dtstart") for event in events) == sorted(each.on for each in kit.deadlines)
    assert all(event.decoded("dtstart") >= ON for event in events)
    assert len({str(event["uid"]) for event in events}) == len(events)
    told_there = squeezed("".join(str(event["summary"]) + str(event["description"]) for event in events))
    for stranger in strangers(kit.operator):
        assert stranger not in told_there


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_statement_to_be_filled_in_by_hand_is_one_page(printer: TypstPrinter, language: str) -> None:
    """Also of the operator with the longest name, and of one that is written in by hand."""
    for place, (situation, reason) in enumerate(product(SITUATIONS, REASONS)):
        kit = made((OTHER, "beeline", "t2")[place % 3], language, reason, situation)
        statement = next(letter for letter in kit.letters if letter.kind == "kit_statement")
        assert len(pages(printer.make(statement))) == 1, (situation, reason)


def test_there_are_as_many_as_can_be_chosen() -> None:
    assert {"beeline", "megafon", "mts", "t2", "yota", "demo", OTHER} <= set(OPERATORS)
    assert len(set(product(OPERATORS, LANGUAGES, REASONS, SITUATIONS))) >= 630
