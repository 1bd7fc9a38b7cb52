"""Compile the translations (``.po`` to ``.mo``): by hand with ``python scripts/build_messages.py``, and by the build hook
whenever the package is built or installed for editing.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

LOCALE = Path(__file__).resolve().parent.parent / "src" / "lastcall" / "locale"


def build(locale: Path = LOCALE, into: Path | None = None) -> list[Path]:
    """Compile every catalogue below ``locale``, beside its source or in the same place below ``into``."""
    built = []
    for po in sorted(locale.glob("*/LC_MESSAGES/*.po")):
        mo = (into or locale) / po.relative_to(locale).with_suffix(".mo")
        mo.parent.mkdir(parents=True, exist_ok=True)
        unfinished = mo.with_suffix(".new")
        with po.open("rb") as source, unfinished.open("wb") as target:
            write_mo(target, read_po(source))
        built.append(unfinished.replace(mo))
    return built


try:
    from hatchling.builders.hooks.plugin.interface import BuildHookInterface
except ImportError:  # by hand, where only the package and babel are installed
    pass
else:

    class CustomBuildHook(BuildHookInterface[Any]):
        """The same before every build."""

        def initialize(self, version: str, build_data: dict[str, Any]) -> None:
            build(Path(self.root, "src/lastcall/locale"))


if __name__ == "__main__":
    for path in build():
        print(path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path)
