"""What a step does: each act calls one production service with the step's few words, on any store.

An act returns a word or two on what came of it. A :class:`~lastcall.core.errors.LastcallError` is an answer like any other.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, Final

from django.utils import timezone

from lastcall.core import clock
from lastcall.core.closing import (
    advance,
    callbacks,
    cease,
    codes,
    declare,
    evidence,
    find,
    freeze,
    identity,
    papers,
    photos,
    prove,
    reactivate,
    review,
    withdraw,
)
from lastcall.core.closing.callback import Callback
from lastcall.core.closing.case import Case
from lastcall.core.closing.declare import Declaring
from lastcall.core.errors import Conflict, NotFound
from lastcall.core.numbers import (
    attempts,
    correction,
    early_release,
    longer_rest,
    notice,
    port,
    reserve,
    sweep,
    transfer,
)
from lastcall.core.numbers.assign import Terms, assign
from lastcall.core.numbers.attempts_row import Attempts
from lastcall.core.numbers.correction_row import Correction
from lastcall.core.numbers.release_request import ReleaseRequest
from lastcall.core.numbers.sim import Sim
from lastcall.core.numbers.tenure import Tenure
from lastcall.core.plan import Change, Plan
from lastcall.core.policies.policy import Policy
from lastcall.core.simulator import policies
from lastcall.core.simulator.people import ACTORS, AGENTS_PAPERS, PAPERS
from lastcall.core.simulator.world import NUMBERS, UNKNOWN_NUMBER, Broken, Crash, Declared, World, connect
from lastcall.core.store import Store
from lastcall.core.subscribers import file
from lastcall.core.subscribers.line import Line
from lastcall.core.subscribers.subscriber import Subscriber

Act = Callable[..., str]
ACTS: Final[dict[str, Act]] = {}
_MOST_JOBS: Final = 60


def act(name: str) -> Callable[[Act], Act]:
    """Give an act the name that steps call it by."""

    def named(function: Act) -> Act:
        ACTS[name] = function
        return function

    return named


def msisdn_of(number: str) -> int:
    return NUMBERS.get(number, UNKNOWN_NUMBER)


def _terms(fees: bool) -> Terms:
    return Terms(instalments_left=15_000, premium_number_fee=500) if fees else Terms()


@act("assign")
def _assign(
    world: World, *, number: str, sim: int, person: str, by: str, purpose: str, fees: bool, balance: int
) -> str:
    line = assign(
        world.database, msisdn=msisdn_of(number), iccid=world.sims[sim], purpose=purpose, terms=_terms(fees),
        subscriber_id=world.people[person].subscriber_id, actor=ACTORS[by],
    )  # fmt: skip
    _connect(world, line, balance)
    return f"line {len(world.lines) - 1}"


def _connect(world: World, line: Line, balance: int) -> None:
    def read(rows: Store) -> tuple[str, int]:
        sim, tenure = rows.one(Sim, {"id": line.sim_id}), rows.one(Tenure, {"id": line.tenure_id})
        assert sim is not None and tenure is not None
        return sim.imsi, tenure.msisdn

    imsi, msisdn = world.database.transact(read)
    connect(world, line, imsi=imsi, msisdn=msisdn, balance=balance)


@act("reserve")
def _reserve(world: World, *, number: str, purpose: str, days: int, by: str) -> str:
    until = clock.now() + timedelta(days=days)
    reserve.reserve(world.database, msisdn=msisdn_of(number), purpose=purpose, until=until, actor=ACTORS[by])
    return ""


@act("unreserve")
def _unreserve(world: World, *, number: str, purpose: str, by: str) -> str:
    reserve.unreserve(world.database, msisdn=msisdn_of(number), purpose=purpose, actor=ACTORS[by])
    return ""


@act("declare")
def _declare(
    world: World, *, number: str, door: str, key: str, by: str, language: str, declared_by: str, end_in_days: int | None
) -> str:
    end = None if end_in_days is None else world.clock.now() + timedelta(days=end_in_days)
    declaring = Declaring(
        msisdn=msisdn_of(number), door=door, language=language, declared_by=declared_by, requested_end=end
    )
    receipt = declare.declare(world.database, declaring=declaring, key=key, policy=world.policy, actor=ACTORS[by])
    if receipt.case_id in world.cases:
        raise Broken("receipt", "a new declaration was given an old case")
    world.cases.append(receipt.case_id)
    world.declared.append(Declared(key, declaring, receipt))
    return f"case {len(world.cases) - 1}"


@act("declare again")
def _declare_again(world: World, *, case: int, by: str) -> str:
    first = world.declared[case]
    receipt = declare.declare(
        world.database, declaring=first.declaring, key=first.key, policy=world.policy, actor=ACTORS[by]
    )
    if receipt != first.receipt:
        raise Broken("receipt", f"case {case}: the same key and body gave another receipt")
    return "the same receipt"


@act("declare otherwise")
def _declare_otherwise(world: World, *, case: int, number: str, by: str) -> str:
    """The same key and door with another body."""
    first = world.declared[case]
    language = "en" if first.declaring.language != "en" else "ru"
    other = Declaring(msisdn=msisdn_of(number), door=first.declaring.door, language=language)
    try:
        declare.declare(world.database, declaring=other, key=first.key, policy=world.policy, actor=ACTORS[by])
    except Conflict as conflict:
        return conflict.code
    raise Broken("receipt", f"case {case}: its key was accepted with another body")


@act("look up")
def _look_up(world: World, *, case: int, right: bool) -> str:
    """The case's page, with the right secret or another's."""
    receipt = world.declared[case].receipt
    secret = receipt.secret if right else receipt.reference
    try:
        found = find.find_case(world.database, reference=receipt.reference, secret=secret)
    except NotFound:
        if right:
            raise Broken("lost", f"case {case}: its receipt opens nothing") from None
        return "nothing"
    if not right or found.id != receipt.case_id or found.declared_at != receipt.received_at:
        raise Broken("lost", f"case {case}: its receipt opens what it should not")
    return found.state


@act("document")
def _document(world: World, *, case: int, papers: str, by: str, in_person: bool) -> str:
    kind, issuer, number = PAPERS[papers]
    proof = identity.verify_document(
        world.database, case_id=world.cases[case], kind=kind, issuer=issuer, number=number, actor=ACTORS[by],
        in_person=in_person,
    )  # fmt: skip
    if not proof.accepted:
        return f"refused, {proof.tries_left} left"
    if papers != _expected_papers(world, proof.case):
        raise Broken("papers", f"case {case}: the papers of {papers} were accepted")
    return "accepted"


def _expected_papers(world: World, case: Case) -> str:
    """Whose papers prove this case: the representative's, or those of the holder of its own line."""
    if case.declared_by == "representative":
        return "representative"
    line = world.database.transact(lambda rows: rows.one(Line, {"id": case.line_id}))
    holders = [key for key, person in world.people.items() if line and person.subscriber_id == line.subscriber_id]
    return holders[0] if holders else ""


