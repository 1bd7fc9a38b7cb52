"""The addresses about relying parties. None holds a number."""

from __future__ import annotations

from django.urls import path

from lastcall.doors.desk.relying import words
from lastcall.doors.desk.relying.pages import alarms, corrections, deliveries, parties

words.known()
urlpatterns = [
    path("relying/", parties.parties, name="relying_list"),
    path("relying/new/", parties.create, name="relying_create"),
    path("relying/of/<int:consumer_id>/", parties.party, name="relying_party"),
    path("relying/of/<int:consumer_id>/change/", parties.change, name="relying_change"),
    path("relying/of/<int:consumer_id>/end/", parties.end, name="relying_end"),
    path("relying/alarms/", alarms.alarms, name="relying_alarms"),
    path("relying/alarms/<int:alert_id>/", alarms.looked_at, name="relying_looked_at"),
    path("relying/dead/", deliveries.dead, name="relying_dead"),
    path("relying/dead/<int:delivery_id>/retry/", deliveries.retry, name="relying_retry"),
    path("relying/dead/<int:delivery_id>/skip/", deliveries.skip, name="relying_skip"),
    path("relying/corrections/", corrections.corrections, name="relying_corrections"),
    path("relying/corrections/ask/<int:look_id>/", corrections.ask, name="relying_ask_correction"),
    path("relying/corrections/<int:correction_id>/", corrections.look, name="relying_look_at_correction"),
    path("relying/corrections/decide/<int:look_id>/", corrections.decide, name="relying_decide_correction"),
]
