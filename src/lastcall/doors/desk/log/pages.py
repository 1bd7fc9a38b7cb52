"""The auditor's log: readings of personal data, what was refused to staff, and what needs a look."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone

from lastcall.core.audit.event import Event
from lastcall.core.audit.reading import KIND
from lastcall.core.audit.reading_log import Asked, readings_log
from lastcall.core.closing.texts import moment
from lastcall.core.closing.words import LOOKED
from lastcall.core.database import database
from lastcall.core.errors import NotFound
from lastcall.core.job import Alert
from lastcall.core.staff.member import Member
from lastcall.core.staff.opening import open_file
from lastcall.core.staff.viewing import CODE, settle
from lastcall.core.store import Store
from lastcall.doors.desk.acting import Me, desk
from lastcall.doors.desk.log.forms import FilterForm
from lastcall.doors.desk.log.words import ALERTS, GROUNDS, NOTED
from lastcall.doors.desk.people.words import ROLES
from lastcall.doors.desk.shell import page
from lastcall.doors.screens.reader import pack

_SHOWN = 100


@desk("log.read")
def readings(request: HttpRequest, me: Me) -> HttpResponse:
    """Every reading of personal data by staff, with its reason."""
    form = FilterForm(request.GET)
    given = form.cleaned_data if form.is_valid() else {}
    found, more = database().transact(lambda rows: readings_log(rows, _asked(given)))
    older = {name: value for name, value in given.items() if value and name != "before"} | {
        "before": found[-1].id if found else 0
    }
    content = {"form": form, "lines": [_reading(event) for event in found], "older": urlencode(older) if more else ""}
    return page(request, me, "log/readings.html", content)


def _asked(given: dict[str, Any]) -> Asked:
    day: date | None = given.get("day")
    start = timezone.make_aware(datetime.combine(day, time.min)) if day else None
    end = timezone.make_aware(datetime.combine(day + timedelta(days=1), time.min)) if day else None
    return Asked(
        since=start,
        until=end,
        role=given.get("role", ""),
        reason=given.get("reason", ""),
        before=given.get("before") or 0,
    )


def _reading(event: Event) -> dict[str, Any]:
    role, _, login = event.actor.partition(":")
    ground = str(event.data.get("ground", ""))
    return {
        "id": event.id, "when": moment(event.at), "login": login, "role": ROLES.get(role, role), "door": event.door,
        "reason": LOOKED.get(event.reason, event.reason), "ground": GROUNDS.get(ground, ground),
        "is_file": event.kind == KIND, "about": str(event.case_id or event.subject_id)[-6:],
    }  # fmt: skip


@desk("log.read")
def refusals(request: HttpRequest, me: Me) -> HttpResponse:
    """What staff tried and were refused, and who guesses at the sign-in."""
    found = database().transact(_refused)
    lines = [{"when": moment(event.at), "what": NOTED[event.kind], "who": event.actor.partition(":")[2], "member": login,
              "code": event.reason, "right": event.data.get("right", "")} for event, login in found]  # fmt: skip
    return page(request, me, "log/refusals.html", {"lines": lines})


def _refused(rows: Store) -> list[tuple[Event, str]]:
    found = rows.some(Event, {"subject": "staff", "kind__in": tuple(NOTED)}, order="-id", limit=_SHOWN)
    logins = _logins(rows, {event.subject_id for event in found})
    return [(event, logins.get(event.subject_id, "")) for event in found]


def _logins(rows: Store, ids: set[int]) -> dict[int, str]:
    return {one.id: one.login for one in rows.some(Member, {"id__in": tuple(ids)})}


@desk("log.read")
def alerts(request: HttpRequest, me: Me) -> HttpResponse:
    """What an auditor must look at."""
    found, logins = database().transact(_alerts)
    lines = [{"id": alert.id, "when": moment(alert.at), "what": ALERTS[alert.code], "login": logins.get(alert.subject_id, ""),
              "files": alert.detail.rpartition(" ")[2], "viewing": alert.code == CODE} for alert in found]  # fmt: skip
    return page(request, me, "log/alerts.html", {"lines": lines})


def _alerts(rows: Store) -> tuple[list[Alert], dict[int, str]]:
    found = rows.some(Alert, {"code__in": tuple(ALERTS), "resolved_at": None}, order="-at", limit=_SHOWN)
    return found, _logins(rows, {alert.subject_id for alert in found})


@desk("log.read")
def looked_at(request: HttpRequest, me: Me, alert_id: int) -> HttpResponse:
    """Unusual viewing was looked into."""
    if request.method == "POST":
        settle(database(), alert_id=alert_id, actor=me.actor)
    return HttpResponseRedirect(reverse("desk:log_alerts"))


@desk("log.read")
def look_into(request: HttpRequest, me: Me, event_id: int) -> HttpResponse:
    """Open the file that a reading is about, for an audit: that is a reading, too."""
    event = database().transact(lambda rows: rows.one(Event, {"id": event_id, "kind": KIND}))
    if event is None or event.case_id is None:
        raise NotFound("no such reading", remedy="See the log.")
    if request.method != "POST":
        return HttpResponseRedirect(reverse("desk:log_readings"))
    opened = open_file(
        database(), case_id=event.case_id, actor=me.actor, ground="audit", ground_id=event.id, reason="audit",
        policy=pack().policy(),
    )  # fmt: skip
    return HttpResponseRedirect(reverse("desk:file", kwargs={"opening_id": opened.id}))
