"""SMS by way of an operator's SMSC, over SMPP 3.4."""

from __future__ import annotations

import logging
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from lastcall.core.errors import BadInput, ElementTrouble
from lastcall.core.ports import Message
from lastcall.core.texting.arrived import Receiver, Reported, Taken
from lastcall.elements.handover import Handover
from lastcall.elements.network import Deadline
from lastcall.elements.sms import number, trouble
from lastcall.elements.sms.delivered import read_delivery
from lastcall.elements.sms.link import Garbled, Link
from lastcall.elements.sms.noting import note
from lastcall.elements.sms.parts import Parts, split

logger = logging.getLogger(__name__)

DEFAULT_PORT = 2775
_INTERNATIONAL, _NETWORK_SPECIFIC, _ALPHANUMERIC = 1, 3, 5  # type of number; SMPP 3.4, 5.2.5
_UNKNOWN_PLAN, _E164_PLAN = 0, 1  # numbering plan indicator; SMPP 3.4, 5.2.6
_HEADED = 0x40  # esm_class: the text begins with a user data header; SMPP 3.4, 5.2.12
_TAKEN, _AGAIN, _NEVER = 0x00, 0x64, 0x66  # ESME_ROK, ESME_RX_T_APPN, ESME_RX_R_APPN; SMPP 3.4, 5.1.3
_LONGEST_WAIT = 30.0  # seconds between two tries to open a connection
_RECEIPT = 0x01  # registered_delivery: tell success and failure; SMPP 3.4, 5.2.17
_SHORT_CODE = re.compile(r"[0-9]{3,8}")
_NUMBER = re.compile(r"\+[1-9][0-9]{6,14}")
_NAME = re.compile(r"(?=.*[A-Za-z])[A-Za-z0-9](?:[A-Za-z0-9 .&_-]{0,9}[A-Za-z0-9.])?")


@dataclass(frozen=True, slots=True)
class SmppAccount:
    """Where the SMSC is and who we are there.

    ``sender``: what the phone shows; a short code (3 to 8 digits), a number in E.164 with ``+``, or a name of at most eleven
    Latin letters and digits (3GPP TS 23.040, 9.1.2.5). ``system_id`` and ``password`` have at most 15 and 8 characters
    (SMPP 3.4, 4.1.1). Raises :class:`BadInput`, never with the password.
    """

    host: str
    port: int
    system_id: str
    password: str = field(repr=False)
    sender: str
    system_type: str = ""

    def __post_init__(self) -> None:
        for name, value, longest in (
            ("system_id", self.system_id, 15),
            ("password", self.password, 8),
            ("system_type", self.system_type, 12),
        ):
            if len(value) > longest or not (value.isascii() and (value.isprintable())):
                raise BadInput(f"{name}: SMPP takes at most {longest} ASCII characters; this one is {len(value)} long.")
        read_source(self.sender)


def read_source(sender: str) -> tuple[int, int, str]:
    """Type of number, numbering plan and address of a sender as in :class:`SmppAccount`. Raises :class:`BadInput`."""
    if _NUMBER.fullmatch(sender):
        return _INTERNATIONAL, _E164_PLAN, sender.removeprefix("+")
    if _SHORT_CODE.fullmatch(sender):
        return _NETWORK_SPECIFIC, _UNKNOWN_PLAN, sender
    if _NAME.fullmatch(sender):
        return _ALPHANUMERIC, _UNKNOWN_PLAN, sender
    raise BadInput(
        "sender: neither a short code of 3 to 8 digits, nor a number with +, nor a name of at most 11 Latin letters."
    )


