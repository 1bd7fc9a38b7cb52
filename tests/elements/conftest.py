from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from lastcall.elements.sms.smpp import SmppSms
from tests.kannel import Kannel
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


@pytest.fixture(scope="session")
def behind_kannel() -> Iterator[Smsc]:
    """An SMSC for Kannel alone: one that has several clients brings each of them a share."""
    with Smsc() as running:
        yield running


@pytest.fixture(scope="session")
def kannel(behind_kannel: Smsc, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kannel]:
    """A real Kannel in front of that SMSC, whose reports nobody hears."""
    folder = tmp_path_factory.mktemp("kannel")
    with Kannel(folder, behind_kannel.port, "http://127.0.0.1:1/text/kannel/token") as running:
        yield running


@pytest.fixture
def sms(smsc: Smsc, tmp_path: Path) -> Iterator[SmppSms]:
    """Lastcall at that SMSC."""
    messenger = SmppSms(smsc.account(), memory=tmp_path / "handed-over", timeout=5.0)
    yield messenger
    messenger.close()
