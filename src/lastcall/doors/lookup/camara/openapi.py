"""The definitions of what is served here, written from the very tables that the handlers read."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Final

from lastcall.core.lookup.documented import COMMON, ERRORS, MATCH, RECYCLING, SUBSCRIPTION, TENURE, Documented
from lastcall.core.lookup.matching.match import SCORED
from lastcall.core.relying import tokens
from lastcall.doors.lookup.answer import Answer, json_answer
from lastcall.doors.lookup.asked import Asked
from lastcall.doors.lookup.camara import match, recycling, subscription, tenure
from lastcall.doors.lookup.camara.shape import Shape
from lastcall.doors.lookup.host import base_url

Json = dict[str, Any]
CORRELATOR: Final = r"^[a-zA-Z0-9-_:;.\/<>{}]{0,256}$"
FRAME: Final = (
    Documented(405, "METHOD_NOT_ALLOWED", "Only POST is served here."),
    Documented(406, "NOT_ACCEPTABLE", "Answers are application/json."),
    Documented(413, "PAYLOAD_TOO_LARGE", "The body is too long."),
    Documented(415, "UNSUPPORTED_MEDIA_TYPE", "The body must be application/json."),
)
"""What is answered before a handler is called."""


@dataclass(frozen=True)
class Operation:
    """One POST: ``path`` below the API's base; ``answer``: the schema of its 200."""

    path: str
    name: str
    summary: str
    scope: str
    request: Shape
    answer: Json


@dataclass(frozen=True)
class Api:
    """One API: ``base``: name and version as in its path; ``version``: of the definition that it keeps to."""

    name: str
    base: str
    title: str
    version: str
    about: str
    operations: tuple[Operation, ...]

    def document(self, *, at: str = "") -> Json:
        """As OpenAPI 3.0.3. ``at``: the address by which the asker knows us; empty: the installation's public one."""
        return {
            "openapi": "3.0.3",
            "info": {
                "title": self.title, "version": self.version, "description": self.about,
                "license": {"name": "Apache 2.0", "url": "https://www.apache.org/licenses/LICENSE-2.0.html"},
            },
            "servers": [{"url": self.base}],
            "paths": {operation.path: {"post": self._post(operation)} for operation in self.operations},
            "components": {
                "securitySchemes": {"openId": _security(at or tokens.issuer())},
                "parameters": {"x-correlator": {"name": "x-correlator", "in": "header"} | _correlator()},
                "headers": {"x-correlator": _correlator(), "x-lastcall-as-of": _as_of()},
                "schemas": {"ErrorInfo": _error_info()} | self._schemas(),
            },
        }  # fmt: skip

    def _schemas(self) -> Json:
        schemas: Json = {}
        for operation in self.operations:
            schemas[operation.request.name] = operation.request.schema()
            schemas[_answer_name(operation)] = operation.answer
        return schemas

    def _post(self, operation: Operation) -> Json:
        answered = _response("Answered.", _ref("schemas", _answer_name(operation)))
        answered["headers"]["x-lastcall-as-of"] = _ref("headers", "x-lastcall-as-of")
        return {
            "operationId": operation.name,
            "summary": operation.summary,
            "security": [{"openId": [operation.scope]}],
            "parameters": [_ref("parameters", "x-correlator")],
            "requestBody": {"required": True, "content": _content(_ref("schemas", operation.request.name))},
            "responses": {"200": answered} | _error_responses((*ERRORS[self.name], *FRAME, *COMMON)),
        }


def _answer_name(operation: Operation) -> str:
    return operation.request.name.replace("Question", "Answer")


def _ref(kind: str, name: str) -> Json:
    return {"$ref": f"#/components/{kind}/{name}"}


def _content(schema: Json) -> Json:
    return {"application/json": {"schema": schema}}


def _response(about: str, schema: Json) -> Json:
    headers = {"x-correlator": _ref("headers", "x-correlator")}
    return {"description": about, "headers": headers, "content": _content(schema)}


def _error_responses(errors: Iterable[Documented]) -> Json:
    by_status: dict[int, list[Documented]] = {}
    for error in errors:
        by_status.setdefault(error.status, []).append(error)
    return {str(status): _error_response(status, by_status[status]) for status in sorted(by_status)}


def _error_response(status: int, errors: list[Documented]) -> Json:
    about = " ".join(f"{error.code}: {error.message}" for error in errors)
    codes = {"status": {"enum": [status]}, "code": {"enum": [error.code for error in errors]}}
    return _response(about, {"allOf": [_ref("schemas", "ErrorInfo"), {"type": "object", "properties": codes}]})


