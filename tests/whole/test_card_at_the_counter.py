"""Li Wei's SIM at Olga's counter: paired, asked, agreed, read, saved, unlocked, fetched at home with the link and the secret."""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.test import Client, override_settings

from lastcall.core.audit.event import Event
from lastcall.core.closing.case import Case
from lastcall.core.closing.preparation import ticked
from lastcall.core.database import database
from lastcall.core.provided import provide
from lastcall.doors.reader.agent import Agent
from lastcall.doors.reader.desk import Desk
from lastcall.elements.letters import make_printer
from lastcall.elements.simcard.readers import Readers
from lastcall.elements.simcard.simulated import decks
from lastcall.elements.simcard.simulated.card import SimulatedCard
from lastcall.elements.simcard.simulated.links import SimulatedLinks
from tests.cast import PASSPORT, Cast
from tests.doors.desk.samples import counter as sample
from tests.doors.desk.staffed import Staffed
from tests.doors.reader.counter import PIN, Wire, secret_on
from tests.secrecy import stands_in
from tests.whole.checks import invariants_hold

WORD = re.compile(r'name="page" value="([0-9A-Z]{20})"')


@pytest.fixture
def staffed(cast: Cast) -> Iterator[Staffed]:
    """Everybody at work."""
    yield Staffed.of(cast)
    database().close()


@pytest.fixture
def card(staffed: Staffed) -> SimulatedCard:
    """Li Wei's own."""
    return decks.li_wei(iccid=staffed.cast.sim_of(staffed.cast.li_wei).iccid)


@pytest.fixture
def program(card: SimulatedCard) -> Iterator[Agent]:
    """The program on Olga's computer, with its screen."""
    made = Agent(
        desk=Desk("http://localhost", transport=Wire()), readers=Readers(SimulatedLinks([card])),
        printer=make_printer("typst"), name="Window 3", soon=lambda act: act(),
    )  # fmt: skip
    provide(Agent, lambda: made)
    with override_settings(ROOT_URLCONF="tests.doors.reader.urls"):
        yield made


def pressed(screen: Client, act: str, **typed: str) -> str:
    """What the screen shows after a button of it was pressed."""
    found = WORD.search(screen.get("/").content.decode())
    assert found is not None
    return screen.post("/", {"act": act, "page": found[1], **typed}, follow=True).content.decode()


def taken_up(staffed: Staffed, olga: Client) -> str:
    """Li Wei stands before Olga, his passport matched, and the line is being closed."""
    page = f"/desk/counter/{sample.called(staffed)['ticket_id']}/"
    olga.post(f"{page}step/", {"act": "begin"})
    kind, _, number = PASSPORT
    typed = {"msisdn": "+7 900 000-10-01", "kind": kind, "state": "CHN", "document": number, "declares": "on"}
    assert olga.post(f"{page}identify/", typed).status_code == 302
    return page


def paired(olga: Client, screen: Client) -> str:
    """The code that the desk shows is typed at the reader; gives the reader's id."""
    shown = olga.post("/desk/readers/new/").content.decode()
    code = re.search(r'<p class="pairing-code">([0-9A-Z ]+)</p>', shown)
    assert code is not None, shown
    assert "Centre" in pressed(screen, "pair", code=code[1])
    reader = re.search(r"/desk/readers/(\d+)/end/", olga.get("/desk/readers/").content.decode())
    assert reader is not None
    return reader[1]


def fetched(address: str, secret: str) -> zipfile.ZipFile:
    """Li Wei at home: the page of the link, and the secret as it stood on the screen."""
    home = Client(headers={"host": "localhost"})
    path = address.removeprefix("http://localhost")
    assert home.get(path).status_code == 200
    assert b"PK" not in home.post(path, {"secret": "0" * 24, "sent": "1"}).content[:2]
    answer = home.post(path, {"secret": "-".join(re.findall(".{1,5}", secret)).lower(), "sent": "1"})
    assert answer["Content-Type"] == "application/zip"
    return zipfile.ZipFile(io.BytesIO(answer.content))


def test_li_weis_card_is_saved_and_unlocked_at_olgas_counter(
    staffed: Staffed, card: SimulatedCard, program: Agent
) -> None:
    """And nobody but he can open what was saved, and for a day only."""
    olga, screen = staffed.at_desk("olga"), Client(headers={"host": "localhost", "origin": "http://localhost"})
    page = taken_up(staffed, olga)
    reader = paired(olga, screen)
    asked = olga.post(f"{page}card/", {"reader": reader, "backup": "on", "pin_off": "on"}, follow=True)
    assert "The reader is asked" in asked.content.decode()
    program.poll()
    assert '<html lang="zh-Hans">' in screen.get("/").content.decode(), "the screen speaks the visitor's language"
    pressed(screen, "agree")
    shown = pressed(screen, "pin", pin=PIN)
    secret, address = secret_on(shown), re.search(r'<p class="address">([^<]+)</p>', shown)
    assert address is not None and program.stage.pin == "removed" and not card.pin.enabled
    pressed(screen, "finish")
    assert secret not in screen.get("/").content.decode() and not stands_in(PIN, olga.get(page).content.decode())

    case = staffed.base.transact(lambda rows: rows.some(Case, {}, order="-id", limit=1))[0]
    assert {"contacts_saved", "messages_saved", "pin_removed"} <= staffed.base.transact(
        lambda rows: ticked(rows, case.id)
    )
    files = fetched(address[1], secret)
    held = json.loads(files.read("card.json"))
    assert "妈妈" in files.read("contacts.vcf").decode()
    assert held["iccid"] == staffed.cast.sim_of(staffed.cast.li_wei).iccid
    assert files.read("messages.pdf").startswith(b"%PDF")

    olga.post(f"{page}sim/", {"custody": "collected", "iccid": held["iccid"], "pin_removed": "on"})
    olga.post(f"{page}step/", {"act": "finish"})
    said = json.dumps([event.data for event in staffed.base.transact(lambda rows: rows.some(Event, {}))])
    assert secret not in said and not stands_in(PIN, said) and held["iccid"] not in said
    staffed.cast.work()
    invariants_hold(staffed.cast)
    staffed.cast.time.advance(timedelta(hours=staffed.cast.policy.sim_backup_hours))
    late = Client(headers={"host": "localhost"}).post(
        address[1].removeprefix("http://localhost"), {"secret": secret, "sent": "1"}
    )
    assert late["Content-Type"].startswith("text/html")
