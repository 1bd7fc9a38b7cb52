from __future__ import annotations
import pytest
from datetime import timedelta
from lastcall.core.plan import Insert, Plan
from lastcall.core.relying.asked_number import Asked
from lastcall.core.lookup.days import today
from tests.cast import LI_WEI_MSISDN
from tests.doors.desk.journeys.test_zz_shots import shots
from tests.doors import chromium
from tests.doors.portal.test_asked import party
from lastcall.core.database import database

@pytest.fixture(scope="module")
def chrome2():
    with chromium.running() as b: yield b

@pytest.mark.parametrize("lang", ["en","ru","zh-hans"])
def test_p(chrome2, cast, lang):
    receipt = cast.closed()
    one = party(cast)
    cast.time.advance(timedelta(days=9))
    rows_=[Insert(Asked(msisdn=LI_WEI_MSISDN, day=today()-timedelta(days=i), consumer_id=one.id, reading=f"r{i}", category=cat, times=i+1)) for i,cat in enumerate(("bank","app","authority","operator","other"))]
    cast.base.transact(lambda r: r.apply(Plan(tuple(rows_))))
    with chromium.served() as site:
        p = chrome2.new_context(viewport={"width":1280,"height":800}, base_url=site).new_page()
        p.goto(f"/case/?lang={lang}"); p.fill("#id_reference", receipt.reference); p.fill("#id_secret", receipt.secret); p.click("main button.go:visible")
        shots(p, "p-case", lang)
        p.goto("/case/asked/"); shots(p, "p-asked", lang)
        p.goto("/case/rest/"); shots(p, "p-rest", lang)
        p.check("[name=answer][value='90']"); p.click("main button.go:visible"); shots(p, "p-sure", lang)
        p.click("main button.go:visible"); shots(p, "p-done", lang)
        print(p.inner_text("main")[:1500])
    database().close()
