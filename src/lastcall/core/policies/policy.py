"""The parameters that rules read, as one frozen object.

A field ``termination_notice_days`` is the pack key ``termination.notice_days``. Where a value comes from (source, date,
confidence) stays in the pack; a case freezes the values themselves when it starts, so that a later change of the pack
never moves a running deadline.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Policy:
    """Everything a rule may ask about law and operator. Money in minor units of ``currency``."""

    pack: str
    operator: str
    currency: str

    termination_notice_days: int
    """Days from the declaration to the legal end of the agreement."""
    termination_act_doors: tuple[str, ...]
    """Doors through which a declaration is the legal act itself."""
    termination_intake_doors: tuple[str, ...]
    """Doors that only register the intent; the act is completed by signature or in person."""
    termination_lapse_days: int
    """Days after which a case that still misses something from the subscriber lapses."""

    identity_code_digits: int
    identity_code_minutes: int
    identity_code_tries: int
    identity_code_sends_per_10_minutes: int
    identity_code_sends_per_day: int
    identity_document_tries: int
    identity_valid_days: int

    hold_hours_default: int
    hold_hours_remote: int
    """Hold when identity was proved without presence."""
    hold_days_after_change: int
    """Days after a change of SIM, contact or title before anything irreversible."""
    hold_waived_in_person: bool
    """No hold when the holder stands in the shop with the original document and the line's SIM."""

    notice_contact_age_days: int
    """How long a contact must have been on file before the declaration to count for notices."""

    debt_blocks_cease: bool
    late_usage_hold_days_max: int

    review_four_eyes: bool
    """Where a person decides, the decider is neither opener nor verifier."""
    review_on_recent_change: bool
    review_on_representative: bool
    review_on_remote_identity: bool
    review_deadline_hours: int

    refund_deadline_days: int
    refund_methods: tuple[str, ...]
    refund_needs_application: bool

    reactivation_window_days: int
    """Days after the network-confirmed cease in which only the former holder may have the number back."""
    reactivation_four_eyes: bool
    reactivation_checks_self_ban: bool
    quarantine_days: int
    """Days after the network-confirmed cease before the number may be anybody's; at least ``quarantine_floor_days``."""
    quarantine_floor_days: int

    limits_citizen: int
    limits_foreigner: int

    poa_notarised: bool
    poa_money_clause: bool
    mnp_days_individual: int
    mnp_days_legal: int
    ported_number_on_cease: str
    """``return_to_range_holder`` or ``keep``."""

    # Fields that came later have a default, for cases that froze their policy before.
    notice_declared_per_day: int = 3
    """How often a day the contacts on file are told that somebody declared the closing of the same line."""
    receipt_copies_per_day: int = 5
    """How many receipts a day go to one address, whoever typed it."""

    identity_photo: str = "off"
    """Whether a photo of the document is taken from those who prove themselves from afar: ``off``, ``offered`` or ``needed``."""
    identity_photo_tries: int = 3
    identity_photo_kilobytes_max: int = 4096
    """Of the cleaned picture, as it is kept until the decision."""
    retention_photo_appeal_hours: int = 72
    """How long after the decision about a photo it is still there, for an appeal."""
    retention_scan_days_max: int = 30
    """Days after which a photo is destroyed whatever was decided."""

    callback_offered: bool = False
    callback_weekdays: tuple[str, ...] = ()
    """Days on which our staff call back: ``mon`` to ``sun``."""
    callback_hours: tuple[str, ...] = ()
    """The times of such a day, each ``10:00-12:00``, on the operator's clocks."""
    callback_days_ahead: int = 14
    callback_per_slot: int = 1
    """How many call-backs can be booked for one time."""

    staff_opening_minutes: int = 30
    """How long a case stays open to the member of the staff who opened it."""
    staff_session_hours: int = 8
    """The longest that a member stays signed in."""
    staff_silence_minutes: int = 15
    """After so long without a click a member is signed out."""
    staff_sign_in_tries: int = 5
    """Wrong passwords, and wrong second factors, before a lock: for one login on one known device, or on all unknown ones."""
    staff_sign_in_tries_per_address: int = 30
    """Wrong tries from one network address before it is locked, whatever the logins."""
    staff_sign_in_lock_minutes: int = 15
    staff_glass_minutes: int = 30
    """How long a file stays open that two people opened in an emergency; it cannot be extended."""
    staff_glass_pause_hours: int = 24
    """How long the same member cannot ask for the same case again; an approval comes within this time or never."""
    staff_views_per_hour: int = 20
    """Files opened by one member within an hour above which the auditor is told."""

    figures_target_receipt_seconds: int = 60
    """Until the copy of a receipt has gone out; this and the next four are what the figures measure work against."""
    figures_target_identity_hours: int = 48
    """From the declaration until identity is proved."""
    figures_target_acceptance_hours: int = 24
    """From the proof of identity until the hold begins."""
    figures_target_cease_minutes: int = 60
    """From the end of the hold until the network has confirmed the cease."""
    figures_target_waiting_minutes: int = 15
    """From a visitor's ticket until it is called."""

    numbers_early_release_hours: int = 72
    """How long another number manager may decide about an early release after it was asked for."""

    review_sample_permille: int = 0
    """Of a thousand lines, so many whose closing goes past a person although nothing is suspicious."""
    review_assignment_minutes: int = 60
    """How long a reviewer keeps a case that nobody else may decide meanwhile."""
    review_answer_days: int = 14
    """How long the subscriber has at least to give what a reviewer asked for."""

    text_replies_per_day: int = 20
    """How many answers by text one number gets a day: two machines that answer each other come to an end."""
    text_repeat_seconds: int = 120
    """Within so many seconds the same word from the same number is the same text, where the phone tells no two apart."""
    text_parts_minutes: int = 10
    """How long the parts of a long text wait for those that are missing."""
    text_retention_days: int = 90
    """Days after which what is held about a text, and about the delivery of messages, is deleted."""

    hotline_questions: tuple[str, ...] = ("document", "name")
    """What an agent asks before a file is opened for guidance: among ``document``, ``digits``, ``name``."""
    hotline_wrong_answers: int = 2
    """Sets of answers to an agent that may be wrong on one call; then only a shop helps."""
    hotline_wrong_answers_per_day: int = 3
    """The same for one number, over all calls of a day."""
    hotline_code_aloud: bool = False
    """Whether a one-time code may be read out to an agent on a call that the subscriber made."""
    hotline_links_per_day: int = 3
    """How many links to a case go to one contact a day."""
    hotline_wrap_up_minutes: int = 10
    """How long after the caller hung up a call still keeps its file open."""

    hotline_retention_days: int = 90
    """How long the number that a caller said stays with an ended call, and what the agent asked about it."""

    hotline_document_digits: int = 4
    """How many last signs of the document's number a caller is asked for; as many as are on file in clear."""
    hotline_tries: int = 3
    """Wrong entries of one kind in one call, before it goes on without."""
    hotline_tries_per_day: int = 6
    """Wrong last signs for one number in a day, whoever calls; from then on none is compared any more."""
    hotline_silences: int = 3
    """How often in a row a prompt may be met by silence."""
    hotline_after_silence: str = "agent"
    """What follows then: ``agent`` or ``end``."""
    hotline_wait_seconds: int = 8
    """How long the menu waits for a key."""

    counter_tickets_per_10_minutes: int = 30
    """Queue tickets that one device, a kiosk say, gives out in ten minutes."""
    counter_waiting_max: int = 200
    """Visitors who can wait in one shop; from then on no tickets are given out."""
    retention_signed_statement_days: int = 1095
    """Days after which the scan of a signed statement is destroyed."""

    lookup_known_since: str = ""
    """The first day that answers to relying parties speak of, ``YYYY-MM-DD``; empty: the day of the oldest tenure on file."""
    lookup_index_age_seconds: int = 60
    """An index older than this is not answered from; the database is asked instead."""

    lookup_tenure_days_max: int = 0
    """How many days back a relying party may ask about a subscriber's tenure; 0: as far as the evidence goes."""
    lookup_match_needs_document: bool = False
    """Whether attributes are only compared for who gives the number of a valid document on file."""
    lookup_match_scores: bool = True
    """Whether a comparison that fails also says how alike the two texts are."""
    lookup_three_legged_only: tuple[str, ...] = ()
    """The CAMARA APIs that answer only to a token which the subscriber's own sign-in bound to their number."""

    lookup_batch_days: int = 7
    """Days after which a relying party's file of questions, and its answers, are deleted."""
    lookup_batch_megabytes: int = 4096
    """The most that one such file may have, in millions of bytes."""
    lookup_batches_open: int = 10
    """How many such files one relying party may have unfinished at a time."""

    told_interests_max: int = 100_000
    """In how many numbers one relying party may have an interest at a time."""
    told_retry_days: int = 3
    """For so many days an announcement is sent again to an endpoint that does not take it; then a person looks."""
    told_alert_hours: int = 24
    """After so long without a delivery taken an endpoint counts as dead, and a person is told once."""
    told_secret_overlap_hours: int = 24
    """How long deliveries are signed with the former secret too, after a new one was made."""
    told_retention_days: int = 90
    """Days after which an announcement leaves the feed, and what is held about it is deleted."""
    told_daily_days: int = 31
    """Days for which a daily file of closed numbers is kept."""

    quarantine_longer_days: tuple[int, ...] = ()
    """So many days more of rest a leaver may ask for; empty: none."""
    quarantine_longer_days_max: int = 0
    """The most days that a rest may be made longer on the leaver's request, whatever is offered; 0: not at all."""
    quiet_days: int = 0
    """So many whole days without many attempts a number needs before its release; 0: attempts are not looked at."""
    quiet_most_attempts_a_day: int = 0
    """Calls and messages a day that a number may get and still counts as quiet."""
    quiet_most_days_beyond: int = 0
    """So many days after its date a number is released at the latest, however many attempts it gets."""
    notice_before_release_days: int = 0
    """So many days after a release was announced the number is released at the earliest, where a relying party asked to be told."""

    relying_asked_days: int = 365
    """For so many days it is kept who asked about a number, for its holder to see."""
    relying_sweeping_least: int = 200
    """Different numbers that a relying party asks about in a day before it is looked at whether it sweeps through them."""
    relying_sweeping_run: int = 50
    """So many numbers at equal steps, all asked about in a day, are a sweep."""
    relying_sweeping_not_found_percent: int = 60
    """So large a part of a day's numbers that nobody ever held is a sweep."""
    relying_sweeping_times_usual: int = 20
    """So many times its usual day's numbers is a sweep."""

    sim_pairing_minutes: int = 10
    """Minutes in which a code pairs a counter's card reader with the desk, once."""
    sim_reader_hours: int = 12
    """Hours after which a paired reader needs a new code."""
    sim_handling_minutes: int = 30
    """Minutes in which what was asked for a card must be done."""
    sim_backup_hours: int = 24
    """Hours after which what a card was saved to is deleted here."""
    sim_reader_offered: bool = False
    """Whether the operator's shops save a visitor's card and take its PIN off."""
    sim_reader_silence_minutes: int = 2
    """Minutes without a sign from a paired reader's program after which nothing is asked of it, and what was asked is missed."""
    sim_grace_minutes: int = 5
    """Minutes after the end of a visit in which a reader may finish the card that it holds; 0: none."""

    def as_json(self) -> dict[str, Any]:
        """The values as JSON holds them, for freezing into a case."""
        values = ((name, getattr(self, name)) for name in self.__slots__)
        return {name: list(value) if isinstance(value, tuple) else value for name, value in values}

    @classmethod
    def from_json(cls, frozen: Mapping[str, Any]) -> Policy:
        """The policy that :meth:`as_json` froze. Raises ``TypeError`` when a key is missing or unknown."""
        if unknown := frozen.keys() - set(cls.__slots__):
            raise TypeError(f"unknown policy keys: {', '.join(sorted(unknown))}")
        thawed: dict[str, Any] = {
            name: tuple(value) if isinstance(value, list) else value for name, value in frozen.items()
        }
        return cls(**thawed)
