"""Keeping what comes in by SMS, whichever way it came, before it is acknowledged."""

from __future__ import annotations

import logging

from django.conf import settings

from lastcall.core.errors import BadInput
from lastcall.core.policies.policy import Policy
from lastcall.core.store import Database
from lastcall.core.texting.arrived import Arrived, Reported
from lastcall.core.texting.deliveries import note_report
from lastcall.core.texting.parts import receive_part
from lastcall.core.texting.receive import receive

logger = logging.getLogger(__name__)


def take(database: Database, *, came: Arrived | Reported, way: str, policy: Policy) -> None:
    """Keep a text, a part or a report that came by ``way`` (``smpp``, ``kannel``); durable when it returns.

    What is for another number than ``LASTCALL_TEXT_NUMBER``, and what can be no part of a text, is left out. Raises whatever keeps
    the database from keeping it.
    """
    if isinstance(came, Reported):
        note_report(database, way=way, name=came.name, outcome=came.outcome, reason=came.reason)
        return
    if not _is_ours(came.recipient):
        logger.warning("a text for another number than LASTCALL_TEXT_NUMBER was left out")
        return
    if came.part is None:
        receive(database, incoming=came, policy=policy)
        return
    try:
        receive_part(database, came=came, part=came.part, policy=policy)
    except BadInput as trouble:
        logger.warning("a part of a text was left out: %s", trouble.code)


def _is_ours(recipient: str) -> bool:
    ours: str = settings.LASTCALL_TEXT_NUMBER
    return not ours or recipient.strip().lstrip("+") == ours.lstrip("+")
