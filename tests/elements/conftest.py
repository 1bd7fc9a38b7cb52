from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from lastcall.elements.sms.smpp import SmppSms
from tests.smsc import Smsc


@pytest.fixture(scope="session")
def running_smsc() -> Iterator[Smsc]:
    """A real SMSC for the whole session (of one xdist worker)."""
    with Smsc() as running:
        yield running


@pytest.fixture
def smsc(running_smsc: Smsc) -> Smsc:
    """The SMSC, started again if the test before has stopped it."""
    running_smsc.ensure()
    return running_smsc


@pytest.fixture
def sms(smsc: Smsc, tmp_path: Path) -> Iterator[SmppSms]:
    """Lastcall at that SMSC."""
    messenger = SmppSms(smsc.account(), memory=tmp_path / "handed-over", timeout=5.0)
    yield messenger
    messenger.close()