class SmppSms:
    """The port :class:`~lastcall.core.ports.Messenger` on an SMSC, over one connection that the threads of a process share.

    It is opened when first needed and again whenever it broke. ``timeout``: seconds that one message may take with all
    that it waits for; ``idle``: seconds of silence after which the SMSC is asked whether it lives (enquire_link). Receipts are
    asked for. ``memory``: the folder of :class:`~lastcall.elements.handover.Handover`, whose word on sending twice holds here.

    What the SMSC delivers goes to the receiver of :meth:`deliver_to`, in whatever thread uses the connection, and is acknowledged
    once that has returned; when it raises, the SMSC is told to bring the same again (ESME_RX_T_APPN).
    """

    name = "smpp"

    def __init__(self, account: SmppAccount, *, memory: Path, timeout: float = 10.0, idle: float = 30.0) -> None:
        self._account = account
        self._where = f"The SMSC at {account.host}:{account.port}"
        self._memory = Handover(memory)
        self._timeout = timeout
        self._idle = idle
        self._lock = threading.Lock()
        self._link: Link | None = None
        self._receiver: Receiver | None = None
        self._taken: Taken | None = None
        self._leave: Callable[[], None] = _nothing

    def deliver_to(self, receiver: Receiver, taken: Taken, leave: Callable[[], None] | None = None) -> None:
        """From now on ``receiver`` gets what the SMSC delivers, and ``taken`` hears under which names it took a message; ``leave``
        is called in each thread of ours that may have called ``receiver``, when it ends."""
        self._receiver, self._taken, self._leave = receiver, taken, leave or _nothing

    def listen(self, stop: threading.Event) -> None:
        """Hold a connection open until ``stop`` is set, so that the SMSC can deliver; one that breaks is opened again, after
        waiting 1, 2, 4 … at most 30 seconds while that fails."""
        wait = 1.0
        while not stop.is_set():
            wait = 1.0 if self._reach() else min(2 * wait, _LONGEST_WAIT)
            stop.wait(wait)
        self.close()
        self._leave()

    def _reach(self) -> bool:
        try:
            with self._troubles(), self._held(Deadline(self._timeout)):
                return True
        except ElementTrouble as trouble_met:
            logger.warning("sms: %s (%s)", trouble_met.message, trouble_met.code)
            return False

    def send(self, message: Message) -> None:
        """Hand the message to the SMSC; returns when it has taken every part.

        Raises :class:`BadInput`; :class:`~lastcall.core.errors.ElementTrouble`, permanent with code ``invalid_destination``,
        ``message_too_long`` or ``message_refused``, else temporary.
        """
        number.check(message)
        with self._memory.once(message.key) as fresh:
            names = self._submit(message, split(message)) if fresh else []
        note(self._taken, message.key, names)

    def close(self) -> None:
        """Take leave of the SMSC. A message sent afterwards opens a connection again."""
        with self._lock:
            if self._link is not None:
                with suppress(OSError, Garbled):
                    self._link.ask("unbind", Deadline(1.0))
                self._drop()

    def _submit(self, message: Message, parts: Parts) -> list[str]:
        """Returns the name that the SMSC gave each part."""
        ton, npi, source = read_source(message.sender or self._account.sender)
        address, deadline, names = message.address, Deadline(self._timeout), list[str]()
        with self._troubles(), self._held(deadline) as link:
            for octets in parts.octets:
                answer = link.ask(
                    "submit_sm", deadline,
                    source_addr_ton=ton, source_addr_npi=npi, source_addr=source,
                    dest_addr_ton=_INTERNATIONAL, dest_addr_npi=_E164_PLAN, destination_addr=address.removeprefix("+"),
                    esm_class=_HEADED if parts.headed else 0, data_coding=parts.data_coding,
                    registered_delivery=_RECEIPT, short_message=octets,
                )  # fmt: skip
                if answer.status:
                    raise trouble.refused(self._where, answer.status)
                names.append(answer.name)
        return [name for name in names if name]

    @contextmanager
    def _held(self, deadline: Deadline) -> Iterator[Link]:
        """The connection, bound, for this thread alone; it is dropped when the block breaks it."""
        if not self._lock.acquire(timeout=deadline.left()):
            raise TimeoutError
        try:
            yield self._living(deadline) or self._open(deadline)
        except (OSError, Garbled):
            self._drop()
            raise
        finally:
            self._lock.release()

    def _living(self, deadline: Deadline) -> Link | None:
        if self._link is not None:
            try:
                self._link.listen(deadline)
            except (OSError, Garbled):
                self._drop()
        return self._link

    def _open(self, deadline: Deadline) -> Link:
        account = self._account
        self._link = link = Link(account.host, account.port, deadline, self._deliver)
        bound = link.ask(
            "bind_transceiver", deadline,
            system_id=account.system_id, password=account.password, system_type=account.system_type,
        )  # fmt: skip
        if bound.status:
            self._drop()
            raise trouble.bind_refused(self._where, bound.status)
        threading.Thread(target=self._keep, args=(link,), name="smpp-keeper", daemon=True).start()
        return link

    def _keep(self, link: Link) -> None:
        """While nobody sends: answer the SMSC, and ask whether it lives when it is silent; until ``link`` is dropped."""
        while self._served(link, called=link.waiting(self._idle)):
            pass
        self._leave()

    def _served(self, link: Link, *, called: bool) -> bool:
        """Whether ``link`` is still the one in use, once what was due on it is done."""
        with self._lock:
            if self._link is not link:
                return False
            try:
                if called:
                    link.listen(Deadline(self._timeout))
                else:
                    link.ask("enquire_link", Deadline(self._timeout))
            except (OSError, Garbled):
                self._drop()
                return False
            return True

    def _deliver(self, body: bytes) -> int:
        try:
            delivered = read_delivery(body)
        except Garbled:
            logger.error("sms: the SMSC delivered what cannot be read; it is refused for good")
            return _NEVER
        if self._receiver is None:
            return _TAKEN if isinstance(delivered, Reported) else _AGAIN
        try:
            self._receiver(delivered)
        except Exception as trouble_met:  # nothing may be acknowledged that is not kept
            logger.error("sms: what the SMSC delivered could not be kept: %s", type(trouble_met).__name__)
            return _AGAIN
        return _TAKEN

    def _drop(self) -> None:
        if self._link is not None:
            self._link.close()
            self._link = None

    @contextmanager
    def _troubles(self) -> Iterator[None]:
        try:
            yield
        except TimeoutError:
            raise trouble.timed_out(self._where) from None
        except OSError as error:
            raise trouble.unreachable(self._where, error.strerror or type(error).__name__) from None
        except Garbled:
            raise trouble.garbled(self._where) from None


def _nothing() -> None:
    pass
