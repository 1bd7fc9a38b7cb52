"""Who may bring us texts and reports over HTTP: a gateway of the operator's own, as the installation knows it."""

from __future__ import annotations

from dataclasses import dataclass, field

from lastcall.core import keyed


@dataclass(frozen=True, slots=True)
class Gateway:
    """``token``: the secret in the path that it calls, empty for no gateway at all; ``addresses``: from where it calls."""

    token: str = field(repr=False)
    addresses: tuple[str, ...]

    def lets_in(self, token: str, address: str) -> bool:
        """Whether a call with this token from this address is the gateway's."""
        return bool(self.token) and keyed.same(self.token, token) and address in self.addresses