@act("ask code")
def _ask_code(world: World, *, case: int, person: str, by: str) -> str:
    sent = identity.new_code(
        world.database, case_id=world.cases[case], contact_id=world.people[person].mail_id, actor=ACTORS[by]
    )
    world.codes.setdefault(case, []).append(sent.code)
    return "sent"


@act("answer code")
def _answer_code(world: World, *, case: int, answer: str, by: str) -> str:
    proof = identity.verify_code(world.database, case_id=world.cases[case], code=answer, actor=ACTORS[by])
    if not proof.accepted:
        return f"refused, {proof.tries_left} left"
    if answer not in world.codes.get(case, []):
        raise Broken("code", f"case {case}: a code that was never sent was accepted")
    if (case, answer) in world.codes_taken:
        raise Broken("code", f"case {case}: a code worked twice")
    world.codes_taken.add((case, answer))
    return "accepted"


@act("guess code")
def _guess_code(world: World, *, case: int, times: int, by: str) -> str:
    """Somebody tries one number after the other."""
    told = ""
    for number in range(times):
        told = _answer_code(world, case=case, answer=f"{number:06d}", by=by)
    return told


@act("begin proof")
def _begin_proof(world: World, *, case: int, papers: str, channel: str, by: str) -> str:
    """On the web: a document's number, and where the code shall go. The answer is the same whatever is right."""
    kind, issuer, number = PAPERS[papers]
    runs_out = prove.begin(
        world.database, case_id=world.cases[case], kind=kind, issuer=issuer, number=number, channel=channel,
        actor=ACTORS[by],
    )  # fmt: skip
    _runs_out_as_promised(world, case, runs_out)
    world.begun[case] = papers
    return "asked"


