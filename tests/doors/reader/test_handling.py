"""One card from the order to the end: compared, opened, saved, unlocked, told to the desk."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import timedelta

import pytest

from lastcall.core.closing.preparation import ticked
from lastcall.core.simcard import backups
from lastcall.core.simcard.backup import Backup
from lastcall.core.simcard.pin import PinState
from lastcall.elements.simcard.opened import OpenedCard
from tests.core.tools import only
from tests.doors.reader.counter import NEW_PIN, PIN, PUK, Beside, secret_on
from tests.secrecy import stands_in


def test_it_saves_the_card_takes_the_pin_off_and_gives_the_secret_to_the_visitor_alone(beside: Beside) -> None:
    asked = beside.ask()
    page = beside.page()
    assert "Contacts and messages are read and saved" in page and "The PIN is taken off" in page
    page = beside.press("agree")
    assert "3 tries are left." in page
    page = beside.press("pin", pin=PIN)
    assert "Done" in page and "taken off" in page and not beside.card.pin.enabled
    kept = only(beside.visit.base, Backup, handling_id=asked.id)
    assert f"http://localhost/backup/{kept.id}/" in page
    made = zipfile.ZipFile(io.BytesIO(backups.fetch(beside.visit.base, backup_id=kept.id, secret=secret_on(page))))
    assert "contacts.vcf" in made.namelist() and "妈妈" in made.read("contacts.vcf").decode()
    known = beside.now(asked)
    assert (known.state, known.pin, known.same_card) == ("done", "removed", True)
    assert f"<dd>{known.contacts}</dd>" in page and f"<dd>{known.messages}</dd>" in page and known.messages > 0
    done = beside.visit.base.transact(lambda rows: ticked(rows, known.case_id))
    assert {"contacts_saved", "messages_saved", "pin_removed"} <= done


def test_finished_clears_everything(beside: Beside) -> None:
    beside.asked_for_pin()
    secret = secret_on(beside.press("pin", pin=PIN))
    page = beside.press("finish")
    assert "Waiting for the desk" in page and not stands_in(secret[:5], page)
    assert beside.agent.stage.saved is None and beside.agent.showing.visit is None
    assert beside.agent.poll() and beside.agent.stage.name == "waiting", "an order that is over does not come back"


def test_a_secret_that_nobody_clears_goes_from_the_screen_by_itself(beside: Beside) -> None:
    beside.asked_for_pin()
    beside.press("pin", pin=PIN)
    beside.visit.cast.time.advance(timedelta(minutes=14))
    beside.agent.poll()
    assert beside.agent.stage.name == "done"
    beside.visit.cast.time.advance(timedelta(minutes=1))
    beside.agent.poll()
    assert beside.agent.stage.name == "waiting"


def test_the_next_visitor_sees_their_own_order_and_not_the_last_ones_secret(beside: Beside) -> None:
    beside.asked_for_pin()
    secret = secret_on(beside.press("pin", pin=PIN))
    beside.visit.finish()
    beside.agent.poll()
    assert stands_in(secret[:5], beside.page()), "who has just been served may still write it down"
    beside.visit.next()
    asked = beside.visit.ask()
    beside.agent.poll()
    page = beside.page()
    assert beside.agent.stage.name == "asked"
    assert not stands_in(secret[:5], page) and beside.agent.stage.saved is None
    assert beside.agent.stage.order is not None and beside.agent.stage.order.id == str(asked.id)


def test_the_same_visitor_may_write_the_secret_down_before_more_is_done(beside: Beside) -> None:
    beside.asked_for_pin(pin_off=False)
    secret = secret_on(beside.press("pin", pin=PIN))
    beside.visit.ask(backup=False)
    beside.agent.poll()
    assert stands_in(secret[:5], beside.page())
    beside.press("finish")
    beside.agent.poll()
    assert beside.agent.stage.name == "asked"


def test_the_screen_says_until_when_in_hours_and_minutes(beside: Beside) -> None:
    beside.asked_for_pin()
    page = beside.press("pin", pin=PIN)
    assert re.search(r"This screen clears itself at \d\d:\d\d\.</p>", page) and ".." not in re.sub("<[^>]*>", "", page)


def test_a_card_whose_pin_is_off_is_not_asked_for_it(beside: Beside) -> None:
    beside.card.pin.enabled = False
    asked = beside.ask()
    page = beside.press("agree")
    assert "was off before" in page and secret_on(page)
    assert beside.now(asked).pin == "was_off"
    assert beside.card.writes == [] and not beside.card.pin.open


def test_only_a_backup_leaves_the_card_as_it_was(beside: Beside) -> None:
    before = beside.card.image()
    asked = beside.asked_for_pin(pin_off=False)
    page = beside.press("pin", pin=PIN)
    assert "Done" in page and "<dt>PIN</dt>" not in page
    assert beside.card.image() == before and beside.card.writes == []
    assert (beside.now(asked).state, beside.now(asked).pin) == ("done", "")


def test_only_the_pin_sends_nothing_of_the_card(beside: Beside) -> None:
    asked = beside.asked_for_pin(backup=False)
    page = beside.press("pin", pin=PIN)
    assert "taken off" in page and 'class="secret"' not in page
    assert beside.now(asked).pin == "removed"
    assert not [path for path in beside.wire.paths() if path.endswith("/backup")]


def test_a_mere_comparison_asks_for_no_pin(beside: Beside) -> None:
    asked = beside.ask(backup=False, pin_off=False)
    beside.press("agree")
    assert beside.now(asked).state == "done" and beside.now(asked).same_card


def test_the_visitor_may_not_want_it(beside: Beside) -> None:
    asked = beside.ask()
    page = beside.press("decline")
    assert "Waiting for the desk" in page and beside.card.seen == []
    assert (beside.now(asked).state, beside.now(asked).problem) == ("failed", "visitor_refused")
    beside.agent.poll()
    assert beside.agent.stage.name == "waiting"


def test_a_wrong_pin_costs_one_try_and_is_asked_again(beside: Beside) -> None:
    asked = beside.asked_for_pin()
    page = beside.press("pin", pin="9999")
    assert "This was not the PIN." in page and "2 tries are left." in page and not stands_in("9999", page)
    assert "Done" in beside.press("pin", pin=PIN) and beside.now(asked).state == "done"


def test_it_stops_before_the_last_try_unless_the_person_says_so(beside: Beside) -> None:
    beside.card.pin.tries = 1
    beside.asked_for_pin()
    page = beside.press("pin", pin=PIN)
    assert "1 try is left." in page and "Say that you want to use the last try" in page
    assert "VERIFY" not in str(beside.card.writes) and beside.card.pin.enabled
    assert "Done" in beside.press("pin", pin=PIN, last_try="on")


def test_a_card_that_hides_how_many_tries_are_left_is_not_tried_unasked(
    beside: Beside, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(OpenedCard, "pin", lambda card: PinState(enabled=True, tries=None, puk_tries=None))
    beside.asked_for_pin(pin_off=False)
    assert "The card does not say how many tries are left." in beside.page()
    assert "Say that you want to use the last try" in beside.press("pin", pin=PIN)
    assert "Done" in beside.press("pin", pin=PIN, last_try="on")


def test_a_pin_that_is_none_never_reaches_the_card(beside: Beside) -> None:
    beside.asked_for_pin()
    seen = len(beside.card.seen)
    assert "four to eight digits" in beside.press("pin", pin="12a4")
    assert len(beside.card.seen) == seen and beside.card.pin.tries == 3


def test_full_width_digits_are_digits(beside: Beside) -> None:
    beside.asked_for_pin()
    assert "Done" in beside.press("pin", pin="１２３４")


def test_a_blocked_pin_is_opened_with_the_puk(beside: Beside) -> None:
    beside.card.pin.tries = 0
    asked = beside.asked_for_pin()
    page = beside.page()
    assert "The PIN is blocked" in page and "10 tries are left." in page
    page = beside.press("unblock", puk="00000000", pin=NEW_PIN, repeated=NEW_PIN)
    assert "This was not the PUK." in page and "9 tries are left." in page
    assert "The two new PINs differ." in beside.press("unblock", puk=PUK, pin=NEW_PIN, repeated="1111")
    assert "taken off" in beside.press("unblock", puk=PUK, pin=NEW_PIN, repeated=NEW_PIN)
    assert beside.now(asked).pin == "removed" and not beside.card.pin.enabled


def test_the_third_wrong_pin_leads_to_the_puk(beside: Beside) -> None:
    beside.card.pin.tries = 1
    beside.asked_for_pin()
    page = beside.press("pin", pin="9999", last_try="on")
    assert "The PIN is blocked" in page and beside.agent.stage.name == "puk"


def test_a_card_without_a_puk_left_is_lost(beside: Beside) -> None:
    beside.card.pin.tries = beside.card.pin.puk_tries = 0
    asked = beside.asked_for_pin()
    assert "The card is locked for good" in beside.page()
    assert (beside.now(asked).state, beside.now(asked).problem) == ("failed", "puk_blocked")
    assert "Waiting for the desk" in beside.press("finish")


def test_a_pin_that_nobody_may_switch_off_stays_and_is_told(beside: Beside) -> None:
    beside.card.pin.fixed = True
    asked = beside.asked_for_pin()
    page = beside.press("pin", pin=PIN)
    assert "still on" in page and secret_on(page) and beside.now(asked).pin == "kept"


def test_the_visitor_may_stop_at_the_pin(beside: Beside) -> None:
    asked = beside.asked_for_pin()
    page = beside.press("stop")
    assert "Waiting for the desk" in page and beside.now(asked).problem == "visitor_refused"


def test_the_screen_speaks_the_visitors_language_and_then_the_clerks(beside: Beside) -> None:
    beside.press("speak", language="ru")
    assert '<html lang="ru">' in beside.page()
    beside.ask(language="")
    assert '<html lang="zh-Hans">' in beside.page()
    assert '<html lang="en">' in beside.press("speak", language="en")
    assert '<html lang="ru">' in beside.press("decline")
