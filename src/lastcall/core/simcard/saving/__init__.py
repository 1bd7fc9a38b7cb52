"""A card saved to files that people and other programs open: made, put into a folder or an archive, and checked later."""

from __future__ import annotations

from lastcall.core.simcard.saving.contacts import contacts
from lastcall.core.simcard.saving.files import files
from lastcall.core.simcard.saving.folder import refuse_unfit, refuse_used, save, save_or_refuse
from lastcall.core.simcard.saving.packing import packed
from lastcall.core.simcard.saving.verifying import verify

__all__ = ["contacts", "files", "packed", "refuse_unfit", "refuse_used", "save", "save_or_refuse", "verify"]
