"""The HLR is chosen by name."""

from __future__ import annotations

from pathlib import Path

import pytest

from lastcall.core.errors import BadInput
from lastcall.elements.hlr import make_hlr

from .fakes import FakeServer, answering
from .osmo import OsmoHlrProcess

LI_WEI = "250010000000001"


def test_the_simulated_one_keeps_its_file_in_the_folder(tmp_path: Path) -> None:
    hlr = make_hlr("simulated", folder=tmp_path)
    hlr.provision(LI_WEI, "79990000001")

    assert hlr.name == "simulated"
    assert make_hlr("simulated", folder=tmp_path).look(LI_WEI) is not None
    assert [file.name for file in tmp_path.iterdir()] == ["simulated-hlr.sqlite3"]


@pytest.mark.element
def test_the_real_one_is_at_the_address_with_its_usual_ports(
    osmo_hlr: OsmoHlrProcess, tmp_path: Path, imsi: str, msisdn: str
) -> None:
    hlr = make_hlr("osmo", folder=tmp_path, address=osmo_hlr.address)
    hlr.provision(imsi, msisdn)

    assert hlr.name == "osmo-hlr"
    assert make_hlr("osmo", folder=tmp_path, address=f"{osmo_hlr.address}:4258:4259").look(imsi) == hlr.look(imsi)
    assert list(tmp_path.iterdir()) == []


def test_the_ports_are_those_of_the_address(tmp_path: Path) -> None:
    with FakeServer(answering(lambda question: f"ERROR {question.split()[1]} No such subscriber.")) as server:
        hlr = make_hlr("osmo", folder=tmp_path, address=f"localhost:1:{server.port}")
        assert hlr.look(LI_WEI) is None
        assert server.connections == 1


def test_an_unknown_name_is_answered_with_the_known_ones(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="'pyhss'") as refused:
        make_hlr("pyhss", folder=tmp_path)

    assert refused.value.remedy == "Set one of: osmo, simulated."


@pytest.mark.parametrize(
    "address", [":4258", "hlr:", "hlr:0", "hlr:65536", "hlr:vty", "hlr:1:2:3", "::1", "hlr:-1", "hlr: 1", "hlr:²"]
)
def test_an_address_that_cannot_be_read_is_refused_with_an_example(tmp_path: Path, address: str) -> None:
    with pytest.raises(BadInput, match="cannot be read") as refused:
        make_hlr("osmo", folder=tmp_path, address=address)

    assert "127.0.0.1:4258:4259" in refused.value.remedy
