"""Every address of the desk, for every role and for every object: one's own, a colleague's, another shop's, none at all.

An address without a sample, without an owner of it or without a right fails here, so that none is forgotten.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module
from pkgutil import iter_modules
from typing import Any, Final

import pytest
from django.test import Client
from django.urls import URLPattern, get_resolver, reverse
from django.urls.resolvers import URLResolver

from lastcall.core import clock
from lastcall.core.audit.event import Event
from lastcall.core.plan import Change, Insert, Plan
from lastcall.core.staff.member import Member
from lastcall.core.staff.rights import RIGHTS
from tests.doors.desk import samples
from tests.doors.desk.staffed import Staffed

on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

BY_ROLE: Final = {
    "clerk": "olga", "agent": "timur", "reviewer": "irina", "number_manager": "nikolai", "auditor": "arkady",
    "administrator": "alla",
}  # fmt: skip
COLLEAGUES: Final = {
    "olga": "oleg", "timur": "tamara", "irina": "roman", "nikolai": "nadia", "nadia": "nikolai", "alla": "boris",
    "arkady": "anton",
}  # fmt: skip
"""Who has the same role, and for a clerk another shop."""
BEFORE_SIGNING_IN: Final = frozenset(
    {
        "signin", "signin_passkey", "signin_sso", "signin_sso_back", "signin_second", "signin_start", "signin_setup",
        "signin_setup_app", "signin_setup_qr", "signin_setup_passkey", "signin_codes", "signin_out",
    }
)  # fmt: skip
"""The addresses that no right opens; what they show to whom is in ``test_signing_in.py``."""
FOR_PROGRAMS: Final = frozenset(
    {
        "readers_pair", "readers_order", "readers_card", "readers_backup", "readers_done", "readers_failed",
        "readers_leave",
    }
)  # fmt: skip
"""The addresses that a token opens instead of a sign-in; what they answer to whom is in ``readers/``."""
NOTHING: Final = {"int": 4711, "slug": "no-such-thing", "str": "nosuchthing"}
REFUSED: Final = frozenset({403, 404})
LED_BACK: Final = frozenset({"calls_take", "calls_back_take"})
"""Where somebody else may have been quicker: who comes too late is led back to the list, with words."""


@dataclass(frozen=True)
class Address:
    """One address of the desk; ``takes``: the names and kinds of what it is about."""

    name: str
    right: str | None
    takes: tuple[tuple[str, str], ...]

    def of(self, kwargs: dict[str, Any]) -> str:
        return reverse(f"desk:{self.name}", kwargs=kwargs)

    @property
    def of_nothing(self) -> str:
        """The address of an object that is not there."""
        return self.of({name: NOTHING[kind] for name, kind in self.takes})


def _patterns(resolver: URLResolver) -> Iterator[URLPattern]:
    for found in resolver.url_patterns:
        if isinstance(found, URLPattern):
            yield found
        else:
            yield from _patterns(found)


def _addresses() -> tuple[Address, ...]:
    tops = get_resolver().url_patterns
    (desk,) = (top for top in tops if isinstance(top, URLResolver) and top.app_name == "desk")
    return tuple(
        Address(str(found.name), getattr(found.callback, "right", None), _taken(str(found.pattern)))
        for found in _patterns(desk)
        if str(found.name) not in FOR_PROGRAMS
    )


def _taken(pattern: str) -> tuple[tuple[str, str], ...]:
    return tuple((name, kind or "str") for kind, name in re.findall(r"<(?:(\w+):)?(\w+)>", pattern))


def _collected(what: str) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for module in iter_modules(samples.__path__):
        found |= getattr(import_module(f"{samples.__name__}.{module.name}"), what, {})
    return found


ADDRESSES: Final = _addresses()
SAMPLES: Final = _collected("SAMPLES")
OWNERS: Final = _collected("OWNERS")
HEADERS: Final = _collected("HEADERS")
"""What a browser says with the request, where an address asks for it."""
SHARED: Final = frozenset(
    {
        "calls_take", "calls_back_take", "review_take", "review_reassign", "numbers_look_at_request", "numbers_retry",
        "numbers_look_at_stuck", "numbers_resolve", "figures_chart", "figures_file", "people_member", "people_reset",
        "people_leave", "people_shop_close", "glass_decide", "glass_review", "log_looked_at", "log_look_into",
        "relying_party", "relying_change", "relying_end", "relying_looked_at", "relying_retry", "relying_skip",
        "relying_look_at_correction",
    }
)  # fmt: skip
"""Addresses whose object is everybody's who has the right: a call that waits, a chart, a member."""
POSTS: Final[dict[str, dict[str, str]]] = {"counter_step": {"act": "recall"}}
"""What a form must hold to be looked at at all."""
OF_SOMETHING: Final = tuple(address for address in ADDRESSES if address.takes)


def has_right(role: str, address: Address) -> bool:
    assert address.right is not None
    return role in RIGHTS[address.right].roles


@pytest.fixture
def everybody(staffed: Staffed) -> Staffed:
    """The staff, with a second auditor."""
    arkady = staffed.members["arkady"]
    anton = Member(
        id=clock.new_id(),
        login="anton",
        name="Anton",
        roles="auditor",
        shop_id=None,
        language="ru",
        joined_at=arkady.joined_at,
    )
    staffed.base.transact(lambda rows: rows.apply(Plan((Insert(anton),))))
    staffed.members["anton"] = anton
    return staffed


