"""``lastcall audit``: what it prints, and its exit code."""

from __future__ import annotations

import json
from typing import Any

import pytest
from click.testing import CliRunner, Result

from lastcall.core.errors import ElementTrouble
from lastcall.site.commands import audit as command
from tests.cast import Cast
from tests.core.audit.past_the_guards import write


@pytest.fixture
def house(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> Cast:
    """Li Wei's line is closed, and the command works on this house."""
    monkeypatch.setattr(command, "database", lambda: cast.base)
    monkeypatch.setattr(command, "make_elements", lambda: cast.elements)
    cast.closed()
    return cast


def _run(*words: str) -> Result:
    return CliRunner().invoke(command.audit, words, catch_exceptions=False)


def _document(*words: str) -> dict[str, Any]:
    document = json.loads(_run("--json", *words).stdout)
    assert isinstance(document, dict)
    return document


def test_a_house_in_order_ends_with_code_0(house: Cast) -> None:
    result = _run()
    assert result.exit_code == 0
    assert "Everything holds." in result.stdout


def test_it_gives_every_event_its_place_first(house: Cast) -> None:
    document = _document()
    assert document["ok"] is True
    assert document["broken"] == []
    assert document["checked"]["linked_now"] == document["checked"]["events"] == document["head"]["place"] > 0
    assert _document()["checked"]["linked_now"] == 0


def test_a_breach_is_listed_and_ends_with_code_1(house: Cast, database_url: str) -> None:
    write(database_url, "DELETE FROM numbers_pendingrelease")
    result = _run("--json")
    assert result.exit_code == 1
    (breach,) = json.loads(result.stdout)["broken"]
    assert breach.keys() == {"invariant", "item", "subject", "detail"}
    assert (breach["invariant"], breach["item"]) == ("number_is_its_events", 13)
    assert house.sim_of(house.li_wei).imsi not in result.stdout


def test_the_table_names_the_breach(house: Cast, database_url: str) -> None:
    write(database_url, "DELETE FROM numbers_pendingrelease")
    result = _run()
    assert result.exit_code == 1
    assert "number_is_its_events" in result.stdout
    assert "Broken: 1." in result.stdout


def test_it_asks_the_hlr_unless_told_not_to(house: Cast) -> None:
    house.elements.hlr.grant(house.sim_of(house.li_wei).imsi)
    assert [breach["invariant"] for breach in _document()["broken"]] == ["closed_on_network"]
    assert _document("--no-hlr")["ok"] is True


def test_an_hlr_that_does_not_answer_is_told(house: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    def look(imsi: str) -> None:
        raise ElementTrouble("the HLR does not answer", permanent=False)

    monkeypatch.setattr(house.elements.hlr, "look", look)
    assert _document()["checked"]["hlr_not_answered"] == 1
    assert "1 hlr not answered" in _run().stdout
