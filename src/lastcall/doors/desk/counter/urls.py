"""The counter: the queue, the window, the visit."""

from __future__ import annotations

from django.urls import URLPattern, path

from lastcall.doors.desk.counter import card, queue, visit, words

words.say()

urlpatterns: list[URLPattern] = [
    path("counter/", queue.queue, name="counter_queue"),
    path("counter/window/", queue.window, name="counter_window"),
    path("counter/<int:ticket_id>/call/", queue.call, name="counter_call"),
    path("counter/<int:ticket_id>/step/", queue.step, name="counter_step"),
    path("counter/<int:ticket_id>/transfer/", queue.transfer, name="counter_transfer"),
    path("counter/<int:ticket_id>/", visit.visit, name="counter_visit"),
    path("counter/<int:ticket_id>/show/", visit.show, name="counter_show"),
    path("counter/<int:ticket_id>/identify/", visit.identify, name="counter_identify"),
    path("counter/<int:ticket_id>/pay/", visit.pay, name="counter_pay"),
    path("counter/<int:ticket_id>/card/", card.card, name="counter_card"),
    path("counter/<int:ticket_id>/sim/", visit.sim, name="counter_sim"),
    path("counter/<int:ticket_id>/stop/", visit.stop, name="counter_stop"),
    path("counter/<int:ticket_id>/statement/", visit.statement, name="counter_statement"),
    path("counter/<int:ticket_id>/receipt/", visit.receipt, name="counter_receipt"),
    path("counter/<int:ticket_id>/paper/", visit.paper, name="counter_paper"),
]
