"""What Prometheus reads: who may, in which format, by which names, and that counters only grow."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from django.http import HttpResponse
from django.test import Client, override_settings
from prometheus_client.core import Metric
from prometheus_client.openmetrics.parser import text_string_to_metric_families as parse_openmetrics
from prometheus_client.parser import text_string_to_metric_families as parse_text

from lastcall.core.database import database
from lastcall.core.figures.snapshot import snapshots
from tests.cast import Cast
from tests.core.figures.story import accepted, begun, closed

TOKEN = "a token for tests only"
OPENMETRICS = "application/openmetrics-text;version=1.0.0,text/plain;version=0.0.4;q=0.5"
BASE_UNITS = ("_seconds", "_info", "_bytes", "_ratio")
OTHER_UNITS = re.compile(r"_(milliseconds|ms|minutes|hours|days|percent|kilobytes)(_|$)")


@pytest.fixture(autouse=True)
def afresh() -> Iterator[None]:
    """Each test begins like a new process, with a token set."""
    snapshots.forget()
    with override_settings(LASTCALL_METRICS_TOKEN=TOKEN, LASTCALL_METRICS_TOKEN_FILE=""):
        yield
    snapshots.forget()
    database().close()


def scrape(token: str = f"Bearer {TOKEN}", accept: str = "") -> HttpResponse:
    """What the page answers."""
    headers = {"host": "localhost", "accept": accept} | ({"authorization": token} if token else {})
    return Client(headers=headers).get("/metrics")  # type: ignore[return-value]


def families(accept: str = "") -> dict[str, Metric]:
    """The page's metrics by name, read back from its text."""
    parse = parse_openmetrics if "openmetrics" in accept else parse_text
    return {family.name: family for family in parse(scrape(accept=accept).content.decode())}


def values(family: Metric) -> dict[tuple[str, ...], float]:
    """Name and label values, sorted by label -> value."""
    return {
        (sample.name, *(value for _, value in sorted(sample.labels.items()))): sample.value for sample in family.samples
    }


def test_without_a_token_of_the_installation_there_is_no_such_page(cast: Cast) -> None:
    with override_settings(LASTCALL_METRICS_TOKEN=""):
        assert scrape().status_code == 404
        assert scrape("Bearer ").status_code == 404


@pytest.mark.parametrize(
    "given", ["", "Bearer", "Bearer wrong", f"Basic {TOKEN}", TOKEN, f"Bearer {TOKEN}x", "Bearer ключ"]
)
def test_a_wrong_or_missing_token_is_refused(cast: Cast, given: str) -> None:
    answer = scrape(given.encode().decode("latin-1"))
    assert answer.status_code == 401
    assert answer["WWW-Authenticate"].startswith("Bearer")
    assert b"lastcall_" not in answer.content


def test_the_token_may_stand_in_a_file_and_be_changed_there(cast: Cast, tmp_path: Path) -> None:
    file = tmp_path / "token"
    with override_settings(LASTCALL_METRICS_TOKEN="", LASTCALL_METRICS_TOKEN_FILE=str(file)):
        assert scrape("Bearer first").status_code == 404
        file.write_text("first\n")
        assert scrape("Bearer first").status_code == 200
        file.write_text("second\n")
        assert scrape("Bearer first").status_code == 401


def test_the_format_follows_what_is_accepted(cast: Cast) -> None:
    assert scrape()["Content-Type"].startswith("text/plain; version=")
    assert scrape(accept=OPENMETRICS)["Content-Type"].startswith("application/openmetrics-text; version=1.0.0")
    assert scrape(accept=OPENMETRICS).content.endswith(b"# EOF\n")
    assert Client(headers={"host": "localhost"}).post("/metrics").status_code == 405


