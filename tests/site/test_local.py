"""The pages of one door alone: on this computer only, to nobody by another name, and without anything of an installation."""

from __future__ import annotations

import http.client
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from lastcall.site import settings, settings_alone
from lastcall.site.local import OnlyHere

PROGRAM = """
import django
django.setup()
from lastcall.site.local import serve_local
serve_local("lastcall.doors.kit.urls", port=0, on_ready=lambda address: print(address, flush=True))
print("ended", flush=True)
"""


@dataclass(frozen=True)
class Local:
    """A program that serves the kit's door, and how to ask it."""

    process: subprocess.Popen[str]
    port: int

    def ask(self, path: str = "/", *, method: str = "GET", **headers: str) -> http.client.HTTPResponse:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        connection.request(method, path, headers={name.replace("_", "-"): text for name, text in headers.items()})
        answer = connection.getresponse()
        answer.msg["body"] = answer.read().decode()
        connection.close()
        return answer


def alone(home: Path) -> Mapping[str, str]:
    """The environment of somebody who has no installation."""
    ours = {name: text for name, text in os.environ.items() if not name.startswith("LASTCALL_")}
    return ours | {"DJANGO_SETTINGS_MODULE": "lastcall.site.settings_alone", "LASTCALL_HOME": str(home)}


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that is not there."""
    return tmp_path_factory.mktemp("nobody") / "home"


@pytest.fixture(scope="module")
def local(home: Path) -> Iterator[Local]:
    process = subprocess.Popen([sys.executable, "-c", PROGRAM], env=alone(home), stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    address = process.stdout.readline().strip()
    yield Local(process, int(address.rsplit(":")[-1].strip("/")))
    process.kill()
    process.wait(20)
    process.stdout.close()


def test_it_serves_the_door_at_the_root_with_the_strict_headers(local: Local) -> None:
    answer = local.ask("/")

    assert answer.status == 200
    assert '<form method="get" action="/show/">' in answer.msg["body"]
    assert "default-src 'none'" in answer.msg["Content-Security-Policy"]
    assert answer.msg["Cache-Control"] == "no-store"
    assert answer.msg["X-Frame-Options"] == "DENY"
    assert answer.msg["Set-Cookie"] is None


def test_files_of_the_look_are_served(local: Local) -> None:
    answer = local.ask("/static/screens/screens.css")

    assert (answer.status, answer.msg["Content-Type"]) == (200, 'text/css; charset="utf-8"')


def test_the_language_switch_comes_back_to_the_same_page(local: Local) -> None:
    answer = local.ask("/?lang=ru&operator=mts")

    assert (answer.status, answer.msg["Location"]) == (302, "/?operator=mts")
    assert "django_language=ru" in answer.msg["Set-Cookie"]
    assert '<html lang="ru">' in local.ask("/", Cookie="django_language=ru").msg["body"]


@pytest.mark.parametrize(
    "name", ["evil.example", "evil.example:{port}", "127.0.0.1", "127.0.0.1:1", "[::1]:{port}", ""]
)
def test_who_asks_by_another_name_gets_nothing(local: Local, name: str) -> None:
    answer = local.ask("/", Host=name.format(port=local.port))

    assert answer.status == 421
    assert "kit" not in answer.msg["body"].lower()


def test_localhost_is_a_name_of_ours(local: Local) -> None:
    assert local.ask("/", Host=f"LOCALHOST:{local.port}").status == 200


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "https://127.0.0.1:{port}", "http://127.0.0.1:1"])
def test_what_a_page_from_elsewhere_sends_is_refused(local: Local, origin: str) -> None:
    assert local.ask("/", method="POST", Origin=origin.format(port=local.port)).status == 403


def test_our_own_origin_gets_through_to_the_check_against_forged_requests(local: Local) -> None:
    answer = local.ask("/", method="POST", Origin=f"http://127.0.0.1:{local.port}")

    assert answer.status == 403
    assert "These pages are for this computer alone" not in answer.msg["body"]


def test_it_listens_on_this_computer_only(local: Local) -> None:
    with socket.socket() as other:
        other.settimeout(5)
        # All of 127/8 is this computer: were it bound to every address, this one would answer too.
        assert other.connect_ex(("127.0.0.2", local.port)) != 0


def test_it_makes_no_home(local: Local, home: Path) -> None:
    local.ask("/")

    assert not home.exists()


def test_a_taken_port_is_told(local: Local, home: Path) -> None:
    program = PROGRAM.replace("port=0", f"port={local.port}")
    ended = subprocess.run(
        [sys.executable, "-c", program], env=alone(home), capture_output=True, text=True, timeout=60, check=False
    )

    assert ended.returncode == 1
    assert f"BadInput: 127.0.0.1:{local.port} is taken" in ended.stderr


@pytest.mark.parametrize("told", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_it_ends_quietly_when_it_is_told_to(home: Path, told: signal.Signals) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", PROGRAM], env=alone(home), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None and process.stderr is not None
        port = int(process.stdout.readline().rsplit(":")[-1].strip("/\n"))
        assert Local(process, port).ask("/").status == 200
        process.send_signal(told)
        assert process.stdout.read() == "ended\n"
        assert process.stderr.read() == ""
        assert process.wait(20) == 0


def test_every_start_has_a_secret_of_its_own(home: Path) -> None:
    program = "from django.conf import settings; print(settings.SECRET_KEY)"
    keys = {
        subprocess.run(
            [sys.executable, "-c", program], env=alone(home), capture_output=True, text=True, check=True
        ).stdout
        for _ in range(2)
    }

    assert len(keys) == 2 and all(len(key.strip()) > 50 for key in keys)


@pytest.mark.parametrize(
    "name",
    [
        "LANGUAGES", "LANGUAGE_CODE", "LOCALE_PATHS", "TIME_ZONE", "USE_TZ", "X_FRAME_OPTIONS", "SECURE_REFERRER_POLICY",
        "SECURE_CONTENT_TYPE_NOSNIFF", "CSRF_COOKIE_HTTPONLY", "CSRF_COOKIE_SAMESITE", "FILE_UPLOAD_HANDLERS", "DEBUG",
    ],
)  # fmt: skip
def test_pages_alone_are_as_strict_as_the_site(name: str) -> None:
    assert getattr(settings_alone, name) == getattr(settings, name)


def test_there_is_no_database_and_no_session() -> None:
    assert settings_alone.DATABASES == {}
    assert not any("session" in name.lower() for name in settings_alone.MIDDLEWARE + settings_alone.INSTALLED_APPS)
    assert getattr(settings, "CSRF_COOKIE_NAME", "csrftoken") != settings_alone.CSRF_COOKIE_NAME


def test_a_request_without_a_host_is_refused() -> None:
    told: list[str] = []
    gate = OnlyHere(lambda _environ, _start: [b"inside"], port=7816)

    assert gate({}, lambda status, _headers, _info=None: told.append(status)) != [b"inside"]  # type: ignore[arg-type]
    assert told == ["421 Misdirected Request"]
