"""The whole leaving in Chinese, from the first page to the end of the line; the code comes over SMPP from a real SMSC."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from lastcall.core.closing import review
from lastcall.core.closing.story import is_proved
from lastcall.elements.sms.smpp import SmppSms
from lastcall.site.wiring import make_worker, provide_elements
from tests import smsc
from tests.cast import IRINA, LI_WEI_MSISDN, PASSPORT
from tests.doors.portal.proof.stage import World
from tests.doors.portal.proof.visitor import Visitor, code_in
from tests.smsc import Smsc

Visit = Callable[..., Visitor]
LINE = f"+{LI_WEI_MSISDN}"


@pytest.fixture
def gateway(world: World, tmp_path: Path) -> Iterator[Smsc]:
    """An SMSC that the world's SMS go through."""
    smsc.require()
    with Smsc() as running:
        sms = SmppSms(running.account(), memory=tmp_path / "handed-over")
        elements = replace(world.cast.elements, messengers=world.cast.elements.messengers | {"sms": sms})
        provide_elements(elements)
        world.cast.elements = elements
        world.cast.worker = make_worker(elements, base=world.cast.base)
        yield running
        sms.close()


def test_from_the_declaration_to_the_end(visit: Visit, world: World, gateway: Smsc) -> None:
    visitor = visit("zh-hans")
    visitor.declare(contact="li@example.org")
    (case,) = world.new_cases()
    visitor.press("a[href='/receipt/case/']")
    before = gateway.mark()
    visitor.identify(PASSPORT, "line")
    world.cast.work()
    text = gateway.text(LINE, after=before)
    assert "验证码" in text or any("\u4e00" <= sign <= "\u9fff" for sign in text)
    visitor.give_code(code_in(text))
    visitor.at("/case/")
    assert is_proved(world.cases()[-1])
    _says_the_rest(visitor, world)
    _comes_to_its_end(visitor, world, gateway, case.id)


def _says_the_rest(visitor: Visitor, world: World) -> None:
    world.cast.work()
    visitor.go("/case/sim/")
    visitor.choose("keep")
    visitor.go("/case/refund/")
    visitor.choose("bank_account")
    world.cast.work()
    (case,) = world.new_cases()
    review.approve(world.cast.base, case_id=case.id, actor=IRINA)  # who was proved from afar is looked at by a person
    world.cast.work()
    visitor.go("/case/")
    (case,) = world.new_cases()
    assert case.state == "on_hold", (case.state, case.results)
    assert visitor.page.locator(".state.good").count() == 1


def _comes_to_its_end(visitor: Visitor, world: World, gateway: Smsc, case_id: int) -> None:
    (case,) = world.new_cases()
    assert case.id == case_id and case.hold_until is not None
    world.cast.time.advance(case.hold_until - world.cast.time.now() - timedelta(minutes=1))
    world.cast.work()
    assert world.new_cases()[0].state == "on_hold", "nothing irreversible before the hold ends"
    world.cast.time.advance(timedelta(hours=1))
    world.cast.work()
    (case,) = world.new_cases()
    assert case.state == "closed"
    visitor.go("/case/")
    assert visitor.page.locator(".state.done").count() == 1
    assert visitor.page.locator("#letter-end-notice").count() == 1
    assert visitor.page.get_attribute("html", "lang") == "zh-Hans"
    assert visitor.console == []
    assert len(gateway.messages(to=LINE)) >= 1
