"""``lastcall consumer``: register relying parties, change what was agreed with them, give them keys and, for tests, tokens."""

from __future__ import annotations

import base64
import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click
from rich.console import Console

from lastcall.core.actor import Actor
from lastcall.core.errors import BadInput
from lastcall.core.lookup.sandbox import table as sandbox_numbers
from lastcall.core.lookup.subject import read_number
from lastcall.core.numbers.msisdn import parse_msisdn
from lastcall.core.relying import consumers, quotas, signing, tokens
from lastcall.core.relying.consumer import CATEGORIES, Consumer
from lastcall.core.relying.consumers import PER_DAY, PER_SECOND, ROWS_PER_DAY, SCOPES
from lastcall.core.rows import Json
from lastcall.site.output import acting, as_json, emit, ready, table

_as = acting("administrator:command")
_scopes = click.option(
    "--scope", "scopes", multiple=True, metavar="SCOPE", help=f"More than once: {', '.join(SCOPES)}."
)
_public_key = click.option(
    "--public-key", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="A file with its public JWK."
)
_count = click.IntRange(min=0)


@click.group()
def consumer() -> None:
    """Relying parties: banks, apps and authorities that ask or are told about numbers."""


@consumer.command()
@click.argument("name")
@_scopes
@click.option("--category", type=click.Choice(CATEGORIES), default="other", show_default=True)
@click.option("--purpose", default=consumers.DEFAULT_PURPOSE, show_default=True, help="W3C Data Privacy Vocabulary.")
@click.option("--bulk", is_flag=True, help="Bulk look-ups were agreed.")
@click.option("--told", is_flag=True, help="It is told of closings before they happen.")
@click.option("--three-legged", is_flag=True, help="Tokens about a line were agreed.")
@click.option("--sandbox", is_flag=True, help="It only ever gets made-up answers.")
@click.option("--requests-per-second", type=_count, default=PER_SECOND, show_default=True)
@click.option("--requests-per-day", type=_count, default=PER_DAY, show_default=True)
@click.option("--rows-per-day", type=_count, default=ROWS_PER_DAY, show_default=True)
@_public_key
@_as
@as_json
def create(
    name: str, scopes: tuple[str, ...], category: str, purpose: str, bulk: bool, told: bool, three_legged: bool,
    sandbox: bool, requests_per_second: int, requests_per_day: int, rows_per_day: int, public_key: Path | None,
    actor: Actor, machine: bool,
) -> None:  # fmt: skip
    """Register a relying party. Its private key is printed once and kept nowhere, unless it gave a --public-key."""
    created = consumers.create(
        ready(), name=name, category=category, scopes=scopes, purpose=purpose, bulk=bulk, told=told,
        three_legged=three_legged, sandbox=sandbox, requests_per_second=requests_per_second,
        requests_per_day=requests_per_day, rows_per_day=rows_per_day, public_jwk=_jwk(public_key), actor=actor,
    )  # fmt: skip
    document = _as_row(created.consumer) | {"private_jwk": created.private_jwk or None, "token_endpoint": _endpoint()}
    emit(document, machine=machine, people=lambda out: _print_created(out, created.consumer, created.private_jwk))


@consumer.command("list")
@as_json
def list_consumers(machine: bool) -> None:
    """Who is registered, with agreements and quotas."""
    base = ready()
    found = consumers.all(base)
    taken = {one.id: quotas.taken(base, consumer_id=one.id) for one in found}
    rows = [_as_row(one) | {"taken_today": taken[one.id]} for one in found]
    emit(rows, machine=machine, people=lambda out: _print_list(out, rows))


