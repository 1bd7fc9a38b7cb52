"""What to do, in order of time: at home, before going or ringing, there, and afterwards."""

from __future__ import annotations

from typing import Final

from django.utils.translation import gettext_lazy as _

from lastcall.core.closing.letters.checklist import alternatives
from lastcall.core.closing.letters.letter import Block, Heading, Letter, Paragraph, Words, say
from lastcall.core.kit.choice import Choice, Line, but, chosen, only, section
from lastcall.core.kit.facts import Facts
from lastcall.core.kit.request import Request

_OWN_LINE: Final = but("not_mine")
_CARD_IN_HAND: Final = but("lost", "not_mine")
_ENDED_HERE: Final = but("switching", "not_mine")
_IN_A_SHOP: Final = but("abroad")

FIRST: Final[tuple[Line, ...]] = (
    Line(_("Do not close the line: the number would be lost. The new operator ends the old agreement for you."),
         rests_on=("alternatives.port_out", "mnp.through"), reasons=only("switching")),
    Line(_("Have the SIM blocked before anything else. Whoever holds it gets your codes."),
         rests_on=("advice.block_lost_sim",), reasons=only("lost")),
    Line(_("Do not end an agreement as your own if you never made it, and pay nothing before it is clear who made it."),
         reasons=only("not_mine")),
    Line(_("Take the number off every service while you are still here and codes still arrive."),
         rests_on=("sms_otp.unreliable_when",), reasons=only("leaving"), situations=but("abroad", "heir")),
    Line(_("An heir first needs an agreement on the number in their own name; then it can be moved."),
         rests_on=("death.outcomes",), reasons=only("switching"), situations=only("heir")),
    Line(_("An heir can end the agreement, or ask for a new one on the number."), rests_on=("death.outcomes",),
         reasons=only("leaving", "unused", "price"), situations=only("heir")),
    Line(_("See first whether something cheaper helps: closing loses the number."),
         rests_on=("alternatives.voluntary_suspension",), reasons=only("price"), situations=but("heir")),
    Line(_("Do not simply let the line lie: end it in writing, so that you know the day and get your money back."),
         rests_on=("inactivity.min_days",), reasons=only("unused"), situations=but("heir")),
)  # fmt: skip
"""The one thing that comes before all others, by reason."""

HOME: Final[tuple[Line, ...]] = (
    Line(key="advice.block_lost_sim", reasons=only("lost")),
    Line(_("Tell your bank, and end all sessions in mail, messengers and Gosuslugi."), reasons=only("lost"),
         situations=but("heir")),
    Line(_("There is no card to save anything from: look for contacts in the phone's or mail's backup."),
         reasons=only("lost")),
    Line(key="gosuslugi.sim_list", reasons=only("not_mine"), situations=but("heir", "abroad", "foreigner")),
    Line(_("Without an account on Gosuslugi ask any shop of an operator which numbers stand on your name."),
         rests_on=("gosuslugi.sim_list",), reasons=only("not_mine"), situations=only("foreigner")),
    Line(_("Without an account on Gosuslugi ask the operators in writing which numbers stand on your name."),
         rests_on=("gosuslugi.sim_list",), reasons=only("not_mine"), situations=only("abroad")),
    Line(_("Ask in a shop which numbers stand on the name of the holder who has died."), reasons=only("not_mine"),
         situations=only("heir")),
    Line(_("Write down every number that you do not know, with its operator."), reasons=only("not_mine")),
    Line(key="advice.change_number_first", reasons=_ENDED_HERE, situations=but("heir")),
    Line(_("Go through the list of services in this kit."), reasons=but("not_mine", "switching"),
         situations=but("heir")),
    Line(_("Services may stay as they are, since the number stays. Have a second way to sign in for the hours of the move."),
         rests_on=("mnp.service_until_transfer",), reasons=only("switching")),
    Line(_("Codes by SMS may not arrive: %(when)s. Choose an app, a key or mail instead."),
         facts={"when": "sms_otp.unreliable_when"}, reasons=only("leaving"), situations=but("heir")),
    Line(_("You are abroad, and codes by SMS may not arrive: %(when)s. Where a service wants one, ask it for another way."),
         facts={"when": "sms_otp.unreliable_when"}, reasons=but("leaving", "not_mine"), situations=only("abroad")),
    Line(_("Tell banks and services of the death by their own way; do not sign in with the holder's codes."),
         situations=only("heir")),
    Line(_("Save the contacts and messages that are on the SIM."), reasons=_CARD_IN_HAND,
         situations=but("representative", "heir")),
    Line(_("Take the PIN off the SIM if you hand it in."), reasons=_CARD_IN_HAND),
    Line(_("An agreement that is not used counts as ended by you after %(days)s at the earliest; the agreement says when."),
         facts={"days": "inactivity.min_days"}, reasons=only("unused", "leaving")),
    Line(_("Some operators take a fee from the balance of a line that is not used."),
         when={"inactivity.keeping_fee": True}, reasons=only("unused", "leaving")),
    Line(_("These count as using the line: %(what)s."), facts={"what": "inactivity.activity_events"},
         reasons=only("unused", "leaving")),
    Line(key="conditions.idle", reasons=only("unused", "leaving")),
    Line(key="conditions.voluntary_suspension", reasons=only("price", "leaving")),
    Line(key="gosuslugi.terminate_unused", reasons=only("unused"), situations=only("in_country")),
    Line(_("Pay what is owed for services already rendered."), rests_on=("termination.precondition",),
         reasons=_OWN_LINE),
    Line(key="conditions.debt", reasons=_OWN_LINE),
    Line(_("Look at your agreement: a minimum term, instalments for a device, a fee for a premium number."),
         reasons=_OWN_LINE),
    Line(_("Decide where what is left of your money shall go. Usual ways: %(ways)s."), facts={"ways": "refund.methods"},
         reasons=_OWN_LINE),
    Line(_("Not paid out: %(what)s."), facts={"what": "refund.exclude"}, reasons=_OWN_LINE),
    Line(key="conditions.refund", reasons=_OWN_LINE),
    Line(_("Choose a phone or mail at which the operator can reach you when this number is gone."),
         reasons=but("switching")),
)  # fmt: skip

