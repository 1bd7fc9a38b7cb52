from lastcall.elements.billing.models.account import BillingAccount
from lastcall.elements.billing.models.entry import Entry, Kind, Posting

__all__ = ["BillingAccount", "Entry", "Kind", "Posting"]
