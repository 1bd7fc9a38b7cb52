"""When we cannot be reached, when minds change, and after the end (U18, U19, U20)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pypdfium2  # type: ignore[import-untyped]
import pytest
from django.db import OperationalError
from django.utils import translation

from lastcall.core.closing.texts import moment
from lastcall.core.database import DjangoDatabase
from tests.cast import LI_WEI_MSISDN
from tests.doors.portal.proof.stage import NUMBER, World
from tests.doors.portal.proof.visitor import Visitor

Visit = Callable[..., Visitor]


@contextmanager
def database_away() -> Iterator[None]:
    """For this long every transaction fails as it does without a database."""

    def fail(self: DjangoDatabase, work: object) -> None:
        raise OperationalError("no connection")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(DjangoDatabase, "transact", fail)
        yield


def test_u18_it_says_when_and_what_became_of_the_answers(
    visit: Visit, world: World, language: str, scripts: bool
) -> None:
    visitor = visit(language, scripts=scripts)
    visitor.to_check(contact="li@example.org")
    with database_away():
        visitor.press()
        status, _, headers = visitor.answers[-1]
        said = visitor.said()
    assert status == 503 and int(headers["retry-after"]) > 0
    minutes = -(-int(headers["retry-after"]) // 60)
    assert str(minutes) in said
    assert re.search(r"\d{1,2}:\d\d", said), "it names no time of day"
    kept = {"en": "stays received", "ru": "остаётся", "zh-hans": "已"}[language]
    assert kept in said, said
    assert world.new_cases() == []


def test_u18_what_was_typed_can_be_sent_again_at_once(visit: Visit, world: World, scripts: bool) -> None:
    visitor = visit("en", scripts=scripts)
    visitor.start()
    visitor.fill(who="representative", contact="li@example.org")
    with database_away():
        visitor.press()
        assert visitor.answers[-1][0] == 503
    visitor.press()
    visitor.at("/close/check/")
    with database_away():
        visitor.press()
        visitor.press()
        assert visitor.answers[-1][0] == 503
    visitor.press()
    visitor.at("/receipt/")
    (case,) = world.new_cases()
    assert case.declared_by == "representative"


def test_u18_the_way_to_declare_stays_open(visit: Visit, language: str) -> None:
    visitor = visit(language)
    with database_away():
        for path in ("/", "/close/", "/prepare/"):
            visitor.go(path)
            assert visitor.answers[-1][0] == 200, path


def test_u19_a_declaration_is_taken_back_from_the_receipt(
    visit: Visit, world: World, language: str, scripts: bool
) -> None:
    visitor = visit(language, scripts=scripts)
    visitor.declare()
    visitor.press("a[href='/receipt/case/']")
    visitor.press("#act-withdraw")
    assert NUMBER in visitor.page.inner_text("#withdraw")
    visitor.press("#withdraw")
    visitor.at("/case/")
    (case,) = world.new_cases()
    assert case.state == "withdrawn"
    visitor.page.go_back()
    visitor.go("/case/withdraw/")
    visitor.at("/case/")


def test_u19_during_the_hold_the_latest_time_is_told(visit: Visit, world: World, language: str) -> None:
    visitor = visit(language)
    visitor.open_receipt(world.receipts["on-hold"])
    until = world.cast.case(world.receipts["on-hold"]).hold_until
    assert until is not None
    with translation.override(language):
        latest = moment(until)
    assert latest in visitor.page.inner_text(".state")
    visitor.press("#act-withdraw")
    assert latest in visitor.said()
    visitor.press("#withdraw")
    assert world.cast.case(world.receipts["on-hold"]).state == "withdrawn"


def test_u19_a_double_press_takes_it_back_once_and_says_so(visit: Visit, world: World, scripts: bool) -> None:
    visitor = visit("ru", scripts=scripts)
    visitor.open_receipt(world.receipts["on-hold"])
    visitor.press("#act-withdraw")
    visitor.page.dblclick("#withdraw")
    visitor.page.wait_for_url("**/case/")
    assert visitor.page.locator(".problem").count() == 0
    assert world.cast.case(world.receipts["on-hold"]).state == "withdrawn"


def test_u19_this_was_not_me_stops_everything(visit: Visit, world: World, scripts: bool) -> None:
    visitor = visit("zh-hans", scripts=scripts)
    visitor.open_receipt(world.receipts["on-hold"])
    visitor.press("#act-stop")
    visitor.press("#stop")
    assert visitor.page.locator(".state.stop").count() == 1
    assert world.cast.case(world.receipts["on-hold"]).frozen_at is not None
    world.cast.time.advance(timedelta(days=9))
    world.cast.work()
    assert world.cast.case(world.receipts["on-hold"]).state != "closed"


def test_u20_after_the_end_all_is_there(
    visit: Visit, world: World, language: str, scripts: bool, tmp_path: Path
) -> None:
    visitor = visit(language, scripts=scripts)
    visitor.open_receipt(world.receipts["closed"])
    assert visitor.page.locator(".state.done").count() == 1
    assert visitor.page.locator("section[aria-labelledby=bill] tr.sum").count() == 2
    assert "350" in visitor.page.inner_text("section[aria-labelledby=bill]")
    number = visitor.page.inner_text("section[aria-labelledby=number]")
    assert re.search(r"\d{4}", number) and visitor.page.locator("section[aria-labelledby=number] .left").inner_text()
    assert visitor.page.locator("#act-back").count() == 1
    with visitor.page.expect_download() as download:
        visitor.page.click("#letter-end-notice")
    download.value.save_as(tmp_path / "notice.pdf")
    said = _text(tmp_path / "notice.pdf")
    assert re.sub(r"\D", "", NUMBER)[:7] in re.sub(r"\D", "", said)


def test_u20_the_notice_is_sent_with_the_end(world: World) -> None:
    """The end and its notice are one transaction, so it leaves as soon as the worker comes to it."""
    receipt = world.receipts["on-hold"]
    case = world.cast.case(receipt)
    assert case.hold_until is not None
    before = len(world.mails("li@example.org"))
    world.cast.time.advance(timedelta(days=8))
    world.cast.work()
    case = world.cast.case(receipt)
    assert case.state == "closed" and case.ended_at is not None
    new = world.mails("li@example.org")[before:]
    assert any("350" in mail.text for mail in new), [mail.text for mail in new]
    assert world.cast.time.now() - case.ended_at <= timedelta(hours=24)


def test_u20_the_number_counts_down_to_its_next_owner(visit: Visit, world: World, language: str) -> None:
    visitor = visit(language)
    left = []
    for _ in range(2):
        visitor.open_receipt(world.receipts["closed"])
        left.append(int(re.sub(r"\D", "", visitor.page.inner_text("section[aria-labelledby=number] .left"))))
        world.cast.time.advance(timedelta(days=30))
    assert left[1] < left[0]


def test_u20_the_former_holder_may_ask_for_the_number_back(visit: Visit, world: World, scripts: bool) -> None:
    visitor = visit("ru", scripts=scripts)
    visitor.open_receipt(world.receipts["closed"])
    visitor.press("#act-back")
    visitor.page.dblclick("#ask-back")
    visitor.page.wait_for_url("**/case/")
    assert world.cast.case(world.receipts["closed"]).asked_back_at is not None


def test_u20_strangers_learn_nothing_of_a_number_at_rest(visit: Visit, world: World, language: str) -> None:
    said = set()
    quarantined = world.cast.case(world.receipts["quarantined"]).claimed_msisdn
    for msisdn in (LI_WEI_MSISDN, quarantined):
        visitor = visit(language)
        visitor.go("/number/")
        visitor.page.fill("#id_number", f"+{msisdn}")
        visitor.press()
        said.add(re.sub(r"\+7[\s\d\-]+", "", visitor.said()))
    assert len(said) == 1


def _text(path: Path) -> str:
    document = pypdfium2.PdfDocument(path)
    try:
        return "".join(page.get_textpage().get_text_range() for page in document)
    finally:
        document.close()
