"""The kiosk, the waiting room's screen and a visitor's own ticket: for everybody, in three languages, without personal data."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.test import Client

from lastcall.core.counter import calls, windows
from lastcall.core.counter.ticket import Ticket
from lastcall.core.database import database
from tests.cast import OLGA, Cast
from tests.doors.desk.staffed import Staffed


@pytest.fixture
def shop(cast: Cast) -> Iterator[Staffed]:
    """The cast with two shops; Olga sits at window 3 of the one in the centre."""
    staffed = Staffed.of(cast)
    windows.sit(staffed.base, shop_id=staffed.shops["centre"].id, window="3", actor=OLGA)
    yield staffed
    database().close()


@pytest.fixture
def visitor(shop: Staffed) -> Client:
    """A kiosk, or a visitor's phone, set to Russian."""
    return Client(headers={"host": "localhost", "accept-language": "ru"})


def _text(visitor: Client, address: str, status: int = 200) -> str:
    answer = visitor.get(address)
    assert answer.status_code == status
    return answer.content.decode()


def _take(visitor: Client, language: str = "zh-hans", purpose: str = "close_line") -> str:
    answer = visitor.post(f"/shop/centre/{language}/", {"purpose": purpose})
    assert answer.status_code == 302
    return answer["Location"]


def test_the_kiosk_asks_for_the_language_first_in_every_language(visitor: Client) -> None:
    text = _text(visitor, "/shop/centre/")
    for name in ("简体中文", "Русский", "English"):
        assert name in text
    assert re.findall(r'href="/shop/centre/([a-z-]+)/"', text) == ["zh-hans", "ru", "en"]


@pytest.mark.parametrize("language", ["zh-hans", "ru", "en"])
def test_every_page_is_in_the_visitors_language_whatever_the_device_is_set_to(visitor: Client, language: str) -> None:
    tag = 'lang="zh-Hans"' if language == "zh-hans" else f'lang="{language}"'
    assert f"<html {tag}>" in _text(visitor, f"/shop/centre/{language}/")
    assert f"<html {tag}>" in _text(visitor, _take(visitor, language))


def test_a_ticket_has_its_number_its_place_and_a_code_for_the_phone(visitor: Client) -> None:
    _take(visitor, "en")
    address = _take(visitor, "en")
    text = _text(visitor, address)
    assert "A002" in text and "1 person is before you." in text and "<svg" in text and "data-print" in text
    own = _text(visitor, address.partition("?")[0])
    assert "<svg" not in own and "Leave the queue" in own


def test_an_unknown_wait_is_not_told(visitor: Client) -> None:
    _take(visitor, "en")
    assert "About" not in _text(visitor, _take(visitor, "en"))


def test_whoever_is_called_reads_it_on_their_page_and_on_the_screen(shop: Staffed, visitor: Client) -> None:
    address = _take(visitor, "en").partition("?")[0]
    assert "A001" not in _text(visitor, "/shop/centre/screen")
    calls.call_next(shop.base, shop_id=shop.shops["centre"].id, actor=OLGA)
    assert "You are called to window 3" in _text(visitor, address)
    screen = _text(visitor, "/shop/centre/screen")
    assert re.search(r"A001</th><td>3</td>", screen) and 'aria-live="assertive"' in screen
    assert "A001" not in _text(visitor, "/shop/north/screen")


def test_a_visitor_leaves_the_queue_once_they_confirm(shop: Staffed, visitor: Client) -> None:
    address = _take(visitor, "en").partition("?")[0]
    assert "Leave the queue?" in _text(visitor, f"{address}?leave=ask")
    for _ in range(2):
        assert visitor.post(address).status_code == 302
    assert "You have left the queue" in _text(visitor, address)
    assert calls.queue(shop.base, shop_id=shop.shops["centre"].id).waiting == ()


def test_a_ticket_of_yesterday_is_over(shop: Staffed, visitor: Client) -> None:
    address = _take(visitor, "en").partition("?")[0]
    shop.cast.time.advance(timedelta(days=1))
    assert "This ticket is over" in _text(visitor, address)


def test_a_visit_that_began_cannot_be_left(shop: Staffed, visitor: Client) -> None:
    address = _take(visitor, "en").partition("?")[0]
    ticket = calls.call_next(shop.base, shop_id=shop.shops["centre"].id, actor=OLGA)
    assert ticket is not None
    calls.begin(shop.base, ticket_id=ticket.id, actor=OLGA)
    assert visitor.post(address).status_code == 302
    assert "You are at window 3" in _text(visitor, address)


@pytest.mark.parametrize(
    "address",
    ["/shop/nowhere/", "/shop/nowhere/screen", "/shop/centre/fr/", "/shop/centre/ticket/00000000000000000000"],
)
def test_what_is_not_there_is_not_there(visitor: Client, address: str) -> None:
    _text(visitor, address, status=404)


def test_another_shops_address_opens_no_ticket(visitor: Client) -> None:
    _text(visitor, _take(visitor).replace("centre", "north"), status=404)


def test_a_flood_is_refused_in_the_visitors_language(shop: Staffed, visitor: Client) -> None:
    for _ in range(shop.cast.policy.counter_tickets_per_10_minutes):
        _take(visitor)
    answer = visitor.post("/shop/centre/en/", {"purpose": "pay"})
    assert answer.status_code == 429
    assert "Wait some minutes, or ask our staff." in answer.content.decode()


def test_a_purpose_of_ones_own_makes_no_ticket(shop: Staffed, visitor: Client) -> None:
    assert visitor.post("/shop/centre/en/", {"purpose": "robbery"}).status_code == 400
    assert shop.base.transact(lambda rows: rows.count(Ticket, {})) == 0


def test_a_forged_request_takes_no_ticket(shop: Staffed) -> None:
    forger = Client(enforce_csrf_checks=True, headers={"host": "localhost"})
    assert forger.post("/shop/centre/en/", {"purpose": "pay"}).status_code == 403
