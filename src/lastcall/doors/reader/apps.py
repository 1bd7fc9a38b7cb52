from django.apps import AppConfig


class ReaderConfig(AppConfig):
    name = "lastcall.doors.reader"
    label = "reader"
