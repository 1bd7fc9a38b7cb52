"""Signed answers: what they state, who can check them, and how the command line tells whether they hold."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

import pytest

from lastcall.core.errors import BadInput, Refused
from lastcall.core.lookup import signed
from lastcall.core.lookup.signed import Statement
from lastcall.core.relying import consumers, jose, signing
from lastcall.core.relying.hashing import number_hash
from tests.cast import LI_WEI_MSISDN, Cast
from tests.doors.lookup.conftest import Client, MakeConsumer, MakeToken
from tests.doors.lookup.own.conftest import MakeClient
from tests.relying import SYSTEM
from tests.site.terminal import Terminal

CHECK = "/lookup/v1/check?signed=1"
LI_WEI = f"+{LI_WEI_MSISDN}"
THEN = "2026-02-01"


def evidence(client: Client, **question: Any) -> str:
    answer = client.post(CHECK, json=({"number": LI_WEI, "date": THEN} | question))
    assert answer.status_code == 200, answer.text
    found: str = answer.json()["evidence"]
    return found


def keys(client: Client) -> dict[str, Any]:
    found: dict[str, Any] = client.get("/oauth2/jwks").json()
    return found


def states(client: Client, text: str) -> Statement:
    return signed.verify(text, keys=keys(client))


def test_evidence_states_what_was_asked_and_answered(client: Client) -> None:
    answer = client.post(CHECK, json={"number": LI_WEI, "date": THEN, "semantics": "disconnect"}).json()
    statement = states(client, answer.pop("evidence"))
    assert statement.said == {"number": LI_WEI, "date": THEN, "purpose": consumers.DEFAULT_PURPOSE} | answer
    assert (statement.audience, statement.kind) == ("Demo Bank", "lookup.answer")
    assert statement.issuer.startswith("http")


def test_without_the_wish_nothing_is_signed(client: Client) -> None:
    plain = client.post("/lookup/v1/check", json={"number": LI_WEI, "date": THEN}).json()
    assert "evidence" not in plain
    wrong = client.post("/lookup/v1/check?signed=yes", json={"number": LI_WEI, "date": THEN})
    assert (wrong.status_code, wrong.json()["code"]) == (400, "INVALID_ARGUMENT")


def test_every_one_of_many_answers_has_its_own_evidence(client: Client) -> None:
    rows = [{"number": LI_WEI, "date": THEN}, {"number": "+79000001009", "date": THEN}]
    answers = client.post("/lookup/v1/checks?signed=1", json={"rows": rows}).json()["answers"]
    stated = [states(client, one["evidence"]) for one in answers]
    assert [one.said["number"] for one in stated] == [row["number"] for row in rows]
    assert len({one.id for one in stated}) == 2


def test_a_number_that_was_asked_as_a_hash_stays_one(client: Client, cast: Cast) -> None:
    key = consumers.hash_key(cast.base, consumers.by_name(cast.base, name="Demo Bank").id)
    asked = {"numberHash": number_hash(key, LI_WEI_MSISDN), "date": THEN}
    statement = states(client, client.post(CHECK, json=asked).json()["evidence"])
    assert statement.said["numberHash"] == asked["numberHash"] and "number" not in statement.said
    assert str(LI_WEI_MSISDN) not in json.dumps(statement.said)


def test_evidence_of_the_sandbox_says_that_it_is_none(client_of: MakeClient, consumer: MakeConsumer) -> None:
    sandboxed = client_of(consumer("Sandbox Bank", sandbox=True))
    statement = states(sandboxed, evidence(sandboxed, number="+9990200001"))
    assert (statement.said["sandbox"], statement.said["answer"]) == (True, "same_holder")
    assert "sandbox" not in states(sandboxed, evidence(client_of(consumer("Real Bank")))).said


def test_where_the_token_says_the_number_the_evidence_says_it_too(client: Client, token: MakeToken) -> None:
    answer = client.post(CHECK, json={"date": THEN}, token=token(msisdn=LI_WEI_MSISDN)).json()
    assert states(client, answer["evidence"]).said["number"] == LI_WEI


def test_evidence_outlives_the_key_it_was_signed_with(client: Client, cast: Cast) -> None:
    before = evidence(client)
    signing.rotate(cast.base, actor=SYSTEM)
    after = evidence(client)
    assert states(client, before).key_id != states(client, after).key_id


def altered(text: str, **claims: Any) -> str:
    head, body, mark = text.split(".")
    said = json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4))) | claims
    forged = base64.urlsafe_b64encode(json.dumps(said).encode()).decode().rstrip("=")
    return f"{head}.{forged}.{mark}"


def test_altered_evidence_does_not_hold(client: Client) -> None:
    with pytest.raises(Refused) as refused:
        states(client, altered(evidence(client), answer="reissued"))
    assert refused.value.code == "altered"


def test_evidence_under_somebody_elses_key_does_not_hold(client: Client) -> None:
    text, own = evidence(client), jose.new_key()
    said = jose.claims_of(text)
    with pytest.raises(Refused) as strange:
        states(client, jose.sign(own, said, kid=own.thumbprint(), typ=signing.EVIDENCE))
    assert strange.value.code == "unknown_key"
    with pytest.raises(Refused) as pretended:
        states(client, jose.sign(own, said, kid=jose.header_of(text)["kid"], typ=signing.EVIDENCE))
    assert pretended.value.code == "altered"


def test_an_access_token_is_no_evidence(client: Client, token: MakeToken) -> None:
    with pytest.raises(BadInput) as refused:
        states(client, token())
    assert refused.value.code == "not_evidence"


@pytest.mark.parametrize("text", ["", "a.b.c", "…", "{}", '{"evidence":1}', "x" * 20_000])
def test_what_is_no_document_at_all(client: Client, text: str) -> None:
    with pytest.raises(BadInput) as refused:
        signed.verify(signed.read_document(text), keys=keys(client))
    assert refused.value.code == "not_evidence"


def test_another_issuer_or_audience_than_expected(client: Client) -> None:
    text = evidence(client)
    issuer = states(client, text).issuer
    assert signed.verify(text, keys=keys(client), issuer=f"{issuer}/", audience="Demo Bank").issuer == issuer
    with pytest.raises(Refused) as issued:
        signed.verify(text, keys=keys(client), issuer="https://other.example.org")
    with pytest.raises(Refused) as told:
        signed.verify(text, keys=keys(client), audience="Other Bank")
    assert (issued.value.code, told.value.code) == ("another_issuer", "another_audience")


@pytest.fixture
def kept(client: Client, tmp_path: Path) -> dict[str, str]:
    """What a relying party saved: the answer as it came, the JWS alone, the operator's keys."""
    answer = client.post(CHECK, json={"number": LI_WEI, "date": THEN})
    saved = {"answer": answer.text, "jws": answer.json()["evidence"], "keys": json.dumps(keys(client))}
    saved["altered"] = altered(saved["jws"], answer="reissued")
    for name, text in saved.items():
        (tmp_path / name).write_text(text)
    return {name: str(tmp_path / name) for name in saved}


