"""Subscription Status 0.1.0: can this line be called and texted, call and text, and use data?"""

from __future__ import annotations

from typing import Final

from lastcall.core.lookup import subject
from lastcall.core.lookup.documented import SUBSCRIPTION
from lastcall.core.lookup.service_state import ServiceState, service_state
from lastcall.core.numbers.sim import Sim
from lastcall.core.store import Store
from lastcall.core.subscribers.line import Line
from lastcall.doors.lookup.answer import Answer, json_answer
from lastcall.doors.lookup.asked import Asked
from lastcall.doors.lookup.camara.question import Question, answering, ask, error
from lastcall.doors.lookup.camara.shape import PHONE_NUMBER, Shape
from lastcall.doors.lookup.lookup import as_of_header

SHAPE: Final = Shape(
    "SubscriptionQuestion", "Which number: nothing beside a token that is bound to one.", (PHONE_NUMBER,)
)
READING: Final = "status"
VOICE: Final = ("active", "suspended")
DATA: Final = ("active", "suspended", "throttled")


@answering(SUBSCRIPTION)
def retrieve_status(asked: Asked) -> Answer:
    """``voiceSmsIn``, ``voiceSmsOut`` and ``dataService``."""
    assert asked.access is not None
    question = ask(SUBSCRIPTION, asked.access, SHAPE.read(asked.document()), subject.agreeing)
    question.note(READING)
    state = _of_life(question) if question.life is not None else question.real(lambda rows: _of_line(rows, question))
    document = {"voiceSmsIn": state.voice_sms_in, "voiceSmsOut": state.voice_sms_out, "dataService": state.data}
    return json_answer(document, headers=(as_of_header(),))


def _of_life(question: Question) -> ServiceState:
    assert question.life is not None
    if not question.life.is_held:
        raise error(SUBSCRIPTION, "IDENTIFIER_NOT_FOUND")
    return question.life.service


def _of_line(rows: Store, question: Question) -> ServiceState:
    line = rows.one(Line, {"tenure_id": question.held(rows).id})
    sim = rows.one(Sim, {"id": line.sim_id}) if line is not None else None
    if line is None or sim is None:
        raise error(SUBSCRIPTION, "IDENTIFIER_NOT_FOUND")
    return service_state(line, sim)
