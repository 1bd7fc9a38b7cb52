"""Before you leave: a list that helps and never stands in the way (U15)."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from lastcall.core.closing import preparation
from tests.doors.portal.proof.stage import World
from tests.doors.portal.proof.visitor import Visitor

Visit = Callable[..., Visitor]


def test_nobody_must_pass_it(visit: Visit, world: World, language: str, scripts: bool) -> None:
    visitor = visit(language, scripts=scripts)
    visitor.declare()
    assert "/prepare/" not in {path.rpartition(visitor.site)[2] for _, path, _ in visitor.answers}
    assert len(world.new_cases()) == 1


def test_it_names_what_is_to_be_done(visit: Visit, language: str) -> None:
    visitor = visit(language)
    visitor.go("/prepare/")
    keys = set(visitor.page.eval_on_selector_all("[name=done]", "all => all.map(box => box.value)"))
    assert {"document", "contacts_saved", "pin_removed", "arrears"} <= keys
    assert any(key.startswith("unlink.") for key in keys)
    assert visitor.page.locator("[name=done]:checked, [required]").count() == 0


def test_nothing_ticked_is_as_good_as_all(visit: Visit, scripts: bool) -> None:
    visitor = visit("en", scripts=scripts)
    visitor.go("/prepare/")
    visitor.press()
    assert visitor.page.locator(".problem").count() == 0
    visitor.start()


def test_the_ticks_go_along_with_the_declaration(visit: Visit, world: World, scripts: bool) -> None:
    visitor = visit("zh-hans", scripts=scripts)
    visitor.go("/prepare/")
    visitor.page.check("#id_contacts_saved")
    visitor.press()
    visitor.go("/prepare/")
    assert visitor.page.is_checked("#id_contacts_saved")
    visitor.declare()
    (case,) = world.new_cases()
    ticked = world.cast.base.transact(lambda rows: preparation.ticked(rows, case.id))
    assert ticked == {"contacts_saved"}
    visitor.press("a[href='/receipt/prepare/']")
    visitor.at("/case/prepare/")
    assert visitor.page.is_checked("#id_contacts_saved")


def test_it_can_be_taken_along_on_paper(visit: Visit, language: str, tmp_path: Path) -> None:
    visitor = visit(language)
    visitor.go("/prepare/")
    with visitor.page.expect_download() as download:
        visitor.page.click("a[href='/prepare/pdf/']")
    download.value.save_as(tmp_path / "list.pdf")
    assert (tmp_path / "list.pdf").read_bytes().startswith(b"%PDF-")
