"""The figures at the desk: who may see them, the numbers of the story, charts as pictures, tables as files."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from xml.etree import ElementTree

import pytest
from django.conf import settings
from django.http import HttpResponse
from django.test import Client

from lastcall.core.audit.event import Event
from lastcall.core.figures import report
from lastcall.doors.desk.figures.drawing import Aim, Aims, Bar, Bars, Chart, Line, Lines, draw
from lastcall.doors.desk.figures.pages import LOOKS
from lastcall.doors.desk.figures.presenters import FILES, PANELS
from lastcall.doors.desk.figures.shades import LIGHT
from tests.cast import Cast
from tests.core.figures.story import accepted, closed
from tests.doors.desk.staffed import Staffed

CHARTS = ("states", "flow", "steps", "doors", "failing", "reasons", "refusals", "queues", "hlr")
MAY = ("irina", "nikolai", "arkady", "alla")
MAY_NOT = ("olga", "timur")
LANGUAGES = [code for code, _ in settings.LANGUAGES]
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(autouse=True)
def afresh() -> Iterator[None]:
    """No test sees the figures of another."""
    report.forget()
    yield
    report.forget()


def get(browser: Client, address: str, *, language: str = "en") -> HttpResponse:
    """A page of the figures, in a language."""
    return browser.get(f"/desk/figures/{address}", headers={"accept-language": language})  # type: ignore[return-value]


def rows(answer: HttpResponse) -> list[list[str]]:
    """A file's rows, its head first."""
    return list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))


def texts(answer: HttpResponse) -> list[str]:
    """What stands in a chart, in order."""
    return [text.text or "" for text in ElementTree.fromstring(answer.content).iter(f"{SVG}text")]


@pytest.mark.parametrize("address", ["", "chart/steps.svg", "file/steps.csv"])
def test_only_those_who_steer_the_work_see_the_figures(staffed: Staffed, address: str) -> None:
    for login in MAY:
        assert get(staffed.at_desk(login), address).status_code == 200
    for login in MAY_NOT:
        assert get(staffed.at_desk(login), address).status_code == 403
    assert get(Client(headers={"host": "localhost"}), address).status_code == 302
    assert get(staffed.at_desk("irina", second=False), address).status_code == 302


def test_the_page_shows_the_numbers_of_the_story(staffed: Staffed) -> None:
    closed(staffed.cast)
    page = get(staffed.at_desk("irina"), "").content.decode()
    tiles = dict(re.findall(r"<dt>(.*?)</dt><dd>(.*?)</dd>", page))
    assert (tiles["Open cases"], tiles["Declared in the period"], tiles["Closed in the period"]) == ("1", "3", "1")
    assert page.count("<picture>") == len(CHARTS)


def test_a_file_has_whole_seconds_and_the_story_s_numbers(staffed: Staffed) -> None:
    closed(staffed.cast)
    answer = get(staffed.at_desk("arkady"), "file/steps.csv")
    assert answer["Content-Disposition"].startswith('attachment; filename="steps-2026-03-')
    found = {row[0]: row[1:] for row in rows(answer)}
    assert found["Declaration to identity shown"][:4] == ["2", "3600", "10800", "172800"]
    assert found["Copy of the receipt sent"][:3] == ["0", "", ""]


def test_a_choice_of_door_and_period_reaches_every_figure(staffed: Staffed) -> None:
    closed(staffed.cast)
    browser = staffed.at_desk("irina")
    found = rows(get(browser, "file/daily.csv?door=hotline&days=7"))
    assert [row[1:] for row in found[1:]] == [
        ["Declared", "Hotline", "Русский", "1"],
        ["Withdrawn", "Hotline", "Русский", "1"],
    ]
    assert len(rows(get(browser, "file/flow.csv?days=7"))) == 8
    assert len(rows(get(browser, "file/flow.csv?days=92"))) == 93


@pytest.mark.parametrize("asked", ["?days=93", "?days=x", "?door=nowhere", "?shop=nowhere"])
def test_a_choice_that_is_in_no_list_is_refused(staffed: Staffed, asked: str) -> None:
    browser = staffed.at_desk("irina")
    for address in ("", "chart/flow.svg", "file/flow.csv"):
        assert get(browser, address + asked).status_code == 400


