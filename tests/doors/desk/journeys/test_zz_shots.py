from __future__ import annotations
import os, pytest
from urllib.parse import urlsplit
from datetime import timedelta
from lastcall.core.plan import Insert, Plan
from lastcall.core.relying.asked_number import Asked
from lastcall.core.relying.allowance import Allowance
from lastcall.core.telling.webhook import Webhook
from lastcall.core.lookup.days import today
from tests.cast import LI_WEI_MSISDN
from tests import axe
from tests.doors.desk.samples.relying import alarm, asked, given_back, party, untaken
from tests.doors.desk.samples.numbers import looked

OUT='/tmp/lc-shots/'
def shots(page, name, lang):
    for w in (320, 1280):
        for scheme in ('light','dark'):
            page.emulate_media(color_scheme=scheme)
            page.set_viewport_size({"width": w, "height": 800})
            sw = page.evaluate("document.documentElement.scrollWidth")
            if sw > w: print("WIDE", name, lang, w, sw)
            page.screenshot(path=f"{OUT}{name}-{lang}-{w}-{scheme}.png", full_page=True)
    v = axe.violations(page)
    if v: print("AXE", name, lang, v)

@pytest.mark.parametrize("lang", ["en","ru","zh-hans"])
def test_shots(chrome, site, staffed, lang):
    one = party(staffed); party(staffed, "Очень Длинное Название Государственного Учреждения Связи", category="authority"); 
    alarm(staffed); untaken(staffed)
    c = asked(staffed)
    hook = Webhook(id=1, consumer_id=one.id, url="https://receiver.bank.example/hooks/lastcall/numbers/changed", state="active", sealed_secret="s", sealed_former="", since=one.created_at, failures=3, failing_since=one.created_at, last_error="timed_out")
    rows_=[Insert(hook), Insert(Allowance(consumer_id=one.id, day=today(), kind="requests", taken=1234))]
    for i,cat in enumerate(("bank","app","authority","operator","other")):
        rows_.append(Insert(Asked(msisdn=LI_WEI_MSISDN, day=today()-timedelta(days=i), consumer_id=one.id, reading=f"r{i}", category=cat, times=i+1)))
    staffed.base.transact(lambda r: r.apply(Plan(tuple(rows_))))
    def ctx(login):
        context = chrome.new_context(viewport={"width":1280,"height":800}, base_url=site)
        [cookie] = staffed.at_desk(login).cookies.values()
        context.add_cookies([{"name": cookie.key, "value": cookie.value, "domain": urlsplit(site).hostname, "path": "/desk/"}])
        p = context.new_page(); p.goto(f"/desk/?lang={lang}"); return p
    alla = ctx("alla")
    for name, path in (("list","/desk/relying/"),("new","/desk/relying/new/"),("party",f"/desk/relying/of/{one.id}/"),("end",f"/desk/relying/of/{one.id}/end/"),("alarms","/desk/relying/alarms/"),("dead","/desk/relying/dead/")):
        alla.goto(path); shots(alla, f"d-{name}", lang)
    alla.goto("/desk/relying/new/"); alla.fill("#id_name","Stone Bank"); alla.select_option("#id_category","bank"); alla.select_option("#id_purpose","dpv:LegalCompliance"); alla.check("input[name=scopes] >> nth=0"); alla.click("main button.go"); shots(alla, "d-key", lang)
    nadia = ctx("nadia")
    nadia.goto("/desk/relying/corrections/"); shots(nadia, "d-corrections", lang)
    nadia.click("main button.go"); shots(nadia, "d-decide", lang)
    nikolai = ctx("nikolai")
    lid = looked(staffed)["look_id"]
    nikolai.goto(f"/desk/relying/corrections/ask/{lid}/"); nikolai.click("main button.go"); shots(nikolai, "d-ask", lang)
    nikolai.goto(f"/desk/numbers/life/{lid}/"); shots(nikolai, "d-life", lang)