@consumer.command()
@click.argument("name")
@click.option("--line", default="", help="Three-legged: the number of a line in service.")
@_scopes
@click.option("--expired", is_flag=True, help="One whose time is over, to see how it is refused.")
@as_json
def token(name: str, line: str, scopes: tuple[str, ...], expired: bool, machine: bool) -> None:
    """An access token for tests. A relying party gets its own at the token endpoint."""
    base = ready()
    found = consumers.by_name(base, name=name)
    wanted = scopes or tuple(found.scopes.split())
    text = tokens.issue(
        base, consumer=found, scopes=wanted, msisdn=_number(line, found) if line else None, expired=expired
    )
    document = {
        "access_token": text, "token_type": "Bearer", "scope": " ".join(wanted),
        "expires_in": 0 if expired else int(tokens.LIFETIME.total_seconds()),
    }  # fmt: skip
    emit(document, machine=machine, people=lambda out: out.print(text, soft_wrap=True, highlight=False))


@consumer.command("sandbox")
@as_json
def show_sandbox(machine: bool) -> None:
    """The made-up numbers that a consumer with --sandbox may ask about, and what each is for."""
    rows = [asdict(line) for line in sandbox_numbers()]
    emit(rows, machine=machine, people=lambda out: _print_sandbox(out, rows))


def _print_sandbox(out: Console, rows: list[dict[str, Any]]) -> None:
    shown = table("Numbers of the sandbox", "number", "api", "about")
    for row in rows:
        shown.add_row(row["number"], row["api"], row["about"])
    out.print(shown)


def _number(line: str, of: Consumer) -> int:
    """A line's number as people write it; a sandbox's belongs to no country."""
    return read_number(line) if of.sandbox else parse_msisdn(line)


@consumer.command()
@click.argument("name")
@_scopes
@click.option("--category", type=click.Choice(CATEGORIES))
@click.option("--purpose")
@click.option("--bulk/--no-bulk", default=None)
@click.option("--told/--no-told", default=None)
@click.option("--three-legged/--no-three-legged", default=None)
@click.option("--requests-per-second", type=_count)
@click.option("--requests-per-day", type=_count)
@click.option("--rows-per-day", type=_count)
@_as
@as_json
def change(name: str, actor: Actor, machine: bool, **given: Any) -> None:
    """Change what was agreed; it counts within a second. --scope replaces all scopes."""
    wanted = {key: value for key, value in given.items() if value not in (None, ())}
    if not wanted:
        raise BadInput(
            "nothing to change was given", code="nothing_to_change", remedy="See 'lastcall consumer change --help'."
        )
    changed = consumers.change(ready(), name=name, actor=actor, **wanted)
    emit(_as_row(changed), machine=machine, people=lambda out: out.print(f"{changed.name}: changed."))


@consumer.command()
@click.argument("name")
@_as
@as_json
def end(name: str, actor: Actor, machine: bool) -> None:
    """End a relying party: its keys and tokens are worth nothing within a second."""
    ended = consumers.end(ready(), name=name, actor=actor)
    emit(_as_row(ended), machine=machine, people=lambda out: out.print(f"{ended.name} has ended."))


@consumer.group()
def keys() -> None:
    """The public keys by which a relying party shows who it is."""


@keys.command("list")
@click.argument("name")
@as_json
def list_keys(name: str, machine: bool) -> None:
    """The keys of a relying party, the ended ones included."""
    found = consumers.keys(ready(), name=name)
    rows = [
        {"kid": one.kid, "public_jwk": one.public, "created_at": one.created_at, "ended_at": one.ended_at}
        for one in found
    ]
    emit(rows, machine=machine, people=lambda out: _print_keys(out, rows))


@keys.command("add")
@click.argument("name")
@_public_key
@_as
@as_json
def add_key(name: str, public_key: Path | None, actor: Actor, machine: bool) -> None:
    """One more key; without --public-key a pair is made and its private half printed once."""
    private = consumers.add_key(ready(), name=name, actor=actor, public_jwk=_jwk(public_key))
    emit({"private_jwk": private or None}, machine=machine, people=lambda out: _print_private(out, private))


