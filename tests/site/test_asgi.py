"""One address, two applications: look-ups go to the bare one, everything else to Django, with nothing lost on the way."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import httpx
import pytest
from a2wsgi import WSGIMiddleware

from lastcall.core.database import DjangoDatabase
from lastcall.doors.lookup.asgi import make_door
from lastcall.site.asgi import Site, application

on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
"""The application is one for the whole process: its threads keep their connections, which a server's database would wait for."""


def ask(app: Any, method: str, path: str, **given: Any) -> httpx.Response:
    async def asking() -> httpx.Response:
        transport = httpx.ASGITransport(app=app, client=("203.0.113.7", 4711))
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as http:
            return await http.request(method, path, **given)

    return asyncio.run(asking())


def mirror(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """Says what a WSGI application was given."""
    body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
    said = {name: value for name, value in environ.items() if isinstance(value, str)} | {"read": len(body)}
    start_response("200 OK", [("Content-Type", "application/json"), ("Set-Cookie", "a=1"), ("Set-Cookie", "b=2")])
    return [json.dumps(said).encode()]


@pytest.fixture
def mirrored() -> Iterator[Any]:
    pages = WSGIMiddleware(mirror, workers=1)  # type: ignore[arg-type]
    yield Site(make_door(), pages)
    pages.executor.shutdown()


@pytest.fixture
def site(base: DjangoDatabase, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setattr("lastcall.core.database._default", base)
    return application


@on_sqlite
def test_the_portal_is_served_with_its_static_files_and_its_own_404(site: Any) -> None:
    page = ask(site, "GET", "/")
    assert page.status_code == 200 and "content-security-policy" in page.headers
    style = re.search(r'href="([^"]+\.css)"', page.text)
    assert style is not None
    assert ask(site, "GET", style[1]).headers["content-type"].startswith("text/css")
    assert "text/html" in ask(site, "GET", "/no/such/page").headers["content-type"]
    assert ask(site, "HEAD", "/").content == b""


@on_sqlite
def test_a_form_comes_through_with_its_cookie(site: Any) -> None:
    page = ask(site, "GET", "/number/")
    token = page.text.split('csrfmiddlewaretoken" value="')[1].split('"')[0]
    form = {"csrfmiddlewaretoken": token, "number": "+7 900 000-10-01"}
    cookies = {"csrftoken": page.cookies["csrftoken"]}
    given = {"headers": {"cookie": f"csrftoken={cookies['csrftoken']}", "origin": "http://localhost"}}
    assert ask(site, "POST", "/number/", data=form, **given).status_code == 200
    assert ask(site, "POST", "/number/", data=form).status_code == 403


@on_sqlite
def test_look_ups_never_reach_django(site: Any) -> None:
    for path in ("/oauth2/jwks", "/.well-known/openid-configuration"):
        assert ask(site, "GET", path).headers["content-type"] == "application/json"
    for path in ("/number-recycling/v0.2/check", "/kyc-tenure/v0.3rc1/check-tenure", "/kyc-match/v0.4/match"):
        answer = ask(site, "POST", path, json={})
        assert (answer.status_code, answer.json()["code"]) == (401, "UNAUTHENTICATED")
    assert ask(site, "GET", "/oauth2/none").json()["code"] == "NOT_FOUND"


def test_a_page_whose_name_only_begins_like_a_look_up_is_a_page(mirrored: Site) -> None:
    for path in ("/", "/oauth22/token", "/x/oauth2/token", "/number/", "/desk/"):
        assert not mirrored.is_lookup(path), path
    for path in ("/oauth2", "/oauth2/", "/oauth2/token", "/number-recycling/v0.2/check"):
        assert mirrored.is_lookup(path), path


def test_the_visitors_address_and_the_proxys_headers_come_through(mirrored: Site) -> None:
    headers = {"x-forwarded-for": "198.51.100.1", "x-forwarded-proto": "https", "accept-language": "zh-Hans"}
    answer = ask(mirrored, "GET", "/desk/a%20b?x=1&y=%D0%B9", headers=headers)
    said = answer.json()
    assert said["REMOTE_ADDR"] == "203.0.113.7" and said["HTTP_HOST"] == "localhost"
    assert (said["HTTP_X_FORWARDED_FOR"], said["HTTP_X_FORWARDED_PROTO"]) == ("198.51.100.1", "https")
    assert (said["PATH_INFO"], said["QUERY_STRING"]) == ("/desk/a b", "x=1&y=%D0%B9")
    assert answer.headers.get_list("set-cookie") == ["a=1", "b=2"]


def test_a_visitor_cannot_speak_in_the_proxys_name_by_an_underscore(mirrored: Site) -> None:
    headers = {"x-forwarded-for": "198.51.100.1", "x_forwarded_for": "127.0.0.1", "x_forwarded_proto": "https"}
    said = ask(mirrored, "GET", "/", headers=headers).json()
    assert said["HTTP_X_FORWARDED_FOR"] == "198.51.100.1" and "HTTP_X_FORWARDED_PROTO" not in said


def test_a_photo_of_ten_megabytes_comes_through_whole(mirrored: Site) -> None:
    photo = bytes(10 * 1024 * 1024)
    assert ask(mirrored, "POST", "/case/photo/", files={"photo": ("a.jpg", photo)}).json()["read"] > len(photo)
