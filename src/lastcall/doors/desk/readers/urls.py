"""Card readers: the clerk's pages, and the addresses for the program beside one."""

from __future__ import annotations

from django.urls import URLPattern, path

from lastcall.doors.desk.readers import machine, pages

urlpatterns: list[URLPattern] = [
    path("readers/", pages.list_, name="readers_list"),
    path("readers/new/", pages.new, name="readers_new"),
    path("readers/<int:reader_id>/end/", pages.end, name="readers_end"),
    path("readers/pair", machine.pair, name="readers_pair"),
    path("readers/order", machine.order, name="readers_order"),
    path("readers/order/<int:handling_id>/card", machine.card, name="readers_card"),
    path("readers/order/<int:handling_id>/backup", machine.backup, name="readers_backup"),
    path("readers/order/<int:handling_id>/done", machine.done, name="readers_done"),
    path("readers/order/<int:handling_id>/failed", machine.failed, name="readers_failed"),
    path("readers/leave", machine.leave, name="readers_leave"),
]