def _runs_out_as_promised(world: World, case: int, runs_out: datetime) -> None:
    minutes = read_case(world, case).policy["identity_code_minutes"]
    if runs_out != world.clock.now() + timedelta(minutes=minutes):
        raise Broken("code", f"case {case}: the answer tells what came of the document")


@act("send proof again")
def _send_proof_again(world: World, *, case: int, by: str) -> str:
    _runs_out_as_promised(world, case, prove.again(world.database, case_id=world.cases[case], actor=ACTORS[by]))
    return "asked"


@act("finish proof")
def _finish_proof(world: World, *, case: int, right: bool, by: str) -> str:
    """With the code out of the contact's own hands, or with a guess."""
    before = read_case(world, case)
    code = world.database.transact(lambda rows: codes.latest(rows, before.id, codes.proving(before)))
    policy = Policy.from_json(before.policy)
    arrived = code is not None and any(f"code:{code.id}" in box.sent for box in world.messengers.values())
    secret = codes.digits_of(code, policy) if code is not None else ""
    proof = prove.finish(
        world.database, case_id=before.id, code=secret if right and arrived else "000000", actor=ACTORS[by]
    )  # fmt: skip
    if not proof.accepted:
        return f"refused, {proof.tries_left} left"
    if proof.case.revision == before.revision:
        return "accepted before"
    if not arrived or not right:
        raise Broken("code", f"case {case}: a code that nobody got was accepted")
    if world.begun.get(case) != _expected_papers(world, proof.case):
        raise Broken("papers", f"case {case}: the papers of {world.begun.get(case)} were accepted")
    return "accepted"


@act("photo")
def _photo(world: World, *, case: int, page: str, by: str) -> str:
    """A photo of a page: ``right``, ``blurred``, or ``another``'s; it is read when the worker comes to it."""
    photos.give_photo(
        world.database, case_id=world.cases[case], upload=page.encode(), reader=world.reader, actor=ACTORS[by]
    )
    return ""


@act("look at photo")
def _look_at_photo(world: World, *, case: int, by: str) -> str:
    photo = photos.open_photo(world.database, case_id=world.cases[case], actor=ACTORS[by], reason="review")
    return f"{len(photo)} bytes"


@act("call back")
def _call_back(world: World, *, case: int, slot: int, by: str) -> str:
    found = callbacks.slots(world.database, case_id=world.cases[case])
    start = found[slot % len(found)].start if found else world.clock.now()
    made = callbacks.book(world.database, case_id=world.cases[case], start=start, language="ru", actor=ACTORS[by])
    same_place = {"start": made.start, "place": made.place, "cancelled_at": None}
    if world.database.transact(lambda rows: rows.count(Callback, same_place)) > 1:
        raise Broken("callbacks", f"case {case}: two call-backs at one time and place")
    return f"place {made.place}"


