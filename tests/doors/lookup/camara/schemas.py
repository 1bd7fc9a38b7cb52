"""Answers held against a definition's schemas; and what a definition says, in a form in which two can be compared."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from jsonschema import Draft202012Validator, FormatChecker  # type: ignore[import-untyped]

Json = Mapping[str, Any]
_KEPT = ("type", "format", "pattern", "enum", "minimum", "maximum", "minLength")


def flat(schema: Json, root: Json) -> dict[str, Any]:
    """The schema with its references resolved and its ``allOf`` joined (OpenAPI 3.0.3)."""
    if "$ref" in schema:
        return flat(_pointed(schema["$ref"], root), root)
    joined: dict[str, Any] = {key: value for key, value in schema.items() if key not in {"allOf", "properties"}}
    properties = {name: flat(one, root) for name, one in schema.get("properties", {}).items()}
    for part in schema.get("allOf", ()):
        more = flat(part, root)
        for name, one in more.pop("properties", {}).items():
            properties[name] = properties.get(name, {}) | one
        joined |= more
    return joined | ({"properties": properties} if properties else {})


def _pointed(pointer: str, root: Json) -> Json:
    found: Any = root
    for part in pointer.removeprefix("#/").split("/"):
        found = found[part]
    return found  # type: ignore[no-any-return]


def operation(definition: Json, path: str) -> Json:
    """The POST at ``path``."""
    return definition["paths"][path]["post"]  # type: ignore[no-any-return]


def response(definition: Json, path: str, status: int) -> dict[str, Any]:
    """The response of that status, its own reference resolved. Raises ``KeyError`` where none is documented."""
    found: Json = operation(definition, path)["responses"][str(status)]
    return dict(_pointed(found["$ref"], definition) if "$ref" in found else found)


def breaches(definition: Json, path: str, status: int, document: Any) -> list[str]:
    """What an answer breaks of the schema that the definition has for its status."""
    schema = flat(_body(definition, path, status), definition)
    validator = Draft202012Validator(schema, format_checker=FormatChecker())
    return [f"{'/'.join(map(str, error.path))}: {error.message}" for error in validator.iter_errors(document)]


def is_sound(definition: Json, path: str, status: int) -> bool:
    """Whether the schema of that status is one, and every reference in it leads somewhere. Raises ``SchemaError``, ``KeyError``."""
    Draft202012Validator.check_schema(flat(_body(definition, path, status), definition))
    return True


def _body(definition: Json, path: str, status: int) -> Json:
    return response(definition, path, status)["content"]["application/json"]["schema"]  # type: ignore[no-any-return]


def request_facts(definition: Json, path: str) -> dict[str, Any]:
    """Property -> what the definition demands of it, for the request's body."""
    schema = flat(operation(definition, path)["requestBody"]["content"]["application/json"]["schema"], definition)
    return _facts(schema)


def answer_facts(definition: Json, path: str) -> dict[str, Any]:
    """The same for the body of a 200."""
    return _facts(flat(_body(definition, path, 200), definition))


def _facts(schema: Json) -> dict[str, Any]:
    required = set(schema.get("required", ()))
    return {
        name: {key: one[key] for key in _KEPT if key in one} | {"required": name in required}
        for name, one in schema["properties"].items()
    }


def error_codes(definition: Json, path: str) -> dict[str, set[str]]:
    """Status -> codes, for every response that is an error."""
    found = {}
    for status in operation(definition, path)["responses"]:
        if status != "200":
            schema = flat(_body(definition, path, int(status)), definition)
            found[status] = set(schema["properties"]["code"]["enum"])
    return found


def scopes(definition: Json, path: str) -> list[str]:
    """What a token must have."""
    return [scope for need in operation(definition, path)["security"] for scope in need["openId"]]


def correlator_pattern(definition: Json, path: str) -> str:
    """What an ``x-correlator`` must look like."""
    parameters = [_pointed(one["$ref"], definition) for one in operation(definition, path)["parameters"]]
    schema = next(one["schema"] for one in parameters if one["name"] == "x-correlator")
    return str(flat(schema, definition)["pattern"])
