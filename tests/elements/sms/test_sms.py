"""SMS into a folder and onto the screen."""

from __future__ import annotations

import io
import json
from pathlib import Path

from lastcall.core.ports import Message
from lastcall.elements.sms.console import ConsoleSms
from lastcall.elements.sms.file import FileSms

TO_ANNA = Message("notice 1", "+79990000167", "", "Линия закрывается.", "ru")
TO_LI_WEI = Message("notice 2", "+8613900000012", "", "线路将注销。\n回复 1 取消。", "zh-hans")


def test_messages_come_back_as_they_were(tmp_path: Path) -> None:
    sms = FileSms(tmp_path)
    sms.send(TO_LI_WEI)
    sms.send(TO_ANNA)
    assert sms.messages() == [TO_LI_WEI, TO_ANNA]


def test_a_gateway_reads_one_json_object_per_file(tmp_path: Path) -> None:
    FileSms(tmp_path).send(TO_LI_WEI)
    (path,) = tmp_path.glob("*.json")
    told = json.loads(path.read_text(encoding="utf-8"))
    assert told == {
        "key": "notice 2",
        "address": "+8613900000012",
        "subject": "",
        "text": "线路将注销。\n回复 1 取消。",
        "language": "zh-hans",
    }


def test_the_screen_masks_the_number() -> None:
    out = io.StringIO()
    ConsoleSms(out).send(TO_ANNA)
    assert out.getvalue() == "SMS to +7********67 [ru]: Линия закрывается.\n"
