"""What measures the index: that it proves every number of what it measured, and finds a wrong one; never how fast it was."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from bench import indexing
from lastcall.core.database import DjangoDatabase


@pytest.mark.parametrize("spread", [True, False])
def test_changes_made_durable_are_proved_number_by_number(tmp_path: Path, spread: bool) -> None:
    source = tmp_path / "source"
    indexing.make_file(numbers=50_000, path=str(source))
    measured = indexing.measure_apply(source=str(source), numbers=50_000, changes=3_000, spread=spread)
    assert (measured["done"], measured["proved"]) == (3_000, True)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_rebuild_and_an_update_are_proved_number_by_number(base: DjangoDatabase, tmp_path: Path) -> None:
    indexing.fill(numbers=4_000)
    assert indexing.measure_build(numbers=4_000, folder=str(tmp_path))["proved"]
    followed = indexing.measure_update(numbers=4_000, events=500, folder=str(tmp_path))
    assert (followed["done"], followed["proved"]) == (500, True)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_wrong_number_is_found(base: DjangoDatabase, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    indexing.fill(numbers=4_000)
    monkeypatch.setattr("lastcall.core.lookup.index.tenures.NOBODY", 3)
    measured = indexing.measure_build(numbers=4_000, folder=str(tmp_path))
    assert not measured["proved"] and measured["left"]["wrong"] == 190 * 4


def test_the_reference_knows_every_kind_of_history() -> None:
    msisdns, disconnect, activation = indexing.expected(1_000)
    assert len(np.unique(msisdns)) == 1_000
    held, free, closed = activation > 0, activation == 0, disconnect > 1
    assert (int((~closed).sum()), int((closed & held).sum()), int((closed & free).sum())) == (600, 210, 190)
