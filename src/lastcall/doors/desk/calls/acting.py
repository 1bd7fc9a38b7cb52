"""What the pages of a call have in common: it is the agent's own, and what the core refuses is said on its screen."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from lastcall.core.database import database
from lastcall.core.errors import BadInput, Conflict, NotFound, Refused
from lastcall.core.hotline import agents
from lastcall.core.hotline.call import Call
from lastcall.core.policies.policy import Policy
from lastcall.core.staff.refusals import note_refusal
from lastcall.doors.desk.acting import Me, Page, desk
from lastcall.doors.desk.calls.words import refusal
from lastcall.doors.screens.reader import pack

P = ParamSpec("P")
T = TypeVar("T")
RIGHT = "call.take"


def policy() -> Policy:
    """The rules that are in force today."""
    return pack().policy()


def of_own_call(view: Callable[Concatenate[HttpRequest, Me, Call, P], HttpResponse]) -> Page[Concatenate[int, P]]:
    """A page of the call that the agent has. Somebody else's, and one that is over, is as if it were none: 404."""

    def shown(request: HttpRequest, me: Me, call_id: int, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        agents.end_left_calls(database(), policy=policy())
        call = database().transact(lambda rows: agents.own_call(rows, call_id=call_id, login=me.actor.name))
        return view(request, me, call, *args, **kwargs)

    return desk(RIGHT)(wraps(view)(shown))  # type: ignore[arg-type]


def posted(view: Callable[Concatenate[HttpRequest, Me, Call, P], HttpResponse]) -> Page[Concatenate[int, P]]:
    """As :func:`of_own_call`, for what is only done by a button: opened otherwise it leads to the call."""

    def shown(request: HttpRequest, me: Me, call: Call, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if request.method != "POST":
            return redirect("desk:calls_call", call.id)
        return view(request, me, call, *args, **kwargs)

    return of_own_call(wraps(view)(shown))  # type: ignore[arg-type]


def tried(request: HttpRequest, me: Me, work: Callable[[], T]) -> T | None:
    """What ``work`` gives; None when the core refuses, and then the next page says why. A refusal by a rule is noted."""
    try:
        return work()
    except (BadInput, Refused, Conflict, NotFound) as refused:
        _note(me, refused)
        messages.warning(request, refusal(refused.code))
    return None


def attempted(me: Me, form: forms.Form, field: str, work: Callable[[], T]) -> T | None:
    """As :func:`tried`, with the words on the form."""
    try:
        return work()
    except (BadInput, Refused, Conflict, NotFound) as refused:
        _note(me, refused)
        where = field if isinstance(refused, BadInput) else None
        form.add_error(where, forms.ValidationError(refusal(refused.code), code=refused.code))
    return None


def _note(me: Me, refused: BadInput | Refused | Conflict | NotFound) -> None:
    if isinstance(refused, Refused):
        note_refusal(database(), actor=me.actor, right=RIGHT, code=refused.code)
