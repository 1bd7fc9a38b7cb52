"""Declaring on the web that a line shall end: typed, shown once more, declared; once only, whatever browsers do."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.db import OperationalError
from django.test import Client

from lastcall.core.closing.case import Case
from lastcall.core.closing.declaration import Declaration
from lastcall.core.database import DjangoDatabase
from tests.cast import LI_WEI_MSISDN, Cast
from tests.conftest import database_url
from tests.doors.portal import scenes
from tests.doors.portal.scenes import Answer, speak, text

__all__ = ["database_url"]  # declarations are taken in on both kinds of database

NUMBER = "+7 900 000-10-01"


def draft_in(answer: Answer) -> str:
    """What the page that is shown before the declaration carries."""
    found = re.search(r'name="draft" value="([^"]*)"', answer.content.decode())
    assert found is not None
    return found[1]


def typed(browser: Client, **fields: str) -> Answer:
    """Fill the form and press "Continue"."""
    answer = browser.post("/close/", {"line": NUMBER, "end": "asap"} | fields, follow=True)
    assert answer.status_code == 200
    return answer


def confirmed(browser: Client, **fields: str) -> Answer:
    """All the way to the receipt."""
    answer = browser.post("/close/check/", {"draft": draft_in(typed(browser, **fields))}, follow=True)
    assert answer.status_code == 200
    return answer


def cases(cast: Cast) -> list[Case]:
    return cast.base.transact(lambda rows: rows.some(Case, {}, order="id"))


def test_it_takes_a_number_and_two_presses(browser: Client, cast: Cast) -> None:
    page = text(confirmed(browser))
    assert "Your declaration was received" in page
    (case,) = cases(cast)
    assert (case.claimed_msisdn, case.door, case.declared_by) == (LI_WEI_MSISDN, "portal", "holder")
    assert case.requested_end is None
    assert case.language == "en"


def test_it_opens_for_somebody_without_any_cookie() -> None:
    answer = Client(headers={"host": "localhost"}).get("/close/")
    assert answer.status_code == 200
    body = answer.content.decode()
    assert 'type="password"' not in body
    assert 'type="checkbox"' not in body
    names = set(re.findall(r'<input[^>]* name="([a-z_]+)"', body)) - {"csrfmiddlewaretoken"}
    assert names == {"line", "identity", "end", "end_date", "contact"}
    chosen = re.findall(r'value="([a-z]+)" id="\w+" checked', body)
    assert chosen == ["asap"]


@pytest.mark.parametrize(
    "path", ["/", "/close/", "/case/", "/prepare/", "/stop/", "/number/", "/receipt/", "/nowhere/"]
)
@pytest.mark.parametrize(
    ("language", "name"), [("en", "Close a line"), ("ru", "Закрыть номер"), ("zh-hans", "注销号码")]
)
def test_every_page_has_the_link_once(browser: Client, path: str, language: str, name: str) -> None:
    speak(browser, language)
    body = browser.get(path).content.decode()
    assert len(re.findall(rf'<a [^>]*href="/close/"[^>]*>{name}</a>', body)) == 1


def test_what_you_see_is_what_you_sign(browser: Client) -> None:
    page = text(typed(browser, identity="representative", end="day", end_date="31.12.2026", contact="li@example.org"))
    for words in ("+7 900 000-10-01", "I act for the holder", "Dec. 31, 2026", "li@example.org"):
        assert words in page
    assert "Close +7 900 000-10-01 on Dec. 31, 2026" in page
    assert "Close +7 900 000-10-01 now" in text(typed(browser))


@pytest.mark.parametrize("day", ["2026-12-31", "31.12.2026", "2026年12月31日", "2026 年 12 月 31 日"])
def test_a_day_is_taken_as_people_write_it(browser: Client, cast: Cast, day: str) -> None:
    confirmed(browser, end="day", end_date=day)
    (case,) = cases(cast)
    assert case.requested_end == datetime(2026, 12, 31, 20, 59, tzinfo=UTC)


def test_a_day_that_was_typed_is_meant(browser: Client, cast: Cast) -> None:
    confirmed(browser, end="asap", end_date="2026-12-31")
    assert cases(cast)[0].requested_end is not None


@pytest.mark.parametrize(
    ("fields", "field", "words"),
    [
        ({"line": ""}, "line", "Enter the number of the line."),
        ({"line": "12345"}, "line", "This is not a mobile number."),
        ({"line": "+86 138 0013 8000"}, "line", "This is not a Russian number."),
        ({"line": "+7 999 123-45-67"}, "line", "given to no operator in the public register"),
        ({"end": "day"}, "end_date", "Enter the day on which the line shall end"),
        ({"end": "day", "end_date": "soon"}, "end_date", "This cannot be read as a date."),
        ({"end": "day", "end_date": "31.02.2026"}, "end_date", "This day is in no calendar."),
        ({"end": "day", "end_date": "01.03.2026"}, "end_date", "This day is over."),
        ({"end": "day", "end_date": "31.12.2062"}, "end_date", "more than a year away"),
        ({"contact": "my wife"}, "contact", "neither an e-mail address nor a phone number"),
        ({"identity": "somebody"}, "identity", "Choose one of the answers."),
    ],
)
def test_what_cannot_be_taken_is_said_where_it_is(
    browser: Client, cast: Cast, fields: dict[str, str], field: str, words: str
) -> None:
    body = browser.post("/close/", {"line": NUMBER, "end": "asap", "contact": "li@example.org"} | fields)
    page = body.content.decode()
    assert words in text(body)
    assert page.index(f'href="#id_{field}"') < page.index("<h1>")
    assert "<title>Error:" in page
    assert fields.get("contact", "li@example.org") in page
    assert cases(cast) == []


def test_a_double_click_is_one_case(browser: Client, cast: Cast) -> None:
    draft = draft_in(typed(browser))
    first = browser.post("/close/check/", {"draft": draft}, follow=True)
    second = browser.post("/close/check/", {"draft": draft}, follow=True)
    assert scenes.without_token(first) == scenes.without_token(second)
    assert len(cases(cast)) == 1


def test_the_same_words_typed_again_before_the_declaration_are_one_case(browser: Client, cast: Cast) -> None:
    first, second = draft_in(typed(browser)), draft_in(typed(browser))
    browser.post("/close/check/", {"draft": first})
    browser.post("/close/check/", {"draft": second})
    assert len(cases(cast)) == 1


def test_going_back_after_the_declaration_leads_to_the_receipt(browser: Client, cast: Cast) -> None:
    confirmed(browser)
    answer = browser.get("/close/check/")
    assert answer.status_code == 302
    assert answer["Location"] == "/receipt/"
    assert re.search(r'id="id_line"[^>]*value=""', browser.get("/close/").content.decode())
    assert len(cases(cast)) == 1


def test_declaring_again_later_is_another_declaration(browser: Client, cast: Cast) -> None:
    confirmed(browser)
    confirmed(browser)
    assert len(cases(cast)) == 2


def test_of_two_tabs_each_confirms_what_it_shows(browser: Client, cast: Cast) -> None:
    first = draft_in(typed(browser))
    second = draft_in(typed(browser, line="+7 900 000-10-02"))
    browser.post("/close/check/", {"draft": first})
    assert "10-02" in text(browser.get("/close/check/"))
    browser.post("/close/check/", {"draft": second})
    assert [case.claimed_msisdn for case in cases(cast)] == [79000001001, 79000001002]


def test_change_leads_back_to_the_field_with_everything_kept(browser: Client) -> None:
    draft = draft_in(typed(browser, end="day", end_date="31.12.2026", contact="li@example.org"))
    body = browser.post("/close/", {"draft": draft, "change": "contact"}).content.decode()
    assert 'value="+79000001001"' in body
    assert 'value="2026-12-31"' in body
    assert re.search(r'id="id_contact"[^>]*value="li@example.org"[^>]*autofocus', body)


def test_another_language_keeps_what_was_typed(browser: Client) -> None:
    body = browser.post(
        "/close/", {"line": "+7 900", "identity": "representative", "end": "day", "end_date": "31.", "lang": "ru"}
    ).content.decode()
    assert '<html lang="ru">' in body
    assert 'value="+7 900"' in body and 'value="31."' in body
    assert re.search(r'value="representative"[^>]* checked', body)
    assert 'role="alert"' not in body


def test_another_language_keeps_what_is_about_to_be_declared(browser: Client, cast: Cast) -> None:
    draft = draft_in(typed(browser))
    answer = browser.post("/close/check/", {"draft": draft, "lang": "zh-hans"})
    assert '<html lang="zh-Hans">' in answer.content.decode()
    assert cases(cast) == []
    browser.post("/close/check/", {"draft": draft_in(answer)})
    assert cases(cast)[0].language == "zh-hans"


def test_sent_again_in_another_language_it_is_the_same_declaration(browser: Client, cast: Cast) -> None:
    draft = draft_in(typed(browser))
    first = browser.post("/close/check/", {"draft": draft}, follow=True)
    speak(browser, "ru")
    again = browser.post("/close/check/", {"draft": draft}, follow=True)
    assert len(cases(cast)) == 1
    reference = re.search(r'id="reference">([^<]+)<', first.content.decode())
    assert reference is not None and reference[1] in again.content.decode()


def test_a_draft_of_yesterday_is_asked_again_with_nothing_lost(browser: Client, cast: Cast) -> None:
    draft = draft_in(typed(browser, contact="li@example.org"))
    cast.time.advance(timedelta(hours=25))
    answer = browser.post("/close/check/", {"draft": draft})
    assert "More than a day has passed" in text(answer)
    assert 'value="li@example.org"' in answer.content.decode()
    assert cases(cast) == []


def test_a_draft_that_is_none_of_ours_declares_nothing(browser: Client, cast: Cast) -> None:
    draft = draft_in(typed(browser))
    for forged in ("", "1.AAAA", draft[:-4] + "AAAA", "ä"):
        assert browser.post("/close/check/", {"draft": forged})["Location"] == "/close/"
    assert cases(cast) == []


def test_a_day_that_passed_while_the_page_stood_open_is_asked_again(browser: Client, cast: Cast) -> None:
    cast.time.advance(timedelta(hours=11))
    draft = draft_in(typed(browser, end="day", end_date="2026-03-13"))
    cast.time.advance(timedelta(hours=20))
    answer = browser.post("/close/check/", {"draft": draft}, follow=True)
    assert "This day is over" in text(answer)
    assert cases(cast) == []


def test_without_a_draft_the_check_leads_to_the_form(browser: Client) -> None:
    assert browser.get("/close/check/")["Location"] == "/close/"


def test_nothing_typed_is_in_any_address(browser: Client) -> None:
    answer = browser.post("/close/", {"line": NUMBER, "contact": "li@example.org"})
    assert answer["Location"] == "/close/check/"
    cookie = browser.cookies["lastcall_draft"]
    assert cookie["httponly"] and cookie["samesite"] == "Strict" and cookie["path"] == "/close/"
    assert "9000001001" not in cookie.value


@pytest.mark.parametrize("number", ["+7 900 000-10-01", "+7 900 000-10-02", "+7 900 000-10-03", "+7 900 555-55-55"])
def test_whether_the_number_is_a_line_of_ours_makes_no_difference(browser: Client, cast: Cast, number: str) -> None:
    page = text(confirmed(browser, line=number))
    received = page[page.index("What comes next") :]
    assert "Your declaration was received" in page
    if number != NUMBER:
        again = text(confirmed(browser, line=NUMBER))
        assert again[again.index("What comes next") :] == received


def test_a_form_that_lost_its_token_can_be_sent_again(cast: Cast) -> None:
    strict = Client(enforce_csrf_checks=True, headers={"host": "localhost", "origin": "http://localhost"})
    answer = strict.post("/close/", {"line": NUMBER, "contact": '"li"@example.org'})
    assert answer.status_code == 403
    body = answer.content.decode()
    assert f'name="line" value="{NUMBER}"' in body
    assert "&quot;li&quot;@example.org" in body
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]*)"', body)
    assert token is not None
    again = strict.post("/close/", {"line": NUMBER, "csrfmiddlewaretoken": token[1]})
    assert again["Location"] == "/close/check/"


def test_what_another_site_typed_is_not_offered_again() -> None:
    strict = Client(enforce_csrf_checks=True, headers={"host": "localhost", "origin": "https://example.org"})
    answer = strict.post("/close/", {"line": NUMBER})
    assert answer.status_code == 403
    assert NUMBER not in answer.content.decode()


def test_while_the_database_is_away_what_was_typed_is_kept(
    browser: Client, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    draft = draft_in(typed(browser))
    with monkeypatch.context() as away:
        away.setattr(DjangoDatabase, "transact", _away)
        answer = browser.post("/close/check/", {"draft": draft})
    assert answer.status_code == 503
    assert answer["Retry-After"] == "120"
    assert draft_in(answer) == draft
    assert "kept in this page" in text(answer)
    assert "Your declaration was received" in text(browser.post("/close/check/", {"draft": draft}, follow=True))
    assert len(cases(cast)) == 1


def _away(self: DjangoDatabase, work: object) -> None:
    raise OperationalError("no connection")


def test_the_contact_goes_with_the_declaration(browser: Client, cast: Cast) -> None:
    page = text(confirmed(browser, contact="li@example.org"))
    assert "A copy is on its way to l…@example.org." in page
    assert len(cast.base.transact(lambda rows: rows.some(Declaration, {}))) == 1