@pytest.mark.parametrize(
    "address", ["chart/nothing.svg", "chart/work.svg", "chart/flow.svg?look=loud", "file/nothing.csv"]
)
def test_what_there_is_not_is_not_found(staffed: Staffed, address: str) -> None:
    assert get(staffed.at_desk("irina"), address).status_code == 404


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_chart_is_a_picture_without_script_or_style_in_each_language(staffed: Staffed, language: str) -> None:
    accepted(staffed.cast)
    browser = staffed.at_desk("nikolai")
    for name in CHARTS:
        for look in LOOKS:
            answer = get(browser, f"chart/{name}.svg?look={look}", language=language)
            assert answer["Content-Type"].startswith("image/svg+xml")
            root = ElementTree.fromstring(answer.content)
            assert root.get("lang", "").lower() == language and root.find(f"{SVG}title") is not None
            kinds = {part.tag.removeprefix(SVG) for part in root.iter()}
            assert kinds <= {"svg", "title", "text", "rect", "line", "polyline", "circle"}
            attributes = {attribute for part in root.iter() for attribute in part.attrib}
            assert not any(
                attribute.startswith("on") or attribute in {"style", "href", "class"} for attribute in attributes
            )


def test_a_chart_shows_what_its_table_says(staffed: Staffed) -> None:
    accepted(staffed.cast)
    browser = staffed.at_desk("irina")
    shown = texts(get(browser, "chart/states.svg"))
    for state, *_, count in rows(get(browser, "file/states.csv"))[1:]:
        assert shown[shown.index(state) + 1] == count


def test_every_chart_and_table_of_an_empty_house_says_that_there_is_nothing(staffed: Staffed) -> None:
    browser = staffed.at_desk("alla")
    assert get(browser, "").status_code == 200
    assert texts(get(browser, "chart/flow.svg")) == ["Nothing to show."]
    assert [len(rows(get(browser, f"file/{name}.csv"))) for name in ("daily", "hlr", "alerts")] == [1, 1, 1]


def test_a_shop_s_name_is_no_formula_in_a_spreadsheet_and_no_markup_in_a_chart(staffed: Staffed) -> None:
    from lastcall.core.plan import Change, Plan
    from lastcall.core.staff.shop import Shop

    named = Change(Shop, {"code": "north"}, {"name": "=1+1<b>&"})
    staffed.base.transact(lambda store: store.apply(Plan((named,))))
    browser = staffed.at_desk("irina")
    assert "'=1+1<b>&" in [row[0] for row in rows(get(browser, "file/queues.csv"))]
    assert b"<b>" not in get(browser, "").content
    ElementTree.fromstring(get(browser, "chart/queues.svg").content)


def test_nothing_of_a_person_and_no_case_is_in_any_file(staffed: Staffed) -> None:
    story = closed(staffed.cast)
    browser = staffed.at_desk("irina")
    for name in FILES:
        said = get(browser, f"file/{name}.csv").content.decode()
        assert str(story.li_wei.case_id) not in said and "李伟" not in said and "7900000" not in said


def test_looking_at_figures_is_no_reading_of_a_file(staffed: Staffed) -> None:
    closed(staffed.cast)
    get(staffed.at_desk("irina"), "")
    found = staffed.base.transact(lambda store: store.some(Event, {"kind": "case.read"}))
    assert found == []


LONG = "Очень длинное название, которое не помещается ни в какую строку"


@pytest.mark.parametrize(
    "chart",
    [
        Bars(("один", LONG), (Bar(LONG, (3, 4), "7"), Bar("<&>", (0, 0), "0"))),
        Lines(("1.3", "2.3"), (Line("a", (0, 10_000_000)), Line("b", (1, 0)))),
        Lines(("1.3",), (Line("a", (5,)),)),
        Aims(("m", "n", "t"), (Aim(LONG, LONG, 5, 500, 10), Aim("b", "-", None, None, 1))),
    ],
)
@pytest.mark.parametrize("width", [270, 620])
def test_no_part_of_a_chart_is_drawn_outside_of_it(chart: Chart, width: int) -> None:
    root = ElementTree.fromstring(draw(chart, title="t", tag="ru", shade=LIGHT, width=width, nothing="nothing"))
    high = float(root.get("height", "0"))
    for part in root.iter(f"{SVG}rect"):
        x, y, wide, tall = (float(part.get(name, "0")) for name in ("x", "y", "width", "height"))
        assert x >= 0 and y >= 0 and x + wide <= width + 0.1 and y + tall <= high
    for part in root.iter(f"{SVG}text"):
        assert 0 <= float(part.get("x", "-1")) <= width + 4 and 0 < float(part.get("y", "-1")) <= high


def test_every_panel_has_a_head_for_each_column(cast: Cast) -> None:
    from django.utils.timezone import get_default_timezone

    from lastcall.core.figures.period import last_days

    accepted(cast)
    period = last_days(7, now=cast.time.now(), zone=get_default_timezone())
    made = report.report(period=period, policy=cast.policy)
    for name, make in PANELS.items():
        panel = make(made)
        assert all(len(row) == len(panel.head) for row in panel.rows), name
