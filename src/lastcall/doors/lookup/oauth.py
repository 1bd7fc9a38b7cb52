"""OAuth 2.0 for relying parties: the token endpoint, its metadata and our public keys.

Grants: client credentials (RFC 6749, 4.4) with ``private_key_jwt``, and JWT bearer (RFC 7523, 2.1) for a line, as CAMARA's
Security and Interoperability Profile has them. Nothing is given by secret or password, and there are no refresh tokens.
"""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import parse_qsl

from lastcall.core.database import database
from lastcall.core.errors import BadInput, Refused
from lastcall.core.numbers.msisdn import parse_msisdn
from lastcall.core.relying import assertions, consumers, jose, quotas, signing, tokens
from lastcall.core.relying.access import Access
from lastcall.core.relying.assertions import Shown
from lastcall.core.relying.consumer import Consumer
from lastcall.doors.lookup.answer import Answer, json_answer
from lastcall.doors.lookup.asked import Asked
from lastcall.doors.lookup.host import base_url
from lastcall.doors.lookup.routes import Route

JWT_BEARER: Final = "urn:ietf:params:oauth:grant-type:jwt-bearer"
CLIENT_ASSERTION: Final = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
_NOT_KEPT: Final = (("cache-control", "no-store"), ("pragma", "no-cache"))
_TEL: Final = re.compile(r"tel:(\+[1-9][0-9]{4,14})", re.ASCII)


class TokenError(Exception):
    """An error of RFC 6749, section 5.2."""

    def __init__(self, error: str, description: str, *, status: int = 400) -> None:
        super().__init__(error)
        self.error = error
        self.description = description
        self.status = status

    def answer(self) -> Answer:
        """As the token endpoint says it."""
        headers = _NOT_KEPT + ((("www-authenticate", "Bearer"),) if self.status == 401 else ())
        document = {"error": self.error, "error_description": self.description}
        return json_answer(document, status=self.status, headers=headers)


def token(asked: Asked) -> Answer:
    """``POST /oauth2/token``."""
    try:
        return _granted(asked, _form(asked))
    except TokenError as trouble:
        return trouble.answer()


def _form(asked: Asked) -> dict[str, str]:
    """The parameters; those without a value count as not sent, and none may come twice (RFC 6749, 3.2)."""
    if asked.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/x-www-form-urlencoded":
        raise TokenError("invalid_request", "The body must be application/x-www-form-urlencoded.")
    try:
        pairs = parse_qsl(asked.body.decode("ascii"), max_num_fields=20)
    except ValueError:
        raise TokenError("invalid_request", "The body cannot be read.") from None
    if len({name for name, _ in pairs}) != len(pairs):
        raise TokenError("invalid_request", "A parameter stands twice.")
    return dict(pairs)


def _granted(asked: Asked, form: dict[str, str]) -> Answer:
    kind = form.get("grant_type")
    if kind is None:
        raise TokenError("invalid_request", "grant_type is missing.")
    base = base_url(asked.headers)
    audiences = {f"{url}{path}" for url in (base, tokens.issuer()) for path in ("", "/", "/oauth2/token")}
    if kind == "client_credentials":
        return _by_client(form, audiences)
    if kind == JWT_BEARER:
        return _by_bearer(form, audiences)
    raise TokenError("unsupported_grant_type", f"Use client_credentials or {JWT_BEARER}.")


def _client(form: dict[str, str], audiences: set[str]) -> Consumer:
    """Who calls. Raises ``invalid_client``."""
    if form.get("client_assertion_type") != CLIENT_ASSERTION or not form.get("client_assertion"):
        raise TokenError("invalid_client", f"Show who you are by private_key_jwt ({CLIENT_ASSERTION}).", status=401)
    try:
        consumer = assertions.show(database(), form["client_assertion"], audiences=audiences, grant=False).consumer
    except Refused as trouble:
        raise TokenError("invalid_client", f"{trouble.message}. {trouble.remedy}", status=401) from trouble
    if form.get("client_id", consumer.client_id) != consumer.client_id:
        raise TokenError("invalid_client", "client_id is not the assertion's.", status=401)
    return consumer


def _by_client(form: dict[str, str], audiences: set[str]) -> Answer:
    consumer = _client(form, audiences)
    if "scope" not in form:
        raise TokenError("invalid_request", "scope is missing.")
    _spend(consumer)
    scopes, purpose = _scopes(consumer, form["scope"], purpose_needed=False)
    return _token(tokens.issue(database(), consumer=consumer, scopes=scopes, purpose=purpose), [*scopes, purpose])


