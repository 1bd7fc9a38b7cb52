"""Requests made from the served definitions by Schemathesis: no server error, and no answer that the definition does not have."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from lastcall.core.lookup.documented import APIS, MATCH
from tests.doors.lookup.camara.stage import LIFE, PATHS, Stage

Request = Case[Any]
SOME = settings(
    max_examples=25, derandomize=True, deadline=None, database=None, phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)  # fmt: skip
"""The same requests in every run."""
CHECKS = [
    not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance,
    response_headers_conformance,
]  # fmt: skip


def each_request(stage: Stage, api: str, mode: GenerationMode, look: Callable[[Request], None]) -> None:
    """Let Schemathesis make requests for every operation of the definition as it is served, and ``look`` at each."""
    base = PATHS[api].rpartition("/")[0]
    served: Any = schemathesis.openapi.from_asgi(f"{base}/openapi.json", stage.client.app)
    for operation in served.get_all_operations():
        made: Any = given(operation.ok().as_strategy(generation_mode=mode))
        run: Any = SOME(made(look))
        run()


def asked(case: Request, token: str) -> Any:
    """The answer to a request, with a token of ours whatever it has."""
    return case.call(headers={"authorization": f"Bearer {token}"})


@pytest.mark.parametrize("api", APIS)
def test_requests_as_they_should_be(stage: Stage, api: str) -> None:
    """An answer, or an error that is documented: for numbers and days from anywhere."""
    statuses = set()

    def look(case: Request) -> None:
        answer = asked(case, stage.token())
        statuses.add(answer.status_code)
        case.validate_response(answer, checks=CHECKS)

    each_request(stage, api, GenerationMode.POSITIVE, look)
    assert statuses <= {400, 404, 422}


@pytest.mark.parametrize("api", APIS)
def test_requests_that_are_answered(stage: Stage, api: str) -> None:
    """A token says the number, and the day is of 2024: every request that keeps to the definition has an answer."""

    def look(case: Request) -> None:
        body: Any = case.body
        body.pop("phoneNumber", None)
        for name in ("specifiedDate", "tenureDate"):
            if name in body:
                body[name] = f"2024{body[name][4:]}"
        if api == MATCH and not body:
            body["name"] = ""
        answer = asked(case, stage.token(msisdn=int(LIFE.format(1))))
        assert answer.status_code == 200
        case.validate_response(answer, checks=CHECKS)

    each_request(stage, api, GenerationMode.POSITIVE, look)


@pytest.mark.parametrize("api", APIS)
def test_requests_as_they_should_not_be(stage: Stage, api: str) -> None:
    """What breaks the definition is refused, by an answer that keeps to it."""
    token = stage.token(msisdn=int(LIFE.format(1)))
    statuses = set()

    def look(case: Request) -> None:
        answer = asked(case, token)
        statuses.add(answer.status_code)
        case.validate_response(answer, checks=[*CHECKS, negative_data_rejection])

    each_request(stage, api, GenerationMode.NEGATIVE, look)
    assert 400 in statuses
