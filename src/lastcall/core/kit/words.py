"""Words of the kit that several parts share: sources and their doubt, the pack's codes, phones. No fact stands here."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from django.utils import translation
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from lastcall.core.closing.letters.letter import Count, Day, Text, Value, Words, say
from lastcall.core.closing.letters.power_memo import DEATH_PAPERS, OUTCOMES, REMOTE
from lastcall.core.closing.letters.wording import REFUNDS
from lastcall.core.policies.schema import UNDATED

SOURCES: Final = _("Sources")
IN_PACK: Final = _("named in the pack, %(file)s, line %(line)s")
DISAGREE: Final = _("The sources say: %(readings)s")
READING: Final = _("%(value)s (source: %(source)s)")
CONFIDENCES: Final[dict[str, Words]] = {
    "confirmed": _("several sources agree"),
    "single_source": _("one source"),
    "operator_choice": _("each operator decides"),
    "conflict": _("the sources disagree"),
    "unconfirmed": _("not confirmed"),
}
"""The pack's confidence -> what is said of a source."""
SOURCE_WORDS: Final[dict[str, Words]] = {
    "none found": _("no source found"),
    "search-engine pages": _("pages found by a search engine"),
    "public source code": _("public source code of several projects"),
    "a reseller": _("a reseller's page"),
    "golos": _("a copy of an old text"),
    "made up": _("made up for the demonstration"),
    "follows": _("our own conclusion"),
}
"""How a source without an address begins -> what it is."""
OPERATOR_PHONES: Final[dict[str, Words]] = {
    "contacts.hotline_in_network": _("From a number of this operator"),
    "contacts.hotline_free": _("From any phone in Russia, free"),
    "contacts.hotline_abroad": _("From abroad"),
}
OPERATOR_LINE: Final = _("The operator's name and INN, as they stand in the agreement")
NOT_CONFIRMED: Final = _(
    '"Not confirmed": we have found no source, or the sources disagree. Ask the operator before you rely on it.'
)
ASK_DATE: Final = _("%(text)s The date is not sure: ask the operator.")
CODES: Final[dict[str, Words]] = {
    **REFUNDS,
    **DEATH_PAPERS,
    **OUTCOMES,
    **REMOTE,
    "rendered_services_paid": _("services already rendered are paid"),
    "bonuses": _("bonuses"),
    "promotional_credit": _("promotional credit"),
    "charged_subscription_fees": _("subscription fees already charged"),
    "identity_document": _("identity document"),
    "snils": _("SNILS, the insurance number"),
    "esia": _("an account on Gosuslugi"),
    "ebs_biometrics": _("biometrics in the state system"),
    "imei": _("the device's IMEI"),
    "foreign_passport": _("foreign passport"),
    "stateless_residence_permit": _("residence permit of a stateless person"),
    "refugee_certificate": _("refugee certificate"),
    "temporary_asylum_certificate": _("certificate of temporary asylum"),
    "stateless_temporary_residence_permit": _("temporary residence permit of a stateless person"),
    "international_calls": _("calls abroad"),
    "long_distance_calls": _("long-distance calls"),
    "fast_data": _("fast internet"),
    "diplomats": _("diplomats"),
    "staff_of_international_organisations": _("staff of international organisations"),
    "passport_data_differ": _("your data differ from those of the old agreement"),
    "debt_on_any_number": _("a debt on any number of yours with the old operator"),
    "number_blocked": _("the number is blocked"),
    "city_format_number": _("the number is also reached by a city number"),
    "other_region": _("the number is of another region"),
    "person_not_reached": _("the old operator could not reach you"),
    "line_blocked": _("the line is blocked"),
    "outgoing_call": _("a call you make"),
    "outgoing_sms": _("a message you send"),
    "data": _("internet"),
    "paid_service": _("a paid service"),
    "answered_call": _("a call you answer"),
    "top_up_covering_next_period": _("a payment that covers the next period"),
    "new_operator": _("the new operator"),
}
"""A code in a pack's list -> its words. A code without words is shown as it stands."""
_COUNTED: Final[dict[str, Any]] = {
    "within_N_hours_of_roaming": ngettext_lazy(
        "%(n)d hour after you come back from roaming", "the first %(n)d hours after you come back from roaming", "n"
    ),
    "idle_over_N_hours": ngettext_lazy("more than %(n)d hour without use", "more than %(n)d hours without use", "n"),
}
"""The same for codes that hold a number, which is the pack's."""
_MONTHS: Final = ngettext_lazy("%(n)d month", "%(n)d months", "n")
_NUMBER: Final = re.compile(r"\d+")


SHORT: Final = {"zh-hans": "、", "": "; "}
LONG: Final = {"zh-hans": "；", "": "; "}
COLON: Final = {"zh-hans": "：", "": ": "}
DASH: Final = {"zh-hans": "，", "": " \N{EM DASH} "}
"""Language -> what stands between things in a row: short ones, long ones, two of which the second explains the first, and parts
that hold rows themselves."""


@dataclass(frozen=True, slots=True)
class Listed:
    """Values in a row, with the sign between them that the language has; ``signs``: one of those above."""

    values: tuple[Value, ...]
    signs: Mapping[str, str] = field(default_factory=lambda: SHORT, compare=False)

    def shown(self) -> str:
        between = self.signs.get(translation.get_language() or "", self.signs[""])
        return between.join(value.shown() for value in self.values)


def coded(code: str) -> Value:
    """The words of a pack's code."""
    if code in CODES:
        return say(CODES[code])
    found = _NUMBER.search(code)
    counted = _COUNTED.get(_NUMBER.sub("N", code, count=1))
    return Count(counted, int(found[0])) if found and counted is not None else Text(code)


def months(n: int) -> Count:
    """``n`` months."""
    return Count(_MONTHS, n)


def source_day(given: date | str) -> Value:
    """The day of a source, or that it has none."""
    return say(_("undated")) if given == UNDATED or not isinstance(given, date) else Day(given)