@act("no call back")
def _no_call_back(world: World, *, case: int, by: str) -> str:
    callbacks.cancel(world.database, case_id=world.cases[case], actor=ACTORS[by])
    return ""


@act("announce papers")
def _announce_papers(world: World, *, case: int, kind: str, by: str) -> str:
    sheet = papers.announce(world.database, case_id=world.cases[case], kinds=(kind,), actor=ACTORS[by])
    if sheet.barcode not in world.barcodes:
        world.barcodes.append(sheet.barcode)
    return f"sheet {world.barcodes.index(sheet.barcode)}"


@act("papers arrive")
def _papers_arrive(world: World, *, sheet: int, by: str) -> str:
    return papers.arrived(world.database, barcode=world.barcodes[sheet], actor=ACTORS[by]).state


@act("sim")
def _sim(world: World, *, case: int, custody: str, by: str, pin_removed: bool, sim: int) -> str:
    evidence.declare_sim(
        world.database, case_id=world.cases[case], custody=custody, actor=ACTORS[by], pin_removed=pin_removed,
        iccid=world.sims[sim],
    )  # fmt: skip
    return ""


@act("sign")
def _sign(world: World, *, case: int, by: str) -> str:
    evidence.sign(world.database, case_id=world.cases[case], actor=ACTORS[by])
    return ""


@act("representative")
def _representative(world: World, *, person: str, kind: str, powers: str, notarised: bool, certificate: str) -> str:
    made = file.put_representative_on_file(
        world.database, subscriber_id=world.people[person].subscriber_id, kind=kind, name="Somebody Trusted",
        document=AGENTS_PAPERS, powers=tuple(powers.split()), notarised=notarised, certificate=certificate,
        actor=ACTORS["olga"],
    )  # fmt: skip
    world.representatives.append(made.id)
    return f"representative {len(world.representatives) - 1}"


@act("papers")
def _papers(world: World, *, case: int, representative: int, by: str) -> str:
    evidence.bring_papers(
        world.database, case_id=world.cases[case], representative_id=world.representatives[representative],
        actor=ACTORS[by],
    )  # fmt: skip
    return ""


@act("refund to")
def _refund_to(world: World, *, case: int, method: str, by: str) -> str:
    evidence.choose_refund(world.database, case_id=world.cases[case], method=method, actor=ACTORS[by])
    return ""


@act("new contact")
def _new_contact(world: World, *, person: str, kind: str) -> str:
    file.put_contact_on_file(
        world.database, subscriber_id=world.people[person].subscriber_id, kind=kind, address="+79000000000",
        actor=ACTORS["olga"],
    )  # fmt: skip
    return ""


@act("self-ban")
def _self_ban(world: World, *, person: str, on: bool) -> str:
    """As the state's register reports it: no service of ours sets it yet."""
    where = {"id": world.people[person].subscriber_id}
    world.database.transact(lambda rows: rows.apply(Plan((Change(Subscriber, where, {"self_ban": on}),))))
    return ""


@act("pay")
def _pay(world: World, *, line: int) -> str:
    world.billing.pay_debt(world.lines[line])
    return ""


@act("charge")
def _charge(world: World, *, line: int, amount: int, minutes_ago: int) -> str:
    service_time = world.clock.now() - timedelta(minutes=minutes_ago)
    world.billing.charge(world.lines[line], amount, service_time=service_time)
    return ""


@act("top up")
def _top_up(world: World, *, line: int, amount: int, bonus: bool) -> str:
    add = world.billing.grant_bonus if bonus else world.billing.top_up
    add(world.lines[line], amount)
    return ""


@act("approve")
def _approve(world: World, *, case: int, by: str) -> str:
    return review.approve(world.database, case_id=world.cases[case], actor=ACTORS[by]).state


@act("reject")
def _reject(world: World, *, case: int, by: str, reason: str) -> str:
    return review.reject(world.database, case_id=world.cases[case], actor=ACTORS[by], reason=reason).state


