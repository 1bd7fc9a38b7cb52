"""The kit's days as a calendar file: any calendar takes it in, and what is doubtful says so."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import vobject
from django.utils import translation
from icalendar import Calendar
from icalendar.cal import Component

from lastcall.core.closing.letters.letter import Text
from lastcall.core.kit.calendar import ALARMS, ics
from lastcall.core.kit.choices import LANGUAGES
from lastcall.core.kit.details import Details, line_of
from lastcall.core.kit.kit import Deadline, Kit, make_kit
from lastcall.core.policies.load import load
from tests.core.kit.kits import LI_WEI

ON = date(2026, 1, 12)
MADE_AT = datetime(2026, 1, 12, 9, 0, 5, tzinfo=UTC)
LINE = re.compile(rb"[A-Z-]+(;[A-Z-]+=(\"[^\"\x00-\x1f]*\"|[^\";:,\x00-\x1f]*))*:[^\x00-\x08\x0a-\x1f]*")
EVERY = pytest.mark.parametrize("language", LANGUAGES)


def made(language: str = "en", **other: Any) -> Kit:
    given: dict[str, Any] = {
        "pack": load("mts", on=ON), "language": language, "reason": "leaving", "situation": "foreigner", "on": ON,
        "made_at": MADE_AT,
    }  # fmt: skip
    return make_kit(**given | other)


def with_deadlines(*deadlines: Deadline) -> Kit:
    return replace(made(), deadlines=deadlines)


def deadline(**other: Any) -> Deadline:
    facts: dict[str, Any] = {
        "key": "refund", "on": ON + timedelta(days=30), "title": Text("The refund"), "text": Text("Ask for it."),
        "sure": True, "source": "consultant.ru", "source_date": date(2024, 9, 1),
    }  # fmt: skip
    return Deadline(**facts | other)


def events(kit: Kit) -> list[Any]:
    """As another program reads them."""
    calendar = vobject.readOne(ics(kit).decode("utf-8"))
    calendar.validate(raiseException=True)
    return list(calendar.vevent_list)


@EVERY
def test_lines_are_as_the_standard_wants_them(language: str) -> None:
    """RFC 5545, 3.1: CRLF, at most 75 octets a line, no character cut in two, no control character; each a content line."""
    content = ics(made(language))

    assert content.startswith(b"BEGIN:VCALENDAR\r\n") and content.endswith(b"END:VCALENDAR\r\n")
    assert b"\n" not in content.replace(b"\r\n", b"")
    for line in content.split(b"\r\n"):
        assert len(line) <= 75
        line.decode("utf-8")
    for line in content.replace(b"\r\n ", b"").split(b"\r\n")[:-1]:
        assert LINE.fullmatch(line), line


@EVERY
def test_another_program_reads_every_day_with_its_words(language: str) -> None:
    kit = made(language)
    found = sorted(events(kit), key=lambda event: event.dtstart.value)

    assert [event.dtstart.value for event in found] == sorted(each.on for each in kit.deadlines)
    with translation.override(language):
        wanted = {each.title.shown() for each in kit.deadlines}
        brand = kit.letters[0].brand.shown()
    for event in found:
        assert any(event.summary.value.startswith(title) for title in wanted)
        assert event.summary.value.endswith(brand)


def test_each_event_has_what_the_standard_asks_for_and_lasts_one_day() -> None:
    content = ics(made()).decode()
    assert content.count("\r\nVERSION:2.0\r\n") == content.count("\r\nPRODID:") == 1
    for event in events(made()):
        assert event.dtstamp.value == MADE_AT
        assert event.dtend.value - event.dtstart.value == timedelta(days=1)
        assert type(event.dtstart.value) is date
        assert (event.transp.value, getattr(event, "class").value) == ("TRANSPARENT", "PRIVATE")
    assert content.count("DTSTART;VALUE=DATE:") == len(events(made()))


def test_every_event_has_an_identity_that_stays_in_another_language_and_on_another_day() -> None:
    uids = {language: sorted(event.uid.value for event in events(made(language))) for language in LANGUAGES}

    assert len(set(uids["en"])) == len(made().deadlines)
    assert uids["en"] == uids["ru"] == uids["zh-hans"]
    assert uids["en"] == sorted(event.uid.value for event in events(made(on=ON + timedelta(days=1))))


@pytest.mark.parametrize(
    "other", [{"pack": load("beeline", on=ON)}, {"reason": "unused"}, {"situation": "in_country"}, {"details": LI_WEI}]
)
def test_kits_for_different_things_have_no_event_in_common(other: dict[str, Any]) -> None:
    here, there = ({event.uid.value for event in events(kit)} for kit in (made(), made(**other)))

    assert here and there and not here & there


def test_two_lines_of_one_person_do_not_move_each_others_days() -> None:
    other = replace(LI_WEI, msisdn=79001234568)
    here, there = ({event.uid.value for event in events(made(details=details))} for details in (LI_WEI, other))

    assert not here & there
    assert here == {event.uid.value for event in events(made(details=replace(LI_WEI, name="", account="")))}


def test_no_more_of_a_number_is_told_than_which_of_a_few_lines_it_is() -> None:
    told = {line_of(Details(msisdn=79000000000 + number)) for number in range(20_000)}

    assert all(re.fullmatch("[0-9a-f]{4}", each) for each in told)
    assert line_of(Details(name="Li Wei")) == ""
    content = ics(made(details=LI_WEI)).decode().replace("\r\n ", "")
    assert str(LI_WEI.msisdn)[-4:] not in re.sub(r"(?m)^(UID|SEQUENCE|DT|LAST).*$", "", content)


class Taking:
    """A calendar that takes files in as RFC 5546, 2.1.5, wants it: an event is known by its UID, the later revision counts."""

    def __init__(self) -> None:
        self.events: dict[str, Component] = {}

    def take(self, content: bytes) -> None:
        for event in Calendar.from_ical(content).walk("VEVENT"):
            known = self.events.get(str(event["uid"]))
            if known is None or self._revision(event) > self._revision(known):
                self.events[str(event["uid"])] = event

    @staticmethod
    def _revision(event: Component) -> tuple[int, datetime]:
        return event.decoded("sequence"), event.decoded("dtstamp")

    def days(self) -> list[date]:
        return sorted(event.decoded("dtstart") for event in self.events.values())


def test_a_kit_for_another_day_moves_the_events_that_are_there() -> None:
    first, second = made(), made("zh-hans", on=ON + timedelta(days=10), made_at=MADE_AT + timedelta(seconds=1))
    calendar = Taking()
    calendar.take(ics(first))
    calendar.take(ics(second))

    assert (
        calendar.days() == sorted(each.on for each in second.deadlines) != sorted(each.on for each in first.deadlines)
    )
    calendar.take(ics(first))
    assert calendar.days() == sorted(each.on for each in second.deadlines), "an older file changes nothing"


def test_days_are_made_known_and_nobody_is_invited() -> None:
    calendar = Calendar.from_ical(ics(made()))

    assert (str(calendar["method"]), str(calendar["calscale"])) == ("PUBLISH", "GREGORIAN")
    for event in calendar.walk("VEVENT"):
        assert "attendee" not in event and "organizer" not in event
        assert 0 < event.decoded("sequence") < 2**31
        assert event.decoded("last-modified") == event.decoded("dtstamp") == MADE_AT
    assert not calendar.walk("VTIMEZONE"), "a day is a day in every time zone"


def test_the_same_kit_is_the_same_file() -> None:
    assert ics(made("zh-hans")) == ics(made("zh-hans"))


def test_it_reminds_some_days_before_at_nine() -> None:
    [event] = events(with_deadlines(deadline()))

    assert [alarm.trigger.value for alarm in event.valarm_list] == [
        timedelta(hours=9) - timedelta(days=days) for days in ALARMS
    ]
    assert {alarm.action.value for alarm in event.valarm_list} == {"DISPLAY"}
    assert {alarm.description.value for alarm in event.valarm_list} == {event.summary.value}


@pytest.mark.parametrize(("ahead", "alarms"), [(7, 2), (6, 1), (1, 1), (0, 0)])
def test_it_does_not_remind_before_the_day_of_the_kit(ahead: int, alarms: int) -> None:
    [event] = events(with_deadlines(deadline(on=ON + timedelta(days=ahead))))

    assert len(event.contents.get("valarm", [])) == alarms


@EVERY
def test_what_is_not_confirmed_says_so_in_its_title(language: str) -> None:
    kit = replace(with_deadlines(deadline(sure=False)), language=language)
    [event] = events(kit)
    with translation.override(language):
        mark = translation.gettext("(not confirmed)")

    assert mark in event.summary.value
    [sure] = events(replace(kit, deadlines=(deadline(),)))
    assert mark not in sure.summary.value


def test_it_names_the_source_and_its_date() -> None:
    [event] = events(with_deadlines(deadline(source="consultant.ru and rg.ru")))
    [undated] = events(with_deadlines(deadline(source="none found", source_date="undated")))

    assert event.description.value.endswith("Source: consultant.ru; rg.ru (Sept. 1, 2024)")
    assert undated.description.value.endswith("Source: no source found (undated)")


def test_signs_that_the_format_uses_itself_come_through() -> None:
    told = 'a,b;c\\d: "e" 100% 李伟 Ёж 🙂'
    [event] = events(with_deadlines(deadline(title=Text(told), text=Text(told))))

    assert event.summary.value.startswith(told)
    assert event.description.value.startswith(told)


def test_a_kit_without_days_is_an_empty_calendar() -> None:
    content = ics(replace(made(), deadlines=()))

    assert b"BEGIN:VEVENT" not in content
    assert content.endswith(b"END:VCALENDAR\r\n")
