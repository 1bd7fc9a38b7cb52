"""The published CAMARA definitions, when they are at hand: kept beside the checkout, else a small sample made here."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import yaml

from lastcall.core.lookup.documented import APIS, RECYCLING

_BESIDE_THE_CHECKOUT = Path(__file__).resolve().parents[5] / "shared" / "specs" / "camara"


def definitions() -> dict[str, dict[str, Any]]:
    """API -> its definition: all four from ``LASTCALL_CAMARA_DEFINITIONS`` or beside the checkout, or the sample for one."""
    folder = Path(os.environ.get("LASTCALL_CAMARA_DEFINITIONS", _BESIDE_THE_CHECKOUT))
    if not folder.is_dir():
        return {RECYCLING: sample()}
    return {api: yaml.safe_load((folder / f"{api}.yaml").read_text(encoding="utf-8")) for api in APIS}


def sample() -> dict[str, Any]:
    """The facts of Number Recycling 0.2.0 that a comparison looks at."""

    def error(status: int, *codes: str) -> dict[str, Any]:
        described = {"type": "object", "properties": {"status": {"enum": [status]}, "code": {"enum": list(codes)}}}
        return {"content": {"application/json": {"schema": described}}}

    number = {"type": "string", "pattern": r"^\+[1-9][0-9]{4,14}$"}
    asked = {"phoneNumber": number, "specifiedDate": {"type": "string", "format": "date"}}
    answer = {
        "type": "object",
        "required": ["phoneNumberRecycled"],
        "properties": {"phoneNumberRecycled": {"type": "boolean"}},
    }
    post = {
        "security": [{"openId": ["number-recycling:check"]}],
        "parameters": [{"$ref": "#/components/parameters/x-correlator"}],
        "requestBody": {
            "content": {"application/json": {"schema": {"type": "object", "required": ["specifiedDate"], "properties": asked}}}
        },
        "responses": {
            "200": {"content": {"application/json": {"schema": answer}}},
            "400": error(400, "INVALID_ARGUMENT", "OUT_OF_RANGE"),
            "401": error(401, "UNAUTHENTICATED"),
            "403": error(403, "PERMISSION_DENIED"),
            "404": error(404, "IDENTIFIER_NOT_FOUND"),
            "422": error(422, "SERVICE_NOT_APPLICABLE", "MISSING_IDENTIFIER", "UNNECESSARY_IDENTIFIER"),
        },
    }  # fmt: skip
    correlator = {"name": "x-correlator", "in": "header", "schema": {"pattern": r"^[a-zA-Z0-9-_:;.\/<>{}]{0,256}$"}}
    return {
        "info": {"version": "0.2.0"},
        "servers": [{"url": "{apiRoot}/number-recycling/v0.2"}],
        "paths": {"/check": {"post": post}},
        "components": {"parameters": {"x-correlator": correlator}},
    }
