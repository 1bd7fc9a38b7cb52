from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.test import override_settings

from tests.cast import Cast
from tests.core.texting.phone import Phone


@pytest.fixture
def phone(cast: Cast) -> Iterator[Phone]:
    """Li Wei's phone. The installation has a public address and no text number of its own."""
    with override_settings(LASTCALL_PUBLIC_HOST="lastcall.example", LASTCALL_TEXT_NUMBER=""):
        yield Phone(cast)
