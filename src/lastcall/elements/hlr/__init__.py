"""The home location register: adapters, and the one place that chooses between them."""

from __future__ import annotations

from pathlib import Path

from lastcall.core.errors import BadInput
from lastcall.core.ports import Hlr

from .osmo_hlr import OsmoHlr
from .simulated import SimulatedHlr

_NAMES = ("osmo", "simulated")
_DEFAULT_ADDRESS = "127.0.0.1"
_DEFAULT_PORTS = (4258, 4259)


def make_hlr(name: str, *, folder: Path, address: str | None = None) -> Hlr:
    """The HLR called ``name``: "simulated" keeps a file in ``folder``; "osmo" is at ``address``.

    ``address``: "host", "host:vty" or "host:vty:ctrl"; missing parts are 127.0.0.1, 4258 and 4259. Nothing is opened
    yet. Raises :class:`~lastcall.core.errors.BadInput` for an unknown name or an address that cannot be read.
    """
    if name == "simulated":
        return SimulatedHlr(folder / "simulated-hlr.sqlite3")
    if name == "osmo":
        return OsmoHlr(*_read_address(address or _DEFAULT_ADDRESS))
    raise BadInput(
        f"There is no HLR adapter called {name!r}.",
        code="unknown_hlr",
        remedy=f"Set one of: {', '.join(_NAMES)}.",
    )


def _read_address(address: str) -> tuple[str, int, int]:
    host, *given = address.split(":")
    if not host or len(given) > len(_DEFAULT_PORTS) or not all(_is_port(text) for text in given):
        raise BadInput(
            f"The HLR address {address!r} cannot be read.",
            code="bad_hlr_address",
            remedy="Give host, host:vty or host:vty:ctrl with ports from 1 to 65535, as in 127.0.0.1:4258:4259.",
        )
    vty, ctrl = (*map(int, given), *_DEFAULT_PORTS[len(given) :])
    return host, vty, ctrl


def _is_port(text: str) -> bool:
    return text.isascii() and text.isdigit() and 1 <= int(text) <= 65_535
