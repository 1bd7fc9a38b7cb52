"""The token endpoint: who gets an access token, and every way of not getting one (RFC 6749, RFC 7523, CAMARA's profile)."""

from __future__ import annotations

import base64
import json
from typing import Any

import httpx
import pytest

from lastcall.core import clock
from lastcall.core.database import DjangoDatabase
from lastcall.core.relying import consumers, jose, signing, tokens
from tests.cast import ANNA_MSISDN, FREE_MSISDN, LI_WEI_MSISDN, Cast
from tests.doors.lookup.conftest import Client
from tests.relying import SYSTEM, TOKEN_ENDPOINT, Party, registered

JWT_BEARER = "urn:ietf:params:oauth:grant-type:jwt-bearer"
PURPOSE = consumers.DEFAULT_PURPOSE


@pytest.fixture
def bank(cast: Cast) -> Party:
    return registered(cast.base)


def ask(client: Client, form: dict[str, str], **given: Any) -> httpx.Response:
    return client.post("/oauth2/token", data=form, **given)


def refused(answer: httpx.Response, error: str, status: int = 400) -> None:
    assert (answer.status_code, answer.json()["error"]) == (status, error)
    assert answer.headers["cache-control"] == "no-store"
    assert "access_token" not in answer.json()


def about(party: Party, msisdn: int = LI_WEI_MSISDN, **claims: Any) -> dict[str, str]:
    """The form of a request for a token about a line."""
    said = {"sub": f"tel:+{msisdn}", "scope": f"{PURPOSE} number-recycling:check", **claims}
    return {"grant_type": JWT_BEARER, "assertion": party.assertion(**said)}


def test_an_assertion_is_changed_for_a_token_that_opens_the_door(
    stranger: Client, bank: Party, here: DjangoDatabase
) -> None:
    answer = ask(stranger, bank.form(scope="lookup:check number-recycling:check"))
    given = answer.json()
    assert answer.status_code == 200 and answer.headers["cache-control"] == "no-store"
    assert (given["token_type"], given["expires_in"]) == ("Bearer", 900)
    assert given["scope"] == f"lookup:check number-recycling:check {PURPOSE}" and "refresh_token" not in given
    access = tokens.verify(here, given["access_token"])
    assert (access.name, access.tenure_id, access.purpose) == ("Demo Bank", None, PURPOSE)
    assert access.scopes == {"lookup:check", "number-recycling:check"}


def test_the_token_is_a_signed_jwt_that_our_published_keys_check(stranger: Client, bank: Party) -> None:
    text = ask(stranger, bank.form()).json()["access_token"]
    keys = {key["kid"]: key for key in stranger.get("/oauth2/jwks").json()["keys"]}
    header = jose.header_of(text)
    assert (header["typ"], header["alg"]) == ("at+jwt", "ES256")
    claims = jose.verify(text, jose.load(keys[header["kid"]])).claims
    assert {"iss", "aud", "sub", "client_id", "iat", "exp", "jti", "scope"} <= claims.keys()
    assert "d" not in keys[header["kid"]]


BAD_FORMS: list[tuple[dict[str, str], str, int]] = [
    ({"grant_type": ""}, "invalid_request", 400),
    ({"grant_type": "password"}, "unsupported_grant_type", 400),
    ({"grant_type": "refresh_token"}, "unsupported_grant_type", 400),
    ({"client_assertion": ""}, "invalid_client", 401),
    ({"client_assertion": "a.b.c"}, "invalid_client", 401),
    ({"client_assertion": "é.b.c"}, "invalid_client", 401),
    ({"client_assertion_type": "password"}, "invalid_client", 401),
    ({"client_id": "1"}, "invalid_client", 401),
    ({"scope": ""}, "invalid_request", 400),
    ({"scope": "everything"}, "invalid_scope", 400),
    ({"scope": PURPOSE}, "invalid_scope", 400),
    ({"scope": "lookup:check dpv:Marketing"}, "invalid_scope", 400),
    ({"scope": f"lookup:check {PURPOSE} dpv:Marketing"}, "invalid_scope", 400),
]


