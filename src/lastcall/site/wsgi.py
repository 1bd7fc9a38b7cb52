"""The web application for a WSGI server."""

from __future__ import annotations

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lastcall.site.settings")

from django.core.handlers.wsgi import WSGIHandler
from django.core.wsgi import get_wsgi_application


def _wired() -> WSGIHandler:
    made = get_wsgi_application()
    # Only now: elements have tables of their own, which Django must know first.
    from lastcall.site.wiring import make_elements, provide_elements

    provide_elements(make_elements())
    return made


application = _wired()
