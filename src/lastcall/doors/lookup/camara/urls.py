"""Where the CAMARA APIs are served."""

from __future__ import annotations

from typing import Final

from lastcall.doors.lookup.camara import openapi
from lastcall.doors.lookup.camara.at_once import at_once
from lastcall.doors.lookup.camara.listing import list_numbers
from lastcall.doors.lookup.camara.match import match_holder
from lastcall.doors.lookup.camara.recycling import check
from lastcall.doors.lookup.camara.subscription import retrieve_status
from lastcall.doors.lookup.camara.tenure import check_tenure
from lastcall.doors.lookup.routes import Route

_HANDLERS: Final = {
    "checkNumberRecycling": check, "checkTenure": check_tenure, "retriveSubscriptionStatus": retrieve_status,
    "retrieveSubscriptionStatus": retrieve_status, "KYC_Match": match_holder,
}  # fmt: skip
_QUICK: Final = {"checkNumberRecycling": at_once}

ROUTES: Final = (
    *(
        Route(
            "POST",
            api.base + operation.path,
            _HANDLERS[operation.name],
            operation.scope,
            hot=operation.name in _QUICK,
            quick=_QUICK.get(operation.name),
        )
        for api in openapi.APIS
        for operation in api.operations
    ),
    *(Route("GET", f"{api.base}/openapi.json", openapi.serve(api), None) for api in openapi.APIS),
    Route("GET", "/sandbox/v1/numbers", list_numbers, None),
)
