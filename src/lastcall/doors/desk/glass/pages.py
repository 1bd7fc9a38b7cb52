"""Break-glass: asking for a file in an emergency, deciding about it as a second person, looking at it afterwards."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from lastcall.core import clock
from lastcall.core.closing.texts import moment
from lastcall.core.database import database
from lastcall.core.errors import BadInput, NotFound, Refused
from lastcall.core.staff import break_glass, tries
from lastcall.core.staff.glass import GLASS, Glass
from lastcall.core.staff.rights import has
from lastcall.core.store import Store
from lastcall.doors.desk.acting import Me, attempt, desk
from lastcall.doors.desk.glass.forms import AskForm
from lastcall.doors.desk.glass.words import REASONS, STATES, VERDICTS
from lastcall.doors.desk.shell import page
from lastcall.doors.screens.reader import pack

_SHOWN = 50


@dataclass(frozen=True, slots=True)
class Line:
    """One request as a page shows it. ``file``: the way to the file while it is open to the reader; ``to_do``: actions."""

    id: int
    who: str
    when: str
    reason: str
    words: str
    state: str
    until: str
    verdict: str
    file: str
    to_do: tuple[str, ...]


def _line(glass: Glass, me: Me) -> Line:
    own = (
        me.member.login in {glass.asked_by, glass.decided_by}
        if glass.state == "approved"
        else glass.asked_by == me.member.login
    )
    roles = me.member.roles.split()
    actions = () if own else tuple(sorted({act for role in roles for act in GLASS.possible(glass.state, role)}))
    return Line(
        id=glass.id, who=glass.asked_by, when=moment(glass.asked_at), reason=str(REASONS[glass.reason]), words=glass.words,
        state=str(STATES[glass.state]), until=moment(glass.until) if glass.until else "",
        verdict=str(VERDICTS[glass.verdict]) if glass.verdict else "", file=_file(glass, me), to_do=actions,
    )  # fmt: skip


def _file(glass: Glass, me: Me) -> str:
    if glass.asked_by != me.member.login or glass.until is None or clock.now() >= glass.until:
        return ""
    return reverse("desk:file", kwargs={"opening_id": glass.opening_id})


@desk("glass.ask")
def ask(request: HttpRequest, me: Me) -> HttpResponse:
    """Ask, and see what became of what I asked before."""
    form = AskForm(request.POST if request.method == "POST" else None)
    asked = attempt(me, form, None, lambda: _ask(me, form)) if form.is_bound and form.is_valid() else None
    if asked is not None:
        messages.success(request, _("A second person must agree now. You see it here."))
        return HttpResponseRedirect(reverse("desk:glass_ask"))
    mine = database().transact(lambda rows: rows.some(Glass, {"asked_by": me.member.login}, order="-id", limit=_SHOWN))
    policy = pack().policy()
    content = {
        "form": form, "lines": [_line(glass, me) for glass in mine], "minutes": policy.staff_glass_minutes,
        "hours": policy.staff_glass_pause_hours,
    }  # fmt: skip
    return page(request, me, "glass/ask.html", content)


def _ask(me: Me, form: AskForm) -> Glass:
    """References are not to be guessed: each try is counted, a wrong one is refused and noted."""
    counted = tries.by_member(me.member.login, pack().policy())
    tries.begin_try(database(), counted=counted, login=me.member.login)
    try:
        asked = break_glass.ask(database(), actor=me.actor, policy=pack().policy(), **form.cleaned_data)
    except NotFound:
        raise Refused("no such reference", code="unknown_reference", remedy="Check the reference.") from None
    except (BadInput, Refused):
        tries.succeed(database(), counted=counted)
        raise
    tries.succeed(database(), counted=counted)
    return asked


@desk("glass.approve")
def requests(request: HttpRequest, me: Me) -> HttpResponse:
    """What waits for a second person, what waits for an auditor, and what was lately."""
    found = database().transact(_all)
    content = {
        "lines": [_line(glass, me) for glass in found],
        "verdicts": VERDICTS.items(),
        "auditor": has(me.member, "log.read"),
    }
    return page(request, me, "glass/list.html", content)


def _all(rows: Store) -> list[Glass]:
    open_ones = rows.some(Glass, {"state__in": ("asked", "approved")}, order="-id")
    return open_ones + rows.some(Glass, {"state__in": ("refused", "reviewed")}, order="-id", limit=_SHOWN)


@desk("glass.approve")
def decide(request: HttpRequest, me: Me, glass_id: int) -> HttpResponse:
    """Agree or not."""
    if request.method == "POST":
        if request.POST.get("decision") == "approve":
            break_glass.approve(database(), glass_id=glass_id, actor=me.actor, policy=pack().policy())
        else:
            break_glass.refuse(database(), glass_id=glass_id, actor=me.actor)
    else:
        database().transact(lambda rows: break_glass.read_glass(rows, glass_id))
    return HttpResponseRedirect(reverse("desk:glass_list"))


@desk("log.read")
def review(request: HttpRequest, me: Me, glass_id: int) -> HttpResponse:
    """What an auditor finds afterwards."""
    if request.method == "POST":
        verdict = request.POST.get("verdict", "")
        break_glass.review(database(), glass_id=glass_id, verdict=verdict, actor=me.actor)
    else:
        database().transact(lambda rows: break_glass.read_glass(rows, glass_id))
    return HttpResponseRedirect(reverse("desk:glass_list"))
