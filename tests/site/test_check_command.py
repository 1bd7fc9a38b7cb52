"""``lastcall check``: a file of questions becomes a file of answers, with a summary for people or machines."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest
from django.conf import settings

from lastcall.core.lookup.index import build
from lastcall.core.relying.hashing import number_hash
from tests.cast import ANNA_MSISDN, FREE_MSISDN, LI_WEI_MSISDN, Cast
from tests.site.terminal import Terminal

KEY = bytes(range(32))
ROWS = f"number,date\n+{LI_WEI_MSISDN},2026-02-01\n{ANNA_MSISDN},2025-01-01\n{FREE_MSISDN},2026-02-01\nx,2026-02-01\n"


@pytest.fixture(autouse=True)
def places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No index, and no table of hashes, of another test."""
    monkeypatch.setattr(settings, "LASTCALL_INDEX", tmp_path / "lookup.index")
    monkeypatch.setattr(settings, "LASTCALL_BATCHES", tmp_path / "batches")


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """Four rows, one of them bad."""
    path = tmp_path / "in.csv"
    path.write_text(ROWS, encoding="utf-8")
    return path


def _last_columns(path: Path) -> list[str]:
    return [line.split(",", 2)[2] for line in path.read_text(encoding="utf-8").splitlines()[1:]]


def test_without_an_index_the_database_answers_and_says_so(cast: Cast, lastcall: Terminal, source: Path) -> None:
    out = source.with_name("out.csv")
    left = lastcall("check", str(source), str(out), "--json")
    assert left.code == 0
    assert "every row is answered from the database" in left.err
    assert _last_columns(out) == ["false,", "out_of_range,", "not_found,", ",bad_number"]
    document = left.document
    assert document["rows"] == 4
    assert document["bad"] == 1
    assert document["answers"] == {"true": 0, "false": 1, "out_of_range": 1, "not_found": 1}
    assert document["reasons"] == {"bad_number": 1}
    assert document["semantics"] == "camara"
    assert document["age_seconds"] == 0
    assert document["known_since"] == "2026-01-12"
    assert document["as_of"].startswith("2026-03-13T")
    assert document["from_index"] is False


@pytest.mark.parametrize("semantics", ["camara", "disconnect", "rich"])
def test_the_index_gives_the_same_answers_and_its_age(
    cast: Cast, lastcall: Terminal, source: Path, semantics: str
) -> None:
    cast.closed()
    first, second = source.with_name("first.csv"), source.with_name("second.csv")
    lastcall("check", str(source), str(first), "--semantics", semantics)
    build.build(cast.base, path=settings.LASTCALL_INDEX, policy=cast.policy)
    left = lastcall("check", str(source), str(second), "--semantics", semantics, "--json")
    assert left.err == ""
    assert left.document["from_index"] is True
    assert second.read_bytes() == first.read_bytes()


def test_the_format_goes_by_the_name_unless_it_is_said(
    cast: Cast, lastcall: Terminal, source: Path, tmp_path: Path
) -> None:
    renamed, out = source.rename(tmp_path / "in.dat"), tmp_path / "out"
    left = lastcall("check", str(renamed), str(out), "--json")
    assert left.code == 2
    assert left.err.count("unknown_format") == 1
    assert lastcall("check", str(renamed), str(out), "--format", "csv").code == 0
    assert len(_last_columns(out)) == 4


@pytest.mark.parametrize("written", [KEY.hex(), base64.urlsafe_b64encode(KEY).decode().rstrip("=")])
def test_numbers_may_be_hashes_under_a_key(cast: Cast, lastcall: Terminal, tmp_path: Path, written: str) -> None:
    source, out, key = tmp_path / "in.csv", tmp_path / "out.csv", tmp_path / "key"
    rows = (number_hash(KEY, LI_WEI_MSISDN), number_hash(KEY, FREE_MSISDN))
    source.write_text("number,date\n" + "".join(f"{row},2026-02-01\n" for row in rows), encoding="utf-8")
    key.write_text(f"{written}\n", encoding="utf-8")
    assert lastcall("check", str(source), str(out), "--hash-key-file", str(key)).code == 0
    assert _last_columns(out) == ["false,", "not_found,"]


def test_a_file_that_holds_no_key_is_refused_without_being_shown(
    cast: Cast, lastcall: Terminal, source: Path, tmp_path: Path
) -> None:
    key = tmp_path / "key"
    key.write_text("not a key", encoding="utf-8")
    left = lastcall("check", str(source), str(tmp_path / "out.csv"), "--hash-key-file", str(key))
    assert left.code == 2
    assert "not a key" not in left.err


def test_people_get_a_table(cast: Cast, lastcall: Terminal, source: Path) -> None:
    left = lastcall("check", str(source), str(source.with_name("out.csv")))
    assert "4 rows, 1 of them bad" in left.out
    assert "bad: bad_number" in left.out
    assert "nothing is known of days before 2026-01-12" in left.out


def test_a_file_without_its_columns_is_refused(cast: Cast, lastcall: Terminal, source: Path) -> None:
    source.write_text("phone,day\n", encoding="utf-8")
    left = lastcall("check", str(source), str(source.with_name("out.csv")))
    assert left.code == 2
    assert "line 1" in left.err
    assert not source.with_name("out.csv").exists()


def test_it_does_not_write_over_its_own_input(cast: Cast, lastcall: Terminal, source: Path) -> None:
    left = lastcall("check", str(source), str(source))
    assert left.code == 2
    assert source.read_text(encoding="utf-8") == ROWS
