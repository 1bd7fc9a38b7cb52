"""The rules of this installation's operator as they are in force now."""

from __future__ import annotations

from django.conf import settings

from lastcall.core import clock
from lastcall.core.policies.load import load
from lastcall.core.policies.pack import Pack
from lastcall.core.policies.policy import Policy


def present_pack() -> Pack:
    """The pack of the operator that ``LASTCALL_OPERATOR`` names, by the present day in UTC."""
    return load(settings.LASTCALL_OPERATOR, on=clock.now().date())


def present_policy() -> Policy:
    """Its parameters."""
    return present_pack().policy()
