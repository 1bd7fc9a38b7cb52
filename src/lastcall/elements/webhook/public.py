"""Which addresses are on the public net. What is not is never spoken to on somebody else's word."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Final

Address = IPv4Address | IPv6Address

_NEVER: Final = tuple(
    ip_network(text)
    for text in (
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24",
        "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24",
        "224.0.0.0/4", "240.0.0.0/4",
        "168.63.129.16/32",  # a cloud's own service under an address that looks public (learn.microsoft.com, Azure)
        "::/96", "64:ff9b:1::/48", "100::/64", "2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20", "5f00::/16",
        "fc00::/7", "fe80::/10", "fec0::/10", "ff00::/8",
    )
)  # fmt: skip
"""IANA's special-purpose registries (RFC 6890 and what was added since), multicast, and ways into IPv4 that cannot be checked."""
_NAT64: Final = ip_network("64:ff9b::/96")
_OCTETS_OF_IPV4: Final = 0xFFFFFFFF


def is_public(address: Address) -> bool:
    """Whether the address is an ordinary one of the public net; one that carries an IPv4 address is judged by that."""
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped is not None:
            return is_public(address.ipv4_mapped)
        if address in _NAT64:  # RFC 6052: where there is IPv6 alone, every IPv4 address looks so
            return is_public(IPv4Address(int(address) & _OCTETS_OF_IPV4))
    return address.is_global and not any(address in network for network in _NEVER)


def is_loopback(address: Address) -> bool:
    """Whether it is this machine itself."""
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return (mapped or address).is_loopback


def parse(text: str) -> Address:
    """An address as the resolver gives it, without its zone."""
    return ip_address(text.partition("%")[0])
