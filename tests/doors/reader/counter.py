"""The computer at Olga's window: a simulated reader, the program, its screen, and the wire to the real desk."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

import httpx
from django.test import Client

from lastcall.core.simcard import readers
from lastcall.core.simcard.handling import Handling
from lastcall.doors.reader.agent import Agent
from lastcall.doors.reader.desk import Desk
from lastcall.elements.letters import make_printer
from lastcall.elements.simcard.readers import Readers
from lastcall.elements.simcard.simulated import decks
from lastcall.elements.simcard.simulated.card import SimulatedCard
from lastcall.elements.simcard.simulated.links import SimulatedLinks
from tests.core.counter.conftest import OLGA
from tests.core.simcard.at_the_counter import Visit
from tests.core.tools import only

PIN, PUK, NEW_PIN = "1234", "12345678", "8642"
_WORD = re.compile(r'name="page" value="([0-9A-Z]{20})"')
_SECRET = re.compile(r'<p class="secret".*?</p>', re.DOTALL)


@dataclass
class Wire(httpx.BaseTransport):
    """To the real desk in this process. ``down``: nothing gets through; ``loses``: answers to paths that end so are lost on their
    way; ``before``: called with each request."""

    down: bool = False
    loses: str = ""
    before: Callable[[httpx.Request], None] | None = None
    sent: list[httpx.Request] = field(default_factory=list)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        if self.down:
            raise httpx.ConnectError("nobody is there")
        if self.before is not None:
            self.before(request)
        self.sent.append(request)
        from lastcall.site.wsgi import application

        answer = httpx.WSGITransport(app=application).handle_request(request)
        if self.loses and request.url.path.endswith(self.loses):
            raise httpx.ReadTimeout("nothing came back")
        return answer

    def paths(self) -> list[str]:
        """What was asked, without ids."""
        return [re.sub(r"\d{6,}", "N", request.url.path) for request in self.sent]


@dataclass
class Beside:
    """Everything at the window. ``card``: Li Wei's own, in the reader."""

    visit: Visit
    wire: Wire
    links: SimulatedLinks
    card: SimulatedCard
    agent: Agent
    screen: Client

    @classmethod
    def of(cls, visit: Visit) -> Beside:
        """The program is started and not paired."""
        wire, card = Wire(), decks.li_wei(iccid=visit.iccid)
        links = SimulatedLinks([card])
        agent = Agent(
            desk=Desk("http://localhost", transport=wire), readers=Readers(links), printer=make_printer("typst"),
            name="Window 3", soon=lambda act: act(),
        )  # fmt: skip
        screen = Client(headers={"host": "localhost", "accept-language": "en", "origin": "http://localhost"})
        return cls(visit, wire, links, card, agent, screen)

    def code(self) -> str:
        """A new code from the desk."""
        visit = self.visit
        return readers.offer(visit.base, actor=OLGA, shop_id=visit.counter.shop.id, policy=visit.cast.policy)

    def pair(self) -> Beside:
        """Pair the program, and let the visit's orders go to it."""
        self.press("pair", code=self.code())
        assert self.agent.stage.name == "waiting"
        self.visit.token = self.agent.desk._token  # what no page shows: tests play the desk's part with it
        return self

    def give(self, **parts: Any) -> None:
        """Let the acts be done with other parts."""
        self.agent.working.acts = replace(self.agent.working.acts, **parts)

    def ask(self, *, backup: bool = True, pin_off: bool = True, language: str = "en") -> Handling:
        """Olga asks, the program hears of it, and the visitor chooses a language."""
        asked = self.visit.ask(backup=backup, pin_off=pin_off)
        self.agent.poll()
        assert self.agent.stage.name == "asked"
        if language:
            self.agent.speak(language)
        return asked

    def page(self) -> str:
        """What the screen shows now."""
        answer = self.screen.get("/")
        assert answer.status_code == 200
        return answer.content.decode()

    def press(self, act: str, **typed: str) -> str:
        """Press a button of the page as it is now; gives the page after it."""
        word = _WORD.search(self.page())
        answer = self.screen.post("/", {"act": act, "page": word[1] if word else "", **typed}, follow=True)
        assert answer.status_code == 200, answer.content.decode()[-800:]
        return answer.content.decode()

    def asked_for_pin(self, *, backup: bool = True, pin_off: bool = True) -> Handling:
        """The visitor agreed, and the card is the right one."""
        asked = self.ask(backup=backup, pin_off=pin_off)
        self.press("agree")
        return asked

    def now(self, handling: Handling) -> Handling:
        """The order as the desk knows it."""
        return only(self.visit.base, Handling, id=handling.id)


def secret_on(page: str) -> str:
    """The secret that stands on the page."""
    found = _SECRET.search(page)
    assert found is not None, page
    return "".join(re.findall(r"<span>([0-9A-Z]+)</span>", found[0]))
