"""The served definition of this API (OpenAPI 3.1), made from its operations and shapes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from importlib.metadata import version
from typing import Any, Final

from pydantic import BaseModel
from pydantic.json_schema import JsonSchemaMode, models_json_schema

from lastcall.core.rows import Json
from lastcall.doors.lookup.own.operation import Operation, Parameter, Success

_PLACES: Final = {"id": {"type": "string", "pattern": "^[0-9]{1,19}$"}, "date": {"type": "string", "format": "date"}}
_PLACE: Final = re.compile(r"\{([a-z_]+)\}")
_ABOUT: Final = (
    "Whether a mobile number changed hands: one at a time, by the file, and told before it happens. Every answer says as of when "
    "it speaks (asOf) and how far back its knowledge reaches (knownSince); none names a holder, or a day that was not asked for."
)
_ERRORS: Final = {
    400: "INVALID_ARGUMENT: the request is not as this definition has it.",
    401: "UNAUTHENTICATED: the access token is missing, not valid, or expired.",
    403: "PERMISSION_DENIED, TOO_MANY_INTERESTS or INVALID_TOKEN_CONTEXT: not agreed, or not with this access token.",
    404: "NOT_FOUND: there is no such thing, or it is another consumer's.",
    406: "NOT_ACCEPTABLE: what comes is of another media type than Accept allows.",
    409: "CONFLICT, WRONG_OFFSET, NOT_DONE or BATCH_FAILED: it does not stand as the request supposes.",
    410: "GONE: what comes after this cursor is not kept; read from the start, without a cursor.",
    413: "PAYLOAD_TOO_LARGE: the body, or the whole file, is larger than what is taken.",
    415: "UNSUPPORTED_MEDIA_TYPE: the body is of another media type than what is taken.",
    416: "The range lies outside of what there is.",
    422: "MISSING_IDENTIFIER: neither the access token nor the request says which number this is about.",
    429: "QUOTA_EXCEEDED, TOO_MANY_REQUESTS or TOO_MANY_BATCHES: go on after Retry-After seconds.",
    500: "INTERNAL: something broke on our side.",
    503: "UNAVAILABLE: away for a moment; try again.",
}
_ANY: Final = (400, 429, 500, 503)
_WITH_TOKEN: Final = (401, 403)
_WITH_BODY: Final = (413, 415)
_CORRELATOR: Final = {
    "name": "x-correlator", "in": "header", "required": False, "description": "Echoed in the answer.",
    "schema": {"type": "string", "pattern": "^[a-zA-Z0-9-_:;.\\/<>{}]{0,256}$"},
}  # fmt: skip


def document(operations: Sequence[Operation]) -> Json:
    """The whole definition."""
    paths: dict[str, dict[str, Json]] = {}
    for operation in operations:
        paths.setdefault(operation.path, {})[operation.method.lower()] = _described(operation)
    scopes = sorted({one.scope for one in operations if one.scope is not None})
    return {
        "openapi": "3.1.0",
        "info": {"title": "Lastcall look-up", "version": version("lastcall"), "description": _ABOUT},
        "servers": [{"url": "/"}],
        "paths": paths,
        "components": {
            "schemas": _schemas(operations) | {"ErrorInfo": _ERROR_INFO},
            "securitySchemes": {"oauth": _oauth(scopes)},
        },
    }


_ERROR_INFO: Final = {
    "type": "object", "required": ["status", "code", "message"],
    "properties": {"status": {"type": "integer"}, "code": {"type": "string"}, "message": {"type": "string"}},
}  # fmt: skip


def _oauth(scopes: Iterable[str]) -> Json:
    flow = {"tokenUrl": "/oauth2/token", "scopes": {scope: "" for scope in scopes}}
    return {"type": "oauth2", "flows": {"clientCredentials": flow}}


def _described(operation: Operation) -> Json:
    made: Json = {
        "operationId": f"{operation.handle.__module__.rpartition('.')[2]}_{operation.handle.__name__}",
        "summary": operation.title, "description": operation.about,
        "parameters": [*_path_parameters(operation), *map(_parameter, operation.parameters), _CORRELATOR],
        "responses": dict(_responses(operation)),
        "security": [{"oauth": [operation.scope]}] if operation.scope is not None else [],
    }  # fmt: skip
    if operation.body is not None:
        schema = {"$ref": f"#/components/schemas/{operation.body.__name__}"}
        made["requestBody"] = {"required": True, "content": {"application/json": {"schema": schema}}}
    if operation.upload:
        made["requestBody"] = {"required": True, "content": {"application/octet-stream": {"schema": {}}}}
    return made


def _path_parameters(operation: Operation) -> Iterator[Json]:
    for name in _PLACE.findall(operation.path):
        yield {"name": name, "in": "path", "required": True, "schema": _PLACES[name]}


def _parameter(parameter: Parameter) -> Json:
    return {
        "name": parameter.name, "in": parameter.where, "required": parameter.required, "description": parameter.about,
        "schema": dict(parameter.schema),
    }  # fmt: skip


def _responses(operation: Operation) -> Iterator[tuple[str, Json]]:
    for status, success in operation.success.items():
        yield str(status), _success(success)
    takes = operation.body is not None or operation.upload
    errors = {*_ANY, *operation.errors, *(_WITH_TOKEN if operation.scope else ()), *(_WITH_BODY if takes else ())}
    for status in sorted(errors):
        schema = {"$ref": "#/components/schemas/ErrorInfo"}
        yield str(status), {"description": _ERRORS[status], "content": {"application/json": {"schema": schema}}}


def _success(success: Success) -> Json:
    made: Json = {"description": success.about}
    if success.headers:
        made["headers"] = {
            name: {"description": about, "schema": {"type": "string"}} for name, about in success.headers.items()
        }
    if success.shape is not None:
        schema = {"$ref": f"#/components/schemas/{success.shape.__name__}"}
        made["content"] = {"application/json": {"schema": schema}}
    elif success.media:
        made["content"] = {media.strip(): {"schema": dict(success.schema)} for media in success.media.split(",")}
    return made


def _schemas(operations: Sequence[Operation]) -> dict[str, Any]:
    bodies: dict[type[BaseModel], JsonSchemaMode] = {one.body: "validation" for one in operations if one.body}
    for operation in operations:
        bodies |= {each.shape: "serialization" for each in operation.success.values() if each.shape is not None}
    _, made = models_json_schema(list(bodies.items()), ref_template="#/components/schemas/{model}")
    schemas: dict[str, Any] = _bare(made.get("$defs", {}))
    return schemas


def _bare(schema: Any) -> Any:
    """Without what the tool adds for its own use: titles, and null as what stands for a missing property."""
    if isinstance(schema, list):
        return [_bare(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    kept = {name: _bare(each) for name, each in schema.items() if not _is_added(name, each)}
    choices = kept.get("anyOf", [])
    if {"type": "null"} in choices:
        (only,) = [each for each in kept.pop("anyOf") if each != {"type": "null"}]
        kept = only | kept
    return kept


def _is_added(name: str, value: Any) -> bool:
    return (name == "title" and isinstance(value, str)) or (name == "default" and value is None)
