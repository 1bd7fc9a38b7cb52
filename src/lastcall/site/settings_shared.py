"""What holds for every program of ours, with or without an installation: languages, clocks, how files and headers are served."""

from __future__ import annotations

import os
from pathlib import Path

HERE = Path(__file__).resolve().parent.parent

USE_TZ = True
TIME_ZONE = os.environ.get("LASTCALL_TIME_ZONE", "Europe/Moscow")
USE_I18N = True
LANGUAGE_CODE = "en"
LANGUAGES = [("zh-hans", "简体中文"), ("ru", "Русский"), ("en", "English")]
LOCALE_PATHS = [str(HERE / "locale")]
