"""Collect every text that people read from the sources, and bring the catalogues up to date.

``python scripts/extract_messages.py`` adds what is new to each ``django.po``, untranslated, and drops what is gone. No program
outside Python is needed.
"""

from __future__ import annotations

import io
import os
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
SOURCES = ROOT / "src" / "lastcall"
LOCALE = SOURCES / "locale"
LANGUAGES = ("zh_Hans", "ru")
KEYWORDS = DEFAULT_KEYWORDS | {
    "gettext_lazy": None,
    "ngettext_lazy": (1, 2),
    "pgettext_lazy": ((1, "c"), 2),
}


def messages() -> Catalog:
    """Every text of the sources, with the files it is in."""
    found = Catalog(charset="utf-8", fuzzy=False)
    for path, text in _texts():
        for _line, message, _comments, context in extract("python", io.BytesIO(text.encode()), KEYWORDS):
            found.add(message, None, [(path.relative_to(ROOT).as_posix(), 1)], context=context)
    return found


def _texts() -> Iterator[tuple[Path, str]]:
    for path in sorted(SOURCES.rglob("*.py")):
        if "migrations" not in path.parts:
            yield path, path.read_text(encoding="utf-8")
    for path in sorted(SOURCES.rglob("templates/**/*.html")):
        yield path, _as_python(path)


def _as_python(path: Path) -> str:
    """A template with its translation tags as Python calls and all else blanked out, in brackets so that indents are free."""
    from django.utils.translation.template import templatize

    return f"(\n{templatize(path.read_text(encoding='utf-8'))}\n)"


def catalogue(language: str) -> Path:
    """Where the texts of ``language`` are."""
    return LOCALE / language / "LC_MESSAGES" / "django.po"


def update(language: str, fresh: Catalog) -> tuple[int, int]:
    """Bring one catalogue up to date; returns how many texts it has and how many are not translated."""
    path = catalogue(language)
    known = Catalog(locale=language)
    if path.exists():
        with path.open("rb") as source:
            known = read_po(source, locale=language)
    known.update(fresh, no_fuzzy_matching=True, update_header_comment=False)
    known.obsolete.clear()
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as target:
        target.write(_header(language, known).encode())
        write_po(
            target, known, width=120, sort_by_file=True, include_lineno=False, ignore_obsolete=True, omit_header=True
        )
    texts = [message for message in known if message.id]
    return len(texts), sum(not all(_strings(message.string)) for message in texts)


def _header(language: str, known: Catalog) -> str:
    # Only what programs read: no dates and names, which would change with every run.
    return (
        'msgid ""\nmsgstr ""\n'
        f'"Language: {language}\\n"\n'
        '"Content-Type: text/plain; charset=utf-8\\n"\n'
        f'"Plural-Forms: {known.plural_forms}\\n"\n\n'
    )


def _strings(string: object) -> tuple[str, ...]:
    return string if isinstance(string, tuple) else (str(string or ""),)


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lastcall.site.settings")
    import django

    django.setup()
    fresh = messages()
    for language in LANGUAGES:
        total, missing = update(language, fresh)
        print(f"{catalogue(language).relative_to(ROOT)}: {total} texts, {missing} not translated")
