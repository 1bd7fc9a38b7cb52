"""The clerk's screens about card readers: pairing one, asking it for the visitor's card, and what came of it."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from django.test import Client, RequestFactory

from lastcall.core.simcard import readers, reports, sealing
from lastcall.core.simcard.handling import Handling
from lastcall.doors.desk.counter.card import _called_off
from lastcall.doors.desk.presenters.card import readers_shown
from tests.cast import Cast
from tests.doors.desk.staffed import CENTRE, Staffed
from tests.doors.desk.test_counter import _identified, _page, _post, _serving

SILENCE = timedelta(minutes=2)


@pytest.fixture
def olga(staffed: Staffed) -> Client:
    """Olga, signed in."""
    return staffed.at_desk("olga")


def _paired(staffed: Staffed, olga: Client, name: str = "Window 3") -> str:
    """The token of a reader that is paired with a code from the page."""
    shown = _post(olga, "/desk/readers/new/", {}, status=200)
    code = re.search(r'<p class="pairing-code">([^<]+)</p>', shown)
    assert code is not None
    return readers.pair(staffed.base, code=code[1], name=name).token


def _asked(staffed: Staffed, olga: Client, address: str, token: str, **what: str) -> Handling:
    reader = readers.by_token(staffed.base, token)
    _post(olga, f"{address}card/", {"reader": str(reader.id)} | what)
    found = reports.next_of(staffed.base, token=token)
    assert found is not None
    return found


def _iccid(cast: Cast) -> str:
    return cast.sim_of(cast.li_wei).iccid


def test_a_code_pairs_a_reader_with_the_clerks_own_shop(staffed: Staffed, olga: Client) -> None:
    assert "No reader is paired" in _page(olga, "/desk/readers/")
    _paired(staffed, olga)
    assert "Window 3" in _page(olga, "/desk/readers/")
    assert "Window 3" not in _page(staffed.at_desk("oleg"), "/desk/readers/")


def test_opening_the_address_of_a_new_code_makes_none(staffed: Staffed, olga: Client) -> None:
    answer = olga.get("/desk/readers/new/")
    assert answer["Location"] == "/desk/readers/"


def test_a_pairing_is_ended(staffed: Staffed, olga: Client) -> None:
    token = _paired(staffed, olga)
    reader = readers.by_token(staffed.base, token)
    _post(olga, f"/desk/readers/{reader.id}/end/", {})
    assert "No reader is paired" in _page(olga, "/desk/readers/")


def test_a_clerk_of_another_shop_ends_nothing(staffed: Staffed, olga: Client) -> None:
    token = _paired(staffed, olga)
    reader = readers.by_token(staffed.base, token)
    _post(staffed.at_desk("oleg"), f"/desk/readers/{reader.id}/end/", {}, status=404)
    assert readers.by_token(staffed.base, token).state == "paired"


def test_a_reader_that_gives_no_sign_is_listed_as_such_and_not_offered(staffed: Staffed, olga: Client) -> None:
    token, address = _paired(staffed, olga), _identified(staffed, olga)
    assert "not heard since" not in _page(olga, "/desk/readers/")
    staffed.cast.time.advance(SILENCE)
    assert "not heard since 12:00" in _page(olga, "/desk/readers/")
    shown = _page(olga, address)
    assert "No reader of your shop gives a sign." in shown and "Window 3: not heard since 12:00" in shown
    assert "Ask the reader" not in shown
    _paired(staffed, olga, "Window 4")
    shown = _page(olga, address)
    assert re.findall(r"<option[^>]*>([^<]+)", shown) == ["Window 4"] and "Window 3: not heard since" in shown
    reports.next_of(staffed.base, token=token)
    assert "not heard since" not in _page(olga, address)


def test_yesterdays_silence_is_told_with_its_day(staffed: Staffed, olga: Client) -> None:
    _paired(staffed, olga)
    (found,) = readers.of_shop(staffed.base, shop_id=staffed.shops[CENTRE].id)
    yesterday = replace(found, heard_at=staffed.cast.time.now() - timedelta(days=1))
    (shown,) = readers_shown([yesterday])
    assert "2026 12:00" in shown.silent


def test_whoever_asks_a_silent_reader_all_the_same_hears_why_not(staffed: Staffed, olga: Client) -> None:
    token, address = _paired(staffed, olga), _identified(staffed, olga)
    reader = readers.by_token(staffed.base, token)
    staffed.cast.time.advance(SILENCE)
    shown = olga.post(f"{address}card/", {"reader": str(reader.id), "backup": "on"}, follow=True).content.decode()
    assert "That reader gives no sign." in shown
    assert reports.next_of(staffed.base, token=token) is None


def test_what_no_reader_took_up_can_be_asked_of_another(staffed: Staffed, olga: Client) -> None:
    token, address = _paired(staffed, olga), _identified(staffed, olga)
    asked = _asked(staffed, olga, address, token, backup="on")
    staffed.cast.time.advance(SILENCE)
    shown = _page(olga, address)
    assert "The reader did not take it up" in shown and "Call it off" not in shown
    other = _paired(staffed, olga, "Window 4")
    assert _asked(staffed, olga, address, other, backup="on").id != asked.id


def test_a_reader_that_falls_silent_with_the_card_in_it_is_told(staffed: Staffed, olga: Client) -> None:
    token, address = _paired(staffed, olga), _identified(staffed, olga)
    asked = _asked(staffed, olga, address, token, backup="on")
    reports.card(staffed.base, token=token, handling_id=asked.id, iccid=_iccid(staffed.cast))
    staffed.cast.time.advance(SILENCE)
    shown = _page(olga, address)
    assert "Window 3: not heard since 12:00" in shown and "Call it off" in shown


def test_before_the_document_matched_nothing_is_asked_of_a_reader(staffed: Staffed, olga: Client) -> None:
    token = _paired(staffed, olga)
    address = _serving(staffed, olga)
    assert "The card in the reader" not in _page(olga, address)
    shown = olga.post(f"{address}card/", {"reader": str(readers.by_token(staffed.base, token).id)}, follow=True)
    assert "not open to you" in shown.content.decode()
    assert reports.next_of(staffed.base, token=token) is None


def test_without_a_reader_the_page_says_how_to_pair_one(staffed: Staffed, olga: Client) -> None:
    shown = _page(olga, _identified(staffed, olga))
    assert "No reader is paired with your shop." in shown


def test_the_reader_is_asked_in_the_visitors_language(staffed: Staffed, olga: Client) -> None:
    token, address = _paired(staffed, olga), _identified(staffed, olga)
    asked = _asked(staffed, olga, address, token, backup="on")
    assert (asked.wants_backup, asked.wants_pin_off, asked.language) == (True, False, "zh-hans")
    shown = _page(olga, address)
    assert "The reader is asked: put the card in" in shown
    assert "Ask the reader" not in shown


def test_what_came_of_it_stands_on_the_visit_and_fills_the_form_of_the_sim(staffed: Staffed, olga: Client) -> None:
    token, address = _paired(staffed, olga), _identified(staffed, olga)
    asked = _asked(staffed, olga, address, token, backup="on", pin_off="on")
    base = staffed.base
    assert reports.card(base, token=token, handling_id=asked.id, iccid=_iccid(staffed.cast))
    assert "The line&#x27;s own card is in the reader" in _page(olga, address)
    _, ciphertext = sealing.seal(b"PK files")
    reports.saved(base, token=token, handling_id=asked.id, ciphertext=ciphertext)
    reports.done(base, token=token, handling_id=asked.id, contacts=1, messages=2, partial="", pin="removed")
    shown = _page(olga, address)
    assert "Saved for the visitor: 1 contact, 2 messages." in shown
    assert "The PIN was taken off." in shown
    assert re.search(r'name="pin_removed"[^>]*checked', shown)


@pytest.mark.parametrize(
    ("partial", "words"),
    [
        ("contacts", "Not all contacts on the card could be read."),
        ("messages", "Not all messages on the card could be read."),
        ("both", "Neither all contacts nor all messages on the card could be read."),
    ],
)
def test_what_could_not_be_read_is_told_to_the_clerk_before_the_card_is_taken_in(
    staffed: Staffed, olga: Client, partial: str, words: str
) -> None:
    token, address = _paired(staffed, olga), _identified(staffed, olga)
    asked, base = _asked(staffed, olga, address, token, backup="on"), staffed.base
    reports.card(base, token=token, handling_id=asked.id, iccid=_iccid(staffed.cast))
    reports.saved(base, token=token, handling_id=asked.id, ciphertext=sealing.seal(b"PK files")[1])
    reports.done(base, token=token, handling_id=asked.id, contacts=0, messages=10, pin="", partial=partial)
    shown = _page(olga, address)
    assert '<div class="state act">\n<h3>Done at the reader, but not everything was saved</h3>' in shown
    assert "Saved for the visitor: 0 contacts, 10 messages." in shown
    told = shown.index(f"{words} Tell the visitor before you take the card in.")
    assert told < shown.index('id="sim"') and "Ask the reader" in shown[told:]


def test_another_card_is_told_to_the_clerk(staffed: Staffed, olga: Client) -> None:
    token, address = _paired(staffed, olga), _identified(staffed, olga)
    asked = _asked(staffed, olga, address, token, backup="on")
    others = staffed.cast.sim_of(staffed.cast.anna).iccid
    assert not reports.card(staffed.base, token=token, handling_id=asked.id, iccid=others)
    shown = _page(olga, address)
    assert "It is not the card of this line." in shown
    assert "Ask the reader" in shown


def test_what_was_asked_is_called_off(staffed: Staffed, olga: Client) -> None:
    token, address = _paired(staffed, olga), _identified(staffed, olga)
    asked = _asked(staffed, olga, address, token, backup="on")
    _post(olga, f"{address}card/", {"cancel": str(asked.id)})
    assert "Called off" in _page(olga, address)
    assert reports.next_of(staffed.base, token=token) is None


@pytest.mark.parametrize("sent", [{}, {"reader": "nonsense"}, {"reader": "4711", "backup": "on"}])
def test_a_form_that_names_no_reader_of_the_shop_asks_nothing(
    staffed: Staffed, olga: Client, sent: dict[str, str]
) -> None:
    token, address = _paired(staffed, olga), _identified(staffed, olga)
    _post(olga, f"{address}card/", sent)
    assert reports.next_of(staffed.base, token=token) is None


@pytest.mark.parametrize("cancel", ["", "x", "0", "9" * 19, "9" * 40, "٣"])
def test_calling_off_what_is_not_there_says_so(staffed: Staffed, olga: Client, cancel: str) -> None:
    address = _identified(staffed, olga)
    _post(olga, f"{address}card/", {"cancel": cancel}, status=404)


def test_an_address_with_a_number_that_is_none_of_ours_is_not_found(staffed: Staffed, olga: Client) -> None:
    for number in ("0", "4711", "9" * 19, "9" * 40):
        assert olga.post(f"/desk/readers/{number}/end/").status_code == 404


def test_a_visit_is_called_off_by_ids_as_long_as_they_will_get() -> None:
    sent = RequestFactory().post("/", {"cancel": str(2**63 - 1)})
    assert _called_off(sent) == 2**63 - 1


def test_a_colleague_cannot_ask_for_the_card_of_this_visit(staffed: Staffed, olga: Client) -> None:
    token, address = _paired(staffed, olga), _identified(staffed, olga)
    reader = readers.by_token(staffed.base, token)
    answer = staffed.at_desk("oleg").post(f"{address}card/", {"reader": str(reader.id), "backup": "on"})
    assert answer.status_code in {302, 404}
    assert reports.next_of(staffed.base, token=token) is None