@pytest.mark.parametrize("document", ["answer", "jws"])
def test_the_command_says_what_the_evidence_states(lastcall: Terminal, kept: dict[str, str], document: str) -> None:
    left = lastcall("evidence", "verify", kept[document], "--keys", kept["keys"])
    assert left.code == 0
    assert "It holds" in left.out and "Demo Bank" in left.out and LI_WEI in left.out
    assert "the holder of that day has had it ever since" in left.out


def test_the_command_tells_machines(lastcall: Terminal, kept: dict[str, str]) -> None:
    told = lastcall("evidence", "verify", kept["jws"], "--json").document
    assert told["holds"] is True
    assert (told["states"]["answer"], told["states"]["number"]) == ("same_holder", LI_WEI)


def test_the_command_leaves_with_1_when_it_does_not_hold(lastcall: Terminal, kept: dict[str, str]) -> None:
    left = lastcall("evidence", "verify", kept["altered"], "--keys", kept["keys"], "--json")
    assert (left.code, left.document["holds"], left.document["code"]) == (1, False, "altered")
    people = lastcall("evidence", "verify", kept["altered"], "--keys", kept["keys"])
    assert people.code == 1 and "does not hold" in people.out
    other = lastcall("evidence", "verify", kept["jws"], "--keys", kept["keys"], "--audience", "Other Bank", "--json")
    assert (other.code, other.document["code"]) == (1, "another_audience")


def test_the_command_cannot_begin_without_keys_or_document(lastcall: Terminal, kept: dict[str, str]) -> None:
    assert lastcall("evidence", "verify", kept["jws"], "--keys", kept["jws"], "--json").error["code"] == "bad_keys"
    assert lastcall("evidence", "verify", kept["jws"], "--keys", "http://example.org/jwks", "--json").code == 2
    assert lastcall("evidence", "verify", kept["jws"] + "-missing", "--json").code == 2
