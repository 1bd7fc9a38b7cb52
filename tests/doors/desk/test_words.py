"""What the core refuses is said in words that the staff can act on, and no words lie about for codes that nobody raises."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import lastcall
from lastcall.doors.desk import urls
from lastcall.doors.desk.calls.words import TROUBLES
from lastcall.doors.desk.presenters.trouble import _WORDS

HOUSE = Path(lastcall.__file__).parent
RAISED = re.compile(r'\bcode(?::\s*\w+)? ?= ?"([a-z_]+)"')
NAMED = re.compile(r'"([a-z]+(?:_[a-z]+)+|[a-z]{4,})"')
BY_CALLS = ("core/hotline",)
BY_ALL = ("core/counter", "core/staff", "core/closing/assignments.py", "core/closing/decisions.py", "core/closing/filing.py",
          "core/numbers/early_release.py", "core/numbers/looking.py", "core/numbers/correction.py", "core/stuck_work.py",
          "core/relying/consumers.py", "core/relying/sweeping.py", "core/telling/dead.py")  # fmt: skip
NOT_SHOWN = {
    "bad_ground": "a mistake of ours",
    "bad_key": "keys are given on the command line",
    "key_taken": "keys are given on the command line",
    "too_many_keys": "keys are given on the command line",
    "no_such_key": "keys are ended on the command line",
    "bad_purpose": "the form has choices",
    "no_scope": "said at the field",
    "not_changeable": "a mistake of ours",
    "not_staff": "the desk lets staff in alone",
    "queue_full": "said at the kiosk",
    "too_many_tickets": "said at the kiosk",
    "too_many_calls": "said to the caller",
    "unsealable": "a mistake of the installation",
}
"""Codes that no page of the desk shows, and why."""


def sources(*places: str) -> str:
    """The text of these files and folders of Lastcall."""
    paths = [
        path
        for place in places
        for path in ([HOUSE / place] if place.endswith(".py") else (HOUSE / place).rglob("*.py"))
    ]
    return "\n".join(path.read_text(encoding="utf-8") for path in paths)


@pytest.mark.parametrize(("places", "known"), [(BY_ALL, _WORDS), (BY_CALLS, _WORDS | TROUBLES)])
def test_what_can_be_refused_at_the_desk_has_words(places: tuple[str, ...], known: dict[str, object]) -> None:
    assert urls.urlpatterns, "the areas are there, and with them their words"
    assert set(RAISED.findall(sources(*places))) - known.keys() - NOT_SHOWN.keys() == set()


def test_no_words_are_kept_for_codes_that_nobody_raises() -> None:
    """A code that was misspelt would leave the reader with none."""
    said = {code for code in _WORDS.keys() | TROUBLES.keys() if not code.startswith("bad_")}
    words = sources("core", "elements", "doors/screens", "doors/desk")
    named = {code for code in said if len(re.findall(rf'"{code}"', words)) > (code in _WORDS) + (code in TROUBLES)}
    assert said - named == set()
