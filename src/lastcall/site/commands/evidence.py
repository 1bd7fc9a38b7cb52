"""``lastcall evidence``: whether a signed answer that a relying party kept holds, and what it states."""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import click
import httpx
from rich.console import Console
from rich.markup import escape

from lastcall.core.database import database
from lastcall.core.errors import BadInput, ElementTrouble, LastcallError
from lastcall.core.lookup import signed
from lastcall.core.lookup.signed import Statement
from lastcall.core.relying import signing
from lastcall.core.rows import Json
from lastcall.site.output import as_json, emit, ready, table

_SECONDS: Final = 10.0
_MOST_BYTES: Final = 1 << 20
_MEANINGS: Final = {
    ("camara", "true"): "the subscriber changed since that day, or the number was nobody's then or is nobody's now",
    ("camara", "false"): "the subscriber of that day still has the number",
    ("camara", "out_of_range"): "the day is outside of what the operator can speak of",
    ("camara", "not_found"): "the operator does not serve the number",
    ("disconnect", "yes"): "the number was permanently disconnected on that day or later",
    ("disconnect", "no"): "the number was not permanently disconnected on that day or later",
    ("disconnect", "no_data"): "the operator cannot tell",
    ("disconnect", "future_date"): "that day is still to come",
    ("rich", "same_holder"): "the holder of that day has had it ever since",
    ("rich", "returned"): "it was without a holder for a time and is with the same one again",
    ("rich", "returned_after_another"): "another had it meanwhile; the holder of that day has it again",
    ("rich", "transferred"): "the holder of that day handed it on to another",
    ("rich", "reissued"): "another holder has had it since that day",
    ("rich", "issued"): "nobody had held it by that day; somebody has since",
    ("rich", "pending_release"): "its line was closed; only the former holder may have it back",
    ("rich", "quarantined"): "its line was closed; it rests and nobody may have it",
    ("rich", "not_held"): "nobody holds it",
    ("rich", "ported_out"): "it went to another operator, with its holder",
    ("rich", "no_data"): "the operator cannot tell",
    ("rich", "future_date"): "that day is still to come",
}  # fmt: skip


@click.group()
def evidence() -> None:
    """Verify a signed answer that a relying party kept."""


@evidence.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, allow_dash=True))
@click.option(
    "--keys", help="The operator's public keys: a saved /oauth2/jwks, or its https address. Default: our own."
)
@click.option("--issuer", default="", help="The operator that must have signed it, as its https address.")
@click.option("--audience", default="", help="The relying party to which it must have been told.")
@as_json
@click.pass_context
def verify(context: click.Context, file: Path, keys: str | None, issuer: str, audience: str, machine: bool) -> None:
    """Say what the signed answer in FILE ('-': standard input) states and whether it holds; exit code 1 when it does not."""
    text, known = _text(file), _keys(keys)
    try:
        statement = signed.verify(signed.read_document(text), keys=known, issuer=issuer, audience=audience)
    except LastcallError as trouble:
        refusal = trouble
        wrong = {"holds": False, "code": trouble.code, "message": trouble.message, "remedy": trouble.remedy}
        emit(wrong, machine=machine, people=lambda out: _say_no(out, refusal))
        context.exit(1)
    emit(_document(statement), machine=machine, people=lambda out: _print(out, statement))


def _text(file: Path) -> str:
    try:
        return sys.stdin.read() if str(file) == "-" else file.read_text(encoding="ascii")
    except UnicodeDecodeError as trouble:
        raise BadInput(f"{file} is no signed answer", code="bad_file", remedy="Give the text as received.") from trouble


def _keys(where: str | None) -> Json:
    if where is None:
        ready()
        return signing.public_keys(database())
    text = _fetched(where) if "://" in where else Path(where).read_text(encoding="utf-8")
    try:
        found: Any = json.loads(text)
    except (ValueError, RecursionError) as trouble:
        raise BadInput(
            "these are no public keys", code="bad_keys", remedy="Save the operator's /oauth2/jwks."
        ) from trouble
    return found if isinstance(found, dict) else {}


def _fetched(address: str) -> str:
    if not address.startswith("https://"):
        raise BadInput("keys are fetched by https only", code="bad_address", remedy="Or save them and give the file.")
    try:
        answer = httpx.get(address, timeout=_SECONDS, follow_redirects=False)
        answer.raise_for_status()
    except httpx.HTTPError as trouble:
        raise ElementTrouble(
            f"the keys could not be fetched: {type(trouble).__name__}", permanent=False, code="keys_not_fetched",
            remedy="Check the address, or save the keys and give the file.",
        ) from trouble  # fmt: skip
    if len(answer.content) > _MOST_BYTES:
        raise BadInput("these are no public keys", code="bad_keys", remedy="Check the address.")
    return answer.text


def _document(statement: Statement) -> dict[str, Any]:
    return {
        "holds": True, "kind": statement.kind, "issuer": statement.issuer, "audience": statement.audience,
        "issuedAt": datetime.fromtimestamp(statement.issued_at, UTC).isoformat(), "id": statement.id,
        "key": statement.key_id, "states": statement.said,
    }  # fmt: skip


def _print(out: Console, statement: Statement) -> None:
    shown = table("It holds: signed as it is written", "", "")
    issued = datetime.fromtimestamp(statement.issued_at, UTC)
    for name, value in (
        ("signed by", statement.issuer), ("told to", statement.audience), ("on", f"{issued:%Y-%m-%d %H:%M:%S} UTC"),
        ("document", statement.id), *((name, str(value)) for name, value in sorted(statement.said.items())),
    ):  # fmt: skip
        shown.add_row(name, escape(value))
    out.print(shown)
    if statement.said.get("sandbox"):
        out.print("It comes from the sandbox: it states nothing about a real number.")
    elif statement.kind == signed.CORRECTION:
        out.print("The number was not disconnected: its closing was reported wrongly.")
    elif meaning := _MEANINGS.get((str(statement.said.get("semantics")), str(statement.said.get("answer")))):
        out.print(f"Asked about {escape(str(statement.said.get('date')))}: {meaning}.")


def _say_no(out: Console, trouble: LastcallError) -> None:
    out.print(f"[bold red]It does not hold:[/] {escape(trouble.message)}. {escape(trouble.remedy)}")
