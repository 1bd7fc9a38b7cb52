"""Alla takes a bank in, changes what it may and looks after what went wrong; Nikolai and Nadia put a closing right."""

from __future__ import annotations

import json
from pathlib import Path

from playwright.sync_api import expect

from tests.doors.desk.journeys.looking import Desk, look
from tests.doors.desk.samples.relying import alarm, given_back, untaken
from tests.doors.desk.staffed import Staffed


def test_a_bank_is_taken_in_changed_and_ended(desk: Desk, staffed: Staffed, tmp_path: Path) -> None:
    alla = desk("alla")
    alla.click("nav.areas >> text=Relying parties")
    alla.click("text=New relying party")
    alla.get_by_role("button", name="Take in").click()
    expect(alla.get_by_role("alert")).to_contain_text("Choose at least one.")
    look(alla, "relying-refused")
    alla.get_by_label("Organisation").fill("Iron Bank")
    alla.get_by_label("Kind").select_option(label="Bank")
    alla.get_by_label("Purpose").select_option(label="Preventing fraud")
    alla.get_by_role("checkbox", name="Has the number changed hands").check()
    look(alla, "relying-new")
    alla.get_by_role("button", name="Take in").click()
    with alla.expect_download() as saved:
        alla.get_by_role("link", name="Save as a file").click()
    saved.value.save_as(tmp_path / "key")
    assert json.loads((tmp_path / "key").read_text()) == json.loads(alla.get_by_label("Or copy it").input_value())
    look(alla, "relying-key")
    alla.get_by_role("link", name="Iron Bank").click()
    alla.get_by_role("checkbox", name="Is told before numbers are re-issued").check()
    alla.get_by_label("Requests a day").fill("500")
    alla.get_by_role("button", name="Change").click()
    expect(alla.get_by_role("status")).to_contain_text("Changed.")
    look(alla, "relying-party")
    alla.get_by_role("link", name="End the access").click()
    look(alla, "relying-end")
    alla.get_by_role("button", name="End the access").click()
    expect(alla.get_by_role("status")).to_have_text("The access has ended.")


def test_what_went_wrong_is_looked_after(desk: Desk, staffed: Staffed) -> None:
    alarm(staffed)
    untaken(staffed)
    alla = desk("alla")
    alla.click("nav.areas >> text=Relying parties")
    look(alla, "relying-list")
    alla.click("nav.within >> text=Alarms")
    look(alla, "relying-alarms")
    alla.get_by_role("button", name="I have looked into it").click()
    expect(alla.locator("main")).to_contain_text("There is none.")
    alla.click("nav.within >> text=Not delivered")
    look(alla, "relying-dead")
    alla.get_by_role("button", name="Try again").click()
    expect(alla.get_by_role("status")).to_have_text("It is sent again now.")


def test_a_closing_is_put_right_by_two(desk: Desk, staffed: Staffed) -> None:
    given_back(staffed)
    nikolai, nadia = desk("nikolai"), desk("nadia")
    nikolai.click("nav.areas >> text=Number room")
    nikolai.get_by_label("Number", exact=True).fill("+79000001001")
    nikolai.get_by_label("Reason").select_option(label="A complaint")
    nikolai.get_by_role("button", name="Look").click()
    nikolai.get_by_role("link", name="Put a closing right").click()
    nikolai.get_by_label("Reason").select_option(label="The wrong line was closed")
    nikolai.get_by_label("Reference of the paper").fill("DOC-2026/17")
    look(nikolai, "relying-correction-ask")
    nikolai.get_by_role("button", name="Ask").click()
    expect(nikolai.get_by_role("status")).to_have_text("Asked for. Another number manager decides.")
    nadia.click("nav.areas >> text=Relying parties")
    nadia.click("nav.within >> text=Corrections")
    look(nadia, "relying-corrections")
    nadia.get_by_role("button", name="Look at the number and decide").click()
    look(nadia, "relying-correction-decide")
    nadia.get_by_role("button", name="Approve: put it right").click()
    expect(nadia.get_by_role("status")).to_contain_text("Corrected.")
