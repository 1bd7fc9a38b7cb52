"""Signing in: the set-up by a link, the second factor, the rules of sessions, and locks that hit guessers only."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from lastcall.core import clock
from lastcall.core.actor import Actor
from lastcall.core.audit.event import Event
from lastcall.core.errors import NotFound
from lastcall.core.staff import members
from lastcall.core.staff.setting_up import use_link
from lastcall.core.staff.setup_link import SetupLink
from lastcall.core.staff.sign_in import SignIn
from lastcall.doors.desk.signed_in import SIGN_IN
from lastcall.doors.desk.signin import factors
from tests.core.tools import race, winners
from tests.doors.desk.staffed import Staffed
from tests.secrecy import stands_in

Answer = Any
"""What Django's test client gives."""

ALLA = Actor("administrator", "alla", "desk")
on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
PASSWORD = "four quiet words here"
OTHER = "another long sentence"


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """The slow hash is Django's own matter."""
    monkeypatch.setattr(settings, "PASSWORD_HASHERS", ["django.contrib.auth.hashers.MD5PasswordHasher"])


class Person:
    """Somebody before a browser, with an authenticator app in their pocket."""

    def __init__(self, staffed: Staffed, login: str) -> None:
        self.staffed, self.login, self.secret, self.codes = staffed, login, "", []  # type: ignore[var-annotated]
        self.browser = Client(headers={"host": "localhost", "accept-language": "en"})
        self.browser.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"

    def set_up(self) -> Person:
        """By the link an administrator made."""
        word = members.reset_member(self.staffed.base, login=self.login, actor=ALLA).word
        chosen = {"word": word, "new": PASSWORD, "again": PASSWORD}
        assert self.browser.post("/desk/signin/start/", chosen)["Location"].startswith("/desk/signin/setup/")
        page = self.browser.get("/desk/signin/setup/app/").content.decode()
        found = re.search(r"<code>([A-Z2-7 ]+)</code>", page)
        assert found is not None
        self.secret = found[1].replace(" ", "")
        answer = self.browser.post("/desk/signin/setup/app/", {"code": factors.code_now(self.secret)})
        assert answer["Location"].startswith("/desk/signin/codes/")
        shown = self.browser.get(answer["Location"]).content.decode()
        self.codes = [code.replace(" ", "") for code in re.findall(r"<code>([\d ]+)</code>", shown)]
        self.staffed.cast.time.advance(timedelta(minutes=1))
        return self

    def password(self, password: str = PASSWORD, **extra: str) -> Answer:
        return self.browser.post("/desk/signin/", {"login": self.login, "password": password, **extra})

    def code(self, code: str = "") -> Answer:
        return self.browser.post("/desk/signin/second/", {"code": code or factors.code_now(self.secret)})

    def sign_in(self) -> Person:
        self.staffed.cast.time.advance(timedelta(seconds=30))  # a code works once
        assert self.password()["Location"].startswith("/desk/signin/second/")
        assert self.code()["Location"] == "/desk/"
        return self

    def sign_out(self) -> Person:
        self.browser.post("/desk/signin/out/")
        return self

    @property
    def is_in(self) -> bool:
        return self.browser.get("/desk/").status_code == 200


@pytest.fixture
def olga(staffed: Staffed) -> Iterator[Person]:
    """Olga, set up and signed out."""
    return Person(staffed, "olga").set_up().sign_out()  # type: ignore[return-value]


def stranger(staffed: Staffed, login: str = "olga", address: str = "203.0.113.5") -> Person:
    """Somebody who knows the login, at another device."""
    somebody = Person(staffed, login)
    somebody.browser = Client(headers={"host": "localhost", "accept-language": "en"}, REMOTE_ADDR=address)
    return somebody


def events(staffed: Staffed, kind: str) -> list[Event]:
    return staffed.base.transact(lambda rows: rows.some(Event, {"kind": kind}, order="id"))


def test_a_link_leads_to_a_password_a_second_factor_and_the_desk(staffed: Staffed) -> None:
    person = Person(staffed, "olga").set_up()
    assert person.is_in
    assert len(person.codes) == 10
    assert [event.reason for event in events(staffed, "staff.link_used")] == [""]


@on_sqlite
def test_with_a_password_alone_nothing_opens(olga: Person) -> None:
    olga.password()
    assert olga.browser.get("/desk/")["Location"].startswith("/desk/signin/second/")
    assert olga.browser.get("/desk/signin/me/")["Location"].startswith("/desk/signin/second/")


