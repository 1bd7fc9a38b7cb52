"""Where a relying party wants events pushed to, and the secret they are signed with, which is shown once."""

from __future__ import annotations

from typing import Final

from lastcall.core.database import database
from lastcall.core.policies.present import present_policy
from lastcall.core.rows import Json
from lastcall.core.telling import webhooks
from lastcall.core.telling.webhook import Webhook
from lastcall.doors.lookup.answer import Answer, json_answer
from lastcall.doors.lookup.asked import Asked
from lastcall.doors.lookup.own.asker import asker
from lastcall.doors.lookup.own.shapes import NewWebhook, in_json, read

_NOT_KEPT: Final = (("cache-control", "no-store"),)


def put(asked: Asked) -> Answer:
    """``PUT /lookup/v1/webhook``."""
    body = read(asked, NewWebhook)
    made = webhooks.set_url(database(), access=asker(asked), url=body.url)
    return json_answer(_told(made.webhook) | _with(made.secret), headers=_NOT_KEPT)


def look(asked: Asked) -> Answer:
    """``GET /lookup/v1/webhook``."""
    return json_answer(_told(webhooks.look(database(), access=asker(asked))))


def rotate(asked: Asked) -> Answer:
    """``POST /lookup/v1/webhook/secret``."""
    made = webhooks.rotate_secret(database(), access=asker(asked), policy=present_policy())
    return json_answer(_told(made.webhook) | _with(made.secret), headers=_NOT_KEPT)


def remove(asked: Asked) -> Answer:
    """``DELETE /lookup/v1/webhook``."""
    webhooks.remove(database(), access=asker(asked))
    return json_answer({"removed": True})


def _told(webhook: Webhook) -> Json:
    told: Json = {
        "url": webhook.url, "state": webhook.state, "since": in_json(webhook.since), "failures": webhook.failures,
    }  # fmt: skip
    if webhook.former_until is not None:
        told["formerSecretUntil"] = in_json(webhook.former_until)
    if webhook.paused_until is not None:
        told["pausedUntil"] = in_json(webhook.paused_until)
    return told | ({"lastError": webhook.last_error} if webhook.last_error else {})


def _with(secret: str) -> Json:
    return {"secret": secret} if secret else {}
