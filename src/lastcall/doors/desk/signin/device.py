"""What a device remembers of who signed in on it: so that a lock on guessers does not hit a colleague at their own device."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from django.http import HttpRequest, HttpResponse

from lastcall.core import clock
from lastcall.doors.screens.sealed import Kept

_DEVICE: Final = Kept("lastcall_device", "/desk/signin/", timedelta(days=180))
_MOST: Final = 12
"""Members whom one device remembers: a cookie holds 4 kB, and a counter is shared by a shop's clerks."""
_BITS: Final = 100


def mark_of(request: HttpRequest, login: str) -> str:
    """The mark by which this device is known for ``login``, empty when nobody of that login signed in here before."""
    return str(_DEVICE.read(request).get(login, ""))


def remember(request: HttpRequest, response: HttpResponse, login: str) -> None:
    """The member has signed in with all factors: the device is known for them from now on, under a fresh mark."""
    kept = {known: mark for known, mark in _DEVICE.read(request).items() if known != login}
    newest = dict(list(kept.items())[-(_MOST - 1) :])
    _DEVICE.keep(request, response, newest | {login: clock.token(_BITS)})
