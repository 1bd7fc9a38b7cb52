"""Olga pairs a reader, asks it for the visitor's card, and sees what came of it; the visitor fetches the files at home."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from lastcall.core.simcard import readers, reports, sealing
from tests.doors.desk.journeys.looking import Desk, look
from tests.doors.desk.samples import counter as sample
from tests.doors.desk.staffed import Staffed
from tests.doors.desk.test_counter import _typed

_PRESSED_TWICE = """form => {
  let sent = 0;
  addEventListener("submit", (event) => { if (!event.defaultPrevented) sent += 1; event.preventDefault(); });
  const button = form.querySelector("button.go");
  button.click(); button.click();
  return sent;
}"""


def _opened(staffed: Staffed) -> str:
    """Li Wei stands at Olga's window and the file is open; the page of the visit."""
    ticket_id = sample.called(staffed)["ticket_id"]
    browser = staffed.at_desk("olga")
    browser.post(f"/desk/counter/{ticket_id}/step/", {"act": "begin"})
    browser.post(f"/desk/counter/{ticket_id}/identify/", _typed())
    return f"/desk/counter/{ticket_id}/"


@pytest.mark.parametrize("language", ["en", "ru", "zh-hans"])
def test_a_card_is_saved_at_the_counter(desk: Desk, staffed: Staffed, language: str, tmp_path: Path) -> None:
    visit, olga = _opened(staffed), desk("olga", language)
    olga.goto("/desk/readers/")
    look(olga, f"readers-none-{language}")
    olga.locator("main button.go").click()
    look(olga, f"readers-code-{language}")
    token = readers.pair(staffed.base, code=olga.locator(".pairing-code").inner_text(), name="Window 3").token
    olga.locator("main a.go").click()
    expect(olga.locator("table.list")).to_contain_text("Window 3")
    look(olga, f"readers-{language}")
    olga.goto(visit)
    look(olga, f"readers-visit-{language}")
    secret, backup_id = _done_at_the_reader(olga, staffed, token, language)
    _fetched(desk("", language), backup_id, secret, tmp_path)


def _done_at_the_reader(olga: Page, staffed: Staffed, token: str, language: str) -> tuple[str, int]:
    base, section = staffed.base, olga.locator("section:has(#reader)")
    section.locator("button.go").click()
    asked = reports.next_of(base, token=token)
    assert asked is not None
    expect(section.locator(".state.act")).to_be_visible()
    look(olga, f"readers-asked-{language}")
    iccid = staffed.cast.sim_of(staffed.cast.li_wei).iccid
    assert reports.card(base, token=token, handling_id=asked.id, iccid=iccid)
    secret, ciphertext = sealing.seal(b"PK files")
    backup = reports.saved(base, token=token, handling_id=asked.id, ciphertext=ciphertext)
    reports.done(base, token=token, handling_id=asked.id, contacts=21, messages=5, partial="", pin="removed")
    # The page looks by itself, without being loaded again.
    expect(section.locator(".state.good")).to_contain_text("21", timeout=10_000)
    expect(section.locator("select")).to_be_visible()
    assert section.locator("form[data-once]").evaluate(_PRESSED_TWICE) == 1, "the form that came later is guarded too"
    olga.reload()
    look(olga, f"readers-done-{language}")
    return secret, backup.id


def _fetched(home: Page, backup_id: int, secret: str, folder: Path) -> None:
    """The link opens with the secret behind the ``#``: it fills the form and leaves the address."""
    language = home.locator("html").get_attribute("lang")
    home.goto(f"/backup/{backup_id}/#{secret}")
    expect(home.locator("#id_secret")).to_have_value(secret)
    assert "#" not in home.url
    look(home, f"backup-{language}")
    with home.expect_download() as saved:
        home.locator("main button.go").click()
    saved.value.save_as(folder / "sim.zip")
    assert (folder / "sim.zip").read_bytes() == b"PK files"
