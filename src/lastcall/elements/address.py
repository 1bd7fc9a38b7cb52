"""Where a server is, as an operator writes it."""

from __future__ import annotations

import re

from lastcall.core.errors import BadInput

_ADDRESS = re.compile(r"(?:\[(?P<v6>[0-9A-Fa-f:.]+)\]|(?P<host>[A-Za-z0-9._-]+))(?::(?P<port>[0-9]{1,5}))?")


def read_address(field: str, address: str, *, port: int) -> tuple[str, int]:
    """Host and port of ``host``, ``host:port`` or ``[IPv6]:port``; ``port`` where none is given.

    Raises :class:`BadInput`, naming ``field``.
    """
    found = _ADDRESS.fullmatch(address)
    number = int(found["port"] or port) if found else 0
    if not found or not 1 <= number <= 65_535:
        raise BadInput(
            f"{field}: '{address}' is no address of a server.",
            code="bad_address",
            remedy=f"Give host or host:port, the port from 1 to 65535, as in 127.0.0.1:{port}.",
        )
    return found["v6"] or found["host"], number
