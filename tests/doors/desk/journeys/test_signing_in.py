"""Signing in with a real browser: by link, password and app; by a passkey alone; by the operator's own accounts."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.conf import settings
from playwright.sync_api import Browser, Page, expect

from lastcall.core.audit.event import Event
from lastcall.core.staff import members
from lastcall.doors.desk.signin import factors
from tests import axe
from tests.doors import chromium
from tests.doors.desk.openid import CLIENT, SECRET, running_provider
from tests.doors.desk.staffed import Staffed

PASSWORD = "four quiet words here"
TOO_WIDE = "document.documentElement.scrollWidth - window.innerWidth"


@pytest.fixture
def site(staffed: Staffed, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The desk, by the name for which browsers make passkeys."""
    monkeypatch.setattr(settings, "PASSWORD_HASHERS", ["django.contrib.auth.hashers.MD5PasswordHasher"])
    with chromium.served() as address:
        yield address.replace("127.0.0.1", "localhost")


@contextmanager
def at_a_screen(chrome: Browser, *, width: int = 1280) -> Iterator[Page]:
    """A fresh browser, in which no script may break. (Axe's own doings make the console complain of other things.)"""
    complaints: list[str] = []
    context = chrome.new_context(viewport={"width": width, "height": 900}, locale="en")
    page = context.new_page()
    page.on("pageerror", lambda trouble: complaints.append(str(trouble)))
    yield page
    context.close()
    assert complaints == []


def sound(page: Page) -> None:
    """Nothing axe would complain of, and no scrolling sideways."""
    assert axe.violations(page) == []
    assert page.evaluate(TOO_WIDE) <= 0


def link(staffed: Staffed, site: str, login: str = "roman") -> str:
    alla = staffed.actor("alla", "people.manage")
    return f"{site}/desk/signin/start/#{members.reset_member(staffed.base, login=login, actor=alla).word}"


def set_password(page: Page, address: str) -> None:
    page.goto(address)
    expect(page.get_by_label("Setting-up code")).not_to_have_value("")
    assert "#" not in page.url
    page.get_by_label("New password", exact=True).fill(PASSWORD)
    page.get_by_label("The same password again").fill(PASSWORD)
    page.get_by_role("button", name="Continue").click()


def give_password(page: Page, site: str) -> None:
    page.goto(f"{site}/desk/glass/")
    page.get_by_label("Login").fill("roman")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Continue").click()


def how(staffed: Staffed) -> list[str]:
    found = staffed.base.transact(lambda rows: rows.some(Event, {"kind": "staff.signed_in"}, order="id"))
    return [event.data["how"] for event in found]


def test_from_the_link_to_the_desk_with_an_authenticator_app(chrome: Browser, staffed: Staffed, site: str) -> None:
    """On a narrow screen; every page on the way is sound."""
    with at_a_screen(chrome, width=320) as page:
        page.goto(f"{site}/desk/signin/start/")
        sound(page)
        set_password(page, link(staffed, site))
        sound(page)
        page.get_by_role("link", name="Passkey").click()
        sound(page)
        page.go_back()
        page.get_by_role("link", name="Authenticator app").click()
        sound(page)
        assert page.evaluate("document.images[0].naturalWidth") > 100
        secret = page.locator("code").inner_text().replace(" ", "")
        page.get_by_label("Code").fill(factors.code_now(secret))
        page.get_by_role("button", name="Continue").click()
        expect(page.locator(".codes li")).to_have_count(10)
        assert axe.violations(page) == []
        page.get_by_role("link", name="I have kept them").click()
        expect(page.get_by_role("heading", name="Your work")).to_be_visible()
        page.get_by_role("link", name="Roman").click()
        expect(page.get_by_text("Recovery codes not used yet: 10")).to_be_visible()
        sound(page)
        page.get_by_role("button", name="Sign out", exact=True).click()
        staffed.cast.time.advance(timedelta(seconds=30))
        give_password(page, site)
        sound(page)
        page.get_by_label("Code").fill(factors.code_now(secret))
        page.get_by_role("button", name="Sign in").click()
        expect(page.get_by_role("heading", name="Break-glass")).to_be_visible()
    assert how(staffed) == ["password totp", "password totp"]


def test_a_passkey_is_made_and_signs_in_alone(chrome: Browser, staffed: Staffed, site: str) -> None:
    """By an authenticator that browsers keep for tests, which checks its owner's finger."""
    with at_a_screen(chrome) as page:
        devtools = page.context.new_cdp_session(page)
        devtools.send("WebAuthn.enable")
        authenticator = devtools.send(
            "WebAuthn.addVirtualAuthenticator",
            {"options": {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
                         "isUserVerified": True, "automaticPresenceSimulation": True}},
        )["authenticatorId"]  # fmt: skip
        set_password(page, link(staffed, site))
        page.get_by_role("link", name="Passkey").click()
        page.get_by_label("Name of this passkey").fill("Counter 3")
        page.get_by_role("button", name="Make a passkey").click()
        expect(page.locator(".codes li")).to_have_count(10)
        page.get_by_role("link", name="I have kept them").click()
        page.get_by_role("button", name="Sign out", exact=True).click()
        page.get_by_role("button", name="Use a passkey").click()
        expect(page.get_by_role("heading", name="Your work")).to_be_visible()
        page.get_by_role("link", name="Roman").click()
        expect(page.get_by_text("Passkey: Counter 3")).to_be_visible()
        page.get_by_role("button", name="Sign out", exact=True).click()
        give_password(page, site)
        page.get_by_role("button", name="Use a passkey").click()
        expect(page.get_by_role("heading", name="Break-glass")).to_be_visible()
        page.get_by_role("button", name="Sign out", exact=True).click()
        devtools.send("WebAuthn.setUserVerified", {"authenticatorId": authenticator, "isUserVerified": False})
        page.get_by_role("button", name="Use a passkey").click()
        expect(page.get_by_text("That did not work")).to_be_visible()
    assert how(staffed) == ["password passkey", "passkey", "password passkey"]


def test_the_operators_own_accounts_open_the_desk(
    chrome: Browser, staffed: Staffed, site: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """There to another site and back, with the cookies that browsers really send."""
    with running_provider() as provider, at_a_screen(chrome) as page:
        provider.claims = {"preferred_username": "roman", "amr": ["mfa"]}
        monkeypatch.setattr(settings, "LASTCALL_OIDC_URL", provider.address)
        monkeypatch.setattr(settings, "LASTCALL_OIDC_CLIENT_ID", CLIENT)
        monkeypatch.setattr(settings, "LASTCALL_OIDC_SECRET", lambda: SECRET)
        monkeypatch.setattr(settings, "LASTCALL_OIDC_NAME", "Demo Mobile accounts")
        monkeypatch.setattr(settings, "SESSION_COOKIE_SAMESITE", "Lax")
        page.goto(f"{site}/desk/glass/")
        sound(page)
        page.get_by_role("link", name="Demo Mobile accounts").click()
        expect(page.get_by_role("heading", name="Break-glass")).to_be_visible()
    assert how(staffed) == ["sso sso_mfa"]
