"""What every way to reach a contact must do: SMS and mail, into a folder, onto the screen and to a real server."""

from __future__ import annotations

import io
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from lastcall.core.errors import BadInput, ElementTrouble
from lastcall.core.ports import Message, Messenger
from lastcall.elements.mail import make_mail
from lastcall.elements.mail.file import FileMail
from lastcall.elements.mail.smtp import SmtpAccount
from lastcall.elements.sms import make_sms
from lastcall.elements.sms.file import FileSms
from lastcall.elements.sms.smpp import SmppSms
from tests.elements.mail.server import MailServer
from tests.kannel import Kannel
from tests.smsc import Smsc

SMS = Message("case 1: notice", "+79990000167", "Закрытие линии", "您的号码将于 3 月 4 日注销。", "zh-hans")
MAIL = replace(SMS, address="li.wei@example.org")


@dataclass
class Channel:
    """One messenger, a message that it takes, and how many it has sent."""

    messenger: Messenger
    message: Message
    sent: Callable[[], int]


def local(medium: str, name: str, folder: Path) -> Channel:
    out = io.StringIO()
    messenger = (make_sms if medium == "sms" else make_mail)(name, folder=folder, out=out)
    assert messenger.name == name

    def sent() -> int:
        if isinstance(messenger, FileSms | FileMail):
            return len(messenger.messages())
        return out.getvalue().count("[zh-hans]")

    return Channel(messenger, SMS if medium == "sms" else MAIL, sent)


@pytest.fixture
def smpp(smsc: Smsc, tmp_path: Path) -> Iterator[Channel]:
    before = smsc.mark()
    messenger = make_sms("smpp", folder=tmp_path / "outbox", out=io.StringIO(), smpp=smsc.account())
    assert isinstance(messenger, SmppSms) and messenger.name == "smpp"

    def sent() -> int:
        messenger.close()  # it has answered and told by then whatever it took
        return len(smsc.settled("message", after=before))

    yield Channel(messenger, SMS, sent)
    messenger.close()


@pytest.fixture
def kannel_sms(behind_kannel: Smsc, kannel: Kannel, tmp_path: Path) -> Channel:
    before = behind_kannel.mark()
    messenger = make_sms("kannel", folder=tmp_path / "outbox", out=io.StringIO(), kannel=kannel.account(reports=False))
    assert messenger.name == "kannel"

    def sent() -> int:
        # A message of our own behind the others: Kannel hands over in order, so what it took before has come by then.
        last = replace(SMS, key=f"last {behind_kannel.mark()}", address="+79990000299")
        mark = behind_kannel.mark()
        messenger.send(last)
        behind_kannel.text(last.address, after=mark)
        return sum(message.to != last.address for message in behind_kannel.messages(after=before))

    return Channel(messenger, SMS, sent)


@pytest.fixture
def smtp(tmp_path: Path) -> Iterator[Channel]:
    with MailServer() as server:
        account = SmtpAccount("127.0.0.1", server.port, "none")
        messenger = make_mail("smtp", folder=tmp_path / "outbox", out=io.StringIO(), smtp=account)
        assert messenger.name == "smtp"
        yield Channel(messenger, MAIL, lambda: len(server.mails))


@pytest.fixture(
    params=[
        "sms file",
        "sms console",
        "mail file",
        "mail console",
        pytest.param("sms smpp", marks=pytest.mark.element),
        pytest.param("sms kannel", marks=pytest.mark.element),
        "mail smtp",
    ]
)
def channel(request: pytest.FixtureRequest, tmp_path: Path) -> Channel:
    medium, name = request.param.split()
    if name in ("file", "console"):
        return local(medium, name, tmp_path / "outbox")
    served: Channel = request.getfixturevalue("kannel_sms" if name == "kannel" else name)
    return served


def test_it_sends_a_message(channel: Channel) -> None:
    channel.messenger.send(channel.message)
    assert channel.sent() == 1


def test_the_same_key_twice_is_one_message(channel: Channel) -> None:
    channel.messenger.send(channel.message)
    channel.messenger.send(channel.message)
    channel.messenger.send(replace(channel.message, text="другой текст"))
    assert channel.sent() == 1


def test_another_key_is_another_message(channel: Channel) -> None:
    for number in range(12):
        channel.messenger.send(replace(channel.message, key=f"notice {number}"))
    assert channel.sent() == 12


def test_eight_threads_with_one_key_send_one_message(channel: Channel) -> None:
    start = threading.Barrier(8)

    def send(_: int) -> None:
        start.wait(timeout=10)
        channel.messenger.send(channel.message)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(send, range(8)))
    assert channel.sent() == 1


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("address", ""),
        ("address", "nobody"),
        ("address", "+0123456789"),
        ("address", "+123"),
        ("address", "+7999000016799999"),
        ("address", "+٧٩٩٩٠٠٠٠١٦٧"),
        ("address", "+79990000167\n"),
        ("address", "li.wei@example.org\r\nBcc: sergei@example.org"),
        ("address", "li.wei@example.org,sergei@example.org"),
        ("address", "li.wei@"),
        ("address", "li.wei@" + "a" * 250 + ".org"),
        ("subject", "Notice\nBcc: sergei@example.org"),
        ("subject", "Notice\r"),
        ("subject", "Notice\u2028two"),
        ("subject", "s" * 256),
        ("key", ""),
        ("key", "key\nInjected: yes"),
        ("key", "k" * 201),
        ("text", " \n"),
        ("text", "half \ud83d"),
        ("language", ""),
        ("language", "en\nX: y"),
    ],
)
def test_it_refuses_what_cannot_be_sent_without_repeating_it(channel: Channel, field: str, value: str) -> None:
    changed: dict[str, Any] = {field: value}
    with pytest.raises(BadInput, match=f"^{field}") as caught:
        channel.messenger.send(replace(channel.message, **changed))
    assert len(value) < 4 or value not in str(caught.value)
    assert channel.sent() == 0


@pytest.mark.parametrize("make", [make_sms, make_mail])
def test_an_unknown_adapter_is_refused_with_those_there_are(make: Callable[..., Messenger], tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="choose file, console or"):
        make("pigeon", folder=tmp_path, out=io.StringIO())


@pytest.mark.parametrize("make", [make_sms, make_mail])
def test_a_folder_that_cannot_be_written_is_temporary_trouble(make: Callable[..., Messenger], tmp_path: Path) -> None:
    in_the_way = tmp_path / "outbox"
    in_the_way.write_text("a file")
    messenger = make("file", folder=in_the_way, out=io.StringIO())
    message = SMS if make is make_sms else MAIL
    with pytest.raises(ElementTrouble) as caught:
        messenger.send(message)
    assert (caught.value.code, caught.value.permanent) == ("outbox_unwritable", False)
    assert message.address not in str(caught.value)


@pytest.mark.parametrize("make", [make_sms, make_mail])
def test_a_message_that_the_screen_lost_may_be_sent_again(make: Callable[..., Messenger], tmp_path: Path) -> None:
    class BrokenOnce(io.StringIO):
        broken = True

        def write(self, text: str) -> int:
            if self.broken:
                self.broken = False
                raise BrokenPipeError
            return super().write(text)

    out = BrokenOnce()
    messenger = make("console", folder=tmp_path, out=out)
    message = SMS if make is make_sms else MAIL
    with pytest.raises(ElementTrouble):
        messenger.send(message)
    messenger.send(message)
    assert message.text in out.getvalue()
