"""Break-glass as its pages show it: asked, agreed to by a second person, open for half an hour, looked at by a third."""

from __future__ import annotations

import re
from datetime import timedelta

from lastcall.core.closing.receipts import Receipt
from lastcall.core.job import Alert
from lastcall.core.staff.glass import Glass
from tests.doors.desk.staffed import Staffed

WHY = "caller is locked in and we must reach the family"


def ask(staffed: Staffed, receipt: Receipt, login: str = "timur") -> Glass:
    asked = {"reference": receipt.reference, "reason": "danger", "words": WHY}
    assert staffed.at_desk(login).post("/desk/glass/", asked).status_code == 302
    return glasses(staffed)[-1]


def glasses(staffed: Staffed) -> list[Glass]:
    return staffed.base.transact(lambda rows: rows.some(Glass, {}, order="id"))


def test_from_asking_to_looking_at_it_afterwards(staffed: Staffed) -> None:
    receipt = staffed.cast.declare()
    timur, alla, arkady = (staffed.at_desk(login) for login in ("timur", "alla", "arkady"))
    glass = ask(staffed, receipt)
    assert "Open the file" not in timur.get("/desk/glass/").content.decode()
    assert WHY in alla.get("/desk/glass/requests/").content.decode()
    alla.post(f"/desk/glass/requests/{glass.id}/", {"decision": "approve"})
    shown = timur.get("/desk/glass/").content.decode()
    found = re.search(r'href="(/desk/files/\d+/)"', shown)
    assert found is not None
    assert timur.get(found[1]).status_code == 200
    assert staffed.at_desk("tamara").get(found[1]).status_code == 404
    assert "A file was opened in an emergency" in arkady.get("/desk/log/alerts/").content.decode()
    staffed.cast.time.advance(timedelta(minutes=14))
    timur.get("/desk/glass/"), arkady.get("/desk/log/")
    staffed.cast.time.advance(timedelta(minutes=14))
    assert timur.get(found[1]).status_code == 200
    staffed.cast.time.advance(timedelta(minutes=2))
    assert timur.get(found[1]).status_code == 404
    assert "Open the file" not in timur.get("/desk/glass/").content.decode()
    staffed.at_desk("arkady").post(f"/desk/glass/requests/{glass.id}/review/", {"verdict": "right"})
    assert [row.state for row in glasses(staffed)] == ["reviewed"]
    assert staffed.base.transact(lambda rows: rows.count(Alert, {"resolved_at": None})) == 0


def test_no_page_of_it_shows_whose_file_it_is(staffed: Staffed) -> None:
    glass = ask(staffed, staffed.cast.declare())
    staffed.at_desk("alla").post(f"/desk/glass/requests/{glass.id}/", {"decision": "approve"})
    for login, page in (("timur", "/desk/glass/"), ("alla", "/desk/glass/requests/"), ("arkady", "/desk/log/alerts/")):
        text = staffed.at_desk(login).get(page).content.decode()
        assert "李伟" not in text
        assert "9000001001" not in text


def test_a_refusal_opens_nothing(staffed: Staffed) -> None:
    glass = ask(staffed, staffed.cast.declare())
    staffed.at_desk("arkady").post(f"/desk/glass/requests/{glass.id}/", {"decision": "refuse"})
    assert [(row.state, row.opening_id) for row in glasses(staffed)] == [("refused", None)]
    assert "refused" in staffed.at_desk("timur").get("/desk/glass/").content.decode()
