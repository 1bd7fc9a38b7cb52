from __future__ import annotations

import itertools
from collections.abc import Iterator
from pathlib import Path

import pytest

from .network import Network, OsmoNetwork, SimulatedNetwork, osmo_network
from .osmo import OsmoHlrProcess

_serial = itertools.count(1)


@pytest.fixture(scope="session")
def osmo_hlr(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OsmoHlrProcess]:
    """A real osmo-hlr for the whole session (of one xdist worker)."""
    with OsmoHlrProcess(tmp_path_factory.mktemp("osmo-hlr")) as process:
        yield process


@pytest.fixture
def osmo(osmo_hlr: OsmoHlrProcess) -> Iterator[OsmoNetwork]:
    """The real HLR and a node that serves."""
    with osmo_network(osmo_hlr) as network:
        yield network


@pytest.fixture(params=["simulated", pytest.param("osmo", marks=pytest.mark.element)])
def network(request: pytest.FixtureRequest, tmp_path: Path) -> Network:
    """Each HLR in turn, in its network."""
    if request.param == "simulated":
        return SimulatedNetwork(tmp_path / "hlr.sqlite3")
    osmo: OsmoNetwork = request.getfixturevalue("osmo")
    return osmo


@pytest.fixture
def imsi() -> str:
    """Li Wei's SIM, new in each test, for the real HLR lives longer than a test."""
    return f"25001{next(_serial):010d}"


@pytest.fixture
def msisdn() -> str:
    """Li Wei's number, new in each test."""
    return f"7999{next(_serial):07d}"


@pytest.fixture
def other_imsi() -> str:
    """Sergei's SIM, new in each test."""
    return f"25002{next(_serial):010d}"


@pytest.fixture
def other_msisdn() -> str:
    """Sergei's number, new in each test."""
    return f"7998{next(_serial):07d}"
