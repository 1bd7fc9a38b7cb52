"""Access tokens: what they let do, and how soon they are worth nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from lastcall.core import clock
from lastcall.core.errors import Refused
from lastcall.core.relying import consumers, jose, roll, signing, tokens
from lastcall.core.relying.access import Access
from tests.cast import ANNA_MSISDN, FREE_MSISDN, LI_WEI_MSISDN, Cast
from tests.relying import SYSTEM, Party, registered


@pytest.fixture
def bank(cast: Cast) -> Party:
    return registered(cast.base)


def refused(cast: Cast, text: str) -> bool:
    try:
        tokens.verify(cast.base, text)
    except Refused as trouble:
        return trouble.code == "unauthenticated"
    return False


def test_a_token_lets_do_what_it_was_issued_for(cast: Cast, bank: Party) -> None:
    text = tokens.issue(cast.base, consumer=bank.consumer, scopes=["lookup:check"])
    assert tokens.verify(cast.base, text) == Access(
        consumer_id=bank.consumer.id, name="Demo Bank", category="bank", scopes=frozenset({"lookup:check"}),
        purpose=consumers.DEFAULT_PURPOSE, tenure_id=None, msisdn=None, sandbox=False,
        expires_at=cast.time.now() + tokens.LIFETIME,
    )  # fmt: skip
    with pytest.raises(Refused) as caught:
        tokens.issue(cast.base, consumer=bank.consumer, scopes=["everything"])
    assert caught.value.code == "bad_scope"


def test_its_time_is_over_to_the_second_also_where_it_was_verified_before(cast: Cast, bank: Party) -> None:
    text = tokens.issue(cast.base, consumer=bank.consumer, scopes=["lookup:check"])
    cast.time.advance(tokens.LIFETIME - timedelta(seconds=1))
    assert not refused(cast, text) and tokens.known(cast.base, text) is not None
    cast.time.advance(timedelta(seconds=1))
    assert refused(cast, text) and tokens.known(cast.base, text) is None
    assert refused(cast, tokens.issue(cast.base, consumer=bank.consumer, scopes=["lookup:check"], expired=True))


def test_what_somebody_else_signed_or_altered_is_nothing(cast: Cast, bank: Party) -> None:
    text = tokens.issue(cast.base, consumer=bank.consumer, scopes=["lookup:check"])
    head, body, signature = text.split(".")
    header, claims = jose.header_of(text), jose.claims_of(text)
    forged = jose.sign(jose.new_key(), claims, kid=header["kid"], typ="at+jwt")
    evidence = signing.sign(cast.base, claims)
    assertion = bank.assertion(**claims)
    elsewhere = signing.sign(cast.base, {**claims, "aud": "https://elsewhere.example"}, typ="at+jwt")
    unaddressed = signing.sign(cast.base, {name: claims[name] for name in claims if name != "iss"}, typ="at+jwt")
    strange = signing.sign(cast.base, {**claims, "client_id": "x" * 9, "exp": 10**30}, typ="at+jwt")
    other = ("A" if body[5] != "A" else "B").join((body[:5], body[6:]))
    for bad in (
        forged, evidence, assertion, elsewhere, unaddressed, strange, f"{head}.{other}.{signature}", f"{head}.{body}.",
        f"{head}.{body}", "", "..", "é", "\udcff", "a" * 20_000,
    ):  # fmt: skip
        assert refused(cast, bad), bad[:40]
        assert tokens.known(cast.base, bad) is None


def test_a_consumer_that_ends_is_out_within_seconds_wherever_it_is_remembered(cast: Cast, bank: Party) -> None:
    text = tokens.issue(cast.base, consumer=bank.consumer, scopes=["lookup:check"])
    assert not refused(cast, text)
    remembered = roll.roll_of(cast.base)
    consumers.end(cast.base, name="Demo Bank", actor=SYSTEM)
    remembered.refresh(cast.base)  # as the keeper of every process does each second
    assert tokens.known(cast.base, text) is None and refused(cast, text)


def test_a_change_of_the_agreement_narrows_tokens_and_never_widens_them(cast: Cast, bank: Party) -> None:
    text = tokens.issue(cast.base, consumer=bank.consumer, scopes=["lookup:check", "lookup:feed"])
    assert not refused(cast, text)
    consumers.change(cast.base, name="Demo Bank", scopes=["lookup:check"], actor=SYSTEM)
    assert tokens.known(cast.base, text) is None
    assert tokens.verify(cast.base, text).scopes == {"lookup:check"}
    narrow = tokens.issue(cast.base, consumer=bank.consumer, scopes=["lookup:check"])
    consumers.change(cast.base, name="Demo Bank", scopes=["lookup:check", "lookup:feed"], actor=SYSTEM)
    assert tokens.verify(cast.base, narrow).scopes == {"lookup:check"}


def test_a_token_about_a_line_is_bound_to_the_tenure(cast: Cast, bank: Party) -> None:
    text = tokens.issue(cast.base, consumer=bank.consumer, scopes=["kyc-match:match"], msisdn=LI_WEI_MSISDN)
    access = tokens.verify(cast.base, text)
    assert access.msisdn == LI_WEI_MSISDN and access.tenure_id is not None
    assert tokens.known(cast.base, text) is None  # whether the tenure lasts is asked every time
    with pytest.raises(Refused) as caught:
        tokens.issue(cast.base, consumer=bank.consumer, scopes=["kyc-match:match"], msisdn=FREE_MSISDN)
    assert caught.value.code == "no_holder"


def test_the_next_holder_has_nothing_to_do_with_a_token_about_the_last(cast: Cast, bank: Party) -> None:
    issued = replace(bank.consumer)
    cast.ceasing()
    text = tokens.issue(cast.base, consumer=issued, scopes=["kyc-match:match"], msisdn=LI_WEI_MSISDN)
    assert not refused(cast, text)
    cast.work()
    assert refused(cast, text)
    assert not refused(cast, tokens.issue(cast.base, consumer=issued, scopes=["kyc-match:match"], msisdn=ANNA_MSISDN))


def test_a_sandbox_token_has_a_number_and_no_tenure(cast: Cast) -> None:
    play = registered(cast.base, "Play", sandbox=True)
    text = tokens.issue(cast.base, consumer=play.consumer, scopes=["kyc-match:match"], msisdn=FREE_MSISDN)
    access = tokens.verify(cast.base, text)
    assert (access.sandbox, access.tenure_id, access.msisdn) == (True, None, FREE_MSISDN)


def test_evidence_is_checked_by_the_published_keys_also_after_a_rotation(cast: Cast) -> None:
    text = signing.sign(cast.base, {"answer": "yes", "at": int(clock.now().timestamp())})
    signing.rotate(cast.base, actor=SYSTEM)
    keys = {key["kid"]: key for key in signing.public_keys(cast.base)["keys"]}
    assert len(keys) == 2
    assert jose.verify(text, jose.load(keys[jose.header_of(text)["kid"]])).claims["answer"] == "yes"
    assert jose.header_of(text)["typ"] == signing.EVIDENCE
