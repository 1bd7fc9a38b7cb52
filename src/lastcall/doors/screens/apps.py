from django.apps import AppConfig


class ScreensConfig(AppConfig):
    name = "lastcall.doors.screens"
    label = "screens"