@keys.command("end")
@click.argument("name")
@click.argument("kid")
@_as
@as_json
def end_key(name: str, kid: str, actor: Actor, machine: bool) -> None:
    """A key is not taken any more; tokens that it got stay valid for their few minutes."""
    consumers.end_key(ready(), name=name, kid=kid, actor=actor)
    emit({"ended": kid}, machine=machine, people=lambda out: out.print("The key is not taken any more."))


@consumer.command("hash-key")
@click.argument("name")
@click.option("--rotate", is_flag=True, help="Make a fresh one; hashes under the old one match nothing any more.")
@_as
@as_json
def hash_key(name: str, rotate: bool, actor: Actor, machine: bool) -> None:
    """Print the key under which a relying party hashes numbers (HMAC-SHA256), in base64url."""
    base = ready()
    if rotate:
        key = consumers.rotate_hash_key(base, name=name, actor=actor)
    else:
        key = consumers.hash_key(base, consumers.by_name(base, name=name).id)
    text = base64.urlsafe_b64encode(key).decode().rstrip("=")
    emit({"hash_key": text}, machine=machine, people=lambda out: out.print(text, highlight=False))


@consumer.command("rotate-signing-key")
@_as
@as_json
def rotate_signing_key(actor: Actor, machine: bool) -> None:
    """Sign tokens and answers with a fresh key of ours; the old one's public half stays published."""
    kid = signing.rotate(ready(), actor=actor)
    emit({"kid": kid}, machine=machine, people=lambda out: out.print(f"Signed with {kid} from now on."))


def _jwk(path: Path | None) -> Json | None:
    if path is None:
        return None
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise BadInput(f"{path} holds no JWK", code="bad_key", remedy="Write one JSON object into it (RFC 7517).")
    return found


def _endpoint() -> str:
    return f"{tokens.issuer()}/oauth2/token"


def _as_row(one: Consumer) -> dict[str, Any]:
    return {
        "client_id": one.client_id, "name": one.name, "category": one.category, "scopes": one.scopes.split(),
        "purpose": one.purpose, "bulk": one.bulk, "told": one.told, "three_legged": one.three_legged, "sandbox": one.sandbox,
        "requests_per_second": one.requests_per_second, "requests_per_day": one.requests_per_day,
        "rows_per_day": one.rows_per_day, "created_at": one.created_at, "ended_at": one.ended_at,
    }  # fmt: skip


def _print_created(out: Console, one: Consumer, private: Json) -> None:
    out.print(f"{one.name}: client_id {one.client_id}, token endpoint {_endpoint()}", highlight=False)
    _print_private(out, private)


def _print_private(out: Console, private: Json) -> None:
    if private:
        out.print("Its private key, shown only now; hand it over by a safe way:")
        out.print(json.dumps(private), soft_wrap=True, highlight=False)
    else:
        out.print("Its public key is registered.")


def _print_list(out: Console, rows: list[dict[str, Any]]) -> None:
    shown = table(
        "Relying parties", "name", "category", "scopes", "agreed", "a second / a day / rows", "taken today", "ended"
    )
    for row in rows:
        agreed = [word for word in ("bulk", "told", "three_legged", "sandbox") if row[word]]
        quota = f"{row['requests_per_second']} / {row['requests_per_day']} / {row['rows_per_day']}"
        ended = f"{row['ended_at']:%Y-%m-%d}" if row["ended_at"] else ""
        taken = ", ".join(f"{count} {kind}" for kind, count in sorted(row["taken_today"].items()))
        shown.add_row(row["name"], row["category"], " ".join(row["scopes"]), " ".join(agreed), quota, taken, ended)
    out.print(shown)


def _print_keys(out: Console, rows: list[dict[str, Any]]) -> None:
    shown = table("Keys", "kid", "since", "ended")
    for row in rows:
        ended = f"{row['ended_at']:%Y-%m-%d}" if row["ended_at"] else ""
        shown.add_row(row["kid"], f"{row['created_at']:%Y-%m-%d}", ended)
    out.print(shown)