@act("withdraw")
def _withdraw(world: World, *, case: int, by: str) -> str:
    return withdraw.withdraw(world.database, case_id=world.cases[case], actor=ACTORS[by]).state


@act("freeze")
def _freeze(world: World, *, case: int, by: str) -> str:
    return freeze.freeze(world.database, case_id=world.cases[case], actor=ACTORS[by]).state


@act("unfreeze")
def _unfreeze(world: World, *, case: int, by: str) -> str:
    return freeze.unfreeze(world.database, case_id=world.cases[case], actor=ACTORS[by]).state


@act("lock")
def _lock(world: World, *, line: int, on: bool) -> str:
    file.set_line_lock(world.database, line_id=world.lines[line], locked=on, actor=ACTORS["olga"])
    return ""


@act("legal hold")
def _legal_hold(world: World, *, line: int, on: bool) -> str:
    file.set_legal_hold(world.database, line_id=world.lines[line], held=on, actor=ACTORS["irina"])
    return ""


@act("order port-out")
def _order_port_out(world: World, *, line: int) -> str:
    port.order_port_out(world.database, line_id=world.lines[line], actor=ACTORS["nikolai"])
    return ""


@act("cancel port-out")
def _cancel_port_out(world: World, *, line: int) -> str:
    port.cancel_port_out(world.database, line_id=world.lines[line], actor=ACTORS["nikolai"])
    return ""


@act("port out")
def _port_out(world: World, *, line: int) -> str:
    """The transfer happens; the operator's provisioning takes the entry off the HLR."""
    line_id = world.lines[line]
    port.port_out(world.database, line_id=line_id, actor=ACTORS["nikolai"])

    def read(rows: Store) -> Sim | None:
        found = rows.one(Line, {"id": line_id})
        return rows.one(Sim, {"id": found.sim_id}) if found else None

    sim = world.database.transact(read)
    assert sim is not None
    world.hlr.book.drop(sim.imsi)
    return ""


@act("give back")
def _give_back(world: World, *, number: str, by: str) -> str:
    port.give_back(world.database, msisdn=msisdn_of(number), policy=world.policy, actor=ACTORS[by])
    return ""


@act("withdraw number")
def _withdraw_number(world: World, *, number: str, by: str) -> str:
    port.withdraw(world.database, msisdn=msisdn_of(number), actor=ACTORS[by])
    return ""


@act("ask early release")
def _ask_early_release(world: World, *, number: str, reason: str, by: str) -> str:
    early_release.ask(
        world.database, msisdn=msisdn_of(number), reason=reason, reference="ORDER-17", policy=world.policy,
        actor=ACTORS[by],
    )  # fmt: skip
    return ""


@act("decide early release")
def _decide_early_release(world: World, *, number: str, how: str, by: str) -> str:
    """The latest request for the number, however old."""

    def latest(rows: Store) -> ReleaseRequest | None:
        tenures = [tenure.id for tenure in rows.some(Tenure, {"msisdn": msisdn_of(number)})]
        found = rows.some(ReleaseRequest, {"tenure_id__in": tenures}, order="-id", limit=1)
        return found[0] if found else None

    request = world.database.transact(latest)
    request_id, actor = request.id if request is not None else 0, ACTORS[by]
    if how == "approve":
        return early_release.approve(world.database, request_id=request_id, policy=world.policy, actor=actor).state
    decide = early_release.refuse if how == "refuse" else early_release.take_back
    return decide(world.database, request_id=request_id, actor=actor).state


