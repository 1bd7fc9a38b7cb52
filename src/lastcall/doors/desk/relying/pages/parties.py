"""The relying parties: who they are, what was agreed with each, and its end."""

from __future__ import annotations

import base64
import json
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import gettext as _

from lastcall.core.database import database
from lastcall.core.errors import NotFound
from lastcall.core.lookup.days import today
from lastcall.core.relying import consumers
from lastcall.core.relying.allowance import Allowance
from lastcall.core.relying.consumer import Consumer
from lastcall.core.relying.consumer_key import ConsumerKey
from lastcall.core.relying.consumers import Created
from lastcall.core.staff.rights import has
from lastcall.core.store import Store
from lastcall.core.telling.webhook import Webhook
from lastcall.doors.desk.acting import Me, attempt, desk
from lastcall.doors.desk.relying import presenters
from lastcall.doors.desk.relying.forms import CreateForm, QuotasForm
from lastcall.doors.desk.relying.pages.alarms import open_alarms
from lastcall.doors.desk.relying.pages.deliveries import dead_of
from lastcall.doors.desk.relying.room import room


@desk("relying.see")
def parties(request: HttpRequest, me: Me) -> HttpResponse:
    """All of them, and how much each has asked today."""
    found = consumers.all(database())
    used = database().transact(used_today)
    rows = [presenters.party(one, used) for one in found]
    content = {"parties": [row for row in rows if not row.ended], "ended": [row for row in rows if row.ended]}
    return room(request, me, "list", content)


def used_today(rows: Store) -> dict[tuple[int, str], int]:
    """Consumer and kind -> what was taken of this day."""
    return {(each.consumer_id, each.kind): each.taken for each in rows.some(Allowance, {"day": today()})}


@desk("relying.manage")
def create(request: HttpRequest, me: Me) -> HttpResponse:
    """A new one; afterwards its private key is shown, once."""
    form = CreateForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        created = attempt(me, form, None, lambda: consumers.create(database(), actor=me.actor, **form.cleaned_data))
        if created is not None:
            return _created(request, me, created)
    return room(request, me, "create", {"form": form}, status=400 if form.errors else 200)


def _created(request: HttpRequest, me: Me, created: Created) -> HttpResponse:
    key = json.dumps(created.private_jwk, indent=2)
    content = {
        "one": created.consumer, "private_key": key,
        "data": "data:application/json;base64," + base64.b64encode(key.encode()).decode(),
        "file_name": f"{slugify(created.consumer.name) or created.consumer.id}.private.jwk.json",
    }  # fmt: skip
    return room(request, me, "created", content)


@desk("relying.see")
def party(request: HttpRequest, me: Me, consumer_id: int) -> HttpResponse:
    """One of them."""
    return _shown(request, me, _found(consumer_id))


@desk("relying.manage")
def change(request: HttpRequest, me: Me, consumer_id: int) -> HttpResponse:
    """Other agreements, other quotas."""
    found = _found(consumer_id, standing=True)
    if request.method != "POST":
        return _to(found)
    form = QuotasForm(request.POST)
    if form.is_valid():
        changed = attempt(
            me, form, None, lambda: consumers.change(database(), name=found.name, actor=me.actor, **form.cleaned_data)
        )
        if changed is not None:
            messages.success(request, _("Changed. It counts from the next second on."))
            return _to(found)
    return _shown(request, me, found, form)


@desk("relying.manage")
def end(request: HttpRequest, me: Me, consumer_id: int) -> HttpResponse:
    """Its access ends."""
    found = _found(consumer_id, standing=True)
    if request.method != "POST":
        return room(request, me, "end", {"one": found})
    consumers.end(database(), name=found.name, actor=me.actor)
    messages.success(request, _("The access has ended."))
    return _to(found)


def _found(consumer_id: int, *, standing: bool = False) -> Consumer:
    found = consumers.by_id(database(), consumer_id=consumer_id)
    if found is None or (standing and found.ended_at is not None):
        raise NotFound("no such consumer", code="no_such_consumer", remedy="See the list.")
    return found


def _to(found: Consumer) -> HttpResponse:
    return HttpResponseRedirect(reverse("desk:relying_party", args=[found.id]))


def _shown(request: HttpRequest, me: Me, found: Consumer, form: QuotasForm | None = None) -> HttpResponse:
    content = database().transact(lambda rows: _content(rows, found))
    content["dead"] = dead_of(found)
    if found.ended_at is None and has(me.member, "relying.manage"):
        content["form"] = form or QuotasForm(initial={name: getattr(found, name) for name in QuotasForm.base_fields})
    return room(request, me, "party", content, status=400 if form is not None and form.errors else 200)


def _content(rows: Store, found: Consumer) -> dict[str, Any]:
    keys = rows.some(ConsumerKey, {"consumer_id": found.id}, order="-id")
    webhook = rows.one(Webhook, {"consumer_id": found.id})
    return {
        "one": presenters.party(found, used_today(rows)),
        "keys": presenters.keys(keys),
        "webhook": presenters.webhook(webhook) if webhook is not None else None,
        "alerts": open_alarms(rows, consumer_id=found.id),
    }
