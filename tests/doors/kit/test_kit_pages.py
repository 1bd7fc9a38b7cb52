"""The kit's page: what for, then all of it, as PDF and for a calendar. It asks nothing about anybody and keeps nothing."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import pytest
import vobject
from django.conf import settings
from django.core.cache import caches
from django.db import connections
from django.http import HttpResponse
from django.test import Client
from django.utils import translation
from django.utils.translation import gettext

from lastcall.core import clock, provided
from lastcall.core.clock import ManualClock
from lastcall.core.closing.letters import Letter, in_language
from lastcall.core.kit.choices import LANGUAGES, REASONS, SITUATIONS
from lastcall.core.kit.kit import Kit, make_kit
from lastcall.core.kit.labels import REASONS as REASON_WORDS
from lastcall.core.kit.operators import OTHER, operators, pack_of
from lastcall.core.ports import Printer
from lastcall.doors.kit import pages
from lastcall.doors.kit.shown import kit_page
from tests.printed import values

PRINTED: Final = frozenset({"text", "under", "value", "label"})
"""Where the texts stand that a page must show."""
NOW: Final = datetime(2026, 1, 12, 9, tzinfo=UTC)
CHOICE: Final = {"operator": "mts", "reason": "leaving", "situation": "foreigner"}
EVERY = pytest.mark.parametrize("language", LANGUAGES)
PATHS = pytest.mark.parametrize("path", ["/kit/", "/kit/show/", "/kit/show/kit.pdf", "/kit/show/deadlines.ics"])


class PrintsKinds:
    """A printer whose file tells what it was asked for."""

    name = "kinds"

    def make(self, letter: Letter) -> bytes:
        raise AssertionError("a kit is bound")

    def bind(self, letters: Any) -> bytes:
        return f"%PDF {' '.join(letter.kind for letter in letters)} {letters[0].language}".encode()


@pytest.fixture(autouse=True)
def day() -> Iterator[None]:
    with clock.use(ManualClock(NOW)):
        yield


@pytest.fixture(autouse=True)
def no_database(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever asks the database fails."""

    def refuse(*_given: Any) -> None:
        raise AssertionError("the kit asked the database")

    for connection in connections.all():
        monkeypatch.setattr(connection, "cursor", refuse)


@pytest.fixture
def printer(monkeypatch: pytest.MonkeyPatch) -> None:
    pages.KEPT.clear()
    monkeypatch.setattr(provided, "_makers", dict(provided._makers))
    monkeypatch.setattr(provided, "_made", dict(provided._made))
    provided.provide(Printer, PrintsKinds)


@pytest.fixture
def ask() -> Callable[..., HttpResponse]:
    """Asks for a page in a language."""

    def get(path: str, language: str = "en", **query: str) -> HttpResponse:
        client = Client(headers={"host": "localhost"})
        client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
        answer = client.get(path, query)
        assert isinstance(answer, HttpResponse)
        return answer

    return get


def made(language: str = "en", **other: str) -> Kit:
    choice = CHOICE | other
    return make_kit(
        pack=pack_of(choice["operator"], on=NOW.date()), language=language, reason=choice["reason"],
        situation=choice["situation"], on=NOW.date(), made_at=NOW,
    )  # fmt: skip


def words(answer: HttpResponse) -> str:
    """What a reader sees, spaces as one."""
    bare = re.sub(r"<[^>]+>", " ", answer.content.decode())
    return squeezed(html.unescape(bare))


def squeezed(text: str) -> str:
    return re.sub(r"[\s_]+", "", text)


@EVERY
def test_it_asks_four_questions_and_none_about_a_person(ask: Callable[..., HttpResponse], language: str) -> None:
    page = ask("/kit/", language).content.decode()

    assert {name: page.count(f'type="radio" id="{name}-') for name in ("operator", "lang", "reason", "situation")} == {
        "operator": len(operators()), "lang": len(LANGUAGES), "reason": len(REASONS), "situation": len(SITUATIONS),
    }  # fmt: skip
    assert set(re.findall(r'<input [^>]*name="([^"]*)"', page)) == {"operator", "lang", "reason", "situation"}
    assert '<form method="get" action="/kit/show/">' in page
    assert "checked" in page.split('name="lang"', LANGUAGES.index(language) + 1)[-1].split(">")[0]


