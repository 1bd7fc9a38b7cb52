"""Where this installation lives: its folder, its database and its key, each chosen by one environment variable."""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit


def home() -> Path:
    """``LASTCALL_HOME`` (default ``./var``), created if missing, readable by its owner only."""
    folder = Path(os.environ.get("LASTCALL_HOME", "var")).absolute()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def secret_key() -> str:
    """``LASTCALL_SECRET_KEY``, or the one kept in ``LASTCALL_HOME/secret.key``, made at the first start.

    Everything keyed hangs on it: hashes of document numbers, codes, references, and sealed contacts. Losing it makes
    those unreadable for ever.
    """
    if key := os.environ.get("LASTCALL_SECRET_KEY"):
        return key
    path = home() / "secret.key"
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text(encoding="ascii").strip()
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(secrets.token_urlsafe(48))
    return path.read_text(encoding="ascii").strip()


def secret(name: str) -> str:
    """A secret from the variable ``name``, or from the file that ``name``_FILE names; empty when neither is set.

    Raises ``ValueError`` naming the variable when both are set or the file cannot be read.
    """
    value, path = os.environ.get(name, ""), os.environ.get(f"{name}_FILE", "")
    if value and path:
        raise ValueError(f"{name} and {name}_FILE are both set; keep one of them")
    try:
        return Path(path).read_text(encoding="utf-8").strip() if path else value
    except (OSError, UnicodeDecodeError) as trouble:
        raise ValueError(f"{name}_FILE: the file cannot be read") from trouble


def database_url() -> str:
    """``LASTCALL_DATABASE_URL``, default a SQLite file in :func:`home`."""
    return os.environ.get("LASTCALL_DATABASE_URL") or f"sqlite:///{home() / 'lastcall.sqlite3'}"


def database_settings(url: str) -> dict[str, Any]:
    """Django's settings for a ``sqlite:///path`` or ``postgresql://user:password@host:port/name?option=value`` URL.

    Raises ``ValueError`` naming what cannot be read, without the password.
    """
    parts = urlsplit(url)
    if parts.scheme == "sqlite":
        return _sqlite(
            unquote(parts.path)[1:] if parts.path.startswith("//") else unquote(parts.path).removeprefix("/")
        )
    if parts.scheme in {"postgresql", "postgres"}:
        return _postgresql(url)
    raise ValueError(f"LASTCALL_DATABASE_URL: scheme '{parts.scheme}' is neither sqlite nor postgresql")


def _sqlite(path: str) -> dict[str, Any]:
    # FULL: a declaration is a legal act; NORMAL may lose the last commits when the power fails.
    pragmas = "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; PRAGMA busy_timeout=20000"
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": path if path.startswith("/") else str(Path(path).absolute()),
        "OPTIONS": {"init_command": pragmas, "transaction_mode": "IMMEDIATE", "timeout": 20},
    }


def _postgresql(url: str) -> dict[str, Any]:
    parts = urlsplit(url)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "",
        "PORT": str(parts.port or ""),
        "OPTIONS": dict(parse_qsl(parts.query)),
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
    }
