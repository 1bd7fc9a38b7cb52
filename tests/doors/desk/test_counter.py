"""The clerk's screens: the queue of one's own shop, and a visit from the document to the closed line."""

from __future__ import annotations

import io
import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from PIL import Image

from lastcall.core.closing.case import Case
from lastcall.core.closing.filing import signed_papers
from lastcall.core.counter import calls, windows
from lastcall.core.counter.ticket import Ticket
from lastcall.core.counter.zone import check_digit
from lastcall.core.numbers.assign import stock_sim
from lastcall.core.numbers.sim import Sim
from tests.cast import ANNAS_PASSPORT, PASSPORT, SERGEIS_PASSPORT, iccid
from tests.core.tools import change
from tests.doors.desk.samples import counter as sample
from tests.doors.desk.staffed import Staffed


@pytest.fixture
def olga(staffed: Staffed) -> Client:
    """Olga, signed in."""
    return staffed.at_desk("olga")


def _page(browser: Client, address: str, status: int = 200) -> str:
    answer = browser.get(address)
    assert answer.status_code == status, answer.content.decode()[-1500:]
    return answer.content.decode()


def _post(browser: Client, address: str, data: dict[str, Any], status: int = 302) -> str:
    answer = browser.post(address, data)
    assert answer.status_code == status, answer.content.decode()[-1500:]
    return answer.content.decode()


def _serving(staffed: Staffed, olga: Client) -> str:
    ticket_id = sample.called(staffed)["ticket_id"]
    _post(olga, f"/desk/counter/{ticket_id}/step/", {"act": "begin"})
    return f"/desk/counter/{ticket_id}/"


def _typed(document: tuple[str, str, str] = PASSPORT, **more: str) -> dict[str, str]:
    kind, issuer, number = document
    return {"msisdn": "+7 900 000-10-01", "kind": kind, "state": issuer, "document": number, "declares": "on"} | more


def _identified(staffed: Staffed, olga: Client) -> str:
    address = _serving(staffed, olga)
    _post(olga, f"{address}identify/", _typed())
    return address


def _case(staffed: Staffed) -> Case:
    found = staffed.base.transact(lambda rows: rows.some(Case, {}, order="-id", limit=1))
    return found[0]


def _picture() -> io.BytesIO:
    held = io.BytesIO()
    Image.new("RGB", (1000, 1400), "white").save(held, "PNG")
    held.name = "scan.png"
    held.seek(0)
    return held


def test_a_clerk_chooses_a_window_and_calls_the_next(staffed: Staffed, olga: Client) -> None:
    ticket_id = sample.waiting(staffed)["ticket_id"]
    windows.rise(staffed.base, actor=staffed.actor("olga", "queue.run"))
    assert "Choose your window first." in _page(olga, "/desk/counter/")
    _post(olga, "/desk/counter/window/", {"window": "3"})
    assert "A001" in _page(olga, "/desk/counter/")
    answer = olga.post("/desk/counter/", {"purposes": ["close_line"], "languages": ["zh-hans"]})
    assert answer["Location"] == f"/desk/counter/{ticket_id}/"
    assert "The visitor is here" in _page(olga, f"/desk/counter/{ticket_id}/")


def test_the_queue_of_another_shop_is_not_shown(staffed: Staffed) -> None:
    sample.waiting(staffed)
    assert "A001" not in _page(staffed.at_desk("oleg"), "/desk/counter/")


def test_what_was_chosen_for_the_next_call_stays_chosen(staffed: Staffed, olga: Client) -> None:
    sample.waiting(staffed)
    answer = olga.post("/desk/counter/", {"languages": ["ru"]}, follow=True)
    text = answer.content.decode()
    assert "Nobody waits for that." in text
    assert re.search(r'value="ru"[^>]*checked', text)


@pytest.mark.parametrize("act", ["recall", "begin", "no_show"])
def test_a_called_visitor_is_called_again_served_or_given_up(staffed: Staffed, olga: Client, act: str) -> None:
    ticket_id = sample.called(staffed)["ticket_id"]
    _post(olga, f"/desk/counter/{ticket_id}/step/", {"act": act})
    found = staffed.base.transact(lambda rows: rows.one(Ticket, {"id": ticket_id}))
    assert found is not None
    assert (found.state, found.calls) == {
        "recall": ("called", 2), "begin": ("serving", 1), "no_show": ("no_show", 1)
    }[act]  # fmt: skip


