"""``lastcall index``: build it, say how it stands, compare it with the database."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from django.conf import settings

from lastcall.core.lookup.index.file import Index
from lastcall.core.lookup.index.writer import opened
from tests.cast import ANNA_MSISDN, Cast
from tests.core.lookup.index.lives import close
from tests.site.terminal import Terminal


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(settings, "LASTCALL_INDEX", tmp_path / "index" / "lookup.index")
    return tmp_path / "index" / "lookup.index"


def test_it_is_built_and_says_how_it_stands(cast: Cast, lastcall: Terminal, path: Path) -> None:
    built = lastcall("index", "build", "--json")
    assert built.code == 0
    assert built.document["sound"] is True
    assert (built.document["numbers"], built.document["behind"]) == (2, 0)
    assert Index.open(path).find(ANNA_MSISDN)[1] > 0
    close(cast, cast.anna)
    stands = lastcall("index", "status", "--json").document
    assert stands["behind"] > 0
    assert stands["bytes"] == path.stat().st_size
    assert {"age_seconds", "as_of", "applied", "known_since", "version"} <= set(stands)
    assert "known since" in lastcall("index", "status").out


def test_without_an_index_it_says_what_to_do(cast: Cast, lastcall: Terminal, path: Path) -> None:
    left = lastcall("index", "status", "--json")
    assert (left.code, left.error["code"]) == (2, "no_index")
    assert "lastcall index build" in left.error["remedy"]


def test_verifying_a_right_index_finds_nothing(cast: Cast, lastcall: Terminal, path: Path) -> None:
    lastcall("index", "build")
    close(cast, cast.anna)
    assert lastcall("index", "verify", "--json").document == {"agrees": True, "differences": []}
    assert lastcall("index", "verify", "--all").code == 0


def test_verifying_a_wrong_index_names_the_difference_and_leaves_with_one(
    cast: Cast, lastcall: Terminal, path: Path
) -> None:
    lastcall("index", "build")
    with opened(path) as writer:
        writer.store(writer.places(np.array([ANNA_MSISDN])), np.array([9_000], np.uint32))
    assert lastcall("index", "status", "--json").code == 1
    left = lastcall("index", "verify", "--all", "--json")
    assert left.code == 1
    assert left.document["differences"][-1]["index"] == "9000, 0"
    assert str(ANNA_MSISDN) not in left.out
    assert "Build it anew" in lastcall("index", "verify", "--all").out
