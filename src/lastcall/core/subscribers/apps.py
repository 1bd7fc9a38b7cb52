from django.apps import AppConfig


class SubscribersConfig(AppConfig):
    name = "lastcall.core.subscribers"
    label = "subscribers"