def test_a_visitor_is_passed_on(staffed: Staffed, olga: Client) -> None:
    address = _serving(staffed, olga)
    assert "Send back to the queue" in _page(olga, f"{address}transfer/")
    _post(olga, f"{address}transfer/", {"purpose": "close_line", "window": ""}, status=200)
    _post(olga, f"{address}transfer/", {"purpose": "pay", "window": ""})
    assert "Pay" in _page(olga, "/desk/counter/")
    _page(olga, address, status=404)


@pytest.mark.parametrize("act", ["", "steal"])
def test_no_other_step_is_taken(staffed: Staffed, olga: Client, act: str) -> None:
    _post(olga, f"/desk/counter/{sample.called(staffed)['ticket_id']}/step/", {"act": act}, status=400)


PAGES = ("", "show/", "transfer/", "statement/", "receipt/")
FORMS = ("step/", "identify/", "pay/", "sim/", "paper/", "transfer/", "stop/")


@pytest.mark.parametrize("login", ["oleg", "olga"])
def test_another_shops_ticket_and_one_not_at_the_window_are_not_there(staffed: Staffed, login: str) -> None:
    ticket_id = sample.waiting(staffed)["ticket_id"]
    browser = staffed.at_desk(login)
    for page in PAGES:
        _page(browser, f"/desk/counter/{ticket_id}/{page}", status=404)
    for form in FORMS:
        data = _typed() | {"act": "begin", "custody": "subscriber", "amount": "1", "means": "cash", "key": "K" * 20}
        answer = browser.post(f"/desk/counter/{ticket_id}/{form}", data)
        assert answer.status_code == 404 or form == "identify/", form
    found = staffed.base.transact(lambda rows: rows.one(Ticket, {"id": ticket_id}))
    assert found is not None and found.state == "waiting"


def test_before_the_document_no_page_tells_of_the_person(staffed: Staffed, olga: Client) -> None:
    address = _serving(staffed, olga)
    text = _page(olga, address)
    assert "Compare with the agreement" in text and "Li Wei" not in text
    for page in ("statement/", "receipt/"):
        _page(olga, f"{address}{page}", status=404)
    for form in ("pay/", "sim/", "paper/"):
        _post(olga, f"{address}{form}", {}, status=404)


def test_what_to_ask_for_is_beside_it_in_the_visitors_language(staffed: Staffed, olga: Client) -> None:
    address = _serving(staffed, olga)
    assert re.search(r"The SIM card\..*<span class=\"theirs\" lang=\"zh-Hans\">", _page(olga, address))
    assert "A001" in _page(olga, f"{address}show/")


def test_a_typed_document_opens_the_file(staffed: Staffed, olga: Client) -> None:
    text = _page(olga, _identified(staffed, olga))
    assert "Li Wei" in text and "Print the statement" in text
    assert PASSPORT[2] not in text


def _zone(number: str) -> str:
    first = "POCHNLI<<WEI" + "<" * 32
    number, born, expires = f"{number}{check_digit(number)}", "0001019", "3001019"
    born, expires = f"000101{check_digit('000101')}", f"300101{check_digit('300101')}"
    optional = "<" * 14 + "<"
    last = check_digit(number + born + expires + optional)
    return f"{first}\r\n{number}CHN{born}M{expires}{optional}{last}\r\n"


def test_a_document_from_the_reader_opens_the_file(staffed: Staffed, olga: Client) -> None:
    address = _serving(staffed, olga)
    _post(olga, f"{address}identify/", {"msisdn": "79000001001", "zone": _zone(PASSPORT[2]), "declares": "on"})
    assert "Li Wei" in _page(olga, address)


def test_a_misread_zone_costs_no_try(staffed: Staffed, olga: Client) -> None:
    address = _serving(staffed, olga)
    zone = _zone(PASSPORT[2]).replace("E12345678", "E12345679")
    text = _post(olga, f"{address}identify/", {"msisdn": "79000001001", "zone": zone}, status=200)
    assert "could not be read whole" in text and "E12345679" not in text
    assert "more try" not in text


