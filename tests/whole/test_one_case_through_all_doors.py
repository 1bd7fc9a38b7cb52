"""One case, every door: begun by phone, guided by an agent, followed on the web, asked about by text, finished in the shop."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client

from lastcall.core.audit.reading import readings
from lastcall.core.closing.case import Case
from lastcall.core.database import database
from lastcall.core.subscribers.inputs import LANGUAGES
from lastcall.doors.hotline.recordings import build
from tests.cast import LI_WEI_MSISDN, PASSPORT, Cast
from tests.doors.desk.samples import counter as sample
from tests.doors.desk.staffed import Staffed
from tests.doors.hotline.conftest import Hum, serving
from tests.doors.hotline.phone import Phone


@pytest.fixture
def staffed(cast: Cast) -> Iterator[Staffed]:
    """Everybody at work."""
    yield Staffed.of(cast)
    database().close()


def the_case(staffed: Staffed) -> Case:
    """The only one there is."""
    (found,) = staffed.base.transact(lambda rows: rows.some(Case, {}))
    return found


def by_phone(staffed: Staffed, prompts: Path) -> None:
    """Li Wei declares in Chinese, with the right last signs of the passport, and then wants an agent."""
    build(prompts, languages=LANGUAGES, voice=Hum())
    with serving(staffed.cast, prompts) as line:
        phone = Phone(line.port).dial("1", "1", f"{LI_WEI_MSISDN}#", "1", f"{PASSPORT[2][-4:]}#", "0")
        assert phone.variables["LASTCALL_RESULT"] == "agent"


def with_an_agent(staffed: Staffed) -> Client:
    """Timur takes the call, asks, and opens the file only after right answers."""
    timur = staffed.at_desk("timur")
    call_id = re.findall(r"/desk/calls/(\d+)/take/", timur.get("/desk/calls/").content.decode())[0]
    timur.post(f"/desk/calls/{call_id}/take/")
    page = f"/desk/calls/{call_id}/"
    assert "Li Wei" not in timur.get(page).content.decode()
    timur.post(f"{page}ask/questions/")
    timur.post(f"{page}answer/", {"question": "document", "said": PASSPORT[2]})
    timur.post(f"{page}answer/", {"question": "name", "said": "Li Wei"})
    timur.post(f"{page}file/")
    assert "Li Wei" not in timur.get("/desk/calls/").content.decode()
    sent = timur.post(f"{page}link/", {"channel": "line", "key": "a click"}, follow=True)
    assert sent.status_code == 200
    timur.post(f"{page}finish/", {"outcome": "guided"}, follow=True)
    return timur


def link_in_sms(folder: Path) -> tuple[str, str]:
    """The reference and the secret behind the link that came by text."""
    texts = "\n".join(path.read_text(encoding="utf-8") for path in (folder / "sms").iterdir() if path.is_file())
    found = re.search(r"https://close\.example\.org/case/#(\w{16})\.(\w{16})", texts)
    assert found is not None, texts
    return found[1], found[2]


def on_the_web(words: tuple[str, str]) -> Client:
    """The link's words open the case."""
    web = Client(headers={"host": "localhost", "accept-language": "en"})
    shown = web.post("/case/", {"reference": words[0], "secret": words[1], "sent": "1"}, follow=True)
    assert "Waiting for you" in shown.content.decode()
    return web


def in_the_shop(staffed: Staffed, reference: str) -> None:
    """Olga sees the passport, and the very case that was begun by phone is finished there."""
    olga = staffed.at_desk("olga")
    ticket_id = sample.called(staffed)["ticket_id"]
    page = f"/desk/counter/{ticket_id}/"
    olga.post(f"{page}step/", {"act": "begin"})
    kind, _, number = PASSPORT
    typed = {"msisdn": "+7 900 000-10-01", "kind": kind, "state": "CHN", "document": number, "reference": reference}
    answer = olga.post(f"{page}identify/", typed | {"declared_before": "on"})
    assert answer.status_code == 302, answer.content.decode()
    card = staffed.cast.sim_of(staffed.cast.li_wei).iccid
    answer = olga.post(f"{page}sim/", {"custody": "collected", "iccid": card, "pin_removed": "on"})
    assert answer.status_code == 302, answer.content.decode()
    olga.post(f"{page}step/", {"act": "finish"})


def test_a_case_moves_freely_between_the_doors(
    staffed: Staffed, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is declared twice, and at the end the line is closed."""
    monkeypatch.setattr(settings, "LASTCALL_PUBLIC_HOST", "close.example.org")
    by_phone(staffed, tmp_path / "prompts")
    begun = the_case(staffed)
    assert (begun.door, begun.language) == ("hotline", "zh-hans")
    staffed.cast.work()
    with_an_agent(staffed)
    staffed.cast.work()
    words = link_in_sms(tmp_path)
    web = on_the_web(words)
    in_the_shop(staffed, words[0])
    staffed.cast.work()
    ended = the_case(staffed)
    assert (ended.id, ended.state) == (begun.id, "closed")
    shown = web.get("/case/").content.decode()
    assert "The line is closed" in shown
    assert "the subscriber was on the phone" in shown and "the subscriber was there" in shown
    looked = staffed.base.transact(lambda rows: readings(rows, case_id=ended.id))
    assert {(look.role, look.ground) for look in looked} == {("agent", "call"), ("clerk", "counter")}
