"""What holds for every page: languages, headers, size, and calm words when something is wrong."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.db import OperationalError
from django.test import Client

from lastcall.core.database import DjangoDatabase
from tests.cast import PASSPORT, Cast
from tests.doors.portal import scenes
from tests.doors.portal.case_forms import answer_all, code_of, send
from tests.doors.portal.scenes import LANGUAGES, speak, text, words

PAGES = ("/", "/close/", "/receipt/", "/prepare/", "/stop/", "/case/", "/number/", "/nowhere/")
HEADERS = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
}


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_page_is_in_one_language_and_says_which(browser: Client, path: str, language: str) -> None:
    speak(browser, language)
    answer = browser.get(path)
    body = answer.content.decode()
    assert f'<html lang="{LANGUAGES[language]}">' in body
    assert answer["Content-Language"] == language
    for name in ("简体中文", "Русский", "English"):
        assert name in body
    rest = re.sub(r'<nav class="languages".*?</nav>', "", body, flags=re.DOTALL)
    rest = re.sub(r'<span class="examples".*?</span></span>|[0-9]{4}年[0-9]+月[0-9]+日', "", rest)
    assert bool(re.search("[\u4e00-\u9fff]", rest)) == (language == "zh-hans")
    assert bool(re.search("[А-Яа-яЁё]", rest)) == (language == "ru")


@pytest.mark.parametrize(
    ("wished", "language"), [("zh-CN,zh;q=0.9", "zh-Hans"), ("ru-RU,ru;q=0.9,en;q=0.5", "ru"), ("fr", "en")]
)
def test_a_first_visit_is_answered_in_the_browsers_language(browser: Client, wished: str, language: str) -> None:
    body = browser.get("/", headers={"accept-language": wished}).content.decode()
    assert f'<html lang="{language}">' in body


def test_a_chosen_language_outlives_the_browsers_wish(browser: Client) -> None:
    speak(browser, "ru")
    assert '<html lang="ru">' in browser.get("/number/", headers={"accept-language": "zh-CN"}).content.decode()


def test_the_switch_never_leads_to_another_site(browser: Client) -> None:
    answer = browser.get("/", {"lang": "ru"}, PATH_INFO="//example.org/")
    assert answer.status_code == 302
    assert answer["Location"] == "/example.org/"


def test_a_language_we_do_not_have_changes_nothing(browser: Client) -> None:
    answer = browser.get("/", {"lang": "tlh"})
    assert answer.status_code == 200
    assert "django_language" not in browser.cookies


@pytest.mark.parametrize("path", PAGES)
def test_every_answer_carries_strict_headers(browser: Client, path: str) -> None:
    answer = browser.get(path)
    assert {name: answer[name] for name in HEADERS} == HEADERS
    policy = answer["Content-Security-Policy"]
    assert policy.startswith("default-src 'none';")
    assert "unsafe" not in policy
    assert "script-src 'self';" in policy


def test_the_case_page_carries_them_too(browser: Client, cast: Cast) -> None:
    answer = browser.post("/case/", words(cast.on_hold()), follow=True)
    assert {name: answer[name] for name in HEADERS} == HEADERS


@pytest.mark.parametrize("path", PAGES)
def test_no_page_has_script_or_style_inside_or_anything_from_elsewhere(browser: Client, path: str) -> None:
    body = browser.get(path).content.decode()
    scripts = [f'<script src="/static/{name}.js" defer>' for name in ("screens/forms", "portal/portal")]
    assert [found.strip() for found in re.findall(r"<script[^>]*>[^<]*", body)] == scripts
    assert not re.search(r"<style|\sstyle=|\son\w+=", body)
    assert not re.search(r'(?:href|src|action)="(?:https?:)?//', body)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_longest_page_with_all_it_needs_stays_small(browser: Client, cast: Cast, language: str) -> None:
    speak(browser, language)
    page = browser.post("/case/", words(scenes.quarantined(cast)), follow=True).content
    parts = re.findall(r'<(?:link rel="(?:stylesheet|icon)"|script)[^>]*(?:href|src)="([^"]*)"', page.decode())
    assert len(parts) >= 3
    files = [browser.get(path) for path in parts]
    assert all(file.status_code == 200 for file in files)
    assert len(page) + sum(len(b"".join(file)) for file in files) < 100_000


def test_a_form_without_its_token_is_refused_calmly() -> None:
    strict = Client(enforce_csrf_checks=True, headers={"host": "localhost", "accept-language": "ru"})
    answer = strict.post("/number/", {"number": "+7 900 000-10-01"})
    assert answer.status_code == 403
    assert "Страница была открыта слишком долго" in text(answer)


def test_a_host_that_is_not_ours_is_refused_in_the_same_style() -> None:
    answer = Client(headers={"host": "example.org"}).get("/")
    assert answer.status_code == 400
    assert "This request cannot be read" in text(answer)


@pytest.mark.parametrize(
    ("language", "title"),
    [("zh-hans", "我们这里出了问题"), ("ru", "У нас что-то пошло не так"), ("en", "Something went wrong here")],
    ids=LANGUAGES,
)
def test_a_fault_of_ours_is_told_in_the_readers_language(
    browser: Client, broken_by: Callable[[Exception], None], language: str, title: str
) -> None:
    speak(browser, language)
    broken_by(RuntimeError("a fault"))
    browser.raise_request_exception = False
    answer = browser.post("/number/", {"number": "+7 900 000-10-01"})
    assert answer.status_code == 500
    assert title in text(answer)
    assert "a fault" not in text(answer)


@pytest.mark.parametrize(
    ("language", "when"),
    [("zh-hans", "请在 2 分钟后重试。"), ("ru", "Попробуйте снова через 2 минуты."), ("en", "Try again in 2 minutes.")],
    ids=LANGUAGES,
)
def test_a_database_that_cannot_be_reached_says_when_to_come_back(
    browser: Client, broken_by: Callable[[Exception], None], language: str, when: str
) -> None:
    speak(browser, language)
    broken_by(OperationalError("no connection"))
    answer = browser.post("/number/", {"number": "+7 900 000-10-01"})
    assert answer.status_code == 503
    assert answer["Retry-After"] == "120"
    assert when in text(answer)


@pytest.fixture
def broken_by(monkeypatch: pytest.MonkeyPatch) -> Callable[[Exception], None]:
    """Let the database answer with this trouble."""

    def break_it(trouble: Exception) -> None:
        def transact(self: DjangoDatabase, work: object) -> None:
            raise trouble

        monkeypatch.setattr(DjangoDatabase, "transact", transact)

    return break_it


CASE_PAGES = (
    "/case/",
    "/case/identity/",
    "/case/identity/country/",
    "/case/identity/where/",
    "/case/identity/number/",
    "/case/identity/code/",
    "/case/papers/",
    "/case/sim/",
    "/case/withdraw/",
    "/case/stop/",
)
PROVED_PAGES = ("/case/", "/case/asked/", "/case/photo/", "/case/callback/", "/case/refund/")


def case_pages(browser: Client, cast: Cast, language: str) -> dict[str, str]:
    """Every page of a case that has only been declared, then those of one that was proved."""
    speak(browser, language)
    receipt = cast.declare(language=language)
    cast.work()
    browser.post("/case/", words(receipt))
    answer_all(browser, document=PASSPORT)
    pages = {path: browser.get(path).content.decode() for path in CASE_PAGES}
    send(browser, "/case/identity/code/", code=code_of(cast, receipt))
    cast.work()
    pages |= {f"{path} proved": browser.get(path).content.decode() for path in PROVED_PAGES}
    assert all("<h1>" in page for page in pages.values()), "no page only leads to another"
    return pages


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_page_of_a_case_is_in_one_language(browser: Client, cast: Cast, language: str) -> None:
    for path, body in case_pages(browser, cast, language).items():
        assert f'<html lang="{LANGUAGES[language]}">' in body
        own = re.sub(
            r'<nav class="languages".*?</nav>|<label[^>]* lang="[^"]*">[^<]*</label>', "", body, flags=re.DOTALL
        )
        own = re.sub(r"<!doctype html>.*<body>|[0-9]{4}年[0-9]+月[0-9]+日", "", own, flags=re.DOTALL)
        assert bool(re.search("[\u4e00-\u9fff]", own)) == (language == "zh-hans"), path
        assert bool(re.search("[А-Яа-яЁё]", own)) == (language == "ru"), path


def test_no_page_of_a_case_has_script_or_style_inside_or_a_secret_in_an_address(browser: Client, cast: Cast) -> None:
    for path, body in case_pages(browser, cast, "en").items():
        assert not re.search(r"<style|\sstyle=|\son\w+=", body), path
        addresses = re.findall(r'(?:href|src|action)="([^"]*)"', body)
        assert not [address for address in addresses if re.match("(?:https?:)?//", address)], path
        assert not [address for address in addresses if "?" in address and "?lang=" not in address], path


def test_every_form_of_a_case_is_marked_guarded_and_posted(browser: Client, cast: Cast) -> None:
    for path, body in case_pages(browser, cast, "en").items():
        forms = re.findall(r"<form.*?</form>", body, flags=re.DOTALL)
        assert forms, path
        for form in forms:
            assert 'method="post"' in form and "csrfmiddlewaretoken" in form, path
            assert 'name="of"' in form or 'action="/case/close/"' in form, path


def test_every_page_of_a_case_stays_small(browser: Client, cast: Cast) -> None:
    pages = case_pages(browser, cast, "ru")
    parts = set(re.findall(r'<(?:link rel="(?:stylesheet|icon)"|script)[^>]*(?:href|src)="([^"]*)"', pages["/case/"]))
    around = sum(len(b"".join(browser.get(path))) for path in parts)
    assert len(parts) == 5
    assert max(len(page.encode()) for page in pages.values()) + around < 100_000
