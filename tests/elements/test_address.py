"""Addresses of servers as operators write them."""

from __future__ import annotations

import pytest

from lastcall.core.errors import BadInput
from lastcall.elements.address import read_address


@pytest.mark.parametrize(
    ("given", "host", "port"),
    [
        ("smsc.operator.example", "smsc.operator.example", 2775),
        ("smsc.operator.example:3550", "smsc.operator.example", 3550),
        ("10.0.0.7:1", "10.0.0.7", 1),
        ("[::1]", "::1", 2775),
        ("[2001:db8::7]:65535", "2001:db8::7", 65535),
    ],
)
def test_it_reads_host_and_port(given: str, host: str, port: int) -> None:
    assert read_address("LASTCALL_SMPP_ADDRESS", given, port=2775) == (host, port)


@pytest.mark.parametrize(
    "given", ["", ":2775", "host:", "host:0", "host:65536", "host:port", "a b", "::1", "host:1:2", "h\n"]
)
def test_it_refuses_what_is_no_address(given: str) -> None:
    with pytest.raises(BadInput, match=r"^LASTCALL_SMPP_ADDRESS"):
        read_address("LASTCALL_SMPP_ADDRESS", given, port=2775)
