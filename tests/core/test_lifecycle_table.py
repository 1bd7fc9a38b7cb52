"""The grammar of lifecycles: what follows, what is possible instead, and that a table cannot contradict itself."""

from __future__ import annotations

import pytest

from lastcall.core.errors import NotAllowed, Refused
from lastcall.core.lifecycle import Table, Transition, rows

DOOR = Table(
    name="door",
    states=("open", "shut", "locked", "gone"),
    start="open",
    ends=frozenset({"gone"}),
    rows=(
        *rows("open", "shut", "shut", who="guest porter"),
        *rows("shut", "open", "open", who="guest porter"),
        *rows("shut", "lock", "locked", who="porter", requires="the key"),
        *rows("open shut", "knock", "=", who="guest"),
        *rows("open shut locked", "remove", "gone", who="porter"),
    ),
)


def test_the_state_that_follows_is_in_the_row() -> None:
    assert DOOR.move("open", "shut", role="guest") == "shut"
    assert DOOR.move("shut", "lock", role="porter") == "locked"


def test_an_equals_sign_stays_where_it_is() -> None:
    assert [DOOR.move(state, "knock", role="guest") for state in ("open", "shut")] == ["open", "shut"]


@pytest.mark.parametrize(
    ("state", "action", "role", "why", "possible"),
    [
        ("locked", "open", "guest", "not in this state", ()),
        ("shut", "lock", "guest", "not for this role", ("knock", "open")),
        ("gone", "remove", "porter", "not in this state", ()),
        ("open", "paint", "porter", "not in this state", ("remove", "shut")),
        ("nowhere", "open", "porter", "not in this state", ()),
    ],
)
def test_a_refusal_says_why_and_what_is_possible_instead(
    state: str, action: str, role: str, why: str, possible: tuple[str, ...]
) -> None:
    with pytest.raises(NotAllowed) as refused:
        DOOR.move(state, action, role=role)
    assert isinstance(refused.value, Refused)
    assert (refused.value.code, refused.value.possible) == ("not_allowed", possible)
    assert all(word in refused.value.message for word in (why, action, state, role))
    assert refused.value.remedy == (
        f"Possible now: {', '.join(possible)}." if possible else "Nothing can be done in this state."
    )


def test_what_is_possible_is_sorted_and_for_the_role() -> None:
    assert DOOR.possible("shut", "porter") == ("lock", "open", "remove")
    assert DOOR.possible("shut", "guest") == ("knock", "open")
    assert DOOR.possible("gone", "porter") == ()


def test_a_table_lists_its_rows() -> None:
    assert len(list(DOOR)) == 8
    assert Transition("shut", "lock", "locked", frozenset({"porter"}), "the key") in list(DOOR)


def test_two_rows_for_one_state_and_action_are_a_mistake() -> None:
    twice = Table(
        "twice", ("a", "b"), "a", frozenset({"b"}), (*rows("a", "go", "b", who="x"), *rows("a", "go", "a", who="y"))
    )
    with pytest.raises(ValueError, match="two rows"):
        twice.move("a", "go", role="x")
