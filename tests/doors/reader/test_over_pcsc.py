"""The whole of it with a real PC/SC service: Li Wei's card in a virtual reader, read, saved and unlocked over APDUs."""

from __future__ import annotations

import pytest

from lastcall.core.simcard import backups
from lastcall.core.simcard.backup import Backup
from lastcall.elements.simcard import make_readers
from tests.core.tools import only
from tests.doors.reader.counter import PIN, Beside, secret_on
from tests.elements.simcard.conftest import pcscd
from tests.elements.simcard.vpcd import VirtualReaders

__all__ = ["pcscd"]
pytestmark = pytest.mark.element


def test_a_card_is_compared_saved_and_unlocked_in_a_real_reader(fresh: Beside, pcscd: VirtualReaders) -> None:
    """Put in too late, pulled out before the PIN, put into the other reader: and all of it is there in the end."""
    fresh.agent.readers = make_readers("pcsc")
    fresh.give(readers=fresh.agent.readers)
    beside = fresh.pair()
    assert beside.page().count("empty") == 2 and "Virtual PCD" in beside.page()
    asked = beside.ask()
    assert "There is no card in the reader" in beside.press("agree")
    pcscd.insert(1, beside.card)
    assert "3 tries are left." in beside.press("again")
    pcscd.pull_out(1)
    assert "There is no card in the reader" in beside.press("pin", pin=PIN)
    pcscd.insert(2, beside.card)
    beside.press("again")
    assert "This was not the PIN." in beside.press("pin", pin="9999")
    page = beside.press("pin", pin=PIN)
    assert "taken off" in page and not beside.card.pin.enabled
    kept = only(beside.visit.base, Backup, handling_id=asked.id)
    assert backups.fetch(beside.visit.base, backup_id=kept.id, secret=secret_on(page)).startswith(b"PK")
    assert (beside.now(asked).state, beside.now(asked).pin) == ("done", "removed")
