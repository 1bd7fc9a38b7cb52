"""Before you leave: tasks, other ways than closing, and what swindlers say, from the pack and in plain words."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Set
from dataclasses import dataclass
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lastcall.core.closing import preparation
from lastcall.core.closing.texts import money
from lastcall.core.policies.pack import Pack, PackEntry
from lastcall.core.policies.policy import Policy
from lastcall.doors.screens.wording import Told, advice, days, hours, language_of, spoken

Words = str | Promise


@dataclass(frozen=True, slots=True)
class How:
    """How it is done on one kind of phone."""

    on: str
    text: str


@dataclass(frozen=True, slots=True)
class Example:
    """A name as people know it, with the language of its script where that is not the page's."""

    name: str
    lang: str


@dataclass(frozen=True, slots=True)
class Task:
    """One box. ``key``: its name in the core; ``examples``: names as people know them."""

    key: str
    label: str
    text: str
    done: bool
    how: tuple[How, ...] = ()
    examples: tuple[Example, ...] = ()
    sure: bool = True


@dataclass(frozen=True, slots=True)
class Other:
    """Something else than closing, with its rules."""

    name: str
    text: Told
    rules: tuple[Told, ...]
    grounds: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Scam:
    """What a swindler says, and what to do."""

    script: str
    advice: str
    sure: bool


@dataclass(frozen=True, slots=True)
class PreparePage:
    """All that the page shows. ``done`` of ``total`` boxes are ticked."""

    tasks: tuple[Task, ...]
    services: tuple[Task, ...]
    done: int
    total: int
    first: tuple[Told, ...]
    esim: tuple[Told, ...]
    others: tuple[Other, ...]
    scams: tuple[Scam, ...]
    code_given: tuple[Told, ...]


def prepare_page(pack: Pack, *, done: Set[str], language: str) -> PreparePage:
    """The page, in ``language``, which must be the one in force; the tasks in ``done`` are ticked."""
    in_shop = _in_shop(pack.policy())
    tasks = tuple(_task(key, done, in_shop) for key in preparation.TASKS)
    services = tuple(_service(name, entry, done, language) for name, entry in pack.facts("unlink").items())
    return PreparePage(
        tasks=tasks,
        services=services,
        done=sum(task.done for task in tasks + services),
        total=len(tasks + services),
        first=advice(pack, "advice.change_number_first", language),
        esim=advice(pack, "esim.profile_is_not_contract", language),
        others=tuple(_other(pack, name, entry, language) for name, entry in pack.facts("alternatives").items()),
        scams=tuple(_scam(entry, language) for entry in pack.facts("scams").values()),
        code_given=advice(pack, "advice.code_was_given", language) + advice(pack, "advice.check_your_sims", language),
    )


_TASKS: Final[dict[str, tuple[Words, Words]]] = {
    "document": (
        gettext_lazy("Have your identity document at hand"),
        gettext_lazy("The one that stands in the agreement. A new passport since then? Take both, if you still have the old one."),
    ),
    "contacts_saved": (
        gettext_lazy("Save the contacts that are on the SIM"),
        gettext_lazy("Those kept in the phone or in its account stay; those on the card go with it."),
    ),
    "messages_saved": (
        gettext_lazy("Save messages that you still need"),
        gettext_lazy("Take a picture of them or forward them. In messengers, change the number in the app first."),
    ),
    "pin_removed": (
        gettext_lazy("Take the PIN off the SIM"),
        gettext_lazy("Needed if you hand the card in."),
    ),
    "arrears": (
        gettext_lazy("Pay what is owed"),
        gettext_lazy("The amount is on the page of your closing, once you have shown who you are. It does not delay the receipt."),
    ),
    "terms_read": (
        gettext_lazy("Look at your agreement"),
        gettext_lazy("A minimum term, instalments for a device, a fee for a premium number: the final bill shows them beforehand."),
    ),
}  # fmt: skip
_PHONES: Final[dict[str, Words]] = {
    "iphone": gettext_lazy("iPhone"),
    "android": gettext_lazy("Android"),
    "old": gettext_lazy("Phone with keys"),
}
_HOW: Final[dict[str, dict[str, Words]]] = {
    "contacts_saved": {
        "iphone": gettext_lazy("Settings, then Contacts (in newer versions: Apps, then Contacts), then “Import SIM Contacts”."),
        "android": gettext_lazy("Open Contacts, then the menu, then “Import” or “Manage contacts”, then choose the SIM card."),
        "old": gettext_lazy("Contacts, then Options, then Copy all, from the SIM to the phone. Or write them on paper."),
    },
    "messages_saved": {
        "iphone": gettext_lazy("Messages are kept in the phone, not on the card. They stay when the card goes."),
        "android": gettext_lazy("Messages are kept in the phone. Where the menu of Messages has “SIM messages”, copy those."),
        "old": gettext_lazy("Messages, then Options, then “SIM messages”, then Copy to phone."),
    },
    "pin_removed": {
        "iphone": gettext_lazy("Settings, then Mobile Data (Cellular), then SIM PIN: switch it off."),
        "android": gettext_lazy("Settings, then Security, then SIM lock: switch off “Lock SIM”."),
        "old": gettext_lazy("Settings, then Security, then PIN request: off."),
    },
}  # fmt: skip
_SAVED_IN_SHOP: Final = gettext_lazy(
    "Put the card into the clerk's reader: you get a link and a secret to a file with everything on it, for %(time)s."
)
_IN_SHOP: Final[dict[str, Words]] = {
    "contacts_saved": _SAVED_IN_SHOP,
    "messages_saved": _SAVED_IN_SHOP,
    "pin_removed": gettext_lazy("Put the card into the clerk's reader and type the PIN yourself. Nobody sees it."),
}  # fmt: skip


