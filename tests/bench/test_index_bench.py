"""The program that measures the index: that it runs, and that what it measured is right; never how fast it was."""

from __future__ import annotations

import shutil

import numpy as np
import pytest

from bench import indexing
from tests.bench.test_bench import CHECKOUT, run


@pytest.mark.skipif(shutil.which("gcc") is None, reason="gcc builds the shim that counts fsyncs")
def test_the_index_is_measured_and_every_number_of_it_proved() -> None:
    """A wrong pair of any number would have ended the program."""
    report = run("index", "--databases", "sqlite")
    assert [(row["work"], row["by"]) for row in report["rows"]] == [
        ("publish anywhere", "pages written"), ("publish anywhere", "index"), ("publish anywhere", "table in SQLite"),
        ("publish in a tenth", "pages written"), ("publish in a tenth", "index"), ("publish in a tenth", "table in SQLite"),
        ("rebuild", "copy out"), ("rebuild", "build"), ("follow the log", "link alone"), ("follow the log", "update"),
    ]  # fmt: skip
    assert {row["done"] for row in report["rows"]} == {20_000, 2_000}
    assert (CHECKOUT / report["plot"]).exists()


def test_the_reference_knows_every_kind_of_history() -> None:
    msisdns, disconnect, activation = indexing.expected(1_000)
    assert len(np.unique(msisdns)) == 1_000
    held, free, closed = activation > 0, activation == 0, disconnect > 1
    assert (int((~closed).sum()), int((closed & held).sum()), int((closed & free).sum())) == (600, 210, 190)