@EVERY
def test_every_letter_of_the_kit_is_readable_on_the_page(ask: Callable[..., HttpResponse], language: str) -> None:
    seen = words(ask("/kit/show/", language, **CHOICE))
    kit = made(language)

    for letter in kit.letters:
        for column in letter.languages:
            shown = in_language(letter, column)
            for text in (shown["title"], *values(shown["blocks"], named=PRINTED), *shown["notes"]):
                assert squeezed(text) in seen


@pytest.mark.parametrize("situation", SITUATIONS)
@pytest.mark.parametrize("reason", REASONS)
def test_a_page_shows_no_block_that_it_does_not_know(reason: str, situation: str) -> None:
    with translation.override("en"):
        shown = kit_page(made(reason=reason, situation=situation))
    kinds = {block.kind for part in shown.parts for block in part.blocks}

    assert kinds <= {"Heading", "Paragraph", "Rows", "Items", "Blanks"}
    assert {block.told["mark"] for part in shown.parts for block in part.blocks if block.kind == "Items"} <= {
        "box", "dot", "number",
    }  # fmt: skip


def test_fields_belong_to_no_form_and_have_no_name(ask: Callable[..., HttpResponse]) -> None:
    page = ask("/kit/show/", **CHOICE).content.decode()
    fields = re.findall(r"<(?:input|textarea)[^>]*>", page)

    assert len(fields) > 20
    assert "<form" not in page and "<script" not in page and "<button" not in page
    for field in fields:
        assert " name=" not in field and " form=" not in field
        assert 'autocomplete="off"' in field


def test_every_field_says_what_it_is_for_and_no_id_is_there_twice(ask: Callable[..., HttpResponse]) -> None:
    page = ask("/kit/show/", "zh-hans", **CHOICE).content.decode()
    ids = re.findall(r' id="([^"]+)"', page)

    assert len(ids) == len(set(ids))
    for field in re.findall(r"<(?:input|textarea)[^>]*>", page):
        match = re.search(r' id="([^"]+)"', field)
        assert match is not None
        assert f'for="{match[1]}"' in page or re.search(r' aria-label="[^"]+"', field)


def test_all_but_date_and_signature_can_be_typed_into_the_statement(ask: Callable[..., HttpResponse]) -> None:
    page = ask("/kit/show/", **CHOICE | {"operator": OTHER}).content.decode()
    statement = page.split('id="part-3"')[1].split("</section>")[0]
    by_hand = re.findall(r'<p class="by-hand">(.*?)</p>', statement)

    assert [re.sub("<[^>]+>", "", each).rpartition(" / ")[2].strip() for each in by_hand] == [
        "Date", "Signature", "Received by", "Date", "Signature",
    ]  # fmt: skip
    for typed in (
        "To the operator: name and INN",
        "Surname, given names",
        "Born on",
        "Address",
        "Contact for questions",
    ):
        assert re.search(rf"<label[^>]*>[^\n]*{typed}[^\n]*</label><textarea", statement), typed


def test_what_offices_read_stands_in_both_languages_and_the_rest_in_the_readers(
    ask: Callable[..., HttpResponse],
) -> None:
    sections = ask("/kit/show/", "zh-hans", **CHOICE).content.decode().split("<section")[1:]
    letters = made("zh-hans").letters

    assert {letter.kind for letter in letters if not letter.alone} == {"kit_statement", "kit_phrases"}
    for section, letter in zip(sections, letters, strict=True):
        assert 'lang="zh-Hans"' in section
        assert ('lang="ru"' in section) == (not letter.alone)


def test_the_line_for_the_number_is_a_field_once(ask: Callable[..., HttpResponse]) -> None:
    page = ask("/kit/show/", "zh-hans", **CHOICE).content.decode()

    assert page.count('<input class="gap"') == page.count('<span class="gap"') == 1
    assert "______" not in page


@EVERY
def test_another_language_keeps_what_was_chosen(ask: Callable[..., HttpResponse], language: str) -> None:
    page = ask("/kit/show/", "en", **CHOICE).content.decode()
    if language != "en":
        assert f'href="?operator=mts&amp;reason=leaving&amp;situation=foreigner&amp;lang={language}"' in page
    answer = ask("/kit/show/", "en", **CHOICE, lang=language)
    assert (answer.status_code, answer["Location"]) == (
        302, "/kit/show/?operator=mts&reason=leaving&situation=foreigner",
    )  # fmt: skip
    assert answer.cookies[settings.LANGUAGE_COOKIE_NAME].value == language


