"""Temporary: pictures in three languages."""
import json, os
from django.conf import settings
from django.utils.translation import trans_real
from pathlib import Path
import pytest
from lastcall.core.closing.changes import job
from tests.core.hotline.calling import Hotline
from tests.doors.desk.test_calls_journey import _answer, chrome, database_url, pictures, site, HOST
from tests.doors.desk.staffed import Staffed

def _merge():
    for name, locale in (("ru","ru"),("zh-hans","zh_Hans")):
        cat = trans_real.translation(name)
        for f in Path("/tmp/lc-po").glob("*.json"):
            for k, v in json.loads(f.read_text()).items():
                x = v.get(locale)
                if x is None: continue
                if isinstance(x, list):
                    for i, y in enumerate(x): cat._catalog._catalogs[0][(k, i)] = y
                else: cat._catalog._catalogs[0][k] = x

@pytest.mark.parametrize("lang", ["ru", "zh-hans", "en"])
def test_shots(chrome, site, staffed: Staffed, lang, tmp_path):
    _merge()
    out = Path("/tmp/lc-agent/shots3"); out.mkdir(exist_ok=True)
    hotline = Hotline(staffed.cast)
    hotline.queued(pressed="3456", language={"ru":"zh-hans","zh-hans":"ru","en":"zh-hans"}[lang])
    staffed.cast.work()
    context = chrome.new_context(viewport={"width": 1280, "height": 900}, locale=lang)
    session = staffed.at_desk("timur").cookies[settings.SESSION_COOKIE_NAME].value
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": site}])
    desk = context.new_page()
    n = [0]
    def shot(name):
        n[0] += 1
        desk.set_viewport_size({"width": 1280, "height": 900})
        desk.screenshot(path=str(out / f"{lang}-{n[0]}-{name}.png"), full_page=True)
        desk.set_viewport_size({"width": 320, "height": 900})
        assert desk.evaluate("document.documentElement.scrollWidth <= innerWidth"), name
        desk.set_viewport_size({"width": 1280, "height": 900})
    desk.goto(f"{site}/desk/calls/?lang={lang}"); shot("queue")
    desk.locator("#waiting button").click(); shot("ticket")
    desk.locator("section.card button.go").first.click(); shot("question")
    for s in ("1111", "Сергей"):
        desk.locator("#id_said").fill(s); desk.locator("section.card button.go").first.click()
    shot("wrong")
    desk.locator("section.card button.go").first.click()
    for s in ("4510 123456", "Анна Петрова"):
        desk.locator("#id_said").fill(s); desk.locator("section.card button.go").first.click()
    shot("guide")
    desk.locator(".acts button").first.click(); shot("linked")
    desk.locator("a[href$='/withdraw/']").click(); shot("withdraw")
    context.close()
