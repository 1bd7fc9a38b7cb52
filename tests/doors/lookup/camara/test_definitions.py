"""What is served, held against the published definitions: property by property, status by status."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

import pytest

from lastcall.core.lookup.documented import APIS, COMMON, ERRORS
from lastcall.doors.lookup.camara import openapi
from tests.doors.lookup.camara import schemas
from tests.doors.lookup.camara.definitions import definitions, sample
from tests.doors.lookup.camara.stage import PATHS, Stage

PUBLISHED = definitions()
SERVED = {api.name: api.document() for api in openapi.APIS}
ALSO = {str(error.status) for error in (*COMMON, *openapi.FRAME)}
"""Statuses that every provider may answer with, and few definitions write down."""


def differences(served: dict[str, Any], published: dict[str, Any]) -> list[str]:
    """What a consumer that was written for ``published`` would miss or not understand in ``served``."""
    found = [
        one for path in published["paths"] for look in (_bodies, _errors, _rest) for one in look(served, published, path)
    ]  # fmt: skip
    if not published["servers"][0]["url"].endswith(served["servers"][0]["url"]):
        found.append("another base path")
    if served["info"]["version"] != published["info"]["version"]:
        found.append("another version")
    return found


def _bodies(served: dict[str, Any], published: dict[str, Any], path: str) -> Iterator[str]:
    for facts in (schemas.request_facts, schemas.answer_facts):
        ours, theirs = facts(served, path), facts(published, path)
        for one in ours.keys() | theirs.keys():
            if not _same(ours.get(one), theirs.get(one)):
                yield f"{path} {one}: {ours.get(one)} is not {theirs.get(one)}"


def _errors(served: dict[str, Any], published: dict[str, Any], path: str) -> Iterator[str]:
    ours, theirs = schemas.error_codes(served, path), schemas.error_codes(published, path)
    for status in (ours.keys() | theirs.keys()) - (ALSO - theirs.keys()):
        if ours.get(status) != theirs.get(status):
            yield f"{path} {status}: {ours.get(status)} is not {theirs.get(status)}"


def _rest(served: dict[str, Any], published: dict[str, Any], path: str) -> Iterator[str]:
    for read in (schemas.scopes, schemas.correlator_pattern):
        if read(served, path) != read(published, path):
            yield f"{path} {read.__name__}: {read(served, path)} is not {read(published, path)}"


def _same(ours: dict[str, Any] | None, theirs: dict[str, Any] | None) -> bool:
    """Lengths follow from a date's format and a number's pattern, so they need not be said twice."""
    if ours is None or theirs is None:
        return False
    return {key: _order_free(value) for key, value in ours.items() if key != "minLength"} == {
        key: _order_free(value) for key, value in theirs.items() if key != "minLength"
    }


def _order_free(value: Any) -> Any:
    return sorted(value) if isinstance(value, list) else value


@pytest.mark.parametrize("api", PUBLISHED)
def test_what_is_served_is_what_was_published(api: str) -> None:
    assert differences(SERVED[api], PUBLISHED[api]) == []


@pytest.mark.parametrize("api", PUBLISHED)
def test_every_error_of_a_definition_is_in_our_table(api: str) -> None:
    for path in PUBLISHED[api]["paths"]:
        written = {(str(error.status), error.code) for error in ERRORS[api]}
        assert written == {
            (status, code) for status, codes in schemas.error_codes(PUBLISHED[api], path).items() for code in codes
        }


def _changed(change: str) -> dict[str, Any]:
    other = copy.deepcopy(sample())
    post = other["paths"]["/check"]["post"]
    properties = post["requestBody"]["content"]["application/json"]["schema"]["properties"]
    match change:
        case "a property more":
            properties["lastDate"] = {"type": "string"}
        case "another format":
            properties["specifiedDate"]["format"] = "date-time"
        case "another pattern":
            properties["phoneNumber"]["pattern"] = "^[0-9]+$"
        case "not required":
            post["requestBody"]["content"]["application/json"]["schema"]["required"] = []
        case "a string for a boolean":
            answer = post["responses"]["200"]["content"]["application/json"]["schema"]
            answer["properties"]["phoneNumberRecycled"]["type"] = "string"
        case "a code more":
            error = post["responses"]["422"]["content"]["application/json"]["schema"]
            error["properties"]["code"]["enum"].append("UNSUPPORTED_IDENTIFIER")
        case "a status less":
            del post["responses"]["404"]
        case "another scope":
            post["security"] = [{"openId": ["number-recycling:read"]}]
        case "another version":
            other["info"]["version"] = "0.3.0"
    return other


def test_the_sample_is_kept_to_as_well() -> None:
    assert differences(SERVED["number-recycling"], sample()) == []


@pytest.mark.parametrize(
    "change",
    ["a property more", "another format", "another pattern", "not required", "a string for a boolean", "a code more",
     "a status less", "another scope", "another version"],
)  # fmt: skip
def test_the_comparison_sees_a_difference(change: str) -> None:
    assert len(differences(SERVED["number-recycling"], _changed(change))) == 1


@pytest.mark.parametrize("api", APIS)
def test_a_definition_is_served_to_everybody(stage: Stage, api: str) -> None:
    base = PATHS[api].rpartition("/")[0]
    answer = stage.client.get(f"{base}/openapi.json")
    assert (answer.status_code, answer.json()) == (200, SERVED[api])


@pytest.mark.parametrize("api", APIS)
def test_a_definition_is_sound(api: str) -> None:
    document = SERVED[api]
    assert document["openapi"] == "3.0.3"
    for path, item in document["paths"].items():
        assert all(schemas.is_sound(document, path, int(status)) for status in item["post"]["responses"])


def test_no_definition_names_a_holder_or_a_date_of_theirs() -> None:
    """What an answer cannot hold, it cannot leak."""
    answers = {api: set(schemas.answer_facts(SERVED[api], PATHS[api][PATHS[api].rindex("/") :])) for api in APIS[:3]}
    assert answers == {
        "number-recycling": {"phoneNumberRecycled"}, "kyc-tenure": {"tenureDateCheck", "contractType"},
        "subscription-status": {"voiceSmsIn", "voiceSmsOut", "dataService"},
    }  # fmt: skip
