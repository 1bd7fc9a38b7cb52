"""Who asked about the number and who was told, on the case page and on a page of its own."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.test import Client

from lastcall.core.actor import ADMINISTRATOR, Actor
from lastcall.core.closing.receipts import Receipt
from lastcall.core.lookup.days import today
from lastcall.core.numbers.sweep import sweep
from lastcall.core.plan import Insert, Plan
from lastcall.core.relying import consumers
from lastcall.core.relying.asked_number import Asked
from lastcall.core.relying.consumer import Consumer
from lastcall.core.telling.announcement import Announcement
from lastcall.core.telling.delivery import DELIVERED, Delivery
from tests.cast import LI_WEI_MSISDN, Cast
from tests.doors.portal import scenes
from tests.doors.portal.case_forms import proved
from tests.doors.portal.scenes import LANGUAGES, open_case, text
from tests.elements.letters.test_typst_printer import text_of

TITLE = "Who asked about your number, who was told"
ALLA = Actor(ADMINISTRATOR, "alla", "desk")


def party(cast: Cast, category: str = "bank", name: str = "Iron Bank") -> Consumer:
    found = consumers.create(cast.base, name=name, category=category, scopes=["lookup:check"], actor=ALLA)
    return found.consumer


def asks(cast: Cast, consumer: Consumer, day: date | None = None, *, times: int = 1, reading: str = "camara") -> None:
    row = Asked(
        msisdn=LI_WEI_MSISDN, day=day or today(), consumer_id=consumer.id, reading=reading, category=consumer.category,
        times=times,
    )  # fmt: skip
    cast.base.transact(lambda rows: rows.apply(Plan((Insert(row),))))


def tell(cast: Cast, receipt: Receipt, consumer: Consumer) -> None:
    """The end of the line was announced to the consumer, and it took the announcement."""
    tenure_id, now = cast.case(receipt).tenure_id, cast.time.now()
    assert tenure_id is not None
    announcement = Announcement(
        id=1, tenure_id=tenure_id, msisdn=LI_WEI_MSISDN, kind="ceased", ordinal=1, at=now, day=today(), place=1
    )
    delivery = Delivery(
        id=2, consumer_id=consumer.id, announcement_id=1, msisdn=LI_WEI_MSISDN, cursor=1, subject="hash", reference="",
        state=DELIVERED, made_at=now, told_at=now,
    )  # fmt: skip
    cast.base.transact(lambda rows: rows.apply(Plan((Insert(announcement), Insert(delivery)))))


def section(page: str) -> str:
    """What the case page says under the heading."""
    return page.split(TITLE, 1)[1].split("This page stays open", 1)[0]


def test_with_nobody_so_far_one_sentence_says_what_will_stand_there(browser: Client, cast: Cast) -> None:
    sentence = "Nobody so far. When a bank, an app or an authority asks about your number or is told about it, the day is shown"
    assert section(open_case(browser, cast.closed())).strip() == f"{sentence} here."


def test_day_and_kind_are_told_and_neither_name_nor_answer(browser: Client, cast: Cast) -> None:
    receipt = cast.closed()
    asks(cast, party(cast), times=2, reading="disconnect")
    page = open_case(browser, receipt)
    assert "A bank asked. 2 times." in section(page)
    assert "Iron Bank" not in page and "disconnect" not in page


def test_who_was_told_is_shown_beside_who_asked(browser: Client, cast: Cast) -> None:
    receipt, bank = cast.closed(), party(cast)
    asks(cast, bank)
    tell(cast, receipt, bank)
    said = section(open_case(browser, receipt))
    assert "A bank asked." in said and "A bank was told." in said


def test_two_banks_on_one_day_are_one_line(browser: Client, cast: Cast) -> None:
    receipt = cast.closed()
    for name in ("Iron Bank", "Stone Bank"):
        asks(cast, party(cast, name=name))
    assert section(open_case(browser, receipt)).count("A bank asked. 2 times.") == 1


def test_the_case_page_shows_the_latest_three_and_leads_to_all(browser: Client, cast: Cast) -> None:
    receipt = cast.closed()
    bank = party(cast)
    cast.time.advance(timedelta(days=9))
    for back in range(5):
        asks(cast, bank, today() - timedelta(days=back))
    assert section(open_case(browser, receipt)).count("A bank asked.") == 3
    assert 'id="to-asked"' in browser.get("/case/").content.decode()
    page = text(browser.get("/case/asked/"))
    assert page.count("A bank asked.") == 5
    assert page.index("2026") < page.index("A bank asked.")


def test_the_case_file_has_them_too(browser: Client, cast: Cast) -> None:
    receipt = cast.closed()
    asks(cast, party(cast), times=2)
    open_case(browser, receipt)
    assert "Abankasked.2times." in text_of(browser.get("/case/letters/case-file/").content)


def test_what_was_asked_about_the_holder_before_or_after_is_not_told(browser: Client, cast: Cast) -> None:
    receipt = cast.closed()
    bank, app = party(cast), party(cast, "app", "Chat")
    asks(cast, app, today() - timedelta(days=365))
    cast.time.advance(timedelta(days=200))
    for _ in "12":
        sweep(cast.base)
    asks(cast, bank, reading="rich")
    released = today()
    cast.time.advance(timedelta(days=3))
    asks(cast, app)
    cast.give_line(cast.anna, LI_WEI_MSISDN)
    asks(cast, bank)
    said = section(open_case(browser, receipt))
    assert said.count("asked.") == 1 and "A bank asked." in said
    assert released.isoformat() in browser.get("/case/").content.decode()


def test_of_a_day_on_which_somebody_else_has_it_already_nothing_is_told(browser: Client, cast: Cast) -> None:
    receipt = cast.closed()
    cast.time.advance(timedelta(days=200))
    for _ in "12":
        sweep(cast.base)
    cast.give_line(cast.anna, LI_WEI_MSISDN)
    asks(cast, party(cast))
    assert "A bank asked." not in open_case(browser, receipt)


def test_whoever_has_proved_nothing_is_told_nothing(browser: Client, cast: Cast) -> None:
    asks(cast, party(cast))
    page = open_case(browser, scenes.unproved(cast))
    assert TITLE not in page and "bank" not in page.lower()
    assert browser.get("/case/asked/")["Location"] == "/case/identity/"


def test_it_is_told_while_the_closing_runs(browser: Client, cast: Cast) -> None:
    proved(browser, cast)
    asks(cast, party(cast))
    assert "A bank asked." in text(browser.get("/case/"))


def test_a_declaration_that_was_taken_back_tells_nothing(browser: Client, cast: Cast) -> None:
    receipt = scenes.withdrawn(cast)
    asks(cast, party(cast))
    assert TITLE not in open_case(browser, receipt)
    assert browser.get("/case/asked/")["Location"] == "/case/"


def test_without_an_open_case_the_page_asks_for_reference_and_secret(browser: Client, cast: Cast) -> None:
    body = browser.get("/case/asked/").content.decode()
    assert 'name="then" value="case-asked"' in body


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_kind_has_its_words(browser: Client, cast: Cast, language: str) -> None:
    receipt = cast.closed()
    for category in ("bank", "app", "authority", "operator", "other"):
        asks(cast, party(cast, category, f"Some {category}"))
    open_case(browser, receipt, language=language)
    body = browser.get("/case/asked/").content.decode()
    lines = body.split('<ul class="seen">')[1].split("</ul>")[0].split("<li>")[1:]
    assert len(lines) == 5 == len(set(lines))
