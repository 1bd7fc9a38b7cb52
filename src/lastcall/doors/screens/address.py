"""The network address that tries are counted for."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, ip_address

from django.conf import settings
from django.http import HttpRequest


def address_of(request: HttpRequest) -> str:
    """Where the request came from. Behind a proxy of ours (``LASTCALL_TLS_PROXY=1``) that is what the proxy added last.

    Of an IPv6 address the first 64 bits count: one household or host has all of the rest. Empty when there is none.
    """
    given = str(request.META.get("REMOTE_ADDR", ""))
    if settings.SECURE_PROXY_SSL_HEADER:
        given = str(request.META.get("HTTP_X_FORWARDED_FOR", given)).rpartition(",")[2].strip()
    try:
        found = ip_address(given)
    except ValueError:
        return ""
    return str(found) if isinstance(found, IPv4Address) else _network(found)


def _network(found: IPv6Address) -> str:
    if found.ipv4_mapped is not None:
        return str(found.ipv4_mapped)
    return str(IPv6Address(int(found) >> 64 << 64))
