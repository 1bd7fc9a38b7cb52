"""The snapshot as metric families. Names and units by Prometheus' rules: base units, ``_total`` only on what grows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import timedelta
from typing import Final

from prometheus_client.core import (
    CounterMetricFamily,
    GaugeHistogramMetricFamily,
    GaugeMetricFamily,
    InfoMetricFamily,
    Metric,
    SummaryMetricFamily,
)
from prometheus_client.samples import Sample

from lastcall import __version__
from lastcall.core.figures.cases import AGES, ENDS
from lastcall.core.figures.snapshot import Snapshot

_DAY: Final = int(timedelta(days=1).total_seconds())


def families(taken: Snapshot) -> Iterator[Metric]:
    """Every family, always all of them, so that a query never meets a name that is not there yet."""
    yield InfoMetricFamily("lastcall_build", "The running version.", {"version": __version__})
    yield _gauge("lastcall_snapshot_timestamp_seconds", "When these figures were read.", taken.at.timestamp())
    yield from _cases(taken)
    yield from _grown(taken)
    yield _steps(taken)
    yield from _troubles(taken)
    yield from _waiting(taken)


def _gauge(name: str, text: str, value: float) -> Metric:
    return GaugeMetricFamily(name, text, value)


def _gauges(name: str, text: str, labels: Iterable[str], values: Iterable[tuple[tuple[str, ...], float]]) -> Metric:
    family = GaugeMetricFamily(name, text, labels=list(labels))
    for labelled, value in values:
        family.add_metric(list(labelled), value)
    return family


def _counters(name: str, text: str, labels: Iterable[str], values: Iterable[tuple[tuple[str, ...], float]]) -> Metric:
    family = CounterMetricFamily(name, text, labels=list(labels))
    for labelled, value in values:
        family.add_metric(list(labelled), value)
    return family


def _cases(taken: Snapshot) -> Iterator[Metric]:
    ended = [((end,), sum(count for (state, _), count in taken.totals.ended.items() if state == end)) for end in ENDS]
    now = [((one.state,), one.count) for one in taken.cases]
    yield _gauges("lastcall_cases", "Cases by state.", ("state",), [*now, *ended])
    ages = GaugeHistogramMetricFamily(
        "lastcall_case_age_seconds", "Time since the declaration of the cases that are open.", labels=["state"]
    )
    for one in taken.cases:
        buckets, reached = [], 0
        for days, count in zip(AGES, one.groups, strict=False):
            reached += count
            buckets.append((str(float(days * _DAY)), float(reached)))
        ages.add_metric([one.state], [*buckets, ("+Inf", float(one.count))], float(one.seconds))
    yield ages
    yield _gauge("lastcall_review_waiting", "Cases that wait for a person.", taken.reviews.waiting)
    yield _gauge("lastcall_review_overdue", "Cases in review past their deadline.", taken.reviews.overdue)
    failing = [((one.check, one.outcome, one.reason), one.cases) for one in taken.failing]
    yield _gauges(
        "lastcall_checks_failing", "Waiting cases by what a check says.", ("check", "outcome", "reason"), failing
    )


def _grown(taken: Snapshot) -> Iterator[Metric]:
    yield _counters(
        "lastcall_declarations", "Declarations received.", ("door", "language"), sorted(taken.totals.declared.items())
    )
    # From zero on for every door that anything came through: what begins at one would look as if it had not grown.
    doors = sorted({door for door, _ in taken.totals.declared})
    closed = [((door,), taken.totals.ended["closed", door]) for door in doors]
    yield _counters("lastcall_closed", "Cases closed: the line has ceased.", ("door",), closed)
    ended = [((end, door), taken.totals.ended[end, door]) for end in ENDS for door in doors]
    yield _counters("lastcall_ended", "Cases that came to an end, closed ones included.", ("end", "door"), ended)
    errors = [((one.code, one.outcome), one.count) for one in taken.hlr_errors]
    yield _counters(
        "lastcall_hlr_errors",
        "Orders to the HLR that met trouble, once each: recovered or given up.",
        ("code", "outcome"),
        errors,
    )


def _steps(taken: Snapshot) -> Metric:
    """A summary with quantiles of the last 24 hours; the library's own family has no place for quantiles."""
    name, text = "lastcall_step_seconds", "Time that steps took, of ended cases; quantiles over the last 24 hours."
    family = SummaryMetricFamily(name, text, labels=["step"])
    for one in taken.recent:
        for quantile, value in (("0.5", one.median), ("0.9", one.ninth)):
            if value is not None:
                family.samples.append(Sample(name, {"step": one.name, "quantile": quantile}, float(value)))
        family.add_metric([one.name], taken.totals.steps[one.name], taken.totals.seconds[one.name])
    return family


def _troubles(taken: Snapshot) -> Iterator[Metric]:
    yield _gauges(
        "lastcall_step_target_seconds",
        "The target of each step.",
        ("step",),
        [((one.name,), one.target) for one in taken.recent],
    )
    jobs = [((one.kind, one.state), one.count) for one in taken.work]
    yield _gauges("lastcall_jobs", "Jobs that are not done, by kind and state.", ("kind", "state"), jobs)
    due = [
        (taken.at - one.oldest).total_seconds() for one in taken.work if one.state != "dead" and one.oldest is not None
    ]
    yield _gauge("lastcall_jobs_overdue_seconds", "For how long the oldest due job has been due.", max([0.0, *due]))
    alerts = [((code,), count) for code, count in sorted(taken.alerts.items())]
    yield _gauges("lastcall_alerts_open", "Alerts that nobody has resolved.", ("code",), alerts)


def _waiting(taken: Snapshot) -> Iterator[Metric]:
    yield _gauge(
        "lastcall_pending_release", "Numbers only the former holder may have back.", taken.pools.pending_release
    )
    yield _gauge("lastcall_quarantined", "Numbers in quarantine.", taken.pools.quarantined)
    tickets = [((one.shop,), one.waiting) for one in taken.tickets]
    yield _gauges("lastcall_tickets_waiting", "Visitors who wait to be called.", ("shop",), tickets)
    yield _gauge("lastcall_calls_waiting", "Callers who wait for an agent.", taken.calls.waiting)
    yield _gauge("lastcall_calls_longest_wait_seconds", "How long the first of them has waited.", taken.calls.longest)