def test_choosing_again_begins_with_what_was_chosen(ask: Callable[..., HttpResponse]) -> None:
    page = ask("/kit/show/", **CHOICE).content.decode()
    again = re.search(r'class="back" href="([^"]+)"', page)
    assert again is not None
    lists = Client(headers={"host": "localhost"}).get(html.unescape(again[1])).content.decode()

    for name, value in CHOICE.items():
        assert re.search(f'name="{name}" value="{value}" required checked', lists)


@pytest.mark.parametrize(
    "query",
    [{}, {"operator": "mts"}, CHOICE | {"operator": "nobody"}, CHOICE | {"reason": "<b>"}, CHOICE | {"situation": ""}],
)
def test_what_is_missing_or_unknown_is_asked_again(ask: Callable[..., HttpResponse], query: dict[str, str]) -> None:
    page = ask("/kit/show/", **query).content.decode()
    missing = {name for name, value in CHOICE.items() if query.get(name) != value}

    assert set(re.findall(r'<li><a href="#(\w+)-1">', page)) == missing
    assert page.count('class="field wrong"') == len(missing)
    assert "<b>" not in page


@pytest.mark.parametrize("name", ["kit.pdf", "deadlines.ics"])
def test_files_for_nothing_lead_to_the_questions(ask: Callable[..., HttpResponse], name: str) -> None:
    answer = ask(f"/kit/show/{name}", operator="mts")

    assert (answer.status_code, answer["Location"]) == (302, "/kit/show/?operator=mts")


@pytest.mark.usefixtures("printer")
@EVERY
def test_the_kit_can_be_had_on_paper(ask: Callable[..., HttpResponse], language: str) -> None:
    answer = ask("/kit/show/kit.pdf", language, **CHOICE)
    kinds = " ".join(letter.kind for letter in made(language).letters)

    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"] == 'attachment; filename="kit-mts.pdf"'
    assert answer.content == f"%PDF {kinds} {language}".encode()


@EVERY
def test_the_days_can_be_had_for_a_calendar(ask: Callable[..., HttpResponse], language: str) -> None:
    answer = ask("/kit/show/deadlines.ics", language, **CHOICE)
    found = vobject.readOne(answer.content.decode()).vevent_list

    assert answer["Content-Type"] == "text/calendar; charset=utf-8; method=PUBLISH"
    assert answer["Content-Disposition"] == 'attachment; filename="deadlines-mts.ics"'
    assert sorted(event.dtstart.value for event in found) == sorted(each.on for each in made(language).deadlines)


@PATHS
@pytest.mark.usefixtures("printer")
def test_nothing_is_kept_by_anybody(ask: Callable[..., HttpResponse], path: str) -> None:
    answer = ask(path, **CHOICE)

    assert answer.status_code == 200
    assert answer["Cache-Control"] == ("private, no-cache" if path.endswith(".pdf") else "no-store")
    assert (
        "script-src 'self'" in answer["Content-Security-Policy"] and "unsafe" not in answer["Content-Security-Policy"]
    )
    assert not answer.cookies
    assert not getattr(caches["default"], "_cache", None)


@PATHS
def test_nothing_can_be_sent_to_it(path: str) -> None:
    assert Client(headers={"host": "localhost"}).post(path, {"name": "Li Wei"}).status_code == 405


@EVERY
def test_the_portal_shows_the_way(ask: Callable[..., HttpResponse], language: str) -> None:
    page = ask("/", language).content.decode()
    with translation.override(language):
        link = gettext("Another operator?")

    assert f'<a href="/kit/">{html.escape(link)}</a>' in page


def test_the_day_is_the_operators_day(ask: Callable[..., HttpResponse]) -> None:
    with clock.use(ManualClock(datetime(2026, 1, 12, 22, 30, tzinfo=UTC))):  # already the 13th in Moscow
        assert "Jan. 13, 2026" in ask("/kit/show/", **CHOICE).content.decode()
        page = ask("/kit/show/deadlines.ics", **CHOICE).content.decode()
    first = min(event.dtstart.value for event in vobject.readOne(page).vevent_list)
    assert first == made().deadlines[0].on + timedelta(days=1)


def test_a_reason_is_told_in_words(ask: Callable[..., HttpResponse]) -> None:
    for reason in REASONS:
        assert str(REASON_WORDS[reason]) in html.unescape(
            ask("/kit/show/", **CHOICE | {"reason": reason}).content.decode()
        )
