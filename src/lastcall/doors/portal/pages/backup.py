"""What was on a SIM, saved at a counter: fetched with the secret that only the subscriber was given."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from lastcall.core.database import database
from lastcall.core.errors import NotFound
from lastcall.core.simcard import backups
from lastcall.doors.portal.forms.backup import BackupForm
from lastcall.doors.portal.shell import page
from lastcall.doors.screens.reader import only_switches, pack
from lastcall.doors.screens.wording import hours


@require_http_methods(["GET", "HEAD", "POST"])
def backup(request: HttpRequest, backup_id: int) -> HttpResponse:
    """The form that asks for the secret; with it, the files. The page is the same whether there is such a backup or not."""
    if request.method != "POST" or only_switches(request):
        return _ask(request, BackupForm(initial=request.POST.dict()))
    form = BackupForm(request.POST)
    found = _fetch(form, backup_id) if form.is_valid() else None
    return _ask(request, form) if found is None else _files(found)


def _fetch(form: BackupForm, backup_id: int) -> bytes | None:
    try:
        return backups.fetch(database(), backup_id=backup_id, secret=form.cleaned_data["secret"])
    except NotFound:
        form.add_error(
            "secret", _("Nothing is kept here under this secret. Check it; what is kept goes after its time.")
        )
        return None


def _files(content: bytes) -> HttpResponse:
    headers = {"Content-Disposition": 'attachment; filename="lastcall-sim.zip"'}
    return HttpResponse(content, content_type="application/zip", headers=headers)


def _ask(request: HttpRequest, form: BackupForm) -> HttpResponse:
    return page(request, "backup.html", {"form": form, "time": hours(pack().policy().sim_backup_hours)})