def _task(key: str, done: Set[str], in_shop: Mapping[str, How]) -> Task:
    label, text = _TASKS[key]
    how = tuple(How(str(_PHONES[phone]), str(words)) for phone, words in _HOW.get(key, {}).items())
    return Task(key, str(label), str(text), key in done, how + ((in_shop[key],) if key in in_shop else ()))


def _in_shop(policy: Policy) -> dict[str, How]:
    """What a clerk's card reader does with a card, by task (policy ``sim.reader_offered``)."""
    if not policy.sim_reader_offered:
        return {}
    values = {"time": hours(policy.sim_backup_hours)}
    return {key: How(_("In our shops"), str(words) % values) for key, words in _IN_SHOP.items()}


def _service(name: str, entry: PackEntry, done: Set[str], language: str) -> Task:
    key, value = f"unlink.{name}", entry.value
    label = spoken(value["name"], language)
    examples = tuple(Example(name, language_of(name)) for name in value["examples"] if name not in label)
    return Task(key, label, "", key in done, examples=examples, sure=entry.is_confirmed)


def _other(pack: Pack, name: str, entry: PackEntry, language: str) -> Other:
    told = Told(spoken(entry.value["text"], language), entry.is_confirmed)
    rules, grounds = (_port_rules(pack), _port_refusals(pack)) if name == "port_out" else ((), ())
    return Other(spoken(entry.value["name"], language), told, rules, grounds)


def _port_rules(pack: Pack) -> tuple[Told, ...]:
    facts = pack.facts("mnp")
    words: dict[str, Callable[[Any], str]] = {
        "days_individual": lambda n: _("A person's number moves within %(days)s.") % {"days": days(n)},
        "future_days_max": lambda n: _("You may choose a day up to %(days)s ahead.") % {"days": days(n)},
        "fee": lambda n: _("Price: %(amount)s for each number.") % {"amount": money(n, pack.entry("currency").value)},
        "min_tenure_days": lambda n: (
            _("The number must have been in your name for %(days)s.") % {"days": days(n)} if n else ""
        ),
        "service_until_transfer": lambda yes: _("The line works until the number moves.") if yes else "",
        "online_needs_signature": lambda yes: _("Online you need an electronic signature.") if yes else "",
        "balance_moves": lambda yes: (
            "" if yes else _("Money on the balance does not move along. Ask the former operator to pay it out.")
        ),
    }
    told = (Told(say(facts[key].value), facts[key].is_confirmed) for key, say in words.items() if key in facts)
    return tuple(rule for rule in told if rule.text)


_GROUNDS: Final[dict[str, Words]] = {
    "passport_data_differ": gettext_lazy("the document's data differ from the agreement"),
    "debt_on_any_number": gettext_lazy("something is owed on any number of yours"),
    "number_blocked": gettext_lazy("the number is blocked"),
    "city_format_number": gettext_lazy("it is a city number"),
    "other_region": gettext_lazy("it belongs to another region"),
    "person_not_reached": gettext_lazy("you could not be reached"),
}


def _port_refusals(pack: Pack) -> tuple[str, ...]:
    found = pack.facts("mnp").get("refusal_grounds")
    return tuple(str(_GROUNDS[code]) for code in found.value if code in _GROUNDS) if found else ()


def _scam(entry: PackEntry, language: str) -> Scam:
    script, what = entry.value["script"], entry.value["advice"]
    return Scam(spoken(script, language), spoken(what, language), entry.is_confirmed)
