"""What goes wrong at a counter: each is said plainly, nothing half done is hidden, and the visitor can begin again."""

from __future__ import annotations

import ssl
from datetime import timedelta

import httpx
import pytest
from django.test import override_settings

from lastcall.core.errors import ElementTrouble
from lastcall.core.simcard import backups, handlings, readers
from lastcall.core.simcard.backup import Backup
from lastcall.doors.reader.telling import Telling
from lastcall.elements.simcard.readers import Readers
from lastcall.elements.simcard.simulated import decks
from lastcall.elements.simcard.simulated.card import CardGone
from lastcall.elements.simcard.simulated.links import SimulatedLinks
from lastcall.elements.simcard.simulated.pins import Outcome, Pin
from tests.core.counter.conftest import OLGA
from tests.core.tools import only
from tests.doors.reader.counter import PIN, Beside, secret_on


def test_an_empty_reader_is_said_and_the_visitor_begins_again(beside: Beside) -> None:
    beside.links.pull_out(1)
    asked = beside.ask()
    page = beside.press("agree")
    assert "There is no card in the reader" in page and "not saved" in page
    beside.links.insert(1, beside.card)
    beside.press("again")
    assert "Done" in beside.press("pin", pin=PIN) and beside.now(asked).state == "done"


def test_a_card_pulled_out_while_it_is_read_is_said_and_nothing_is_sent(beside: Beside) -> None:
    asked = beside.asked_for_pin()
    beside.card.pull_after(40)
    page = beside.press("pin", pin=PIN)
    assert "The card was pulled out" in page and "not saved" in page and "unchanged" in page
    assert not [path for path in beside.wire.paths() if path.endswith(("/backup", "/done"))]
    beside.links.insert(1, beside.card)
    beside.press("again")
    assert secret_on(beside.press("pin", pin=PIN)) and beside.now(asked).state == "done"


def test_wherever_the_card_is_pulled_out_the_end_is_whole(beside: Beside) -> None:
    """From the first command on the opened card to the last one, in steps: begun again, everything is there once."""
    beside.asked_for_pin()
    beside.press("stop")
    for after in (0, 6, 12, 60):
        asked = beside.asked_for_pin()
        beside.card.pull_after(after)
        page = beside.press("pin", pin=PIN)
        tries = 0
        while "Done" not in page:
            beside.links.insert(1, beside.card)
            page = beside.press("again") if "Begin again" in page else beside.press("pin", pin=PIN)
            tries += 1
            assert tries < 5, page
        assert beside.now(asked).state == "done" and not beside.card.pin.enabled
        beside.press("finish")
        beside.card.pin.enabled = True


