"""``lastcall consumer``: from the registration to the end, as an operator does it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from lastcall.core.clock import ManualClock
from lastcall.core.database import DjangoDatabase
from lastcall.core.errors import Refused
from lastcall.core.relying import consumers, jose, signing, tokens
from tests.cast import FREE_MSISDN, LI_WEI_MSISDN, Cast
from tests.site.terminal import Terminal

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def create(lastcall: Terminal, *more: str, name: str = "Demo Bank") -> dict[str, Any]:
    found: dict[str, Any] = lastcall(
        "consumer", "create", name, "--scope", "number-recycling:check", *more, "--json"
    ).document
    return found


def token(lastcall: Terminal, *more: str) -> str:
    found: str = lastcall("consumer", "token", "Demo Bank", *more, "--json").document["access_token"]
    return found


def test_a_consumer_is_registered_and_its_private_key_shown_once(lastcall: Terminal, time: ManualClock) -> None:
    made = create(lastcall, "--scope", "lookup:batch", "--category", "bank", "--bulk", "--rows-per-day", "7")
    assert made["scopes"] == ["number-recycling:check", "lookup:batch"] and made["client_id"].isdigit()
    assert (made["bulk"], made["told"], made["rows_per_day"], made["private_jwk"]["kty"]) == (True, False, 7, "EC")
    (listed,) = lastcall("consumer", "list", "--json").document
    assert listed["client_id"] == made["client_id"] and "private_jwk" not in listed
    (key,) = lastcall("consumer", "keys", "list", "Demo Bank", "--json").document
    assert key["kid"] == made["private_jwk"]["kid"] and "d" not in key["public_jwk"]
    assert "Demo Bank" in lastcall("consumer", "list").out
    assert key["kid"] in lastcall("consumer", "keys", "list", "Demo Bank").out.replace("\n", "")


def test_people_are_told_that_the_key_is_shown_only_now(lastcall: Terminal, time: ManualClock) -> None:
    printed = lastcall("consumer", "create", "Demo Bank", "--scope", "lookup:check").out
    private = json.loads(next(line for line in printed.splitlines() if line.startswith("{")))
    assert "only now" in printed and {"kid", "d", "x", "y"} <= private.keys()


def test_a_consumer_may_bring_its_own_key(lastcall: Terminal, time: ManualClock, tmp_path: Path) -> None:
    file = tmp_path / "public.json"
    file.write_text(json.dumps(jose.public(jose.new_key())))
    assert create(lastcall, "--public-key", str(file))["private_jwk"] is None
    file.write_text("[]")
    assert (
        lastcall("consumer", "keys", "add", "Demo Bank", "--public-key", str(file), "--json").error["code"] == "bad_key"
    )


def test_a_sandbox_has_numbers_of_its_own(lastcall: Terminal, cast: Cast) -> None:
    create(lastcall, "--sandbox", "--three-legged")
    listed = lastcall("consumer", "sandbox", "--json").document
    number = listed[0]["number"]
    assert number in lastcall("consumer", "sandbox").out
    found = tokens.verify(cast.base, token(lastcall, "--line", number))
    assert (found.sandbox, found.tenure_id, f"+{found.msisdn}") == (True, None, number)


def test_tokens_for_tests(lastcall: Terminal, cast: Cast) -> None:
    create(lastcall, "--scope", "lookup:check", "--three-legged")
    two = tokens.verify(cast.base, token(lastcall))
    assert two.msisdn is None and two.scopes == {"number-recycling:check", "lookup:check"}
    assert tokens.verify(cast.base, token(lastcall, "--scope", "lookup:check")).scopes == {"lookup:check"}
    assert tokens.verify(cast.base, token(lastcall, "--line", f"+{LI_WEI_MSISDN}")).msisdn == LI_WEI_MSISDN
    with pytest.raises(Refused):
        tokens.verify(cast.base, token(lastcall, "--expired"))
    refused = lastcall("consumer", "token", "Demo Bank", "--line", f"+{FREE_MSISDN}", "--json")
    assert (refused.code, refused.error["code"]) == (3, "no_holder")
    assert str(FREE_MSISDN) not in json.dumps(refused.error)
    assert lastcall("consumer", "token", "Nobody", "--json").code == 4
    assert lastcall("consumer", "token", "Demo Bank").out.strip().count(".") == 2


def test_what_was_agreed_changes(lastcall: Terminal, time: ManualClock) -> None:
    create(lastcall)
    changed = lastcall(
        "consumer", "change", "Demo Bank", "--scope", "lookup:feed", "--told", "--requests-per-day", "0", "--json"
    ).document
    assert (changed["scopes"], changed["told"], changed["requests_per_day"]) == (["lookup:feed"], True, 0)
    assert lastcall("consumer", "change", "Demo Bank", "--no-told", "--json").document["told"] is False
    assert lastcall("consumer", "change", "Demo Bank", "--json").error["code"] == "nothing_to_change"
    assert lastcall("consumer", "change", "Demo Bank", "--scope", "x", "--json").error["code"] == "bad_scope"


def test_keys_and_hash_keys_are_changed(lastcall: Terminal, time: ManualClock) -> None:
    first = create(lastcall)["private_jwk"]["kid"]
    second = lastcall("consumer", "keys", "add", "Demo Bank", "--json").document["private_jwk"]["kid"]
    assert second != first
    assert lastcall("consumer", "keys", "end", "Demo Bank", first).code == 0
    listed = lastcall("consumer", "keys", "list", "Demo Bank", "--json").document
    assert [(key["kid"], key["ended_at"] is None) for key in listed] == [(first, False), (second, True)]
    before = lastcall("consumer", "hash-key", "Demo Bank", "--json").document["hash_key"]
    assert lastcall("consumer", "hash-key", "Demo Bank", "--json").document["hash_key"] == before
    assert lastcall("consumer", "hash-key", "Demo Bank", "--rotate", "--json").document["hash_key"] != before


def test_our_own_signing_key_is_changed(lastcall: Terminal, base: DjangoDatabase, time: ManualClock) -> None:
    signing.public_keys(base)
    kid = lastcall("consumer", "rotate-signing-key", "--json").document["kid"]
    assert [key["kid"] for key in signing.public_keys(base)["keys"]][-1] == kid


def test_a_consumer_ends(lastcall: Terminal, base: DjangoDatabase, time: ManualClock) -> None:
    create(lastcall)
    assert lastcall("consumer", "end", "Demo Bank", "--json").document["ended_at"]
    assert lastcall("consumer", "end", "Demo Bank", "--json").error["code"] == "no_such_consumer"
    (listed,) = consumers.all(base)
    assert listed.ended_at is not None


def test_only_an_administrator_registers(lastcall: Terminal, time: ManualClock) -> None:
    refused = lastcall("consumer", "create", "X Bank", "--scope", "lookup:check", "--as", "clerk:olga", "--json")
    assert (refused.code, refused.error["code"]) == (3, "no_right")
    assert lastcall("consumer", "create", "X Bank", "--json").error["code"] == "no_scope"
