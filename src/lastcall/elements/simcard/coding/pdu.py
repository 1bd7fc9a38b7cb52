"""Messages on a card: a record of EF_SMS (3GPP TS 51.011, 10.5.3), which holds a TPDU of TS 23.040."""

from __future__ import annotations

from lastcall.elements.simcard.coding.joining import join
from lastcall.elements.simcard.coding.sms import RECORD, SmsRecord
from lastcall.elements.simcard.coding.tpdu import decode_sms_record
from lastcall.elements.simcard.coding.writing import encode_deliver, encode_submit

__all__ = ["RECORD", "SmsRecord", "decode_sms_record", "encode_deliver", "encode_submit", "join"]
