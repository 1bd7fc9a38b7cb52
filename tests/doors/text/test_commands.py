"""``lastcall text``: listening, and what did not arrive."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import override_settings

from lastcall.core.texting.arrived import Arrived, PartOf
from lastcall.core.texting.deliveries import note_report, note_taken
from lastcall.core.texting.inbox import take
from lastcall.core.texting.submission import Submission
from lastcall.core.texting.text import Text
from lastcall.core.texting.unfinished import Unfinished
from lastcall.site.periodic import keep_up
from tests.cast import Cast
from tests.doors.text.stage import ON_SQLITE, PHONE
from tests.site.terminal import Terminal


@pytest.fixture
def lastcall(cast: Cast, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Terminal:
    return Terminal(monkeypatch, capsys)


@ON_SQLITE
def test_what_did_not_arrive_is_listed_until_a_person_has_settled_it(cast: Cast, lastcall: Terminal) -> None:
    assert "Everything has arrived" in lastcall("text", "undelivered").out
    take(cast.base, came=Arrived(sender=PHONE, recipient="0000", text="help"), way="smpp", policy=cast.policy)
    text_id = cast.base.transact(lambda rows: rows.some(Text, {}))[0].id
    note_taken(cast.base, message=f"text:{text_id}", way="smpp", names=["1"])
    note_report(cast.base, way="smpp", name="1", outcome="failed", reason="UNDELIV")
    assert "UNDELIV" in lastcall("text", "undelivered").out
    (told,) = lastcall("text", "undelivered", "--json").document
    assert told["detail"] == f"text:{text_id}: UNDELIV"
    assert lastcall("text", "settle", told["alert"]).code == 0
    assert lastcall("text", "undelivered", "--json").document == []
    assert lastcall("text", "settle", told["alert"]).code == 4


@ON_SQLITE
def test_listening_to_a_folder_is_refused_with_what_to_set(cast: Cast, lastcall: Terminal) -> None:
    with override_settings(LASTCALL_SMS="file"):
        left = lastcall("text", "listen")
    assert left.code == 2 and "LASTCALL_SMS=smpp" in left.err


@ON_SQLITE
def test_what_waits_in_vain_and_what_is_kept_too_long_ends_by_itself(cast: Cast) -> None:
    came = Arrived(sender=PHONE, recipient="0000", text="clo", part=PartOf("8 1", 1, 2))
    take(cast.base, came=came, way="smpp", policy=cast.policy)
    note_taken(cast.base, message="code:1", way="smpp", names=["1"])
    cast.time.advance(timedelta(minutes=cast.policy.text_parts_minutes))
    keep_up(cast.base)
    assert not cast.base.transact(lambda rows: rows.some(Unfinished, {}))
    assert cast.base.transact(lambda rows: rows.some(Text, {}))[0].keyword == "other"
    cast.time.advance(timedelta(days=cast.policy.text_retention_days))
    keep_up(cast.base)
    assert not cast.base.transact(lambda rows: rows.some(Text, {}))
    assert not cast.base.transact(lambda rows: rows.some(Submission, {}))
