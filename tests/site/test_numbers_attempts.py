"""``lastcall numbers attempts``: a file a day of who is still called, all of it or nothing."""

from __future__ import annotations

from pathlib import Path

from lastcall.core.numbers.attempts_row import Attempts
from tests.cast import ANNA_MSISDN, LI_WEI_MSISDN, Cast
from tests.core.tools import nothing_changes, some
from tests.site.terminal import Terminal


def written(tmp_path: Path, *lines: str) -> str:
    path = tmp_path / "attempts.csv"
    path.write_text("\n".join(["number,day,calls,messages", *lines]) + "\n", encoding="utf-8")
    return str(path)


def test_it_keeps_what_rests_and_says_how_much(lastcall: Terminal, cast: Cast, tmp_path: Path) -> None:
    cast.closed()
    day = cast.time.now().date()
    path = written(tmp_path, f"+{LI_WEI_MSISDN},{day},5,0", f"+{ANNA_MSISDN},{day},5,0")
    left = lastcall("numbers", "attempts", path, "--json")
    assert left.code == 0 and left.document == {"rows": 2, "kept": 1, "known": 0, "dropped": 1}
    assert len(some(cast.base, Attempts)) == 1
    assert "1 known before" in lastcall("numbers", "attempts", path).out


def test_every_bad_line_is_named_and_nothing_is_kept(lastcall: Terminal, cast: Cast, tmp_path: Path) -> None:
    cast.closed()
    day = cast.time.now().date()
    path = written(tmp_path, f"+{LI_WEI_MSISDN},{day},5,0", "anna,today,5,0", f"+{ANNA_MSISDN},{day},-5,0")
    with nothing_changes():
        left = lastcall("numbers", "attempts", path, "--json")
    assert left.code != 0 and left.error["code"] == "bad_attempts"
    assert [problem.partition(":")[0] for problem in left.error["problems"]] == ["line 3", "line 4"]


def test_the_sweep_says_what_it_put_off(lastcall: Terminal, cast: Cast) -> None:
    assert lastcall("numbers", "sweep", "--json").document["put_off"] == 0