def _error_info() -> Json:
    properties: Json = {
        "status": {"type": "integer", "description": "The status of HTTP."},
        "code": {"type": "string", "description": "What was wrong, for programs."},
        "message": {"type": "string", "description": "What was wrong and what to do, for people."},
    }
    return {"type": "object", "required": list(properties), "additionalProperties": False, "properties": properties}


def _correlator() -> Json:
    about = "Comes back as it was sent; made by us where none was."
    return {"description": about, "schema": {"type": "string", "pattern": CORRELATOR, "maxLength": 256}}


def _as_of() -> Json:
    about = "The moment up to which what the answer rests on was known."
    return {"description": about, "schema": {"type": "string", "format": "date-time"}}


def _security(address: str) -> Json:
    return {"type": "openIdConnect", "openIdConnectUrl": f"{address}/.well-known/openid-configuration"}


def _object(properties: Json, *, required: Iterable[str] = ()) -> Json:
    needed: Json = {"required": list(required)} if required else {"minProperties": 1}
    return {"type": "object", "additionalProperties": False, "properties": properties} | needed


def _words(about: str, words: Iterable[str]) -> Json:
    return {"type": "string", "description": about, "enum": list(words)}


def _match_answer() -> Json:
    properties: Json = {}
    for attribute in match.ATTRIBUTES:
        properties[f"{attribute.name}Match"] = _words(
            "true: as on file. false: different. not_available: nothing comparable is on file.",
            ("true", "false", "not_available"),
        )
        if attribute.name in SCORED:
            properties[f"{attribute.name}MatchScore"] = {
                "type": "integer", "minimum": 0, "maximum": 99, "description": "How alike the two are; only with false.",
            }  # fmt: skip
    return _object(properties)


_RECYCLED: Final = {
    "type": "boolean",
    "description": "true: somebody else, or nobody, has held the number since specifiedDate. false: no change is known since"
    " then; that is no proof that a certain person has the phone in hand.",
}
_HELD: Final = {
    "type": "boolean",
    "description": "true: the present subscriber has held the number on every day since tenureDate. false: not on every day.",
}
_STATUS: Final = "active: the service works. suspended: it does not."

APIS: Final = (
    Api(
        RECYCLING, "/number-recycling/v0.2", "Number Recycling", "0.2.0",
        "Has the subscriber of a number changed since a day? An error is no answer: draw no conclusion from it.",
        (
            Operation(
                "/check", "checkNumberRecycling", "Has the subscriber changed since a day?", "number-recycling:check",
                recycling.SHAPE, _object({"phoneNumberRecycled": _RECYCLED}, required=["phoneNumberRecycled"]),
            ),
        ),
    ),
    Api(
        TENURE, "/kyc-tenure/v0.3rc1", "KYC Tenure", "0.3.0-rc.1",
        "Has the same subscriber held a number without a break since a day?",
        (
            Operation(
                "/check-tenure", "checkTenure", "Has the same subscriber held it since a day?", "kyc-tenure:check-tenure",
                tenure.SHAPE,
                _object(
                    {
                        "tenureDateCheck": _HELD,
                        "contractType": _words("PAYG: prepaid. PAYM: contract. Left out where unknown.", tenure.CONTRACTS),
                    },
                    required=["tenureDateCheck"],
                ),
            ),
        ),
    ),
    Api(
        SUBSCRIPTION, "/subscription-status/v0.1", "Subscription Status", "0.1.0",
        "Can a line be called and texted, call and text, and use data? Both spellings of the path are served.",
        tuple(
            Operation(
                f"/{verb}-subscription-status", f"{verb}SubscriptionStatus", "Which services does the line have?",
                "subscription-status:retrive-subscription-status", subscription.SHAPE,
                _object(
                    {
                        "voiceSmsIn": _words(f"Calls and texts to it. {_STATUS}", subscription.VOICE),
                        "voiceSmsOut": _words(f"Calls and texts from it. {_STATUS}", subscription.VOICE),
                        "dataService": _words(f"Data. {_STATUS} throttled: it is slowed down.", subscription.DATA),
                    },
                    required=["voiceSmsIn", "voiceSmsOut", "dataService"],
                ),
            )
            for verb in ("retrive", "retrieve")
        ),
    ),
    Api(
        MATCH, "/kyc-match/v0.4", "Know Your Customer Match", "0.4.0",
        "Is what you believe of the holder of a line what the operator has on file? Answers only about what you sent.",
        (
            Operation(
                "/match", "KYC_Match", "Is this what is on file?", "kyc-match:match", match.SHAPE, _match_answer()
            ),
        ),
    ),
)  # fmt: skip


def serve(api: Api) -> Callable[[Asked], Answer]:
    """A handler that gives the definition of ``api`` to everybody."""

    def handle(asked: Asked) -> Answer:
        return json_answer(api.document(at=base_url(asked.headers)))

    return handle