def test_a_request_that_is_not_as_it_should_be_gets_the_error_of_rfc_6749(stranger: Client, bank: Party) -> None:
    for change, error, status in BAD_FORMS:
        refused(ask(stranger, bank.form(**change)), error, status)


def test_a_form_is_needed_and_no_parameter_may_come_twice(stranger: Client, bank: Party) -> None:
    refused(stranger.post("/oauth2/token", json=bank.form()), "invalid_request")
    refused(ask(stranger, {}), "invalid_request")
    twice = httpx.QueryParams([*bank.form().items(), ("scope", "lookup:check")])
    form = {"content-type": "application/x-www-form-urlencoded"}
    refused(stranger.post("/oauth2/token", content=str(twice), headers=form), "invalid_request")
    refused(stranger.post("/oauth2/token", content=b"\xff=\xff", headers=form), "invalid_request")


BAD_CLAIMS: list[dict[str, Any]] = [
    {"aud": "https://elsewhere.example/oauth2/token"}, {"aud": []}, {"aud": 1}, {"drop": "aud"}, {"iss": "1"}, {"drop": "iss"},
    {"iss": 7}, {"iss": "9" * 30}, {"iss": "²"}, {"sub": "somebody"}, {"drop": "sub"}, {"drop": "exp"}, {"drop": "jti"},
    {"jti": ""}, {"jti": 5}, {"jti": "x" * 300}, {"exp": "soon"}, {"exp": True}, {"exp": 1e300}, {"exp": -1},
]  # fmt: skip


def test_every_claim_of_an_assertion_is_checked(stranger: Client, bank: Party) -> None:
    for claims in BAD_CLAIMS:
        refused(ask(stranger, bank.form(client_assertion=bank.assertion(**claims))), "invalid_client", 401)


LASTING = [
    (0, 300, True),
    (0, 1, True),
    (0, 301, False),
    (-10, 300, False),
    (-300, 0, False),
    (-9, -1, False),
    (60, 200, False),
]
"""Seconds from now until it was issued and until it ends, and whether it is taken."""


def test_an_assertion_lasts_five_minutes_at_most_and_ends(stranger: Client, bank: Party) -> None:
    now = int(clock.now().timestamp())
    for issued, expires, taken in LASTING:
        text = bank.assertion(iat=now + issued, exp=now + expires)
        assert (ask(stranger, bank.form(client_assertion=text)).status_code == 200) is taken, (issued, expires)


def test_the_issuer_counts_as_audience_too_and_a_list_may_name_others(stranger: Client, bank: Party) -> None:
    for audience in ("http://localhost", ["https://elsewhere.example", TOKEN_ENDPOINT]):
        assert ask(stranger, bank.form(client_assertion=bank.assertion(aud=audience))).status_code == 200


def test_an_assertion_works_once(stranger: Client, bank: Party, cast: Cast) -> None:
    form = bank.form()
    assert ask(stranger, form).status_code == 200
    refused(ask(stranger, form), "invalid_client", 401)
    again = bank.assertion(jti="the same")
    assert ask(stranger, bank.form(client_assertion=again)).status_code == 200
    refused(ask(stranger, bank.form(client_assertion=bank.assertion(jti="the same"))), "invalid_client", 401)


def test_a_key_that_is_not_the_consumers_own_is_not_taken(stranger: Client, bank: Party, cast: Cast) -> None:
    other = registered(cast.base, "Other Bank")
    foreign = bank.assertion(key=jose.load(other.jwk))
    named = bank.assertion(key=jose.load(other.jwk), kid=other.jwk["kid"])
    unknown = bank.assertion(key=jose.new_key())
    for text in (foreign, named, unknown, bank.assertion(kid="nobody's")):
        refused(ask(stranger, bank.form(client_assertion=text)), "invalid_client", 401)


def unsigned(party: Party, header: dict[str, Any], signature: str = "") -> str:
    def part(value: Any) -> str:
        return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")

    return f"{part(header)}.{part(jose.claims_of(party.assertion()))}.{signature}"


