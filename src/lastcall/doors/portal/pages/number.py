"""The status of a number, for anybody: strangers learn nothing."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from lastcall.core.database import database
from lastcall.core.numbers.status import get_public_status
from lastcall.doors.portal.forms.number import NumberForm
from lastcall.doors.portal.presenters.number import NumberPage, number_page
from lastcall.doors.portal.shell import page
from lastcall.doors.screens.reader import only_switches


@require_http_methods(["GET", "HEAD", "POST"])
def number(request: HttpRequest) -> HttpResponse:
    """Which operator holds the range of a number: the same answer whether it is in service, at rest or free."""
    if request.method != "POST":
        return page(request, "number.html", {"form": NumberForm()})
    form, shown = NumberForm(request.POST), None
    if only_switches(request):
        form = NumberForm(initial=request.POST.dict())
    elif form.is_valid():
        shown = _public(form.cleaned_data["number"])
    return page(request, "number.html", {"form": form, "shown": shown})


def _public(msisdn: int) -> NumberPage:
    return number_page(get_public_status(database(), msisdn), msisdn=msisdn)
