"""The same question as an ordinary Django view: the usual middleware, and the number's tenures by the ORM."""

from __future__ import annotations

import os

os.environ["DJANGO_SETTINGS_MODULE"] = "bench.lookup_django_settings"

from datetime import date

from django.core.wsgi import get_wsgi_application
from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.views.decorators.csrf import csrf_exempt

application = get_wsgi_application()


@csrf_exempt
def check(request: HttpRequest) -> HttpResponse:
    """Whether the number changed hands since a day."""
    import json

    from lastcall.core.lookup.days import day_of
    from lastcall.core.numbers.models import Tenure

    given = json.loads(request.body)
    day = date.fromisoformat(given["specifiedDate"])
    latest = Tenure.objects.filter(msisdn=int(given["phoneNumber"][1:])).order_by("-ordinal").first()  # type: ignore[attr-defined]
    recycled = latest is None or latest.until is not None or day < day_of(latest.since)
    return HttpResponse(
        b'{"phoneNumberRecycled":%b}' % (b"true" if recycled else b"false"), content_type="application/json"
    )


urlpatterns = [path("number-recycling/v0.2/check", check)]
