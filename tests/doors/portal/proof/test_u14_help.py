"""The same help in the same order at every step; a door of the list that the pack does not have is not invented (U14)."""

from __future__ import annotations

from collections.abc import Callable

from tests.doors.portal.proof.stage import World
from tests.doors.portal.proof.visitor import Visitor

Visit = Callable[..., Visitor]
STEPS = ("/", "/close/", "/prepare/", "/number/", "/stop/", "/receipt/", "/case/", "/case/identity/", "/case/papers/",
         "/case/withdraw/", "/case/stop/", "/case/sim/")  # fmt: skip


def test_every_step_has_the_same_help_in_the_same_place(visit: Visit, world: World, language: str) -> None:
    visitor = visit(language, scripts=False)
    visitor.open_receipt(world.receipts["received"])
    helps = set()
    for step in STEPS:
        visitor.go(step)
        helps.add(tuple(visitor.page.locator("section.help :is(h2, p, li)").all_inner_texts()))
        assert visitor.page.locator("footer section.help").is_visible()
        assert visitor.page.locator("main section.help").count() == 0
    assert len(helps) == 1
    assert len(helps.pop()) >= 4, "a heading, the shop and at least two phones"


def test_the_phones_can_be_dialled(visit: Visit) -> None:
    visitor = visit("en")
    phones = visitor.page.locator("section.help a").all()
    assert len(phones) >= 2
    for link in phones:
        assert (link.get_attribute("href") or "").startswith("tel:")