def test_no_address_was_forgotten() -> None:
    names = [address.name for address in ADDRESSES]
    assert len(names) == len(set(names)) > 60
    without_right = {address.name for address in ADDRESSES if address.right is None}
    assert without_right == BEFORE_SIGNING_IN
    assert {address.right for address in ADDRESSES if address.right is not None} <= set(RIGHTS)
    with_object = {address.name for address in OF_SOMETHING}
    assert with_object - set(SAMPLES) == set(), "addresses without a sample"
    assert with_object - set(OWNERS) <= SHARED, "addresses whose sample is nobody's"
    assert set(SAMPLES) <= with_object, "samples for addresses that are not there"
    assert with_object >= SHARED


@on_sqlite
def test_a_role_without_the_right_gets_403_everywhere_and_each_try_is_on_record(staffed: Staffed) -> None:
    """Whatever the object, also where there is none: the right is asked for first."""
    tried = 0
    wrong: list[str] = []
    for role, login in BY_ROLE.items():
        browser = staffed.at_desk(login)
        for address in ADDRESSES:
            if address.right is None or has_right(role, address):
                continue
            for method in (browser.get, browser.post):
                tried += 1
                status = method(address.of_nothing).status_code
                wrong += [f"{role} {address.name}: {status}"] if status != 403 else []
    assert wrong == []
    noted = staffed.base.transact(lambda rows: rows.count(Event, {"kind": "staff.refused", "reason": "no_right"}))
    assert noted == tried > 300


@on_sqlite
def test_a_role_with_the_right_opens_what_is_about_no_object(staffed: Staffed) -> None:
    wrong = []
    for role, login in BY_ROLE.items():
        for address in ADDRESSES:
            if address.right is not None and not address.takes and has_right(role, address):
                status = staffed.at_desk(login).get(address.of({})).status_code
                wrong += [f"{role} {address.name}: {status}"] if status in REFUSED or status >= 500 else []
    assert wrong == []


@on_sqlite
def test_nobody_sees_anything_before_signing_in_with_both_factors_or_after_leaving(staffed: Staffed) -> None:
    gone = staffed.at_desk("nikolai")
    leave = Change(Member, {"login": "nikolai"}, {"left_at": staffed.cast.time.now()})
    staffed.base.transact(lambda rows: rows.apply(Plan((leave,))))
    strangers = (Client(headers={"host": "localhost"}), staffed.at_desk("alla", second=False), gone)
    wrong = []
    for browser in strangers:
        for address in ADDRESSES:
            if address.right is not None:
                answer = browser.post(address.of_nothing)
                led = answer.status_code == 302 and answer["Location"].startswith("/desk/signin/")
                wrong += [] if led else [f"{address.name}: {answer.status_code}"]
    assert wrong == []


@on_sqlite
def test_an_object_that_is_not_there_is_not_found_by_anybody(staffed: Staffed) -> None:
    wrong = []
    for role, login in BY_ROLE.items():
        browser = staffed.at_desk(login)
        for address in OF_SOMETHING:
            if has_right(role, address):
                statuses = (
                    browser.get(address.of_nothing).status_code,
                    browser.post(address.of_nothing, POSTS.get(address.name)).status_code,
                )
                refused = statuses[1] in REFUSED or (address.name in LED_BACK and statuses[1] == 302)
                fine = refused and (statuses[0] in REFUSED or statuses[0] in {302, 405})
                wrong += [] if fine else [f"{role} {address.name}: {statuses}"]
    assert wrong == []


def _together() -> dict[str, list[Address]]:
    """The addresses that are about the same object, which then is prepared once for all of them."""
    found: dict[Any, list[Address]] = {}
    for address in OF_SOMETHING:
        if address.name in SAMPLES:
            found.setdefault((SAMPLES[address.name], OWNERS.get(address.name)), []).append(address)
    return {group[0].name: group for group in found.values()}


TOGETHER: Final = _together()


@on_sqlite
@pytest.mark.parametrize("first", TOGETHER)
def test_ones_own_object_opens(everybody: Staffed, first: str) -> None:
    """And, where it is nobody's in particular, a colleague's does, too; where it is somebody's, to no colleague."""
    kwargs = SAMPLES[first](everybody)
    wrong = []
    for address in TOGETHER[first]:
        owner = OWNERS.get(address.name) or next(login for role, login in BY_ROLE.items() if has_right(role, address))
        where, headers = address.of(kwargs), HEADERS.get(address.name)
        own = everybody.at_desk(owner).get(where, headers=headers).status_code
        colleague = everybody.at_desk(COLLEAGUES[owner])
        looked = colleague.get(where, headers=headers).status_code
        if own in REFUSED or own >= 500:
            wrong.append(f"{address.name}: {own} for {owner}")
        if address.name in SHARED:
            wrong += [f"{address.name}: {looked} for {COLLEAGUES[owner]}"] if looked in REFUSED or looked >= 500 else []
            continue
        acted = colleague.post(where, POSTS.get(address.name), headers=headers).status_code
        if acted not in REFUSED or (looked not in REFUSED and looked not in {302, 405}):
            wrong.append(f"{address.name}: {looked} and {acted} for {COLLEAGUES[owner]}")
    assert wrong == []