@act("transfer")
def _transfer(world: World, *, line: int, person: str, sim: int, by: str) -> str:
    """Another subscriber takes the line over; whoever closes lines must not be at it."""
    line_id = world.lines[line]
    closing = world.database.transact(lambda rows: rows.count(Case, {"line_id": line_id, "ended_at": None}))
    taken_over = transfer.transfer(
        world.database, line_id=line_id, to_subscriber_id=world.people[person].subscriber_id, iccid=world.sims[sim],
        actor=ACTORS[by],
    )  # fmt: skip
    if closing:
        raise Broken("transfer", f"line {line}: taken over while a case is open on it")
    world.lines.append(taken_over.id)
    return f"line {len(world.lines) - 1}"


@act("longer rest")
def _longer_rest(world: World, *, case: int, days: int, by: str) -> str:
    longer_rest.ask(world.database, case=read_case(world, case), days=days, actor=ACTORS[by])
    return ""


@act("attempts")
def _attempts(world: World, *, number: str, calls: int, days_ago: int) -> str:
    """What the network counted for one number on one day."""
    day = world.clock.now().astimezone(timezone.get_default_timezone()).date() - timedelta(days=days_ago)
    row = Attempts(msisdn=msisdn_of(number), day=day, calls=calls, messages=0)
    kept, known = attempts.keep(world.database, found=[row])
    return f"{kept} kept, {known} known"


@act("interest")
def _interest(world: World, *, number: str) -> str:
    """A relying party wants to be told of the number from now on."""
    world.database.transact(lambda rows: notice.look_again(rows, wanted=True))
    world.interests.setdefault(msisdn_of(number), world.clock.now())
    return ""


@act("announce releases")
def _announce_releases(world: World) -> str:
    """Whoever tells relying parties looks at all that is due soon."""

    def look(rows: Store) -> int:
        seen, now, told = notice.watch(rows), clock.now(), 0
        until = notice.horizon(world.policy, now)
        for due in notice.due_until(rows, until=until):
            if due.msisdn in world.interests:
                notice.note_announced(rows, due.tenure_id, now)
                told += 1
        notice.note_looked(rows, seen, until=until, wanted=bool(world.interests))
        return told

    return f"{world.database.transact(look)} announced"


@act("ask correction")
def _ask_correction(world: World, *, number: str, by: str) -> str:
    """Of the closing before the number was last given back, or of any other."""

    def find(rows: Store) -> int:
        held = rows.some(Tenure, {"msisdn": msisdn_of(number)}, order="-ordinal")
        given_back = [tenure.follows_id for tenure in held if tenure.follows_id is not None]
        return given_back[0] if given_back else held[0].id if held else 0

    correction.ask(
        world.database, tenure_id=world.database.transact(find), reason="wrong_line", reference="MEMO-17",
        policy=world.policy, actor=ACTORS[by],
    )  # fmt: skip
    return ""


@act("approve correction")
def _approve_correction(world: World, *, by: str) -> str:
    """The latest request, however old."""
    asked = world.database.transact(lambda rows: rows.some(Correction, {}, order="-id", limit=1))
    return correction.approve(world.database, correction_id=asked[0].id if asked else 0, actor=ACTORS[by]).state


@act("reactivate")
def _reactivate(world: World, *, case: int, papers: str, sim: int, by: str, approver: str) -> str:
    line = reactivate.reactivate(
        world.database, case_id=world.cases[case], document=PAPERS[papers], iccid=world.sims[sim], actor=ACTORS[by],
        approver=approver,
    )  # fmt: skip
    world.lines.append(line.id)
    return f"line {len(world.lines) - 1}"


@act("look again")
def _look_again(world: World, *, case: int) -> str:
    """As a door does after something outside has changed."""
    return advance.advance(world.database, case_id=world.cases[case], billing=world.billing).state


@act("cease again")
def _cease_again(world: World, *, case: int) -> str:
    """A late or doubled order to cease, past the worker."""
    return cease.cease(world.database, case_id=world.cases[case], outside=world.outside, watch=world.watch).state


