"""PIN, PUK, token and secret: in memory while they are needed, and nowhere else."""

from __future__ import annotations

import gc
import logging
from collections.abc import Iterable

import pytest

from lastcall.core.errors import LastcallError
from lastcall.doors.reader.acts import Opening
from lastcall.elements.simcard.simulated import decks
from tests.doors.reader.counter import NEW_PIN, PUK, Beside, secret_on
from tests.secrecy import stands_in

ODD_PIN, WRONG_PIN = "73519", "90817263"


@pytest.fixture
def odd(beside: Beside) -> Beside:
    """Li Wei's card with a PIN that stands nowhere else by chance."""
    beside.card.pin.code = ODD_PIN
    return beside


def _said(beside: Beside) -> bytes:
    return b"".join(request.url.raw_path + request.read() for request in beside.wire.sent)


def _stand(words: Iterable[str], *texts: str | bytes) -> list[str]:
    """Those of the words that stand in any of the texts."""
    read = [text if isinstance(text, str) else text.decode("latin-1") for text in texts]
    return [word for word in words if any(stands_in(word, text) for text in read)]


def test_no_pin_stands_in_pages_logs_or_what_the_desk_is_told(odd: Beside, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        odd.asked_for_pin()
        pages = [odd.press("pin", pin=WRONG_PIN), odd.press("pin", pin="12"), odd.press("pin", pin=ODD_PIN)]
        pages.append(odd.press("finish"))
    assert _stand((ODD_PIN, WRONG_PIN), _said(odd), caplog.text, *pages) == []


def test_no_puk_and_no_new_pin_stand_there_either(odd: Beside, caplog: pytest.LogCaptureFixture) -> None:
    odd.card.pin.tries, odd.card.pin.puk = 0, "55667788"
    with caplog.at_level(logging.DEBUG):
        odd.asked_for_pin()
        pages = [
            odd.press("unblock", puk=PUK, pin=NEW_PIN, repeated=NEW_PIN),
            odd.press("unblock", puk="55667788", pin=NEW_PIN, repeated=NEW_PIN),
        ]
    assert _stand((PUK, "55667788", NEW_PIN), _said(odd), caplog.text, *pages) == []


def test_a_breakdown_is_logged_without_what_was_typed(odd: Beside, caplog: pytest.LogCaptureFixture) -> None:
    odd.asked_for_pin()

    class Quoting:
        name = "quoting"

        def make(self, letter: object) -> bytes:
            raise RuntimeError(f"the PIN is {ODD_PIN}")

    odd.give(printer=Quoting())
    with caplog.at_level(logging.DEBUG):
        page = odd.press("pin", pin=ODD_PIN)
    assert "Something went wrong in this program" in page
    assert "RuntimeError" in caplog.text and _stand((ODD_PIN,), caplog.text, page) == []


def test_the_desk_gets_the_cards_number_and_sealed_bytes_and_never_the_secret(odd: Beside) -> None:
    odd.asked_for_pin()
    secret = secret_on(odd.press("pin", pin=ODD_PIN))
    told = _said(odd)
    assert odd.visit.iccid.encode() in told and secret.encode() not in told
    assert "妈妈".encode() not in told and b"+79430001003" not in told
    assert not [request for request in odd.wire.sent if odd.visit.iccid in str(request.url)]


def test_the_token_stands_in_one_header_and_on_no_page(odd: Beside, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        odd.asked_for_pin()
        page = odd.page()
    token = odd.agent.desk._token
    assert token and token not in page + caplog.text and token.encode() not in _said(odd)
    assert odd.wire.sent[-1].headers["Authorization"] == f"Bearer {token}"


def test_a_desk_that_breaks_off_leaves_no_token_in_the_error(odd: Beside) -> None:
    odd.wire.down = True
    with pytest.raises(LastcallError) as trouble:
        odd.agent.desk.order()
    assert trouble.value.__cause__ is None and trouble.value.__suppress_context__
    assert odd.agent.desk._token not in repr(trouble.value)


def test_what_is_typed_is_in_no_description_of_it(odd: Beside) -> None:
    assert ODD_PIN not in repr(Opening(pin=ODD_PIN, puk=PUK)) and PUK not in repr(Opening(pin=ODD_PIN, puk=PUK))
    odd.asked_for_pin()
    secret = secret_on(odd.press("pin", pin=ODD_PIN))
    assert secret not in repr(odd.agent.stage) + repr(odd.agent.stage.saved) + repr(odd.agent.showing.visit)
    assert odd.visit.iccid not in repr(odd.agent.showing.visit)


def test_nothing_typed_or_read_is_held_after_the_visit(odd: Beside) -> None:
    odd.asked_for_pin()
    odd.press("pin", pin=ODD_PIN)
    odd.press("finish")
    gc.collect()
    from lastcall.core.simcard.card import Card
    from lastcall.doors.reader.acts import NOTHING_TYPED, Visit
    from lastcall.doors.reader.order import Saved, Sealed

    kinds = Card | Opening | Visit | Saved | Sealed
    held = [thing for thing in gc.get_objects() if isinstance(thing, kinds) and thing is not NOTHING_TYPED]
    assert [type(thing).__name__ for thing in held] == []


def test_another_persons_pin_is_never_tried(odd: Beside) -> None:
    stranger = decks.li_wei(iccid=odd.visit.cast.sim_of(odd.visit.cast.anna).iccid)
    odd.asked_for_pin()
    odd.links.insert(1, stranger)
    odd.press("pin", pin=ODD_PIN)
    assert stranger.pin.tries == 3
