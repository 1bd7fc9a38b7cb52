from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.elements.simcard.vpcd import VirtualReaders, virtual_readers


@pytest.fixture
def pcscd() -> Iterator[VirtualReaders]:
    """A real PC/SC service with two readers, both empty. Tests that ask for it are marked ``element``."""
    with virtual_readers() as readers:
        yield readers
