"""Those who watch over the others, in a real browser: an emergency asked for, agreed to and judged; a member taken in."""

from __future__ import annotations

from playwright.sync_api import expect

from lastcall.core.closing.receipts import grouped
from tests.doors.desk.journeys.looking import Desk, look
from tests.doors.desk.staffed import Staffed


def test_an_emergency_is_asked_for_agreed_to_looked_at_and_judged_by_three(desk: Desk, staffed: Staffed) -> None:
    receipt = staffed.cast.declare()
    timur, alla, arkady = desk("timur"), desk("alla"), desk("arkady")
    timur.click("nav.areas >> text=Break-glass")
    look(timur, "glass-ask")
    timur.get_by_label("Reference of the case").fill(grouped(receipt.reference))
    timur.get_by_label("Reason").select_option("danger")
    timur.get_by_label("What it is about").fill("somebody is in danger")
    timur.get_by_role("button", name="Ask").click()
    expect(timur.get_by_role("status")).to_contain_text("A second person must agree now")
    alla.click("nav.areas >> text=Break-glass requests")
    look(alla, "glass-list")
    alla.get_by_role("button", name="Agree: open the file").click()
    timur.reload()
    timur.get_by_role("link", name="Open the file").click()
    look(timur, "glass-file")
    assert "/desk/files/" in timur.url
    arkady.goto("/desk/log/alerts/")
    look(arkady, "log-alerts")
    assert "A file was opened in an emergency" in arkady.inner_text("main")
    arkady.goto("/desk/log/")
    look(arkady, "log-readings")
    assert "timur" in arkady.inner_text("main")
    arkady.click("nav.areas >> text=Break-glass requests")
    arkady.get_by_role("button", name="It was right").click()
    assert "It was right" in arkady.inner_text("main")


def test_a_member_is_taken_in_by_an_administrator_and_leaves(desk: Desk, staffed: Staffed) -> None:
    alla = desk("alla")
    alla.click("nav.areas >> text=People")
    look(alla, "people-list")
    alla.click("text=New member")
    alla.get_by_label("Login").fill("vera")
    alla.get_by_label("Name").fill("Vera")
    alla.get_by_role("checkbox", name="Agent").check()
    look(alla, "people-new")
    alla.get_by_role("button", name="Take in").click()
    assert "/desk/signin/start/#" in alla.inner_text("main")
    look(alla, "people-link")
    alla.goto("/desk/people/of/vera/")
    look(alla, "people-member")
    alla.goto("/desk/people/of/alla/")
    assert alla.get_by_role("button", name="Save").count() == 0, "nobody changes their own rights"
