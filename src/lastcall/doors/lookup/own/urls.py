"""All operations of this API, and the routes that the frame serves."""

from __future__ import annotations

from functools import cache
from typing import Final

from lastcall.core.telling import cloudevent
from lastcall.core.telling import feed as core_feed
from lastcall.doors.lookup.answer import Answer, json_answer
from lastcall.doors.lookup.asked import Asked
from lastcall.doors.lookup.own import batches, check, corrections, daily, feed, interests, webhooks
from lastcall.doors.lookup.own.openapi import document
from lastcall.doors.lookup.own.operation import Operation, Parameter, Success
from lastcall.doors.lookup.own.paging import paged
from lastcall.doors.lookup.own.shapes import (
    AllAnswered,
    AllDead,
    Answered,
    BatchTold,
    Check,
    Checks,
    Corrections,
    Ended,
    Hook,
    Interest,
    Interests,
    NewBatch,
    NewInterest,
    NewWebhook,
    Queued,
    Registered,
    Removed,
)
from lastcall.doors.lookup.routes import Route

CHECK: Final = "lookup:check"
BATCH: Final = "lookup:batch"
INTERESTS: Final = "lookup:interests"
FEED: Final = "lookup:feed"
_HERE: Final = "/lookup/v1"

_SIGNED: Final = Parameter(
    "signed",
    "1: each answer comes with a JWS to keep as evidence.",
    {"type": "string", "enum": ["0", "1"], "default": "0"},
)

_CHECKS: Final = (
    Operation(
        "POST", f"{_HERE}/check", check.check, CHECK, "What became of a number since a day",
        "One question in one of three readings of the number's history.",
        {200: Success("The answer.", Answered)}, body=Check, parameters=(_SIGNED,), errors=(422,),
    ),
    Operation(
        "POST", f"{_HERE}/checks", check.check_all, CHECK, "Up to a hundred questions",
        "Answered in order; each counts as one request of the day.",
        {200: Success("One answer for each row, in order.", AllAnswered)}, body=Checks, parameters=(_SIGNED,),
    ),
    Operation(
        "GET", f"{_HERE}/corrections", corrections.read, CHECK, "Closings that were reported wrongly",
        "Of numbers that this consumer asked about meanwhile, or was told of.",
        {200: Success("The corrections, oldest first.", Corrections)},
        parameters=paged(corrections.MOST, cursor="^[0-9a-f]{0,13}$"),
    ),
)  # fmt: skip
_INTERESTS: Final = (
    Operation(
        "POST", f"{_HERE}/interests", interests.register, INTERESTS, "Be told about numbers",
        "What is there already stays as it is; sending it again changes nothing.",
        {200: Success("How many interests there are now.", Registered)}, body=NewInterest, limit=512 * 1024,
    ),
    Operation(
        "GET", f"{_HERE}/interests", interests.count, INTERESTS, "How many numbers one is told about", "",
        {200: Success("The count.", Interests)},
    ),
    Operation(
        "POST", f"{_HERE}/interests/withdraw", interests.withdraw, INTERESTS, "No longer be told about numbers",
        "What one had no interest in changes nothing.",
        {200: Success("How many interests are left.", Registered)}, body=Interest, limit=512 * 1024,
    ),
    Operation(
        "DELETE", f"{_HERE}/interests/former", interests.withdraw_former, INTERESTS,
        "End the interests under former hash keys", "After all were registered anew under the present key.",
        {200: Success("How many ended.", Ended)},
    ),
)  # fmt: skip