@pytest.mark.parametrize(
    "given",
    [_typed(ANNAS_PASSPORT), _typed(SERGEIS_PASSPORT), _typed() | {"msisdn": "79000007777"}, _typed(reference="AAAA")],
)
def test_whatever_is_wrong_the_words_are_the_same(staffed: Staffed, olga: Client, given: dict[str, str]) -> None:
    address = _serving(staffed, olga)
    text = _post(olga, f"{address}identify/", given, status=200)
    assert "Number and document do not belong together, or no line of ours is on that number." in text
    assert given["document"] not in text and "Li Wei" not in text


def test_the_statement_and_the_receipt_are_printed(staffed: Staffed, olga: Client) -> None:
    address = _identified(staffed, olga)
    for page in ("statement/", "receipt/"):
        answer = olga.get(f"{address}{page}")
        assert answer.status_code == 200 and answer.content.startswith(b"%PDF-")


def test_the_signed_statement_is_filed(staffed: Staffed, olga: Client) -> None:
    address = _identified(staffed, olga)
    assert "Choose a file first." in _post(olga, f"{address}paper/", {}, status=200)
    _post(olga, f"{address}paper/", {"paper": _picture()})
    case = _case(staffed)
    assert case.signed_at is not None
    assert [paper.way for paper in staffed.base.transact(lambda rows: signed_papers(rows, case.id))] == ["scan"]
    assert "on file" in _page(olga, address)


def test_what_is_owed_is_paid_once_and_receipted(staffed: Staffed, olga: Client) -> None:
    line, billing = staffed.cast.li_wei.line, staffed.cast.elements.billing
    assert line is not None
    billing.charge(line.id, amount=50_000, service_time=staffed.cast.time.now(), memo="calls", key="calls")
    address = _identified(staffed, olga)
    page = _page(olga, address)
    amount, key = (re.search(f'name="{name}" value="([^"]+)"', page) for name in ("amount", "key"))
    assert amount is not None and key is not None
    for _ in range(2):
        _post(olga, f"{address}pay/", {"amount": amount[1], "key": key[1], "means": "cash"})
    assert billing.account(line.id).balance == 0
    text = _page(olga, address)
    assert "149.50" in text and "in cash" in text and "taken by card" not in text


def test_another_amount_than_the_one_owed_is_not_taken(staffed: Staffed, olga: Client) -> None:
    line = staffed.cast.li_wei.line
    assert line is not None
    staffed.cast.elements.billing.charge(
        line.id, amount=50_000, service_time=staffed.cast.time.now(), memo="calls", key="calls"
    )
    address = _identified(staffed, olga)
    text = _post(olga, f"{address}pay/", {"amount": "1", "key": "K" * 20, "means": "cash"}, status=200)
    assert "The amount has changed meanwhile." in text
    assert staffed.cast.elements.billing.account(line.id).balance == -14_950


def test_the_card_is_taken_in_and_the_line_ceased_at_once(staffed: Staffed, olga: Client) -> None:
    address = _identified(staffed, olga)
    assert "Something is still missing" in _page(olga, address)
    card = staffed.cast.sim_of(staffed.cast.li_wei).iccid
    _post(olga, f"{address}sim/", {"custody": "collected", "iccid": card, "pin_removed": "on"})
    assert "The line is being switched off" in _page(olga, address)
    staffed.cast.work()
    assert "The line is closed" in _page(olga, address)
    assert staffed.cast.sim_of(staffed.cast.li_wei).custody == "collected"


def test_a_card_whose_pin_is_on_keeps_the_line_open(staffed: Staffed, olga: Client) -> None:
    address = _identified(staffed, olga)
    card = staffed.cast.sim_of(staffed.cast.li_wei).iccid
    _post(olga, f"{address}sim/", {"custody": "collected", "iccid": card})
    assert "Take the PIN off the SIM" in _page(olga, address)
    assert _case(staffed).state == "waiting"


def test_a_destroyed_card_has_its_record(staffed: Staffed, olga: Client) -> None:
    address = _identified(staffed, olga)
    card = staffed.cast.sim_of(staffed.cast.li_wei).iccid
    _post(olga, f"{address}sim/", {"custody": "destroyed", "iccid": card})
    sim = staffed.cast.sim_of(staffed.cast.li_wei)
    assert (sim.custody, sim.destroyed_by) == ("destroyed", "clerk:olga")


