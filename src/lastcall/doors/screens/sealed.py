"""What a device keeps for us: sealed, for a time, never readable by scripts or by whoever finds it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.http import HttpRequest, HttpResponse

from lastcall.core import clock, keyed
from lastcall.core.errors import LastcallError
from lastcall.core.rows import Json


@dataclass(frozen=True, slots=True)
class Kept:
    """One sealed cookie. ``path``: the pages that may read it; ``lasts``: how long it holds, whatever the browser thinks."""

    name: str
    path: str
    lasts: timedelta

    def keep(self, request: HttpRequest, response: HttpResponse, value: Json) -> None:
        """From now on this device keeps ``value``."""
        response.set_cookie(
            self.name, sealed(self.name, value), max_age=self.lasts, path=self.path,
            secure=request.is_secure(), httponly=True, samesite="Strict",
        )  # fmt: skip

    def read(self, request: HttpRequest) -> Json:
        """What this device keeps; empty when it keeps nothing, when it was altered, or when its time is over."""
        value, since = opened(self.name, request.COOKIES.get(self.name, ""))
        return value if since is not None and clock.now() - since <= self.lasts else {}

    def forget(self, response: HttpResponse) -> None:
        """This device keeps it no longer."""
        response.delete_cookie(self.name, path=self.path, samesite="Strict")


def sealed(purpose: str, value: Json) -> str:
    """``value`` with the present moment, sealed for ``purpose``."""
    return keyed.seal(json.dumps({"since": clock.now().isoformat(), "value": value}), bound_to=_binding(purpose))


def opened(purpose: str, text: str) -> tuple[Json, datetime | None]:
    """What :func:`sealed` closed and since when; empty and None for anything else."""
    try:
        found: dict[str, Any] = json.loads(keyed.unseal(text, bound_to=_binding(purpose)))
    except LastcallError:
        return {}, None
    return found["value"], datetime.fromisoformat(found["since"])


_PREFIX: Final = "portal.device"


def _binding(purpose: str) -> str:
    return f"{_PREFIX}.{purpose}"
