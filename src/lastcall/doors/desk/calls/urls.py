from __future__ import annotations

from django.urls import path

from lastcall.doors.desk.calls.pages import acts, backs, call, queue

urlpatterns = [
    path("calls/", queue.queue, name="calls_queue"),
    path("calls/open/", queue.open_by_hand, name="calls_open"),
    path("calls/backs/", backs.backs, name="calls_backs"),
    path("calls/backs/<int:callback_id>/take/", backs.take, name="calls_back_take"),
    path("calls/<int:call_id>/take/", queue.take, name="calls_take"),
    path("calls/<int:call_id>/", call.call, name="calls_call"),
    path("calls/<int:call_id>/language/", call.language, name="calls_language"),
    path("calls/<int:call_id>/number/", call.number, name="calls_number"),
    path("calls/<int:call_id>/reference/", call.reference, name="calls_reference"),
    path("calls/<int:call_id>/declare/", call.declare, name="calls_declare"),
    path("calls/<int:call_id>/ask/<slug:kind>/", call.ask, name="calls_ask"),
    path("calls/<int:call_id>/answer/", call.answer, name="calls_answer"),
    path("calls/<int:call_id>/again/", call.again, name="calls_again"),
    path("calls/<int:call_id>/file/", call.open_file, name="calls_file"),
    path("calls/<int:call_id>/link/", acts.link, name="calls_link"),
    path("calls/<int:call_id>/callback/", acts.callback, name="calls_callback"),
    path("calls/<int:call_id>/withdraw/", acts.withdraw, name="calls_withdraw"),
    path("calls/<int:call_id>/stop/", acts.stop, name="calls_stop"),
    path("calls/<int:call_id>/finish/", acts.finish, name="calls_finish"),
]
