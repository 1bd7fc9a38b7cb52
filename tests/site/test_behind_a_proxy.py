"""Behind a proxy that speaks TLS: forms are taken, cookies are secure. Read in a process of its own, as settings are."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

PROGRAM = """
import django
django.setup()
from django.test import Client
from lastcall.site.wsgi import application
browser = Client(enforce_csrf_checks=True)
given = {"HTTP_HOST": "leave.example.org", "HTTP_X_FORWARDED_PROTO": "https"}
page = browser.get("/number/", **given)
token = page.content.decode().split('csrfmiddlewaretoken" value="')[1].split('"')[0]
posted = {"csrfmiddlewaretoken": token, "number": "+7 900 000-10-01"}
answer = browser.post("/number/", posted, HTTP_ORIGIN="https://leave.example.org", **given)
print(answer.status_code, page.cookies["csrftoken"]["secure"], answer.get("Strict-Transport-Security", ""))
"""


@pytest.fixture
def folder(sqlite_template: Path, tmp_path: Path) -> Path:
    """The home of an installation, with its database."""
    shutil.copy(sqlite_template, tmp_path / "lastcall.sqlite3")
    return tmp_path


def answered(folder: Path, **environment: str) -> list[str]:
    given = {"LASTCALL_HOME": str(folder), "DJANGO_SETTINGS_MODULE": "lastcall.site.settings",
             "LASTCALL_HOSTS": "leave.example.org"}  # fmt: skip
    kept = {name: value for name, value in os.environ.items() if not name.startswith("LASTCALL_")}
    ran = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        check=False,
        env=kept | given | environment,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert ran.returncode == 0, ran.stderr[-2000:]
    return ran.stdout.split()


def test_forms_come_through_and_cookies_are_secure(folder: Path) -> None:
    assert answered(folder, LASTCALL_TLS_PROXY="1") == ["200", "True", "max-age=31536000"]


def test_a_header_that_anybody_can_send_counts_for_nothing_without_the_setting(folder: Path) -> None:
    assert answered(folder)[0] == "403"