def test_neither_no_algorithm_nor_a_foreign_one_is_taken(stranger: Client, bank: Party) -> None:
    import hmac

    public = json.dumps({name: value for name, value in bank.jwk.items() if name != "d"}).encode()
    start = unsigned(bank, {"alg": "HS256", "kid": bank.jwk["kid"]}).rstrip(".")
    signed = base64.urlsafe_b64encode(hmac.digest(public, start.encode(), "sha256")).decode().rstrip("=")
    for text in (
        unsigned(bank, {"alg": "none", "kid": bank.jwk["kid"]}), unsigned(bank, {"alg": "none"}), unsigned(bank, {}),
        f"{start}.{signed}", unsigned(bank, {"alg": ["ES256"], "kid": bank.jwk["kid"]}, "AAAA"),
        unsigned(bank, {"alg": "ES256", "crit": ["x"]}, "AA"),
        "[" * 5_000, base64.urlsafe_b64encode(b"[" * 4_000).decode() + ".e30.AA", "x" * 20_000,
    ):  # fmt: skip
        refused(ask(stranger, bank.form(client_assertion=text)), "invalid_client", 401)


def test_an_ed25519_key_that_the_consumer_made_is_taken_under_both_names(stranger: Client, cast: Cast) -> None:
    from joserfc.jwk import OKPKey

    key = OKPKey.generate_key("Ed25519")
    made = consumers.create(
        cast.base, name="App", category="app", scopes=["lookup:check"], public_jwk=jose.public(key), actor=SYSTEM
    )
    party = Party(made.consumer, jose.private(key))
    assert made.private_jwk == {}
    assert ask(stranger, party.form()).status_code == 200


def test_an_ended_key_and_an_ended_consumer_get_nothing(stranger: Client, bank: Party, cast: Cast) -> None:
    fresh = consumers.add_key(cast.base, name="Demo Bank", actor=SYSTEM)
    consumers.end_key(cast.base, name="Demo Bank", kid=bank.jwk["kid"], actor=SYSTEM)
    refused(ask(stranger, bank.form()), "invalid_client", 401)
    turned = Party(bank.consumer, fresh)
    assert ask(stranger, turned.form()).status_code == 200
    consumers.end(cast.base, name="Demo Bank", actor=SYSTEM)
    refused(ask(stranger, turned.form()), "invalid_client", 401)


def test_a_token_about_a_line_names_the_line_to_nobody(stranger: Client, bank: Party, cast: Cast) -> None:
    answer = ask(stranger, about(bank))
    assert answer.status_code == 200, answer.text
    access = tokens.verify(cast.base, answer.json()["access_token"])
    assert access.msisdn == LI_WEI_MSISDN and access.tenure_id is not None
    assert access.scopes == {"number-recycling:check"}
    said = json.dumps(jose.claims_of(answer.json()["access_token"]))
    assert str(LI_WEI_MSISDN) not in said and str(access.tenure_id) not in said


BAD_GRANTS: list[tuple[dict[str, Any], str]] = [
    ({"scope": "number-recycling:check"}, "invalid_scope"),
    ({"scope": PURPOSE}, "invalid_scope"),
    ({"scope": f"{PURPOSE} dpv:Marketing number-recycling:check"}, "invalid_scope"),
    ({"scope": "dpv:Marketing number-recycling:check"}, "invalid_scope"),
    ({"scope": 5}, "invalid_scope"),
    ({"drop": "scope"}, "invalid_scope"),
    ({"sub": f"tel:+{FREE_MSISDN}"}, "invalid_grant"),
    ({"sub": f"tel:{LI_WEI_MSISDN}"}, "invalid_grant"),
    ({"sub": "tel:+7 900 000-10-01"}, "invalid_grant"),
    ({"sub": "operatortoken:abc"}, "invalid_grant"),
    ({"sub": None}, "invalid_grant"),
    ({"aud": "https://elsewhere.example"}, "invalid_grant"),
    ({"drop": "iat"}, "invalid_grant"),
    ({"drop": "jti"}, "invalid_grant"),
]


