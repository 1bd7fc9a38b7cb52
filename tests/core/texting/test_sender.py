"""Who sent a text, in the many ways in which SMSCs write a number."""

from __future__ import annotations

import pytest

from lastcall.core.texting.sender import read_sender


@pytest.mark.parametrize(
    ("address", "sender"),
    [
        ("+79000001001", "+79000001001"), ("79000001001", "+79000001001"), ("9000001001", "+79000001001"),
        ("89000001001", "+79000001001"), ("+8613912345678", "+8613912345678"), ("8613912345678", "+8613912345678"),
        ("8800", ""), ("0611", ""), ("Bank", ""), ("", ""), ("+7", ""), ("+0123456789", ""), ("12345678", ""),
        ("+79000001001\n", "+79000001001"), ("٧٩٠٠٠٠٠١٠٠١", ""), ("+7900000100112345", ""),
    ],
)  # fmt: skip
def test_a_sender_is_read_however_the_smsc_writes_it(address: str, sender: str) -> None:
    assert read_sender(address) == sender