def test_the_numbers_are_those_of_the_story(cast: Cast) -> None:
    closed(cast)
    found = families()
    assert values(found["lastcall_cases"])["lastcall_cases", "closed"] == 1
    assert values(found["lastcall_cases"])["lastcall_cases", "waiting"] == 1
    assert values(found["lastcall_declarations"]) == {
        ("lastcall_declarations_total", "hotline", "ru"): 1,
        ("lastcall_declarations_total", "portal", "zh-hans"): 2,
    }
    assert values(found["lastcall_closed"]) == {
        ("lastcall_closed_total", "hotline"): 0,
        ("lastcall_closed_total", "portal"): 1,
    }
    steps = values(found["lastcall_step_seconds"])
    assert steps["lastcall_step_seconds", "0.9", "cease"] == 1_200
    assert steps["lastcall_step_seconds_sum", "identity"] == 4 * 3_600
    assert steps["lastcall_step_seconds_count", "identity"] == 2
    assert values(found["lastcall_checks_failing"]) == {
        ("lastcall_checks_failing", "line_known", "failed", "line_not_known"): 1
    }
    assert values(found["lastcall_pending_release"]) == {("lastcall_pending_release",): 1}


def test_a_review_past_its_deadline_is_told(cast: Cast) -> None:
    accepted(cast)
    cast.time.advance(timedelta(hours=30))
    assert values(families()["lastcall_review_overdue"]) == {("lastcall_review_overdue",): 1}


def test_both_formats_say_the_same(cast: Cast) -> None:
    closed(cast)
    text, open_ = families(), families(OPENMETRICS)
    for name, family in open_.items():
        if family.type not in {"info", "gaugehistogram"}:
            assert values(family) == values(text[name])
    ages = values(open_["lastcall_case_age_seconds"])
    assert ages["lastcall_case_age_seconds_bucket", "+Inf", "waiting"] == 1
    assert ages["lastcall_case_age_seconds_gcount", "waiting"] == 1


def test_names_and_units_follow_the_rules_of_prometheus(cast: Cast) -> None:
    closed(cast)
    for name, family in families(OPENMETRICS).items():
        assert re.fullmatch(r"lastcall_[a-z]+(_[a-z]+)*", name), name
        assert family.documentation.endswith("."), name
        assert not OTHER_UNITS.search(name), name
        for sample in family.samples:
            assert (family.type == "counter") == sample.name.endswith("_total"), sample.name
            assert all(re.fullmatch(r"[a-z]+", label) for label in sample.labels), sample.labels
        if family.type in {"summary", "gaugehistogram"}:
            assert name.endswith(BASE_UNITS), name


def test_no_number_name_or_case_is_told(cast: Cast) -> None:
    story = closed(cast)
    said = scrape().content.decode()
    # No label may be an identifier: an id has far more digits than any word or count of this story.
    labels = "".join(re.findall(r"\{[^}]*\}", said))
    assert not re.search(r"(?<![\d.])\d{8,}", labels)
    assert str(story.li_wei.case_id) not in said and "Wei" not in said


def test_counters_only_grow_and_outlive_a_restart(cast: Cast) -> None:
    seen: list[dict[tuple[str, ...], float]] = []

    def look(restart: bool) -> None:
        if restart:
            snapshots.forget()
        found = families()
        counted = ("lastcall_declarations", "lastcall_closed", "lastcall_ended", "lastcall_hlr_errors")
        seen.append({key: value for name in counted for key, value in values(found[name]).items()})

    look(restart=False)
    closed(cast)
    look(restart=False)
    cast.time.advance(timedelta(hours=2))
    look(restart=True)
    begun(cast)
    look(restart=True)
    cast.time.advance(timedelta(days=2))
    look(restart=False)
    for earlier, later in pairwise(seen):
        assert all(later[key] >= value for key, value in earlier.items())
    assert seen[1] == seen[2] and seen[3] == seen[4] and seen[3] != seen[2]


def test_a_scraper_cannot_ask_the_database_more_than_once_in_ten_seconds(cast: Cast) -> None:
    before = scrape().content
    begun(cast)
    assert scrape().content == before
    cast.time.advance(timedelta(seconds=9))
    assert scrape().content == before
    cast.time.advance(timedelta(seconds=1))
    assert scrape().content != before


def test_an_empty_installation_has_every_family(cast: Cast) -> None:
    found = families()
    assert len(found) >= 20
    assert values(found["lastcall_build"] if "lastcall_build" in found else found["lastcall_build_info"])
