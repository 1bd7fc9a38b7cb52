from django.apps import AppConfig


class DeskConfig(AppConfig):
    name = "lastcall.doors.desk"
    label = "desk"
