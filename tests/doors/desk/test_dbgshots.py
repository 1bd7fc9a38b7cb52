import shutil, pytest
from tests.doors.desk.test_signing_in_journey import *
from tests.doors.desk.samples import glass as g
from tests.doors.desk.samples import log as l
from lastcall.core.staff import break_glass
def test_shots(chrome, staffed, site):
    x = g._approved(staffed)
    l._alert(staffed)
    staffed.at_desk("timur").get("/desk/log/")
    keys = {login: staffed.at_desk(login).cookies["desk"].value for login in ("alla","arkady","timur")}
    staffed.cast.time.advance(timedelta(minutes=1))
    for width, scheme, lang in ((1280,"light","en"),(320,"dark","ru"),(1280,"light","zh-hans")):
        for login, path, name in ((None,"/desk/signin/","signin"),("alla","/desk/people/","people"),("alla","/desk/people/new/","join"),("alla","/desk/people/of/timur/","member"),("alla","/desk/people/shops/","shops"),
            ("timur","/desk/glass/","ask"),("arkady","/desk/glass/requests/","requests"),("arkady","/desk/log/","log"),("arkady","/desk/log/alerts/","alerts"),("arkady","/desk/log/refusals/","refusals"),("timur","/desk/signin/me/","me"),("timur","/desk/signin/setup/","setup"),("timur","/desk/signin/setup/app/","app"),("timur","/desk/signin/me/password/","password")):
            context = chrome.new_context(viewport={"width": width, "height": 700}, color_scheme=scheme)
            cookies=[{"name":"django_language","value":lang,"url":site+"/"}]
            if login: cookies.append({"name":"desk","value":keys[login],"url":site+"/desk/"})
            context.add_cookies(cookies)
            page = context.new_page()
            r = page.goto(site+path)
            page.screenshot(path=f"/tmp/lc-shots/people-{name}-{width}-{lang}.png", full_page=True)
            v = axe.violations(page)
            over = page.evaluate(TOO_WIDE)
            print(name, width, lang, r.status, over, v)
            context.close()
    assert 0
