"""A phone that texts: what it sends goes straight into the inbox, and what was answered is read from the folder of messages."""

from __future__ import annotations

from dataclasses import dataclass

from lastcall.core.closing.case import Case
from lastcall.core.ports import Message
from lastcall.core.texting.arrived import Arrived, PartOf
from lastcall.core.texting.inbox import take
from lastcall.core.texting.text import Text
from lastcall.elements.sms.file import FileSms
from tests.cast import LI_WEI_MSISDN, Cast


@dataclass
class Phone:
    """``number``: as the SMSC writes it."""

    cast: Cast
    number: str = f"+{LI_WEI_MSISDN}"

    def text(
        self, words: str, *, reference: str = "", hop: str = "", part: PartOf | None = None, work: bool = True
    ) -> None:
        """Text to the operator; ``work``: let the worker do what is due then."""
        came = Arrived(sender=self.number, recipient="0000", text=words, reference=reference, hop=hop, part=part)
        take(self.cast.base, came=came, way="test", policy=self.cast.policy)
        if work:
            self.cast.work()

    def answers(self) -> list[Message]:
        """What this phone was answered, in order."""
        sms = self.cast.elements.messengers["sms"]
        assert isinstance(sms, FileSms)
        return [
            message for message in sms.messages() if message.key.startswith("text:") and message.address == self.number
        ]

    def texts(self) -> list[Text]:
        """All texts that are held, of whichever phone."""
        return self.cast.base.transact(lambda rows: rows.some(Text, {}, order="received_at"))

    def cases(self) -> list[Case]:
        """All cases that there are."""
        return self.cast.base.transact(lambda rows: rows.some(Case, {}, order="id"))