@on_sqlite
def test_before_there_is_a_second_factor_only_its_set_up_opens(staffed: Staffed) -> None:
    word = members.reset_member(staffed.base, login="olga", actor=ALLA).word
    browser = Client(headers={"host": "localhost"})
    browser.post("/desk/signin/start/", {"word": word, "new": PASSWORD, "again": PASSWORD})
    assert browser.get("/desk/")["Location"].startswith("/desk/signin/second/")
    assert browser.get("/desk/signin/second/")["Location"].startswith("/desk/signin/setup/")


@on_sqlite
def test_with_a_password_alone_no_second_factor_is_added_to_one_that_is_there(olga: Person) -> None:
    olga.password()
    assert olga.browser.get("/desk/signin/setup/app/")["Location"].startswith("/desk/signin/second/")
    assert olga.browser.get("/desk/signin/setup/app/qr.svg").status_code == 404


@on_sqlite
def test_a_link_works_once(staffed: Staffed) -> None:
    word = members.reset_member(staffed.base, login="olga", actor=ALLA).word
    use_link(staffed.base, word=word)
    with pytest.raises(NotFound):
        use_link(staffed.base, word=word)


@on_sqlite
def test_a_link_is_void_after_a_day_and_by_a_newer_one(staffed: Staffed) -> None:
    first = members.reset_member(staffed.base, login="olga", actor=ALLA).word
    second = members.reset_member(staffed.base, login="olga", actor=ALLA).word
    with pytest.raises(NotFound):
        use_link(staffed.base, word=first)
    staffed.cast.time.advance(timedelta(hours=24))
    with pytest.raises(NotFound):
        use_link(staffed.base, word=second)


@on_sqlite
def test_of_a_link_only_a_hash_is_kept(staffed: Staffed) -> None:
    word = members.reset_member(staffed.base, login="olga", actor=ALLA).word
    (link,) = staffed.base.transact(lambda rows: rows.some(SetupLink, {}))
    assert word not in repr(link)


@on_sqlite
def test_a_weak_password_leaves_the_link_unused(staffed: Staffed) -> None:
    word = members.reset_member(staffed.base, login="olga", actor=ALLA).word
    browser = Client(headers={"host": "localhost", "accept-language": "en"})
    page = browser.post("/desk/signin/start/", {"word": word, "new": "passwordpassword1", "again": "passwordpassword2"})
    assert "differ" in page.content.decode()
    assert browser.post("/desk/signin/start/", {"word": word, "new": "short", "again": "short"}).status_code == 200
    assert browser.post("/desk/signin/start/", {"word": word, "new": PASSWORD, "again": PASSWORD}).status_code == 302


@on_sqlite
def test_the_answer_tells_nobody_whether_a_login_exists(staffed: Staffed, olga: Person) -> None:
    known, unknown = stranger(staffed), stranger(staffed, "nobody")
    shown = [re.sub(r'value="[^"]*"', "", one.password(OTHER).content.decode()) for one in (known, unknown)]
    assert shown[0] == shown[1]
    assert "Login or password is wrong" in shown[0]


def test_a_code_works_once(olga: Person) -> None:
    olga.password()
    code = factors.code_now(olga.secret)
    assert olga.code(code).status_code == 302
    olga.sign_out().password()
    assert "not right" in olga.code(code).content.decode()


def test_a_recovery_code_signs_in_once(olga: Person) -> None:
    olga.password()
    assert olga.code(olga.codes[0])["Location"] == "/desk/"
    olga.sign_out().password()
    assert olga.code(olga.codes[0]).status_code == 200


@on_sqlite
def test_the_secret_of_the_app_and_the_recovery_codes_are_sealed_at_rest(olga: Person) -> None:
    from allauth.mfa.models import Authenticator

    kept = repr([row.data for row in Authenticator.objects.all()])
    assert olga.secret not in kept
    assert not any(stands_in(code, kept) for code in olga.codes)


@on_sqlite
def test_the_session_key_is_a_new_one_at_each_step(olga: Person) -> None:
    """A key planted in a browser before is worth nothing afterwards."""
    olga.browser.get("/desk/signin/passkey/")
    keys = [olga.browser.cookies[settings.SESSION_COOKIE_NAME].value]
    olga.password()
    keys.append(olga.browser.cookies[settings.SESSION_COOKIE_NAME].value)
    olga.code()
    keys.append(olga.browser.cookies[settings.SESSION_COOKIE_NAME].value)
    assert len(set(keys)) == 3