def test_a_card_that_the_subscriber_keeps_means_a_hold(staffed: Staffed, olga: Client) -> None:
    address = _identified(staffed, olga)
    _post(olga, f"{address}sim/", {"custody": "subscriber"})
    assert "Accepted, on hold" in _page(olga, address) and _case(staffed).state == "on_hold"


@pytest.mark.parametrize(
    ("number", "words"),
    [
        ("8970199000000005018", "This is not a card number."),
        (iccid(77), "This is not the card of this line."),
        ("", "This is not a card number."),
    ],
)
def test_only_the_lines_own_card_is_taken_in(staffed: Staffed, olga: Client, number: str, words: str) -> None:
    address = _identified(staffed, olga)
    stock_sim(staffed.base, iccid=iccid(77), imsi="250990000000077", actor=staffed.actor("olga", "counter.work"))
    text = _post(olga, f"{address}sim/", {"custody": "collected", "iccid": number}, status=200)
    assert words in text and _case(staffed).sim_custody == ""


def test_after_the_visit_nothing_can_be_read(staffed: Staffed, olga: Client) -> None:
    address = _identified(staffed, olga)
    _post(olga, f"{address}step/", {"act": "finish"})
    for page in PAGES:
        _page(olga, f"{address}{page}", status=404)


def test_a_file_left_open_asks_for_the_document_again(staffed: Staffed, olga: Client) -> None:
    address = _identified(staffed, olga)
    staffed.cast.time.advance(timedelta(minutes=staffed.cast.policy.staff_opening_minutes))
    browser = staffed.at_desk("olga")
    text = _page(browser, address)
    assert "Compare with the agreement" in text and "Li Wei" not in text
    _page(browser, f"{address}statement/", status=404)


def test_a_ticket_of_yesterday_is_not_there(staffed: Staffed, olga: Client) -> None:
    address = _identified(staffed, olga)
    staffed.cast.time.advance(timedelta(days=1))
    _page(staffed.at_desk("olga"), address, status=404)
    assert calls.current(staffed.base, actor=staffed.actor("olga", "queue.run")) is None


@pytest.mark.parametrize("login", ["timur", "irina", "nikolai", "arkady", "alla"])
def test_who_is_no_clerk_has_no_counter(staffed: Staffed, login: str) -> None:
    ticket_id = sample.called(staffed)["ticket_id"]
    browser = staffed.at_desk(login)
    _page(browser, "/desk/counter/", status=403)
    _page(browser, f"/desk/counter/{ticket_id}/", status=403)


@pytest.mark.parametrize(("act", "words"), [("withdraw", "The line stays."), ("freeze", "Stopped")])
def test_a_visitor_keeps_the_line(staffed: Staffed, olga: Client, act: str, words: str) -> None:
    address = _identified(staffed, olga)
    _post(olga, f"{address}stop/", {"act": "sell"}, status=400)
    _post(olga, f"{address}stop/", {"act": act})
    assert words in _page(olga, address)
    case = _case(staffed)
    assert (case.state, case.frozen_at is not None) == {"withdraw": ("withdrawn", False), "freeze": ("waiting", True)}[
        act
    ]


def test_a_holder_stops_a_strangers_declaration(staffed: Staffed, olga: Client) -> None:
    receipt = staffed.cast.declare()
    address = _serving(staffed, olga)
    _post(olga, f"{address}identify/", _typed(act="stop"))
    assert "The closing is stopped." in _page(olga, address)
    assert staffed.cast.case(receipt).frozen_at is not None


def test_who_comes_to_ask_declares_nothing(staffed: Staffed, olga: Client) -> None:
    address = _serving(staffed, olga)
    given = _typed()
    del given["declares"]
    text = _post(olga, f"{address}identify/", given, status=200)
    assert "No closing of the visitor" in text and "Li Wei" not in text


def test_of_an_esim_no_card_is_taken_in(staffed: Staffed, olga: Client) -> None:
    card = staffed.cast.sim_of(staffed.cast.li_wei)
    change(staffed.base, Sim, card.id, form="esim")
    text = _page(olga, _identified(staffed, olga))
    assert "there is no card to take in" in text and "ICCID" not in text
    assert _case(staffed).state == "on_hold"