PAPERS: Final[tuple[Line, ...]] = (
    Line(_("Have your identity document at hand: the one that stands in the agreement."), reasons=_OWN_LINE,
         situations=but("representative", "heir")),
    Line(_("Have your identity document at hand. Say if it is a new one."), reasons=only("not_mine")),
    Line(_("Print the statement twice and sign both: one is for the operator, one for you."), reasons=but("switching")),
    Line(_("The statement in this kit only asks for the rest of your money. Hand it in after the number has moved."),
         when={"mnp.balance_moves": False}, reasons=only("switching")),
    Line(_("Bring your own identity document."), situations=only("representative")),
    Line(_("Have the power of attorney ready, in the form that its sheet in this kit names."),
         situations=only("representative")),
    Line(_("Without a clause on receiving money nothing is paid out to a representative."),
         when={"poa.money_clause": True}, situations=only("representative", "abroad")),
    Line(_("Ways that are named for a holder abroad: %(ways)s."), facts={"ways": "foreigner.remote_path"},
         situations=only("abroad")),
    Line(_("Ask the operator in writing, before you pay for a paper, whether it accepts it."),
         rests_on=("poa.consular_accepted",), situations=only("abroad")),
    Line(_("Bring: %(papers)s."), facts={"papers": "death.documents"}, situations=only("heir")),
    Line(_("Some operators also want a proof that you are a relative. Take it with you."),
         rests_on=("death.proof_of_kinship",), situations=only("heir")),
    Line(key="death.estate", situations=only("heir")),
    Line(_("To close a line you need no more than: %(what)s. No biometrics, no Gosuslugi, no SNILS."),
         facts={"what": "foreigner.cancel_requires"}, situations=only("foreigner")),
    Line(_("Papers with which foreigners make agreements: %(papers)s. Bring the one that stands in yours."),
         facts={"papers": "foreigner.accepted_ids"}, situations=only("foreigner")),
    Line(_("Agreements of foreigners had to be made anew by %(day)s."), facts={"day": "foreigner.redo_until"},
         situations=only("foreigner")),
    Line(_("Where that was not done: a number idle for more than %(months)s was switched off at once."),
         facts={"months": "foreigner.idle_months"}, situations=only("foreigner")),
    Line(_("Others first lost %(services)s; all service stops after %(days)s."),
         facts={"services": "foreigner.restricted_services", "days": "foreigner.stage_days"},
         situations=only("foreigner")),
    Line(_("Only within one region of Russia: the new operator must be of the same one."),
         when={"mnp.same_subject_only": True}, reasons=only("switching")),
    Line(_("The move is refused when: %(grounds)s. Put that right first."), facts={"grounds": "mnp.refusal_grounds"},
         reasons=only("switching")),
    Line(_("The number must have been with the old operator for at least %(days)s."),
         facts={"days": "mnp.min_tenure_days"}, reasons=only("switching")),
    Line(_("The move costs %(fee)s."), facts={"fee": "mnp.fee"}, reasons=only("switching")),
    Line(_("This operator has asked a fee for taking a sought-after number along: ask before."),
         when={"mnp.premium_number_fee": True}, reasons=only("switching")),
    Line(_("Fetch your papers and go to the shop some days before you fly, so that there is time for questions."),
         reasons=only("leaving"), situations=but("abroad", "heir")),
)  # fmt: skip

