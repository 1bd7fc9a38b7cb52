"""Members come, change roles and leave; nobody changes their own, and one administrator stays."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from lastcall.core.actor import STRANGER, Actor
from lastcall.core.audit.event import Event
from lastcall.core.audit.privacy import personal
from lastcall.core.clock import ManualClock
from lastcall.core.database import DjangoDatabase
from lastcall.core.errors import BadInput, LastcallError, NotFound, Refused
from lastcall.core.staff import members, shops, sign_ins
from lastcall.core.staff.member import Member
from lastcall.core.staff.sign_in import SignIn
from tests.core.staff.people import ALLA, BORIS, FIRST, OLGA, a_shop, join
from tests.core.tools import race, winners


def events(base: DjangoDatabase) -> list[Event]:
    return base.transact(lambda rows: rows.some(Event, {"subject": "staff"}, order="id"))


def test_a_member_joins_with_roles_and_a_shop(base: DjangoDatabase, time: ManualClock) -> None:
    a_shop(base)
    olga = join(base, "olga", "agent", "clerk", shop="centre")
    assert olga.roles == "clerk agent"
    assert [event.kind for event in events(base)] == ["staff.added", "staff.link_made"]
    assert not any(personal(event) for event in events(base))


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"login": "O!"}, "bad_login"),
        ({"login": "a4510123456"}, "bad_login"),
        ({"login": "79000001001"}, "bad_login"),
        ({"roles": ()}, "no_role"),
        ({"roles": ("queen",)}, "bad_role"),
        ({"roles": ("clerk",)}, "clerk_without_shop"),
        ({"shop": "nowhere"}, "no_such_shop"),
        ({"name": "123"}, "malformed_name"),
        ({"language": "xx"}, "bad_language"),
        ({"actor": OLGA}, "no_right"),
        ({"actor": Actor(STRANGER, "-", "desk")}, "no_right"),
    ],
)
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_what_a_member_cannot_be(base: DjangoDatabase, wrong: dict[str, object], code: str) -> None:
    given = {"login": "olga", "name": "Olga", "roles": ("agent",), "shop": "", "language": "ru", "actor": FIRST} | wrong
    with pytest.raises(LastcallError) as refused:
        members.add_member(base, **given)  # type: ignore[arg-type]
    assert refused.value.code == code
    assert events(base) == []


def test_a_login_is_never_given_to_a_second_person(base: DjangoDatabase, time: ManualClock) -> None:
    join(base, "timur", "agent")
    members.remove_member(base, login="timur", actor=FIRST)
    with pytest.raises(Refused) as refused:
        join(base, "timur", "agent")
    assert refused.value.code == "login_taken"


def test_nobody_changes_their_own_rights(base: DjangoDatabase, time: ManualClock) -> None:
    join(base, "alla", "administrator")
    join(base, "boris", "administrator")
    changes: tuple[Callable[[], object], ...] = (
        lambda: members.set_roles(base, login="alla", roles=("administrator", "auditor"), shop="", actor=ALLA),
        lambda: members.remove_member(base, login="alla", actor=ALLA),
        lambda: members.reset_member(base, login="alla", actor=ALLA),
    )
    for change in changes:
        with pytest.raises(Refused) as refused:
            change()
        assert refused.value.code == "own_rights"


def test_the_last_administrator_stays(base: DjangoDatabase, time: ManualClock) -> None:
    join(base, "alla", "administrator")
    changes: tuple[Callable[[], object], ...] = (
        lambda: members.remove_member(base, login="alla", actor=FIRST),
        lambda: members.set_roles(base, login="alla", roles=("auditor",), shop="", actor=FIRST),
    )
    for change in changes:
        with pytest.raises(Refused) as refused:
            change()
        assert refused.value.code == "last_administrator"


def test_of_two_administrators_who_remove_each_other_at_once_one_stays(base: DjangoDatabase, time: ManualClock) -> None:
    join(base, "alla", "administrator")
    join(base, "boris", "administrator")

    done = winners(
        race(
            lambda: members.remove_member(base, login="alla", actor=BORIS),
            lambda: members.remove_member(base, login="boris", actor=ALLA),
        )
    )
    left = base.transact(lambda rows: rows.some(Member, {"left_at": None}))
    assert len(done) == 1
    assert len(left) == 1


def test_who_leaves_is_signed_out_at_every_device(base: DjangoDatabase, time: ManualClock) -> None:
    olga = join(base, "timur", "agent")
    for _ in range(2):
        sign_ins.begin(base, login="timur", how="password totp")
    members.remove_member(base, login="timur", actor=FIRST)
    assert base.transact(lambda rows: rows.count(SignIn, {"member_id": olga.id, "ended_at": None})) == 0
    with pytest.raises(NotFound):
        members.remove_member(base, login="timur", actor=FIRST)
    with pytest.raises(Refused):
        sign_ins.begin(base, login="timur", how="password")


def test_a_change_of_roles_is_on_record(base: DjangoDatabase, time: ManualClock) -> None:
    join(base, "timur", "agent")
    time.advance(timedelta(days=1))
    members.set_roles(base, login="timur", roles=("reviewer",), shop="", actor=FIRST)
    members.set_roles(base, login="timur", roles=("reviewer",), shop="", actor=FIRST)
    changes = [event for event in events(base) if event.kind == "staff.roles"]
    assert [(event.source, event.target) for event in changes] == [("agent", "reviewer")]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_shop_is_named_and_closed_once_nobody_works_there(base: DjangoDatabase, time: ManualClock) -> None:
    a_shop(base)
    assert shops.open_shop(base, code="centre", name="Mitte", actor=FIRST).name == "Mitte"
    join(base, "olga", "clerk", shop="centre")
    with pytest.raises(Refused) as refused:
        shops.close_shop(base, code="centre", actor=FIRST)
    assert refused.value.code == "shop_has_members"
    members.remove_member(base, login="olga", actor=FIRST)
    shops.close_shop(base, code="centre", actor=FIRST)
    assert shops.all_shops(base) == ()
    for code in ("centre", "Bad Code"):
        with pytest.raises((Refused, BadInput)):
            a_shop(base, code)
