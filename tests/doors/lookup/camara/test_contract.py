"""Every documented answer and error of each API, each body held against the schema of its status, ours and the published one."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from lastcall.core.lookup import sandbox
from lastcall.core.lookup.documented import APIS, COMMON, ERRORS, MATCH, RECYCLING, SUBSCRIPTION, TENURE
from lastcall.doors.lookup.camara import match, openapi
from tests.cast import LI_WEI_MSISDN
from tests.doors.lookup.camara import schemas
from tests.doors.lookup.camara.definitions import definitions
from tests.doors.lookup.camara.stage import LIFE, MINE, PATHS, Stage, body

SERVED = {api.name: api.document() for api in openapi.APIS}
PUBLISHED = definitions()
RETRIEVE = "/subscription-status/v0.1/retrieve-subscription-status"


def keeps_to_the_definition(api: str, answer: httpx.Response, *, published: bool = True) -> None:
    """Its body, its media type and its correlator are as the definition has them."""
    path = PATHS[api][PATHS[api].rindex("/") :]
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["x-correlator"]
    for definition in (SERVED[api], PUBLISHED.get(api, SERVED[api]) if published else SERVED[api]):
        assert schemas.breaches(definition, path, answer.status_code, answer.json()) == []
    if answer.status_code == 200:
        assert answer.headers["x-lastcall-as-of"] == "2026-03-13T09:00:00Z"
    else:
        assert answer.json()["status"] == answer.status_code
        assert len(answer.json()["message"]) > 20


def services(calls_in: str, calls_out: str, data: str) -> dict[str, str]:
    """An answer of Subscription Status."""
    return {"voiceSmsIn": calls_in, "voiceSmsOut": calls_out, "dataService": data}


ANSWERS: list[tuple[str, dict[str, Any], dict[str, Any]]] = [
    (RECYCLING, body(RECYCLING), {"phoneNumberRecycled": False}),
    (RECYCLING, body(RECYCLING, specifiedDate="2023-10-09"), {"phoneNumberRecycled": False}),
    (RECYCLING, body(RECYCLING, specifiedDate="2023-10-08"), {"phoneNumberRecycled": True}),
    (RECYCLING, body(RECYCLING, specifiedDate="2026-03-13"), {"phoneNumberRecycled": False}),
    (RECYCLING, body(RECYCLING, LIFE.format(2), specifiedDate="2023-12-22"), {"phoneNumberRecycled": True}),
    (RECYCLING, body(RECYCLING, LIFE.format(2), specifiedDate="2024-06-01"), {"phoneNumberRecycled": True}),
    (RECYCLING, body(RECYCLING, LIFE.format(2), specifiedDate="2024-09-20"), {"phoneNumberRecycled": True}),
    (RECYCLING, body(RECYCLING, LIFE.format(2), specifiedDate="2024-09-21"), {"phoneNumberRecycled": False}),
    (RECYCLING, body(RECYCLING, LIFE.format(3), specifiedDate="2024-01-01"), {"phoneNumberRecycled": False}),
    (RECYCLING, body(RECYCLING, LIFE.format(3), specifiedDate="2024-03-01"), {"phoneNumberRecycled": True}),
    (RECYCLING, body(RECYCLING, LIFE.format(5), specifiedDate="2024-02-24"), {"phoneNumberRecycled": True}),
    (RECYCLING, body(RECYCLING, LIFE.format(5), specifiedDate="2024-02-25"), {"phoneNumberRecycled": False}),
    (RECYCLING, body(RECYCLING, LIFE.format(6)), {"phoneNumberRecycled": True}),
    (RECYCLING, body(RECYCLING, LIFE.format(7)), {"phoneNumberRecycled": True}),
    (RECYCLING, body(RECYCLING, LIFE.format(8)), {"phoneNumberRecycled": True}),
    (TENURE, body(TENURE), {"tenureDateCheck": True, "contractType": "PAYM"}),
    (TENURE, body(TENURE, tenureDate="2023-10-08"), {"tenureDateCheck": False, "contractType": "PAYM"}),
    (TENURE, body(TENURE, LIFE.format(2), tenureDate="2024-06-01"), {"tenureDateCheck": False, "contractType": "PAYM"}),
    (TENURE, body(TENURE, LIFE.format(3), tenureDate="2024-01-01"), {"tenureDateCheck": False, "contractType": "PAYM"}),
    (TENURE, body(TENURE, LIFE.format(15)), {"tenureDateCheck": True, "contractType": "PAYG"}),
    (TENURE, body(TENURE, LIFE.format(16)), {"tenureDateCheck": True, "contractType": "Business"}),
    (TENURE, body(TENURE, LIFE.format(17)), {"tenureDateCheck": True}),
    (SUBSCRIPTION, body(SUBSCRIPTION), services("active", "active", "active")),
    (SUBSCRIPTION, body(SUBSCRIPTION, LIFE.format(18)), services("suspended", "suspended", "suspended")),
    (SUBSCRIPTION, body(SUBSCRIPTION, LIFE.format(19)), services("active", "suspended", "active")),
    (SUBSCRIPTION, body(SUBSCRIPTION, LIFE.format(20)), services("active", "active", "throttled")),
    (SUBSCRIPTION, body(SUBSCRIPTION, LIFE.format(21)), services("active", "active", "suspended")),
    (MATCH, body(MATCH), {"nameMatch": "true"}),
    (MATCH, body(MATCH, name="Li Wen"), {"nameMatch": "false", "nameMatchScore": 93}),
    (MATCH, body(MATCH, givenName="Wei", birthdate="1999-01-01", gender="OTHER"),
     {"nameMatch": "true", "givenNameMatch": "not_available", "birthdateMatch": "not_available", "genderMatch": "not_available"}),
    (MATCH, body(MATCH, LIFE.format(22), idDocument="E00000001"), {"nameMatch": "true", "idDocumentMatch": "true"}),
]  # fmt: skip
"""API, request, the whole answer."""


@pytest.mark.parametrize(("api", "asked", "expected"), ANSWERS)
def test_an_answer(stage: Stage, api: str, asked: dict[str, Any], expected: dict[str, Any]) -> None:
    answer = stage.ask(api, asked)
    assert (answer.status_code, answer.json()) == (200, expected)
    keeps_to_the_definition(api, answer)


PLAYED = [(api, error) for api in APIS for error in (*ERRORS[api], *COMMON)]


@pytest.mark.parametrize(("api", "error"), PLAYED, ids=[f"{api} {error.status} {error.code}" for api, error in PLAYED])
def test_the_sandbox_plays_every_error(stage: Stage, api: str, error: Any) -> None:
    answer = stage.ask(api, body(api, f"+{sandbox.number_of(api, error.code)}"))
    assert (answer.status_code, answer.json()["code"]) == (error.status, error.code)
    keeps_to_the_definition(api, answer, published=error not in COMMON)
    assert ("retry-after" in answer.headers) == (error.status in {429, 503})


WRONG_NUMBERS = [
    "",
    "79001234567",
    "+0123456789",
    "+1234",
    "+1234567890123456",
    "+7900123456x",
    " +79001234567",
    "+79001234567\n",
]
WRONG_DAYS = [
    "", "2023-02-30", "2023-13-01", "2023-1-1", "20240101", "2024-10-01T00:00:00Z", "01.10.2024", "2024-10-01 ", "tomorrow",
]  # fmt: skip
NO_STRINGS: tuple[Any, ...] = (None, 79001234567, True, ["+79001234567"], {})
WRONG: list[tuple[str, dict[str, Any]]] = [
    *((api, body(api, number)) for api in APIS for number in WRONG_NUMBERS),
    *((api, body(api) | {"phoneNumber": value}) for api in APIS for value in NO_STRINGS),
    *((api, body(api) | {"unknown": 1}) for api in APIS),
    *((api, body(api) | {"phonenumber": "+79001234567"}) for api in APIS),
    *((RECYCLING, body(RECYCLING, specifiedDate=day)) for day in [*WRONG_DAYS, None, 20241001, {"day": "2024-10-01"}]),
    *((TENURE, body(TENURE, tenureDate=day)) for day in [*WRONG_DAYS, None, 20241001]),
    *((MATCH, body(MATCH, **{name: day})) for name in ("birthdate", "idDocumentExpiryDate") for day in WRONG_DAYS),
    *((MATCH, body(MATCH, email=mail)) for mail in ("", "anna", "@example.org", "anna@", "a b@example.org", "anna@example.org\n")),
    (MATCH, body(MATCH, gender="male")), (MATCH, body(MATCH, idDocumentType="Passport")),
    *((MATCH, body(MATCH) | {one.name: value}) for one in match.ATTRIBUTES for value in NO_STRINGS),
    (MATCH, body(MATCH, name={"first": "Wei", "last": "Li"})),
    (RECYCLING, {"phoneNumber": LIFE.format(1)}), (TENURE, {"phoneNumber": LIFE.format(1)}), (RECYCLING, {}), (TENURE, {}),
]  # fmt: skip


def test_what_is_not_as_the_definition_has_it_is_an_invalid_argument(stage: Stage) -> None:
    for api, asked in WRONG:
        answer = stage.ask(api, asked)
        assert (answer.status_code, answer.json()["code"]) == (400, "INVALID_ARGUMENT"), (api, asked)
        keeps_to_the_definition(api, answer)
        assert "7900123456" not in answer.text, "a message repeats what was sent"


NO_OBJECTS = [b"", b"null", b"[]", b'"x"', b"{", b"{}{}", b'{"specifiedDate":"2024-10-01","specifiedDate":"2024-10-01"}',
              b'{"specifiedDate":NaN}', b"\xff\xfe{}", b"[" * 50_000, b'{"name":"\\ud800"}', b'{"a":' * 9_000]  # fmt: skip


@pytest.mark.parametrize("api", APIS)
def test_a_body_that_is_no_json_object_is_an_invalid_argument(stage: Stage, api: str) -> None:
    for content in NO_OBJECTS:
        answer = stage.ask(api, content=content, headers={"content-type": "application/json"})
        assert (answer.status_code, answer.json()["code"]) == (400, "INVALID_ARGUMENT"), content[:40]
        keeps_to_the_definition(api, answer)


@pytest.mark.parametrize("day", ["2019-12-31", "0001-01-01", "2026-03-14", "9999-12-31"])
@pytest.mark.parametrize(("api", "name"), [(RECYCLING, "specifiedDate"), (TENURE, "tenureDate")])
def test_a_day_outside_of_the_evidence_is_out_of_range(stage: Stage, api: str, name: str, day: str) -> None:
    answer = stage.ask(api, body(api, **{name: day}))
    assert (answer.status_code, answer.json()["code"]) == (400, "OUT_OF_RANGE")
    assert "2020-01-01" in answer.json()["message"], "it says from which day on one may ask"
    keeps_to_the_definition(api, answer)


_RESTING = (6, 7, 8, 9, 11, 12, 13)
NOT_IN_USE = {RECYCLING: (9, 11, 12, 13), TENURE: _RESTING, SUBSCRIPTION: _RESTING, MATCH: _RESTING}
"""Places of the sandbox's lives."""


