"""Irina in a real browser: she takes the most urgent case, looks at both sides and the photo, and decides; Li Wei reads why."""

from __future__ import annotations

from datetime import timedelta

from django.utils import translation
from playwright.sync_api import Page

from lastcall.core.audit.reading import readings
from lastcall.core.closing import freeze
from lastcall.core.closing.receipts import Receipt
from lastcall.core.closing.texts import REJECTIONS
from tests.cast import SOMEBODY
from tests.doors.desk.journeys.looking import Desk, look
from tests.doors.desk.pictures_of_documents import with_unclear_photo
from tests.doors.desk.staffed import Staffed


def li_weis_page(page: Page, receipt: Receipt) -> str:
    """What the case page tells whoever has its words."""
    page.goto("/case/")
    page.fill("#id_reference", receipt.reference)
    page.fill("#id_secret", receipt.secret)
    page.click("#entry button.go")
    return page.inner_text("main")


def test_she_takes_the_most_urgent_sees_both_sides_and_the_photo_and_rejects(desk: Desk, staffed: Staffed) -> None:
    cast = staffed.cast
    receipt = with_unclear_photo(cast)
    cast.time.advance(timedelta(hours=1))
    later = cast.declare(cast.anna.msisdn, language="ru")
    freeze.freeze(cast.base, case_id=later.case_id, actor=SOMEBODY)
    page = desk("irina")
    page.click("nav.areas >> text=Review")
    look(page, "review-queue")
    page.locator(".cases button").first.click()
    assert "L. W." in page.inner_text("#sides >> xpath=..")
    page.wait_for_load_state("load")
    assert page.evaluate("document.querySelector('img.photo').naturalWidth") > 0
    look(page, "review-case")
    page.click("text=Reject the declaration")
    look(page, "review-reject")
    page.get_by_role("radio", name="Papers not accepted").check()
    page.click("button.go")
    look(page, "review-rejected")
    assert cast.case(receipt).state == "rejected"
    assert str(page.locator(".said").inner_text()).startswith("Rejected")
    seen = cast.base.transact(lambda rows: readings(rows, case_id=receipt.case_id))
    assert {(look.role, look.reason) for look in seen} == {("reviewer", "review")}
    shown = li_weis_page(desk(language="zh-hans"), receipt)
    with translation.override("zh-hans"):
        words = str(REJECTIONS["papers_not_accepted"])
    assert words in shown and words != str(REJECTIONS["papers_not_accepted"])


def test_the_photo_agrees_and_the_case_goes_on_hold(desk: Desk, staffed: Staffed) -> None:
    cast = staffed.cast
    receipt = with_unclear_photo(cast)
    page = desk("irina", language="ru")
    page.goto("/desk/review/?kind=photo")
    page.locator(".cases button").first.click()
    page.click("a.go[href$='/photo/']")
    look(page, "review-photo")
    page.check("input[value=agrees]")
    page.click("button.go")
    cast.work()
    assert cast.case(receipt).state == "on_hold"


def test_a_photo_opened_by_its_address_is_not_there(desk: Desk, staffed: Staffed) -> None:
    with_unclear_photo(staffed.cast)
    page = desk("irina")
    page.goto("/desk/review/")
    page.locator(".cases button").first.click()
    address = page.get_attribute("img.photo", "src")
    answer = page.goto(str(address))
    assert answer is not None and answer.status == 404


def test_two_who_press_take_on_the_same_page_get_one_case(desk: Desk, staffed: Staffed) -> None:
    with_unclear_photo(staffed.cast)
    irina, roman = desk("irina"), desk("roman")
    irina.goto("/desk/review/"), roman.goto("/desk/review/")
    irina.locator(".cases button").first.click()
    roman.locator(".cases button").first.click()
    assert irina.locator("img.photo").count() == 1
    assert "Somebody else has this case now" in roman.inner_text("main")