_WEBHOOK: Final = f"{_HERE}/webhook"
_TELLING: Final = (
    Operation(
        "PUT", _WEBHOOK, webhooks.put, FEED, "Have events pushed",
        "The receiver must agree first, in the handshake of CloudEvents' web hooks (OPTIONS). A new address has a new secret, "
        "which is shown here and nowhere else.",
        {200: Success("The webhook.", Hook)}, body=NewWebhook,
    ),
    Operation("GET", _WEBHOOK, webhooks.look, FEED, "The webhook", "", {200: Success("The webhook.", Hook)}, errors=(404,)),
    Operation(
        "POST", f"{_WEBHOOK}/secret", webhooks.rotate, FEED, "Change the secret",
        "Events are signed with both until formerSecretUntil.",
        {200: Success("The webhook with its new secret, shown once.", Hook)}, errors=(404,),
    ),
    Operation(
        "DELETE", _WEBHOOK, webhooks.remove, FEED, "Have nothing pushed any more", "What was not taken stays in the feed.",
        {200: Success("It is gone.", Removed)}, errors=(404,),
    ),
    Operation(
        "GET", f"{_HERE}/events", feed.read, FEED, "What happened to the numbers, to be read on from a cursor",
        "CloudEvents 1.0.2 in a JSON batch, the oldest first; at least once, in order for each number.",
        {
            200: Success(
                "The events.", media=feed.BATCH,
                schema={"type": "array", "items": {"type": "object", "required": ["specversion", "id", "source", "type"]}},
                headers={feed.CURSOR: "To be given as after next time.", feed.MORE: "Whether there is more already."},
            )
        },
        parameters=paged(core_feed.MOST, cursor="^[A-Za-z0-9_-]{0,32}$", usual=100), errors=(406, 410),
    ),
    Operation(
        "GET", f"{_HERE}/closed-numbers/{{date}}", daily.fetch, FEED, "The numbers closed on a day, as a file",
        "Columns number,day,kind. Under agreement only.",
        {200: Success("The file.", media=daily.CSV, schema={"type": "string"})},
        parameters=(
            Parameter("hashed", "1: numbers as keyed hashes.", {"type": "string", "enum": ["0", "1"], "default": "0"}),
        ),
        errors=(404, 406),
    ),
    Operation(
        "GET", f"{_HERE}/deliveries/dead", feed.list_dead, FEED, "Events that the webhook did not take in time",
        "They stand in the feed too.", {200: Success("The oldest first.", AllDead)},
    ),
    Operation(
        "POST", f"{_HERE}/deliveries/{{id}}/retry", feed.retry, FEED, "Push such an event again", "",
        {202: Success("It will be sent again.", Queued)}, errors=(404, 409),
    ),
    Operation(
        "GET", cloudevent.SCHEMA_PATH, feed.schema, None, "What the data of an event holds", "",
        {200: Success("JSON Schema.", media="application/json", schema={"type": "object"})},
    ),
)  # fmt: skip
_BATCHES_PATH: Final = f"{_HERE}/batches"
_ONE: Final = f"{_BATCHES_PATH}/{{id}}"
_BYTES: Final = {"type": "string", "format": "binary"}
_STANDS: Final = Success("How it stands.", BatchTold, headers={"upload-offset": "Bytes that have come."})
_BATCHES: Final = (
    Operation(
        "POST", _BATCHES_PATH, batches.begin, BATCH, "Begin a file of questions", "Under agreement only.",
        {201: Success("It waits for its rows.", BatchTold, headers={"location": "Where it is."})}, body=NewBatch,
    ),
    Operation(
        "PATCH", f"{_ONE}/rows", batches.append, BATCH, "Send the next part of the file",
        "Parts of any size up to the limit; after a break go on at the offset that the batch says.",
        {200: _STANDS}, upload=True, errors=(404, 409), limit=batches.MOST_BYTES,
        parameters=(
            Parameter(
                "upload-offset", "Where in the file this part begins: the bytes that have come before.",
                {"type": "string", "pattern": "^[0-9]{1,18}$"}, where="header", required=True,
            ),
        ),
    ),
    Operation(
        "POST", f"{_ONE}/close", batches.close, BATCH, "The file is whole: answer it", "",
        {202: Success("It is queued.", BatchTold)}, errors=(404, 409),
    ),
    Operation("GET", _ONE, batches.look, BATCH, "How a batch stands", "", {200: _STANDS}, errors=(404,)),
    Operation(
        "GET", f"{_ONE}/answers", batches.fetch, BATCH, "The answers",
        "The rows in their order, with a column answer and, for a bad row, reason. A range of bytes may be asked for.",
        {
            200: Success("The whole file.", media=",".join(batches.MEDIA.values()), schema=_BYTES),
            206: Success("The range.", media=",".join(batches.MEDIA.values()), schema=_BYTES),
        },
        parameters=(Parameter("range", "As in RFC 9110.", {"type": "string"}, where="header"),), errors=(404, 406, 409, 416),
    ),
    Operation(
        "DELETE", _ONE, batches.delete, BATCH, "Delete a batch with its files", "",
        {200: Success("It is gone.", BatchTold)}, errors=(404, 409),
    ),
)  # fmt: skip


@cache
def _definition() -> Answer:
    return json_answer(document(OPERATIONS))


def definition(asked: Asked) -> Answer:
    """``GET /lookup/v1/openapi.json``."""
    return _definition()


_DEFINITION: Final = Operation(
    "GET", f"{_HERE}/openapi.json", definition, None, "This definition", "",
    {200: Success("OpenAPI 3.1.", media="application/json", schema={"type": "object"})},
)  # fmt: skip

OPERATIONS: Final = (*_CHECKS, *_INTERESTS, *_TELLING, *_BATCHES, _DEFINITION)
ROUTES: Final[tuple[Route, ...]] = tuple(operation.route() for operation in OPERATIONS)