def _by_bearer(form: dict[str, str], audiences: set[str]) -> Answer:
    if "scope" in form:
        raise TokenError("invalid_request", "scope stands in the assertion only.")
    if "assertion" not in form:
        raise TokenError("invalid_request", "assertion is missing.")
    shown = _shown(form, audiences)
    if not shown.consumer.three_legged:
        raise TokenError("unauthorized_client", "Tokens about a line were not agreed.")
    _spend(shown.consumer)
    scopes, purpose = _scopes(shown.consumer, shown.claims.get("scope"), purpose_needed=True)
    try:
        made = tokens.issue(
            database(), consumer=shown.consumer, scopes=scopes, purpose=purpose, msisdn=_number(shown.claims.get("sub"))
        )
    except (Refused, BadInput) as trouble:
        raise TokenError("invalid_grant", "No line of ours in service has this number.") from trouble
    return _token(made, [*scopes, purpose])


def _shown(form: dict[str, str], audiences: set[str]) -> Shown:
    try:
        shown = assertions.show(database(), form["assertion"], audiences=audiences, grant=True)
    except Refused as trouble:
        raise TokenError("invalid_grant", f"{trouble.message}. {trouble.remedy}") from trouble
    if "client_assertion" in form and _client(form, audiences).id != shown.consumer.id:
        raise TokenError("invalid_client", "The two assertions are of two clients.", status=401)
    return shown


def _number(subject: object) -> int:
    """The number in ``tel:+7…`` (RFC 3966). Raises ``BadInput``; a token of TS.43 (``operatortoken:``) is not taken."""
    match = _TEL.fullmatch(subject) if isinstance(subject, str) else None
    if match is None:
        raise BadInput("the subject is no number", code="bad_subject", remedy="Write tel: and the number with +.")
    return parse_msisdn(match[1])


def _scopes(consumer: Consumer, text: object, *, purpose_needed: bool) -> tuple[list[str], str]:
    """The scopes asked for, and the one purpose, which must be the agreed one. Raises ``invalid_scope``."""
    words = text.split() if isinstance(text, str) else []
    purposes = [word for word in words if word.startswith("dpv:")]
    scopes = sorted({word for word in words if word not in purposes})
    if len(purposes) > 1 or (purpose_needed and not purposes):
        raise TokenError("invalid_scope", "Exactly one purpose (dpv:…) goes into the scope.")
    if purposes and purposes[0] != consumer.purpose:
        raise TokenError("invalid_scope", "This is not the purpose that was agreed.")
    if not scopes or set(scopes) - set(consumer.scopes.split()):
        raise TokenError("invalid_scope", "A scope is missing, unknown, or was not agreed.")
    return scopes, consumer.purpose


def _spend(consumer: Consumer) -> None:
    """A token costs as much as a question: what it tells of a number is worth as much."""
    access = Access(consumer.id, "", "", frozenset(), "", None, None, consumer.sandbox, consumer.created_at)
    quotas.spend(database(), access)


def _token(made: str, scopes: list[str]) -> Answer:
    document = {
        "access_token": made, "token_type": "Bearer", "expires_in": int(tokens.LIFETIME.total_seconds()),
        "scope": " ".join(scopes),
    }  # fmt: skip
    return json_answer(document, headers=_NOT_KEPT)


def configuration(asked: Asked) -> Answer:
    """``GET /.well-known/openid-configuration`` (OpenID Connect Discovery 1.0; RFC 8414)."""
    base = base_url(asked.headers)
    return json_answer(
        {
            "issuer": tokens.issuer(),
            "token_endpoint": f"{base}/oauth2/token",
            "jwks_uri": f"{base}/oauth2/jwks",
            "grant_types_supported": ["client_credentials", JWT_BEARER],
            "response_types_supported": [],
            "scopes_supported": list(consumers.SCOPES),
            "subject_types_supported": ["pairwise"],
            "id_token_signing_alg_values_supported": ["ES256"],
            "token_endpoint_auth_methods_supported": ["private_key_jwt"],
            "token_endpoint_auth_signing_alg_values_supported": list(jose.NAMES),
        }
    )


def jwks(asked: Asked) -> Answer:
    """``GET /oauth2/jwks``: the keys that check tokens and signed answers (RFC 7517)."""
    return json_answer(signing.public_keys(database()), headers=(("cache-control", "public, max-age=300"),))


ROUTES: Final = (
    Route("POST", "/oauth2/token", token, None, takes=()),
    Route("GET", "/oauth2/jwks", jwks, None),
    Route("GET", "/.well-known/openid-configuration", configuration, None),
)