THERE: Final[tuple[Line, ...]] = (
    Line(_("Go to a shop of the new operator, not of the old one."), rests_on=("mnp.through",),
         reasons=only("switching"), situations=_IN_A_SHOP),
    Line(_("Through the internet the new operator takes the application only with an electronic signature."),
         when={"mnp.online_needs_signature": True}, reasons=only("switching")),
    Line(_("Go to one of the operator's own shops."), when={"channels.store": True}, reasons=but("switching"),
         situations=_IN_A_SHOP),
    Line(_("Go to one of the operator's own shops, and ask there how a line is closed."), lacks=("channels.store",),
         reasons=but("switching"), situations=_IN_A_SHOP),
    Line(_("By phone you can ask, but the line is not closed there."), when={"channels.hotline": False},
         reasons=_ENDED_HERE),
    Line(_("Ring %(phone)s from abroad and ask what is accepted."), facts={"phone": "contacts.hotline_abroad"},
         situations=only("abroad")),
    Line(_("We have no phone number to ring from abroad. Look in your agreement, or write to the operator."),
         lacks=("contacts.hotline_abroad",), situations=only("abroad")),
    Line(_("Look whether the statement can be sent from your account with the operator."),
         when={"channels.account": True}, reasons=_ENDED_HERE, situations=only("abroad")),
    Line(_("Send the signed statement by registered post with a list of contents, or through a representative."),
         situations=only("abroad")),
    Line(_("Say first that the SIM is lost and must be blocked; then hand in the statement."), reasons=only("lost")),
    Line(_("Say that you made no such agreement. Ask to see it and whose signature stands on it."),
         reasons=only("not_mine")),
    Line(key="advice.not_my_agreement", reasons=only("not_mine"), situations=_IN_A_SHOP),
    Line(_("Say that you do not want offers, only the end of the agreement."),
         reasons=only("price", "leaving", "unused")),
    Line(_("If biometrics or Gosuslugi are asked for to close: ask for that demand in writing."),
         rests_on=("foreigner.cancel_requires",), situations=only("foreigner")),
    Line(_("Show the phrase card. You need not speak."), situations=but("abroad")),
    Line(_("Use the phrase card on the phone: read it slowly."), situations=only("abroad")),
    Line(_("Have your copy of the statement marked: received, date, name, signature."), reasons=but("switching"),
         situations=_IN_A_SHOP),
    Line(_("If it is refused, ask for the refusal in writing, with the ground."), reasons=but("switching")),
    Line(key="advice.codes_are_secret"),
)  # fmt: skip

AFTER: Final[tuple[Line, ...]] = (
    Line(_("Write down the day, the reference and the name of whoever took the statement.")),
    Line(_("Put the dates of this kit into your calendar: it has a file for that.")),
    Line(_("Ask whether the agreement has ended, and since which day. Have it in writing."), reasons=but("switching")),
    Line(_("The move takes %(days)s for a person. Until then the old operator must serve you."),
         facts={"days": "mnp.days_individual"}, rests_on=("mnp.service_until_transfer",), reasons=only("switching")),
    Line(_("The rest of your money does not move along: claim it from the old operator with the statement in this kit."),
         when={"mnp.balance_moves": False}, reasons=only("switching")),
    Line(_("See that the rest of your money comes. Time: %(days)s."), facts={"days": "refund.deadline_days"},
         reasons=_OWN_LINE),
    Line(_("Keep the SIM until the end is confirmed, then destroy it: see its sheet in this kit."),
         reasons=_CARD_IN_HAND),
    Line(_("If the SIM turns up again, do not use it: destroy it."), reasons=only("lost")),
    Line(key="advice.check_your_sims", reasons=only("not_mine", "lost"), situations=only("in_country")),
    Line(_("If somebody took money or a loan with the number: police, phone %(phone)s."),
         facts={"phone": "police.hotline"}, reasons=only("not_mine", "lost")),
    Line(_("Keep the marked copy: it shows that you said so, and when."), reasons=only("not_mine")),
    Line(_("Look once more whether the number has gone from the list on your name."), reasons=only("not_mine"),
         situations=but("heir")),
    Line(_("Then: %(outcomes)s."), facts={"outcomes": "death.outcomes"}, reasons=_OWN_LINE, situations=only("heir")),
)  # fmt: skip

_PLACES: Final[dict[str, Words]] = {
    "in_country": _("In the shop"),
    "abroad": _("From abroad"),
    "representative": _("In the shop, for the holder"),
    "heir": _("In the shop, as heir"),
    "foreigner": _("In the shop, with your passport"),
}
_WITH_ALTERNATIVES: Final = frozenset({"price", "leaving", "unused"})


def checklist(asked: Request) -> Letter:
    """The list for this reason and situation, to be ticked by hand."""
    return asked.letter("kit_checklist", _("What to do, in order"), lambda facts: _blocks(asked.choice, facts))


def _blocks(choice: Choice, facts: Facts) -> tuple[Block, ...]:
    parts = (
        (_("Today, at home"), HOME),
        (_("Before you go or ring"), PAPERS),
        (_PLACES[choice.situation], THERE),
        (_("Afterwards"), AFTER),
    )
    return (
        *(Paragraph(value, tone="strong") for value in chosen(FIRST, choice, facts)),
        *_instead(choice, facts),
        *(block for title, lines in parts for block in section(title, lines, choice, facts, mark="box")),
    )


def _instead(choice: Choice, facts: Facts) -> tuple[Block, ...]:
    if choice.reason not in _WITH_ALTERNATIVES or choice.situation == "heir":
        return ()
    return (Heading(say(_("Perhaps something else is what you need"))), alternatives(facts.pack, facts.mark))