@act("late job")
def _late_job(world: World, *, kind: str, case: int, line: int) -> str:
    """A handler is called again, long after its job was done."""
    subject = world.cases[case] if kind.startswith("case.") else world.lines[line]
    if kind == "hlr.remove":
        found = world.database.transact(lambda rows: rows.one(Line, {"id": world.lines[line]}))
        assert found is not None
        subject = found.sim_id
    world.worker.handlers[kind](subject)
    return ""


@act("new policy")
def _new_policy(world: World, *, policy: int) -> str:
    """The pack changes: what runs already keeps what was frozen into it."""
    world.policy = policies.policy(policy)
    return ""


@act("wait")
def _wait(world: World, *, seconds: int) -> str:
    world.clock.advance(timedelta(seconds=seconds))
    return ""


@act("work")
def _work(world: World, *, jobs: int) -> str:
    done = 0
    while done < jobs and world.worker.run_one() is not None:
        done += 1
    return f"{done} jobs"


@act("sweep")
def _sweep(world: World, *, batch: int) -> str:
    swept = sweep.sweep(world.database, policy=world.policy, batch=batch)
    words = f"{swept.quarantined} quarantined, {swept.released} released"
    return f"{words}, {swept.put_off} put off" if swept.put_off else words


@act("hlr")
def _hlr(world: World, *, fault: str, count: int) -> str:
    world.hlr.down = fault == "down" and count == 0
    world.hlr.faults = [] if fault == "well" else [fault] * count
    return ""


@act("billing")
def _billing(world: World, *, fault: str) -> str:
    world.billing.down = fault == "down"
    world.billing.late = 2 if fault == "late" else 0
    return ""


@act("messengers")
def _messengers(world: World, *, down: bool) -> str:
    for messenger in world.messengers.values():
        messenger.down = down
    return ""


@act("reader")
def _reader(world: World, *, down: bool) -> str:
    world.reader.down = down
    return ""


@act("crash")
def _crash(world: World, *, at: str, moment: str) -> str:
    """Work goes on until the worker dies at that moment of a cease; its job stays leased."""

    def die(step: str, now: str) -> None:
        if (step, now) == (at, moment):
            raise Crash

    world.on_watch = die
    try:
        for _ in range(_MOST_JOBS):
            if world.worker.run_one() is None:
                return "nothing to crash in"
    except Crash:
        return "crashed"
    finally:
        world.on_watch = None
    return "still at work"


@act("overtake")
def _overtake(world: World, *, at: str, moment: str, until: str, until_moment: str) -> str:
    """A worker sleeps at that moment of a cease until its lease is over; another does the work and dies at a later moment
    (or never); the first wakes up."""
    seen: list[str] = []

    def sleep(step: str, now: str) -> None:
        if (step, now) == (at, moment) and not seen:
            seen.append(step)
            world.clock.advance(timedelta(minutes=3))
            _crash(world, at=until, moment=until_moment)

    world.on_watch = sleep
    try:
        for _ in range(_MOST_JOBS):
            if world.worker.run_one() is None:
                break
    finally:
        world.on_watch = None
    return "overtaken" if seen else "nobody slept"


@act("between decision and cease")
def _between(world: World, *, case: int, line: int, what: str) -> str:
    """Something happens in the very moment in which the cease is decided: the last job before it runs, then the act."""
    wanted = world.cases[case]
    for _ in range(_MOST_JOBS):
        found = find.get_case(world.database, case_id=wanted)
        if found.state == "ceasing" or world.worker.run_one() is None:
            break
    state = find.get_case(world.database, case_id=wanted).state
    words: dict[str, dict[str, Any]] = {
        "lock": {"line": line, "on": True},
        "legal hold": {"line": line, "on": True},
        "order port-out": {"line": line},
        "freeze": {"case": case, "by": "stranger"},
        "withdraw": {"case": case, "by": "holder"},
    }
    return f"{state}, then {ACTS[what](world, **words[what])}"


def read_case(world: World, case: int) -> Case:
    return find.get_case(world.database, case_id=world.cases[case])