@pytest.mark.parametrize("api", APIS)
def test_a_number_that_nobody_holds_with_us_is_not_found(stage: Stage, api: str) -> None:
    for life in NOT_IN_USE[api]:
        answer = stage.ask(api, body(api, LIFE.format(life)))
        assert (answer.status_code, answer.json()["code"]) == (404, "IDENTIFIER_NOT_FOUND"), life
        keeps_to_the_definition(api, answer)


@pytest.mark.parametrize("api", APIS)
@pytest.mark.parametrize(
    "number",
    ["+12025550123", "+74951234567", "+77012345678", "+12345", LIFE.format(1)],
    ids=["America", "landline", "Kazakhstan", "short", "sandbox"],
)
def test_the_service_is_not_for_landlines_and_other_countries(stage: Stage, api: str, number: str) -> None:
    answer = stage.ask(api, body(api, number), token=stage.token(of=stage.bank))
    assert (answer.status_code, answer.json()["code"]) == (422, "SERVICE_NOT_APPLICABLE")
    keeps_to_the_definition(api, answer)


@pytest.mark.parametrize("api", APIS)
def test_somebody_must_say_which_number(stage: Stage, api: str) -> None:
    answer = stage.ask(api, MINE[api])
    assert (answer.status_code, answer.json()["code"]) == (422, "MISSING_IDENTIFIER")
    keeps_to_the_definition(api, answer)