@on_sqlite
def test_the_session_cookie_is_for_the_desk_alone(olga: Person) -> None:
    olga.password()
    cookie = olga.browser.cookies[settings.SESSION_COOKIE_NAME]
    assert (cookie["path"], cookie["httponly"], cookie["samesite"]) == ("/desk/", True, "Strict")


@on_sqlite
def test_silence_ends_a_sign_in(olga: Person) -> None:
    olga.sign_in()
    olga.staffed.cast.time.advance(timedelta(minutes=14))
    assert olga.is_in
    olga.staffed.cast.time.advance(timedelta(minutes=14))
    assert olga.is_in
    olga.staffed.cast.time.advance(timedelta(minutes=15))
    assert not olga.is_in


@on_sqlite
def test_a_sign_in_lasts_a_shift_and_no_longer(olga: Person) -> None:
    olga.sign_in()
    for _ in range(47):
        olga.staffed.cast.time.advance(timedelta(minutes=10))
        assert olga.is_in
    olga.staffed.cast.time.advance(timedelta(minutes=10))
    assert not olga.is_in


def test_one_click_signs_out_everywhere(olga: Person) -> None:
    olga.sign_in()
    elsewhere = olga.staffed.at_desk("olga")
    assert elsewhere.get("/desk/").status_code == 200
    olga.browser.post("/desk/signin/everywhere/")
    assert elsewhere.get("/desk/").status_code == 302
    assert not olga.is_in


@on_sqlite
def test_who_signs_out_is_out(olga: Person) -> None:
    """Also with the cookie of before."""
    olga.sign_in()
    kept = olga.browser.cookies[settings.SESSION_COOKIE_NAME].value
    olga.sign_out()
    olga.browser.cookies[settings.SESSION_COOKIE_NAME] = kept
    assert not olga.is_in


def test_who_leaves_is_out_everywhere_at_once_and_cannot_come_back(olga: Person) -> None:
    olga.sign_in()
    elsewhere = olga.staffed.at_desk("olga")
    members.remove_member(olga.staffed.base, login="olga", actor=ALLA)
    assert not olga.is_in
    assert elsewhere.get("/desk/").status_code == 302
    assert "Login or password is wrong" in olga.password().content.decode()


def test_a_guesser_locks_unknown_devices_and_never_the_known_one(staffed: Staffed, olga: Person) -> None:
    olga.sign_in().sign_out()
    guesser = stranger(staffed)
    for _ in range(settings_tries(staffed)):
        assert "Login or password is wrong" in guesser.password(OTHER).content.decode()
    assert "Too many wrong tries" in guesser.password(OTHER).content.decode()
    assert "Too many wrong tries" in stranger(staffed, address="198.51.100.7").password().content.decode()
    olga.sign_in()
    assert [(event.reason, event.subject_id) for event in events(staffed, "staff.locked")] == [
        ("unknown_devices", staffed.members["olga"].id)
    ]


def settings_tries(staffed: Staffed) -> int:
    return staffed.cast.policy.staff_sign_in_tries


@on_sqlite
def test_an_unknown_login_is_locked_in_the_same_way(staffed: Staffed) -> None:
    guesser = stranger(staffed, "nobody")
    for _ in range(settings_tries(staffed)):
        guesser.password(OTHER)
    assert "Too many wrong tries" in guesser.password(OTHER).content.decode()


@on_sqlite
def test_a_lock_is_over_after_its_time(staffed: Staffed, olga: Person) -> None:
    guesser = stranger(staffed)
    for _ in range(settings_tries(staffed) + 1):
        guesser.password(OTHER)
    staffed.cast.time.advance(timedelta(minutes=staffed.cast.policy.staff_sign_in_lock_minutes))
    assert guesser.password().status_code == 302


@on_sqlite
def test_a_known_device_has_a_lock_of_its_own(staffed: Staffed, olga: Person) -> None:
    """Whoever sits down at it while its owner is away guesses no longer than anybody else."""
    olga.sign_in().sign_out()
    for _ in range(settings_tries(staffed)):
        olga.password(OTHER)
    assert "Too many wrong tries" in olga.password().content.decode()
    assert [event.reason for event in events(staffed, "staff.locked")] == ["device"]


@on_sqlite
def test_one_address_cannot_try_every_login(staffed: Staffed) -> None:
    most = staffed.cast.policy.staff_sign_in_tries_per_address
    for number in range(most):
        stranger(staffed, f"login{number}").password(OTHER)
    assert "Too many wrong tries" in stranger(staffed, "fresh").password(OTHER).content.decode()
    assert "Login or password" in stranger(staffed, "fresh", address="198.51.100.7").password(OTHER).content.decode()


