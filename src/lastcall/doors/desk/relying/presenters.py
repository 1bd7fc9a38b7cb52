"""Relying parties, their deliveries and alarms, ready for the templates."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from lastcall.core.job import Alert
from lastcall.core.relying.consumer import Consumer
from lastcall.core.relying.consumer_key import ConsumerKey
from lastcall.core.telling.dead import DeadDelivery
from lastcall.core.telling.webhook import Webhook
from lastcall.doors.desk.numbers.presenters import amount
from lastcall.doors.desk.relying import words
from lastcall.doors.screens.moments import Dated, dated

Used = Mapping[tuple[int, str], int]
"""Consumer and kind (``requests``, ``rows``) -> how much of this day was taken."""


@dataclass(frozen=True, slots=True)
class Party:
    """A relying party in words; ``used``, ``rows_used``: of this day; ``ended``: the day, or empty."""

    id: int
    name: str
    category: str
    purpose: str
    scopes: tuple[str, ...]
    agreements: tuple[str, ...]
    sandbox: bool
    requests_per_second: str
    requests_per_day: str
    rows_per_day: str
    used: str
    rows_used: str
    since: str
    ended: str


def party(found: Consumer, used: Used) -> Party:
    """One of them."""
    agreed = {"bulk": found.bulk, "told": found.told, "three_legged": found.three_legged}
    return Party(
        found.id, found.name, str(words.CATEGORIES.get(found.category, found.category)),
        str(words.PURPOSES.get(found.purpose, found.purpose)),
        tuple(str(words.SCOPES.get(scope, scope)) for scope in found.scopes.split()),
        tuple(str(words.AGREEMENTS[name]) for name, holds in agreed.items() if holds), found.sandbox,
        amount(found.requests_per_second), amount(found.requests_per_day), amount(found.rows_per_day),
        amount(used.get((found.id, "requests"), 0)), amount(used.get((found.id, "rows"), 0)),
        _day(found.created_at), _day(found.ended_at) if found.ended_at else "",
    )  # fmt: skip


def _day(at: datetime) -> str:
    return date_format(localtime(at), "DATE_FORMAT")


@dataclass(frozen=True, slots=True)
class Key:
    """A public key by its id alone."""

    kid: str
    since: str
    ended: str


def keys(found: Sequence[ConsumerKey]) -> tuple[Key, ...]:
    """The keys of one party, the newest first."""
    return tuple(Key(each.kid, _day(each.created_at), _day(each.ended_at) if each.ended_at else "") for each in found)


@dataclass(frozen=True, slots=True)
class Alarm:
    """A sweeping pattern that somebody must look into."""

    id: int
    consumer_id: int
    name: str
    why: str
    detail: str
    at: Dated


def alarms(found: Sequence[Alert], names: Mapping[int, str]) -> list[Alarm]:
    """The open alarms in words."""
    return [_alarm(each, names.get(each.subject_id, "")) for each in found]


def _alarm(alert: Alert, name: str) -> Alarm:
    code, _colon, detail = alert.detail.partition(":")
    why = str(words.SWEEPING.get(code, code))
    return Alarm(alert.id, alert.subject_id, name, why, _counted(detail), dated("", alert.at))


def _counted(detail: str) -> str:
    """What :mod:`lastcall.core.relying.sweeping` counted, in words; as it stands where it holds anything else."""
    counts = re.findall(r"\d+", detail)
    if len(counts) != 3:
        return detail.strip()
    told = {"asked": amount(int(counts[0])), "run": amount(int(counts[1])), "percent": counts[2]}
    return _("%(asked)s different numbers; %(run)s in a row; of a hundred, %(percent)s nobody ever held") % told


@dataclass(frozen=True, slots=True)
class Dead:
    """An announcement that was not taken; ``number``: masked; ``behind``: others of the same number wait for it."""

    id: int
    consumer_id: int
    name: str
    what: str
    number: str
    since: Dated
    tries: int
    error: str
    behind: bool


def dead(found: Sequence[DeadDelivery], ids: Mapping[str, int]) -> list[Dead]:
    """What waits for a person. ``ids``: of the consumers by name."""
    return [
        Dead(
            each.id, ids.get(each.consumer, 0), each.consumer, str(words.TOLD.get(each.kind, each.kind)), each.number,
            dated("", each.made_at), each.attempts, error_code(each.error), each.behind,
        )
        for each in found
    ]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Hook:
    """Where announcements are pushed to; ``mark``: how the state is marked; ``failing``: since when nothing is taken."""

    url: str
    state: str
    mark: str
    failing: Dated | None
    error: str


def webhook(found: Webhook) -> Hook:
    """The webhook in words."""
    state, mark = words.WEBHOOKS[found.state]
    failing = dated("", found.failing_since) if found.failing_since is not None else None
    address = urlsplit(found.url)._replace(query="", fragment="").geturl()
    return Hook(address, str(state), mark, failing, error_code(found.last_error))


def error_code(error: str) -> str:
    """``timed_out`` of ``timed_out: what was said``: the words themselves stay in the log."""
    return error.partition(":")[0]
