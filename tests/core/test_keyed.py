"""Keyed hashes and sealed values: comparable without being kept, and opened only where they belong."""

from __future__ import annotations

import hashlib
import hmac

import pytest
from django.test import override_settings

from lastcall.core import keyed
from lastcall.core.errors import LastcallError

ALPHABET = set("0123456789ABCDEFGHJKMNPQRSTVWXYZ")


def test_the_same_parts_give_the_same_hash_and_others_another() -> None:
    assert keyed.keyed_hash("a", "x", "y") == keyed.keyed_hash("a", "x", "y")
    others = [("b", "x", "y"), ("a", "xy"), ("a", "x", "y", ""), ("a", "", "xy"), ("a", "y", "x")]
    made = {keyed.keyed_hash(*parts) for parts in [("a", "x", "y"), *others]}
    assert len(made) == 1 + len(others)
    assert all(len(digest) == 64 for digest in made)


def test_without_the_installations_secret_it_cannot_be_computed() -> None:
    here = keyed.keyed_hash("document", "E12345678")
    with override_settings(SECRET_KEY="another installation"):
        assert keyed.keyed_hash("document", "E12345678") != here
    assert here not in {hashlib.sha256(b"E12345678").hexdigest(), hmac.digest(b"", b"E12345678", "sha256").hex()}


def test_a_derived_token_has_its_bits_and_is_the_same_again() -> None:
    made = {keyed.derived_token("receipt", str(number), bits=80) for number in range(300)}
    assert len(made) == 300
    assert all(len(token) == 16 and set(token) <= ALPHABET for token in made)
    assert keyed.derived_token("receipt", "1") == keyed.derived_token("receipt", "1", bits=80)


@pytest.mark.parametrize("typed", ["10AB-CDEF", " 1oab cdef ", "IOABCDEF", "loabcdef"])
def test_a_token_is_understood_however_it_is_typed(typed: str) -> None:
    assert keyed.normal_token(typed) == "10ABCDEF"


def test_a_sealed_value_opens_only_where_it_belongs() -> None:
    sealed = keyed.seal("li@example.org", bound_to="contact:1")
    assert "li@" not in sealed
    assert keyed.seal("li@example.org", bound_to="contact:1") != sealed
    assert keyed.unseal(sealed, bound_to="contact:1") == "li@example.org"
    swapped = sealed[:-6] + ("A" if sealed[-6] != "A" else "B") + sealed[-5:]
    for broken, where in ((sealed, "contact:2"), (swapped, "contact:1"), (sealed.replace("1.", "2.", 1), "contact:1"),
                          ("", "contact:1"), ("1.", "contact:1"), ("1.ü", "contact:1")):  # fmt: skip
        with pytest.raises(LastcallError) as trouble:
            keyed.unseal(broken, bound_to=where)
        assert trouble.value.code == "unsealable" and trouble.value.remedy


def test_another_installation_cannot_open_it() -> None:
    sealed = keyed.seal("li@example.org", bound_to="contact:1")
    with override_settings(SECRET_KEY="another installation"), pytest.raises(LastcallError):
        keyed.unseal(sealed, bound_to="contact:1")


def test_comparing_says_same_or_not() -> None:
    assert keyed.same("abc", "abc")
    assert not keyed.same("abc", "abd")
    assert not keyed.same("", "abc")