def test_second_factors_are_not_guessed(staffed: Staffed, olga: Person) -> None:
    """Each lock lasts twice as long as the one before."""
    thief = stranger(staffed)
    thief.password()
    for _ in range(settings_tries(staffed)):
        assert "not right" in thief.code("000000").content.decode()
    assert "Too many wrong tries" in thief.code("000000").content.decode()
    minutes = staffed.cast.policy.staff_sign_in_lock_minutes
    staffed.cast.time.advance(timedelta(minutes=minutes))
    thief.password()
    for _ in range(settings_tries(staffed) + 1):
        thief.code("000000")
    staffed.cast.time.advance(timedelta(minutes=minutes))
    thief.password()
    assert "Too many wrong tries" in thief.code("000000").content.decode()
    olga.sign_in()


@on_sqlite
def test_guessing_links_is_limited_and_noted(staffed: Staffed) -> None:
    browser = Client(headers={"host": "localhost", "accept-language": "en"}, REMOTE_ADDR="203.0.113.5")
    guess = {"word": "0" * 32, "new": PASSWORD, "again": PASSWORD}
    for _ in range(staffed.cast.policy.staff_sign_in_tries_per_address):
        assert "not valid" in browser.post("/desk/signin/start/", guess).content.decode()
    assert "Too many wrong tries" in browser.post("/desk/signin/start/", guess).content.decode()
    assert {event.reason for event in events(staffed, "staff.sign_in_failed")} == {"link"}


def test_tries_at_once_are_no_more_than_tries_one_after_the_other(staffed: Staffed) -> None:
    """The try is counted before it is looked at."""
    tries = [partial(stranger(staffed).password, OTHER) for _ in range(12)]
    pages = [answer.content.decode() for answer in winners(race(*tries))]
    assert len(pages) == len(tries)
    assert sum("Login or password is wrong" in page for page in pages) == settings_tries(staffed)


@on_sqlite
def test_the_way_back_leads_to_our_own_pages_only(olga: Person) -> None:
    olga.password(next="https://example.org/desk/")
    assert (
        olga.browser.post("/desk/signin/second/", {"code": factors.code_now(olga.secret), "next": "//example.org"})[
            "Location"
        ]
        == "/desk/"
    )


@on_sqlite
def test_a_forged_form_signs_nobody_in(staffed: Staffed) -> None:
    browser = Client(headers={"host": "localhost"}, enforce_csrf_checks=True)
    assert browser.post("/desk/signin/", {"login": "olga", "password": PASSWORD}).status_code == 403


@on_sqlite
def test_a_password_is_changed_by_who_knows_it_and_signs_out_everywhere(olga: Person) -> None:
    olga.sign_in()
    elsewhere = olga.staffed.at_desk("olga")
    changed = {"present": PASSWORD, "new": OTHER, "again": OTHER}
    assert (
        "not your present"
        in olga.browser.post("/desk/signin/me/password/", changed | {"present": "wrong"}).content.decode()
    )
    assert olga.browser.post("/desk/signin/me/password/", changed)["Location"] == "/desk/signin/"
    assert elsewhere.get("/desk/").status_code == 302
    assert olga.password(OTHER).status_code == 302


@on_sqlite
def test_how_one_signs_in_is_changed_only_shortly_after_signing_in(olga: Person) -> None:
    """Who sits down at a desk left open adds no passkey of their own."""
    olga.sign_in()
    assert olga.browser.get("/desk/signin/setup/passkey/").status_code == 200
    olga.staffed.cast.time.advance(timedelta(minutes=11))
    assert olga.browser.get("/desk/signin/setup/passkey/").status_code == 403
    assert olga.browser.post("/desk/signin/me/codes/").status_code == 403


@on_sqlite
def test_nothing_secret_is_in_the_events(olga: Person) -> None:
    olga.sign_in()
    told = repr(olga.staffed.base.transact(lambda rows: rows.some(Event, {"subject": "staff"})))
    assert PASSWORD not in told
    assert olga.secret not in told
    assert not any(stands_in(code, told) for code in olga.codes)


@on_sqlite
def test_a_sign_in_says_how_and_a_session_holds_nothing_else(olga: Person) -> None:
    olga.sign_in()
    assert [event.data["how"] for event in events(olga.staffed, "staff.signed_in")][-1] == "password totp"
    assert set(olga.browser.session.keys()) - {"_session_expiry"} == {SIGN_IN}
    found = olga.staffed.base.transact(lambda rows: rows.some(SignIn, {"ended_at": None}, order="-id"))
    assert found[0].complete and found[0].seen_at == clock.now()
