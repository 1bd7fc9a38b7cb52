from tests.doors.desk.test_review_journey import *  # noqa
from tests.doors.desk.test_review_journey import look, database_url, chrome, site, desk
from tests.doors.desk.samples.papers import announced, open_to
from tests.doors.desk.samples.review import with_irina
from tests.cast import SOMEBODY
from lastcall.core.closing import freeze as fr
for n in list(globals()):
    if n.startswith("test_"): del globals()[n]
def test_shots(desk, staffed):
    taken = with_irina(staffed)
    fr.freeze(staffed.base, case_id=taken.case_id, actor=SOMEBODY)
    r, sheet = announced(staffed, "statement", "power_of_attorney")
    page = desk("olga", language="ru")
    page.goto("/desk/papers/"); look(page, "papers-scan")
    page.fill("#id_barcode", "nonsense"); page.click("main button.go"); look(page, "papers-wrong")
    page.fill("#id_barcode", sheet.barcode); page.click("main button.go"); look(page, "papers-envelope")
    at = page.url
    page.goto(at + "representative/"); look(page, "papers-representative")
    page.click("main button.go"); look(page, "papers-representative-errors")
    page.goto(at.replace("/papers/", "/files/")); look(page, "file")
    page = desk("irina", language="zh-hans")
    page.goto(f"/desk/review/{taken.id}/"); look(page, "frozen")
    page.click("form[action$='contacts/'] button"); look(page, "contacts")
    page.goto(f"/desk/review/{taken.id}/ask/"); look(page, "ask")
    page.goto(f"/desk/review/{taken.id}/hand-over/"); look(page, "hand-over")
    page.goto("/desk/review/"); look(page, "mine")
    page = desk("alla"); page.goto("/desk/review/assigned/"); look(page, "assigned")