def test_a_grant_about_a_line_is_checked_claim_by_claim(stranger: Client, bank: Party) -> None:
    for claims, error in BAD_GRANTS:
        refused(ask(stranger, about(bank, **claims)), error)


def test_a_grant_issued_in_the_future_is_refused(stranger: Client, bank: Party) -> None:
    now = int(clock.now().timestamp())
    refused(ask(stranger, about(bank, iat=now + 5, exp=now + 200)), "invalid_grant")


def test_a_grant_works_once_and_takes_no_scope_beside_it(stranger: Client, bank: Party) -> None:
    form = about(bank)
    refused(ask(stranger, {**form, "scope": "number-recycling:check"}), "invalid_request")
    assert ask(stranger, form).status_code == 200
    refused(ask(stranger, form), "invalid_grant")
    refused(ask(stranger, {"grant_type": JWT_BEARER}), "invalid_request")


def test_tokens_about_lines_are_for_those_with_whom_it_was_agreed(stranger: Client, cast: Cast) -> None:
    refused(ask(stranger, about(registered(cast.base, "App", three_legged=False))), "unauthorized_client")


def test_two_assertions_must_be_of_one_client(stranger: Client, bank: Party, cast: Cast) -> None:
    other = registered(cast.base, "Other Bank")
    kind = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
    both = {"client_assertion_type": kind, "client_assertion": other.assertion()}
    refused(ask(stranger, about(bank) | both), "invalid_client", 401)
    assert ask(stranger, about(bank) | both | {"client_assertion": bank.assertion()}).status_code == 200


def test_a_token_about_a_line_ends_with_the_tenure(stranger: Client, bank: Party, cast: Cast) -> None:
    text = ask(stranger, about(bank)).json()["access_token"]
    anna = ask(stranger, about(bank, ANNA_MSISDN)).json()["access_token"]
    asked = {"specifiedDate": "2026-02-01"}
    before = stranger.with_token(text).post("/number-recycling/v0.2/check", json=asked)
    assert before.status_code == 200, before.text
    cast.closed()
    text, anna = (
        tokens.issue(cast.base, consumer=bank.consumer, scopes=["number-recycling:check"], msisdn=ANNA_MSISDN),
        text,
    )  # both are within their time
    for token, status in ((text, 200), (anna, 401)):
        assert stranger.with_token(token).post("/number-recycling/v0.2/check", json=asked).status_code == status


def test_the_metadata_says_where_and_how(stranger: Client) -> None:
    said = stranger.get("/.well-known/openid-configuration").json()
    assert said["token_endpoint"] == "http://localhost/oauth2/token"
    assert said["token_endpoint_auth_methods_supported"] == ["private_key_jwt"]
    assert said["grant_types_supported"] == ["client_credentials", JWT_BEARER]
    foreign = stranger.get("/.well-known/openid-configuration", headers={"host": "evil.example"}).json()
    assert "evil.example" not in json.dumps(foreign)


def test_tokens_cost_of_the_quota_like_questions(stranger: Client, cast: Cast) -> None:
    poor = registered(cast.base, "Poor", requests_per_day=1)
    assert ask(stranger, poor.form()).status_code == 200
    answer = ask(stranger, poor.form())
    assert (answer.status_code, answer.json()["code"]) == (429, "QUOTA_EXCEEDED")


def test_after_a_change_of_our_key_old_tokens_still_count(stranger: Client, bank: Party, cast: Cast) -> None:
    text = ask(stranger, bank.form()).json()["access_token"]
    signing.rotate(cast.base, actor=SYSTEM)
    assert tokens.verify(cast.base, text).name == "Demo Bank"
    assert len(stranger.get("/oauth2/jwks").json()["keys"]) == 2
    assert jose.header_of(ask(stranger, bank.form()).json()["access_token"])["kid"] != jose.header_of(text)["kid"]