@pytest.mark.parametrize("api", APIS)
def test_a_token_that_is_bound_to_a_number_says_it_alone(stage: Stage, api: str) -> None:
    bound = stage.token(msisdn=int(LIFE.format(1)))
    answer = stage.ask(api, MINE[api], token=bound)
    assert answer.status_code == 200
    keeps_to_the_definition(api, answer)


@pytest.mark.parametrize("api", [RECYCLING, TENURE])
@pytest.mark.parametrize("life", [1, 2])
def test_recycling_and_tenure_refuse_a_second_number_even_the_same(stage: Stage, api: str, life: int) -> None:
    answer = stage.ask(api, body(api, LIFE.format(life)), token=stage.token(msisdn=int(LIFE.format(1))))
    assert (answer.status_code, answer.json()["code"]) == (422, "UNNECESSARY_IDENTIFIER")
    keeps_to_the_definition(api, answer)


@pytest.mark.parametrize("api", [SUBSCRIPTION, MATCH])
def test_status_and_match_take_the_same_number_and_no_other(stage: Stage, api: str) -> None:
    bound = stage.token(msisdn=int(LIFE.format(1)))
    assert stage.ask(api, body(api), token=bound).status_code == 200
    answer = stage.ask(api, body(api, LIFE.format(2)), token=bound)
    assert (answer.status_code, answer.json()["code"]) == (403, "INVALID_TOKEN_CONTEXT")
    keeps_to_the_definition(api, answer)


