"""Calls as the voice menu leaves them, and the short ways of an agent, for tests of the hotline."""

from __future__ import annotations

from dataclasses import dataclass, replace

from lastcall.core import clock
from lastcall.core.actor import AGENT, Actor
from lastcall.core.closing.case import Case
from lastcall.core.closing.code import Code
from lastcall.core.closing.codes import digits_of
from lastcall.core.hotline import agents, calls, questions
from lastcall.core.hotline.asking import Asking
from lastcall.core.hotline.call import Call
from lastcall.core.policies.policy import Policy
from lastcall.core.staff.opening import Opening
from tests.cast import ANNA_MSISDN, Cast, Holder
from tests.core.tools import only

TIMUR = Actor(AGENT, "timur", "hotline")
TAMARA = Actor(AGENT, "tamara", "hotline")


@dataclass
class Hotline:
    """The cast on the phone."""

    cast: Cast

    @property
    def policy(self) -> Policy:
        return self.cast.policy

    def queued(
        self, msisdn: int | None = ANNA_MSISDN, *, language: str = "ru", declared: bool = True, pressed: str = ""
    ) -> Call:
        """A caller went through the menu and waits."""
        base = self.cast.base
        call = calls.begin(base, channel=clock.token(80), language=language)
        if msisdn is not None:
            calls.claim_number(base, call_id=call.id, typed=f"+{msisdn}")
            if declared:
                calls.declare(base, call_id=call.id, policy=self.policy)
            if pressed:
                calls.answer_document(base, call_id=call.id, pressed=pressed, policy=self.policy)
        return calls.want_agent(base, call_id=call.id, stage="menu")

    def taken(self, msisdn: int | None = ANNA_MSISDN, *, declared: bool = True, actor: Actor = TIMUR) -> Call:
        """A call that the agent has."""
        return agents.take(self.cast.base, call_id=self.queued(msisdn, declared=declared).id, actor=actor)

    def ask(self, call: Call, *said: str, kind: str = "questions", actor: Actor = TIMUR) -> Asking:
        """A whole set, answered in order."""
        asking = questions.begin(self.cast.base, call_id=call.id, kind=kind, policy=self.policy, actor=actor)
        for answer in said:
            asking = self.answer(call, asking.question, answer, actor=actor)
        return asking

    def answer(self, call: Call, question: str, said: str, *, actor: Actor = TIMUR, channel: str = "mail") -> Asking:
        """One answer."""
        return questions.answer(
            self.cast.base, call_id=call.id, question=question, said=said, policy=self.policy, actor=actor,
            channel=channel,
        )  # fmt: skip

    def right(self, holder: Holder) -> tuple[str, str]:
        """What the holder says to the questions of the demo's pack."""
        return holder.document[2], holder.subscriber.name

    def opened(self, call: Call, holder: Holder, *, actor: Actor = TIMUR) -> Opening:
        """The questions answered rightly, and the file opened."""
        assert self.ask(call, *self.right(holder), actor=actor).outcome == "right"
        return self.open(call, actor=actor)

    def open(self, call: Call, *, actor: Actor = TIMUR) -> Opening:
        """The file, once the answers were right."""
        return questions.open_file(self.cast.base, call_id=call.id, policy=self.policy, actor=actor)

    def code(self, call: Call) -> str:
        """The code that the caller reads on their phone: of the last one made for the call's case."""
        case = self.case(call)
        rows = self.cast.base.transact(lambda rows: rows.some(Code, {"case_id": case.id}, order="-id"))
        return digits_of(rows[0], Policy.from_json(case.policy))

    def case(self, call: Call) -> Case:
        """The call's own case."""
        return only(self.cast.base, Case, id=self.fresh(call).case_id)

    def fresh(self, call: Call) -> Call:
        """The call as it is now."""
        return only(self.cast.base, Call, id=call.id)

    def set_policy(self, **values: object) -> None:
        """From now on the operator has it otherwise."""
        self.cast.policy = replace(self.cast.policy, **values)  # type: ignore[arg-type]
