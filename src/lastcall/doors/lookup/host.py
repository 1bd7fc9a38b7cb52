"""By which address this door is spoken to: the installation's public one, or where none is set the one that was asked."""

from __future__ import annotations

from collections.abc import Mapping

from django.conf import settings
from django.http.request import validate_host

from lastcall.core.relying import tokens


def base_url(headers: Mapping[str, str]) -> str:
    """``https://host`` without a slash. A ``Host`` that is not among ``LASTCALL_HOSTS`` counts for nothing."""
    host = headers.get("host", "")
    name = host.rpartition(":")[0] if host.rpartition(":")[2].isdigit() else host
    if settings.LASTCALL_PUBLIC_HOST or not validate_host(name.lower(), settings.ALLOWED_HOSTS):
        return tokens.issuer()
    return f"http://{host}"
