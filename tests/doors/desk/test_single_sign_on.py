"""Single sign-on: members come in by the word of the operator's own provider, strangers and forged words do not."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests
from django.conf import settings
from django.test import Client

from lastcall.core.audit.event import Event
from lastcall.core.staff import members
from lastcall.core.staff.sign_in import SignIn
from tests.doors.desk.openid import ANOTHER_KEY, CLIENT, SECRET, Provider, running_provider
from tests.doors.desk.staffed import Staffed

Answer = Any
"""What Django's test client gives."""


@pytest.fixture
def provider(monkeypatch: pytest.MonkeyPatch) -> Iterator[Provider]:
    """The operator's provider, with single sign-on switched on."""
    with running_provider() as found:
        monkeypatch.setattr(settings, "LASTCALL_OIDC_URL", found.address)
        monkeypatch.setattr(settings, "LASTCALL_OIDC_CLIENT_ID", CLIENT)
        monkeypatch.setattr(settings, "LASTCALL_OIDC_SECRET", lambda: SECRET)
        monkeypatch.setattr(settings, "LASTCALL_OIDC_NAME", "Demo Mobile accounts")
        monkeypatch.setattr(settings, "SESSION_COOKIE_SAMESITE", "Lax")
        found.claims = {"preferred_username": "timur"}
        yield found


def come(browser: Client, *, wanted: str = "/desk/") -> Answer:
    """Off to the provider and back with what it gives."""
    left = browser.get(f"/desk/signin/sso/?next={wanted}")
    answer = requests.get(left["Location"], allow_redirects=False, timeout=5)
    back = urlsplit(answer.headers["Location"])
    return browser.get(f"{back.path}?{back.query}")


@pytest.fixture
def browser() -> Client:
    return Client(headers={"host": "localhost", "accept-language": "en"})


def events(staffed: Staffed, kind: str) -> list[Event]:
    return staffed.base.transact(lambda rows: rows.some(Event, {"kind": kind}, order="id"))


def test_a_member_comes_in_when_the_provider_asked_for_a_second_factor(
    staffed: Staffed, provider: Provider, browser: Client
) -> None:
    provider.claims |= {"amr": ["pwd", "mfa"]}
    assert "Demo Mobile accounts" in browser.get("/desk/signin/").content.decode()
    assert come(browser, wanted="/desk/glass/")["Location"] == "/desk/glass/"
    assert browser.get("/desk/glass/").status_code == 200
    assert [event.data["how"] for event in events(staffed, "staff.signed_in")] == ["sso sso_mfa"]
    asked = provider.asked[0]
    assert asked["code_challenge_method"] == "S256"
    assert asked["redirect_uri"] == "http://localhost/desk/signin/sso/back/"


def test_otherwise_our_own_second_factor_is_asked_for(staffed: Staffed, provider: Provider, browser: Client) -> None:
    provider.claims |= {"amr": ["pwd"]}
    assert come(browser)["Location"].startswith("/desk/signin/setup/")
    assert browser.get("/desk/")["Location"].startswith("/desk/signin/second/")


def test_a_word_in_acr_counts_when_the_operator_says_so(
    staffed: Staffed, provider: Provider, browser: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "LASTCALL_OIDC_ACR", ["strong"])
    provider.claims |= {"acr": "strong"}
    assert come(browser)["Location"] == "/desk/"


@pytest.mark.parametrize(
    "claims",
    [
        {"preferred_username": "somebody"},
        {"preferred_username": ""},
        {"preferred_username": None},
        {"preferred_username": "gone"},
    ],
)
def test_nobody_is_made_a_member_by_it(
    staffed: Staffed, provider: Provider, browser: Client, claims: dict[str, Any]
) -> None:
    members.remove_member(staffed.base, login="timur", actor=staffed.actor("alla", "people.manage"))
    provider.claims = claims | {"amr": ["mfa"]}
    answer = come(browser)
    assert answer.status_code == 403
    assert "not a member here" in answer.content.decode()
    assert staffed.base.transact(lambda rows: rows.count(SignIn, {})) == 0
    assert [event.reason for event in events(staffed, "staff.sign_in_failed")] == ["sso"]


def test_an_address_counts_only_when_the_provider_has_verified_it(
    staffed: Staffed, provider: Provider, browser: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    from lastcall.doors.desk.signin.sso import claimed_login

    monkeypatch.setattr(settings, "LASTCALL_OIDC_CLAIM", "email")
    assert claimed_login({"email": "timur", "email_verified": True}) == "timur"
    for unverified in (False, None, "true"):
        assert claimed_login({"email": "timur", "email_verified": unverified}) == ""


def _signed_by_somebody_else(provider: Provider) -> None:
    provider.key = ANOTHER_KEY


def _signed_with_our_secret(provider: Provider) -> None:
    provider.key, provider.algorithm = SECRET.ljust(64, "."), "HS256"


def _not_signed(provider: Provider) -> None:
    provider.key, provider.algorithm = None, "none"


def _for_somebody_else(provider: Provider) -> None:
    provider.claims["aud"] = "another-client"


def _by_somebody_else(provider: Provider) -> None:
    provider.claims["iss"] = "https://example.org"


def _of_yesterday(provider: Provider) -> None:
    provider.claims["exp"] = 1


@pytest.mark.parametrize(
    "forge",
    [
        _signed_by_somebody_else, _signed_with_our_secret, _not_signed, _for_somebody_else, _by_somebody_else, _of_yesterday,
    ],
)  # fmt: skip
def test_a_token_that_is_not_to_be_believed_opens_nothing(
    staffed: Staffed, provider: Provider, browser: Client, forge: Any
) -> None:
    provider.claims |= {"amr": ["mfa"]}
    forge(provider)
    assert come(browser).status_code == 502
    assert browser.get("/desk/").status_code == 302


def test_an_answer_that_nobody_asked_for_opens_nothing(staffed: Staffed, provider: Provider, browser: Client) -> None:
    """A link with somebody else's code, made to sign a victim in under another name."""
    left = browser.get("/desk/signin/sso/")
    back = urlsplit(requests.get(left["Location"], allow_redirects=False, timeout=5).headers["Location"])
    victim = Client(headers={"host": "localhost"})
    assert victim.get(f"{back.path}?{back.query}").status_code == 502
    assert browser.get("/desk/signin/sso/back/?error=access_denied").status_code == 502


def test_a_provider_that_is_away_is_said_so(
    staffed: Staffed, provider: Provider, browser: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "LASTCALL_OIDC_URL", "http://127.0.0.1:1")
    answer = browser.get("/desk/signin/sso/")
    assert answer.status_code == 502
    assert "sign in with your password" in answer.content.decode()


def test_switched_off_there_is_no_such_page(staffed: Staffed, browser: Client) -> None:
    assert browser.get("/desk/signin/sso/").status_code == 404
    assert browser.get("/desk/signin/sso/back/").status_code == 404
    assert "company" not in browser.get("/desk/signin/").content.decode()