def test_a_card_pulled_out_while_its_pin_is_taken_off_is_not_called_unchanged(
    beside: Beside, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = beside.asked_for_pin()

    def off_and_away(pin: Pin, given: bytes, *, replace: bool = False) -> Outcome:
        pin.enabled = beside.card.present = False
        raise CardGone

    monkeypatch.setattr(Pin, "disable", off_and_away)
    page = beside.press("pin", pin=PIN)
    assert "not known yet" in page and "<dt>Contacts saved</dt>" in page
    monkeypatch.undo()
    beside.links.insert(1, beside.card)
    page = beside.press("again")
    assert "taken off" in page and secret_on(page) and beside.now(asked).pin == "removed"


def test_who_stops_then_is_not_told_that_the_pin_is_on(beside: Beside, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = beside.asked_for_pin()

    def away(pin: Pin, given: bytes, *, replace: bool = False) -> Outcome:
        beside.card.present = False
        raise CardGone

    monkeypatch.setattr(Pin, "disable", away)
    beside.press("pin", pin=PIN)
    page = beside.press("stop")
    assert "not known yet" in page and secret_on(page) and "Begin again" not in page
    assert beside.now(asked).pin == "kept", "the list at the desk does not tick what nobody knows"


def test_an_answer_to_an_earlier_pairing_does_not_end_the_next_one(beside: Beside) -> None:
    old = beside.visit.token

    def paired_anew(request: httpx.Request) -> None:
        if request.url.path.endswith("/order"):
            beside.wire.before = None
            beside.press("leave")
            beside.press("pair", code=beside.code())

    beside.wire.before = paired_anew
    assert beside.agent.poll() == 2 and beside.agent.stage.name == "waiting"
    assert beside.agent.desk._token not in {"", old}


def test_who_stops_after_the_files_are_saved_still_gets_the_secret(beside: Beside) -> None:
    asked = beside.asked_for_pin()
    beside.wire.before = lambda request: _pulled_at(beside, request, "/backup")
    assert "The card was pulled out" in beside.press("pin", pin=PIN)
    page = beside.press("stop")
    kept = only(beside.visit.base, Backup, handling_id=asked.id)
    assert backups.fetch(beside.visit.base, backup_id=kept.id, secret=secret_on(page))
    assert "still on" in page and (beside.now(asked).state, beside.now(asked).pin) == ("done", "kept")


def _pulled_at(beside: Beside, request: httpx.Request, end: str) -> None:
    if request.url.path.endswith(end):
        beside.links.pull_out(1)


def test_a_reader_that_is_gone_is_said(beside: Beside) -> None:
    asked = beside.asked_for_pin()
    beside.links.unplug(1)
    page = beside.press("pin", pin=PIN)
    assert "No card reader is ready" in page
    assert "Waiting for the desk" in beside.press("stop")
    assert (beside.now(asked).state, beside.now(asked).problem) == ("failed", "no_reader")
    assert "No card reader is ready" in beside.page()


def test_two_cards_in_two_readers_are_one_too_many(beside: Beside) -> None:
    two = Readers(SimulatedLinks([beside.card, decks.empty()]))
    beside.give(readers=two)
    beside.ask()
    assert "There are cards in several readers" in beside.press("agree")


def test_another_persons_card_is_not_read(beside: Beside) -> None:
    stranger = decks.li_wei(iccid=beside.visit.cast.sim_of(beside.visit.cast.anna).iccid)
    beside.links.insert(1, stranger)
    asked = beside.ask()
    page = beside.press("agree")
    assert "This is not the card of your line" in page and "Begin again" not in page
    assert stranger.writes == [] and not stranger.pin.open
    assert (beside.now(asked).state, beside.now(asked).problem) == ("failed", "wrong_card")
    assert not [path for path in beside.wire.paths() if path.endswith("/failed")]
    assert "Waiting for the desk" in beside.press("finish")


def test_a_card_changed_for_another_one_before_the_pin_gets_no_pin(beside: Beside) -> None:
    beside.asked_for_pin()
    stranger = decks.li_wei(iccid=beside.visit.cast.sim_of(beside.visit.cast.anna).iccid)
    stranger.pin.code = "7777"
    beside.links.insert(1, stranger)
    page = beside.press("pin", pin=PIN)
    assert "This is another card" in page and stranger.pin.tries == 3 and stranger.writes == []
    beside.links.insert(1, beside.card)
    beside.press("again")
    assert "Done" in beside.press("pin", pin=PIN)


@pytest.mark.parametrize("when", ["/card", "/backup"])
def test_a_desk_that_is_away_is_said_and_the_visitor_begins_again(beside: Beside, when: str) -> None:
    asked = beside.ask()
    beside.wire.before = lambda request: _away_at(request, when)
    page = beside.press("agree")
    page = beside.press("pin", pin=PIN) if when == "/backup" else page
    assert "The desk does not answer" in page and "not saved" in page
    beside.wire.before = None
    page = beside.press("again")
    page = page if "Done" in page else beside.press("pin", pin=PIN)
    assert "Done" in page and beside.now(asked).state == "done"


def _away_at(request: httpx.Request, end: str) -> None:
    if request.url.path.endswith(end):
        raise httpx.ConnectTimeout("nobody is there")


def test_a_backup_whose_receipt_was_lost_is_sent_again_byte_for_byte(beside: Beside) -> None:
    asked = beside.asked_for_pin(pin_off=False)
    beside.wire.loses = "/backup"
    assert "The desk does not answer" in beside.press("pin", pin=PIN)
    beside.wire.loses = ""
    seen = len(beside.card.seen)
    page = beside.press("again")
    kept = only(beside.visit.base, Backup, handling_id=asked.id)
    assert backups.fetch(beside.visit.base, backup_id=kept.id, secret=secret_on(page))
    assert len(beside.card.seen) == seen, "what was read is not read again"


def test_a_page_without_https_is_not_given_to_the_visitor(beside: Beside) -> None:
    """A secret typed there would go over the net for everybody to read."""
    with override_settings(LASTCALL_PUBLIC_HOST="", ALLOWED_HOSTS=["shop.example", "localhost"]):
        beside.wire.before = lambda request: request.headers.update({"Host": "shop.example"})
        asked = beside.asked_for_pin()
        page = beside.press("pin", pin=PIN)
    assert "The desk did not take it" in page and 'class="secret"' not in page and beside.card.pin.enabled
    assert beside.now(asked).state == "failed"


def test_a_desk_that_cannot_be_told_of_the_end_is_told_later(beside: Beside) -> None:
    asked = beside.asked_for_pin()
    beside.wire.before = lambda request: _away_at(request, "/done")
    page = beside.press("pin", pin=PIN)
    assert "It is told as soon as it does" in page and secret_on(page)
    assert beside.agent.poll() > 2 and beside.now(asked).state == "taken"
    beside.wire.before = None
    assert beside.agent.poll() == 2 and beside.now(asked).state == "done"
    assert "It is told as soon as it does" not in beside.page() and secret_on(beside.page())


def test_while_the_desk_is_away_it_is_asked_more_and_more_seldom(beside: Beside) -> None:
    beside.wire.down = True
    assert [beside.agent.poll() for _ in range(6)] == [4, 8, 16, 30, 30, 30]
    assert "The desk does not answer" in beside.page() and "keeps trying" in beside.page()
    beside.wire.down = False
    assert beside.agent.poll() == 2 and "Waiting for the desk" in beside.page()


@pytest.mark.parametrize("stage", ["asked", "pin"])
def test_an_order_that_is_taken_back_ends_the_page(beside: Beside, stage: str) -> None:
    asked = beside.ask() if stage == "asked" else beside.asked_for_pin()
    handlings.cancel(beside.visit.base, ticket_id=beside.visit.ticket.id, handling_id=asked.id, actor=OLGA)
    beside.agent.poll()
    page, word = beside.page(), beside.agent.stage.page
    assert "The desk has ended this" in page and "Begin again" not in page
    beside.agent.poll()
    assert beside.agent.stage.page == word
    assert "Waiting for the desk" in beside.press("finish")


def test_an_order_taken_back_while_the_card_is_read_stops_before_anything_is_sent(beside: Beside) -> None:
    asked = beside.asked_for_pin()
    visit = beside.visit

    def cancelled(step: str, done: int, of: int) -> None:
        if step == "writing":
            handlings.cancel(visit.base, ticket_id=visit.ticket.id, handling_id=asked.id, actor=OLGA)
            beside.agent.poll()

    beside.give(progress=cancelled)
    page = beside.press("pin", pin=PIN)
    assert "The desk has ended this" in page and "not saved" in page and "unchanged" in page
    assert not [path for path in beside.wire.paths() if path.endswith("/backup")] and beside.card.pin.enabled


def test_reading_stops_as_soon_as_the_order_is_taken_back(beside: Beside) -> None:
    asked = beside.asked_for_pin()
    visit, seen = beside.visit, []

    def cancelled(step: str, done: int, of: int) -> None:
        if step == "reading" and done >= 10:
            seen.append(done)
            handlings.cancel(visit.base, ticket_id=visit.ticket.id, handling_id=asked.id, actor=OLGA)
            beside.agent.poll()

    beside.give(progress=cancelled)
    assert "The desk has ended this" in beside.press("pin", pin=PIN)
    assert len(seen) == 1


def test_whatever_breaks_the_screen_has_a_button(beside: Beside, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> str:
        raise RuntimeError("nobody thought of this")

    beside.ask()
    monkeypatch.setattr(Telling, "tell", broken)
    beside.wire.before = lambda request: _refused_at(request, "/card")
    page = beside.press("agree")
    assert "Something went wrong in this program" in page and "Begin again" in page


def _refused_at(request: httpx.Request, end: str) -> None:
    if request.url.path.endswith(end):
        raise httpx.ConnectError("tls") from ssl.SSLCertVerificationError("self-signed")


def test_an_order_taken_back_unheard_is_refused_by_the_desk_itself(beside: Beside) -> None:
    asked = beside.asked_for_pin()
    handlings.cancel(beside.visit.base, ticket_id=beside.visit.ticket.id, handling_id=asked.id, actor=OLGA)
    page = beside.press("pin", pin=PIN)
    assert "The desk has ended this" in page and "not saved" in page and beside.card.pin.enabled


def test_a_visit_that_ends_while_the_card_is_in_the_reader_is_finished_all_the_same(beside: Beside) -> None:
    asked = beside.asked_for_pin()
    beside.visit.finish()
    beside.agent.poll()
    page = beside.press("pin", pin=PIN)
    assert "Done" in page and secret_on(page) and "had ended this before" not in page
    assert (beside.now(asked).state, beside.now(asked).pin) == ("done", "removed")


def test_after_the_grace_the_screen_says_what_is_done_and_whom_to_tell(beside: Beside) -> None:
    asked = beside.asked_for_pin()

    def too_late(request: httpx.Request) -> None:
        if request.url.path.endswith("/done"):
            beside.visit.finish()
            beside.visit.cast.time.advance(timedelta(minutes=6))

    beside.wire.before = too_late
    page = beside.press("pin", pin=PIN)
    assert secret_on(page) and "taken off" in page and "Tell the clerk what stands here" in page
    beside.wire.before = None
    beside.agent.poll()
    assert beside.now(asked).state == "cancelled" and secret_on(beside.page())


def test_a_visit_that_ends_before_the_card_was_compared_begins_nothing(beside: Beside) -> None:
    beside.ask()
    beside.visit.finish()
    beside.agent.poll()
    assert "The desk has ended this" in beside.page() and beside.card.seen == []


def test_a_new_order_after_a_cancelled_one_is_shown(beside: Beside) -> None:
    asked = beside.asked_for_pin()
    handlings.cancel(beside.visit.base, ticket_id=beside.visit.ticket.id, handling_id=asked.id, actor=OLGA)
    beside.visit.ask()
    beside.agent.poll()
    assert beside.agent.stage.name == "asked"


@pytest.mark.parametrize("done", [False, True])
def test_a_pairing_that_the_desk_ends_is_said_and_a_secret_stays_until_it_was_read(beside: Beside, done: bool) -> None:
    beside.asked_for_pin()
    if done:
        beside.press("pin", pin=PIN)
    visit = beside.visit
    readers.end(visit.base, reader_id=visit.reader.id, shop_id=visit.counter.shop.id, actor=OLGA)
    beside.agent.poll()
    if done:
        assert secret_on(beside.page())
        beside.press("finish")
    else:
        assert "The desk has ended the pairing" in beside.page()
    assert "Pair this computer" in beside.page() and not beside.agent.desk.paired


def test_a_pairing_ended_in_the_middle_ends_the_visit(beside: Beside) -> None:
    beside.asked_for_pin()
    visit = beside.visit
    readers.end(visit.base, reader_id=visit.reader.id, shop_id=visit.counter.shop.id, actor=OLGA)
    assert "The desk has ended the pairing" in beside.press("pin", pin=PIN)
    assert beside.agent.showing.visit is None and beside.card.pin.enabled


def test_a_printer_that_fails_is_said(beside: Beside) -> None:
    class Broken:
        name = "broken"

        def make(self, letter: object) -> bytes:
            raise ElementTrouble("no paper", permanent=True, code="printer_failed")

    beside.give(printer=Broken())
    beside.asked_for_pin()
    page = beside.press("pin", pin=PIN)
    assert "Something went wrong in this program" in page and "Begin again" in page and beside.card.pin.enabled


@pytest.mark.parametrize(
    "answer",
    [
        httpx.Response(200, text="<html>a router's page</html>"),
        httpx.Response(200, json={"order": {"id": "../../leave"}}),
        httpx.Response(200, json=[]),
        httpx.Response(302, headers={"Location": "https://elsewhere.example/"}),
    ],
)
def test_what_is_no_desk_is_not_believed(beside: Beside, answer: httpx.Response) -> None:
    beside.agent.desk._client = httpx.Client(
        base_url="http://localhost", transport=httpx.MockTransport(lambda request: answer)
    )
    assert beside.agent.poll() > 2 and beside.agent.stage.name == "waiting"
    assert "The desk did not take it" in beside.page()


def test_an_order_that_is_heard_of_again_is_the_same_page(beside: Beside) -> None:
    asked = beside.ask()
    word = beside.agent.stage.page
    beside.agent.poll()
    assert beside.agent.stage.page == word and beside.now(asked).state == "asked"
