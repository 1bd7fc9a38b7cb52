from django.apps import AppConfig


class BillingConfig(AppConfig):
    name = "lastcall.elements.billing"
    label = "billing"
