"""The one page: all figures, in the format that the reader asks for."""

from __future__ import annotations

from collections.abc import Iterator

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe
from prometheus_client import CollectorRegistry
from prometheus_client.core import Metric
from prometheus_client.exposition import choose_encoder
from prometheus_client.registry import Collector

from lastcall.core.figures.snapshot import Snapshot, snapshots
from lastcall.doors.metrics.access import is_allowed, token
from lastcall.doors.metrics.families import families
from lastcall.doors.screens.reader import pack


class _Taken(Collector):
    """One snapshot, for a registry of its own: nothing of the process and nothing of other scrapes is in it."""

    def __init__(self, taken: Snapshot) -> None:
        self.taken = taken

    def collect(self) -> Iterator[Metric]:
        return families(self.taken)


@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """The metrics. 404 while no token is set: then there is no such page; 401 without the right one."""
    expected = token()
    if not expected:
        raise Http404
    if not is_allowed(request, expected):
        refused = HttpResponse("A bearer token is needed.\n", status=401, content_type="text/plain; charset=utf-8")
        refused["WWW-Authenticate"] = 'Bearer realm="metrics"'
        return refused
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Taken(snapshots.latest(pack().policy())))
    encode, content_type = choose_encoder(request.headers.get("Accept", ""))
    return HttpResponse(encode(registry), content_type=content_type)