@pytest.mark.parametrize("api", APIS)
def test_without_a_valid_token_nothing_is_answered(stage: Stage, api: str) -> None:
    whole = stage.token()
    for token in ("", "x", whole[:-4] + "AAAA", whole.replace(".", "", 1), stage.token(expired=True)):
        answer = stage.ask(api, body(api), token=token)
        assert (answer.status_code, answer.json()["code"]) == (401, "UNAUTHENTICATED")
        keeps_to_the_definition(api, answer)


@pytest.mark.parametrize("api", APIS)
def test_another_scope_does_not_do(stage: Stage, api: str) -> None:
    needed = schemas.scopes(SERVED[api], PATHS[api][PATHS[api].rindex("/") :])[0]
    others = tuple(scope for scope in stage.sandbox.scopes.split() if scope != needed)
    answer = stage.ask(api, body(api), token=stage.token(scopes=others))
    assert (answer.status_code, answer.json()["code"]) == (403, "PERMISSION_DENIED")
    keeps_to_the_definition(api, answer)
    assert stage.ask(api, body(api), token=stage.token(scopes=(needed,))).status_code == 200


@pytest.mark.parametrize("asked", [{"phoneNumber": LIFE.format(1)}, {}])
def test_something_must_be_compared(stage: Stage, asked: dict[str, str]) -> None:
    answer = stage.ask(MATCH, asked, token=None if asked else stage.token(msisdn=int(LIFE.format(1))))
    assert (answer.status_code, answer.json()["code"]) == (400, "KNOW_YOUR_CUSTOMER.INVALID_PARAM_COMBINATION")
    keeps_to_the_definition(MATCH, answer)


@pytest.mark.parametrize(
    ("document", "code"),
    [
        ({}, "ID_DOCUMENT_REQUIRED"),
        ({"idDocument": "E00000009"}, "ID_DOCUMENT_MISMATCH"),
        ({"idDocument": ""}, "ID_DOCUMENT_MISMATCH"),
    ],
    ids=["missing", "another", "empty"],
)
def test_the_document_comes_first_where_it_is_needed(stage: Stage, document: dict[str, str], code: str) -> None:
    answer = stage.ask(MATCH, body(MATCH, LIFE.format(22), **document))
    assert (answer.status_code, answer.json()["code"]) == (403, f"KNOW_YOUR_CUSTOMER.{code}")
    keeps_to_the_definition(MATCH, answer)


@pytest.mark.parametrize("one", match.ATTRIBUTES, ids=lambda one: one.name)
def test_each_attribute_is_answered_alone(stage: Stage, one: Any) -> None:
    """With the names of the definition, and nothing else beside."""
    value = (
        one.choices[0] if one.choices else {"date": "2033-05-31", "email": "li.wei@example.org"}.get(one.format, "x")
    )
    answer = stage.ask(MATCH, {"phoneNumber": LIFE.format(1), one.name: value})
    keeps_to_the_definition(MATCH, answer)
    document = answer.json()
    assert document.pop(f"{one.name}Match") in {"true", "false", "not_available"}
    assert document.keys() <= {f"{one.name}MatchScore"}


def test_both_spellings_of_the_path_are_one_service(stage: Stage) -> None:
    for asked in (body(SUBSCRIPTION), body(SUBSCRIPTION, LIFE.format(18)), {}, {"unknown": 1}):
        first, second = stage.ask(SUBSCRIPTION, asked), stage.ask(SUBSCRIPTION, asked, path=RETRIEVE)
        assert (first.status_code, first.json()) == (second.status_code, second.json())


@pytest.mark.parametrize("api", APIS)
def test_other_methods_types_and_sizes_are_the_frames(stage: Stage, api: str) -> None:
    token = stage.token()
    assert stage.client.get(PATHS[api], token=token).status_code == 405
    assert stage.ask(api, content=b"{}", headers={"content-type": "text/plain"}).status_code == 415
    assert stage.ask(api, body(api), headers={"accept": "application/xml"}).status_code == 406
    large = stage.ask(api, body(api, unknown="x" * 70_000))
    assert large.status_code == 413
    keeps_to_the_definition(api, large, published=False)


def test_a_sandbox_never_touches_a_real_line(stage: Stage) -> None:
    """A number that lives is not found there, and one that could be anybody's is not either."""
    for api in APIS:
        for number in (f"+{LI_WEI_MSISDN}", "+79161234567", "+12025550123", "+9990200099"):
            assert stage.code(api, body(api, number)) == (404, "IDENTIFIER_NOT_FOUND")


def test_the_table_of_the_sandbox_is_everybodys(stage: Stage) -> None:
    answer = stage.client.get("/sandbox/v1/numbers")
    assert answer.status_code == 200
    assert answer.json()["knownSince"] == "2020-01-01"
    assert len(answer.json()["numbers"]) == len(sandbox.table())
