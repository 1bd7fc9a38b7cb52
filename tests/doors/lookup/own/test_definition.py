"""The served definition: it says what is served, and what is served is as it says."""

from __future__ import annotations

import re
from typing import Any

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis import GenerationMode

from lastcall.core.ports import Webhooks
from lastcall.core.provided import provide
from lastcall.core.relying import consumers
from lastcall.doors.lookup.own import urls
from tests.doors.lookup.conftest import Client, MakeToken
from tests.doors.lookup.own.conftest import Renewing
from tests.doors.lookup.own.test_telling import Receivers

DEFINITION = "/lookup/v1/openapi.json"
FEW = settings(
    max_examples=6, deadline=None, derandomize=True, database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.filter_too_much],
)  # fmt: skip
WITH_CURSOR = ("/lookup/v1/events", "/lookup/v1/corrections")
WITH_ADDRESS = {"/lookup/v1/batches", "/lookup/v1/webhook"}
SERVED = [(one.method, one.path) for one in urls.OPERATIONS]


def document(client: Client) -> dict[str, Any]:
    answer = client.get(DEFINITION, token="")
    assert answer.status_code == 200
    found: dict[str, Any] = answer.json()
    return found


def test_everything_served_is_described(stranger: Client) -> None:
    paths = document(stranger)["paths"]
    described = {(method.upper(), path) for path, methods in paths.items() for method in methods}
    assert described == {(route.method, route.path) for route in urls.ROUTES} == set(SERVED)


def test_every_operation_names_its_scope_and_its_errors(stranger: Client) -> None:
    for path, methods in document(stranger)["paths"].items():
        for operation in methods.values():
            scopes = [scope for needed in operation["security"] for scope in needed["oauth"]]
            assert set(scopes) <= set(consumers.OWN_SCOPES)
            assert {"400", "429", "500"} <= set(operation["responses"]), path
            assert bool(scopes) == ("401" in operation["responses"]) == ("403" in operation["responses"])


def test_operation_ids_are_unique(stranger: Client) -> None:
    ids = [
        operation["operationId"] for methods in document(stranger)["paths"].values() for operation in methods.values()
    ]
    assert len(ids) == len(set(ids)) and all(re.fullmatch("[a-z_]+", one) for one in ids)


def test_no_operation_lists_numbers(stranger: Client) -> None:
    """The pool is never browsable: whatever is read without naming numbers is about the consumer's own interests and files."""
    reads = {path for method, path in SERVED if method == "GET"}
    assert reads == {
        "/lookup/v1/corrections", "/lookup/v1/interests", "/lookup/v1/webhook", "/lookup/v1/events",
        "/lookup/v1/closed-numbers/{date}", "/lookup/v1/deliveries/dead", "/lookup/v1/schemas/number-event.json",
        "/lookup/v1/batches/{id}", "/lookup/v1/batches/{id}/answers", DEFINITION,
    }  # fmt: skip


def test_nothing_is_served_without_a_token_and_its_scope(client: Renewing, token: MakeToken) -> None:
    for operation in urls.OPERATIONS:
        if operation.scope is None:
            continue
        path = operation.path.replace("{id}", "1").replace("{date}", "2026-01-12")
        others = tuple(scope for scope in consumers.SCOPES if scope != operation.scope)
        for bearer, status in (("", 401), ("x.y.z", 401), (token(expired=True), 401), (token(scopes=others), 403)):
            answer = client.request(operation.method, path, token=bearer)
            assert answer.status_code == status == answer.json()["status"], (operation.method, path)


@pytest.fixture
def bearer(client: Renewing) -> str:
    """A token with every scope and agreement."""
    provide(Webhooks, Receivers)
    return client.renew()


def config(path: str) -> schemathesis.Config:
    """What may answer data that fits the definition: not every cursor that looks like one is one, nor every address."""
    judged = path in WITH_CURSOR or path in WITH_ADDRESS
    accepted = ["2xx", "403", "404", "409", "410", "416", "422", *(["400"] if judged else [])]
    return schemathesis.Config.from_dict(
        {"checks": {"positive_data_acceptance": {"expected-statuses": accepted}, "ignored_auth": {"enabled": False}}}
    )


@pytest.mark.parametrize(("method", "path"), SERVED)
def test_whatever_is_sent_the_answer_is_as_described(
    app: Any, client: Renewing, bearer: str, method: str, path: str
) -> None:
    schema = schemathesis.openapi.from_dict(document(client), config=config(path))

    @FEW
    @given(case=schema[path][method].as_strategy())
    def fitting(case: Any) -> None:
        case.validate_response(_answer(client, bearer, case))

    @FEW
    @given(case=schema[path][method].as_strategy(generation_mode=GenerationMode.NEGATIVE))
    def not_fitting(case: Any) -> None:
        case.validate_response(_answer(client, bearer, case))

    fitting()
    if method in {"POST", "PUT"} and document(client)["paths"][path][method.lower()].get("requestBody"):
        not_fitting()


def _answer(client: Renewing, bearer: str, case: Any) -> httpx.Response:
    asked = case.as_transport_kwargs(base_url="http://localhost")
    names = {"json": "json", "data": "content"}
    body = {names[name]: asked[name] for name in names if asked.get(name) is not None}
    return client.request(
        asked["method"],
        asked["url"],
        token=bearer,
        params=asked.get("params"),
        headers=dict(asked["headers"] or {}),
        **body,
    )
