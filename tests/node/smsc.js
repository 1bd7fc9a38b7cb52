"use strict";
// A small SMSC for the tests:  node smsc.js PORT SYSTEM_ID PASSWORD  (port 0: any free one), on 127.0.0.1 only.
//
// One JSON object a line on standard output: first {"event": "ready", "port": …}, then "bind", "message" (text decoded, parts
// joined), "receipt" (acknowledged), "enquired" (it was asked whether it lives), "answered" (it asked, and was answered),
// "dropped" (it cut a connection), "taken" and "refused" (a phone's text was, with its name).
// One command a line on standard input: "enquire" asks every client, "drop" cuts every connection, "tell" asks for "told"; an object
// is a phone's text, brought to some client, and brought again until it is taken: {"name", "source", "source_ton", "destination",
// "data_coding", "esm_class", "hex", "parameters", "drop": cut the connection when it is taken, before that can be known}.
// The end of the input ends the SMSC.
// A client with the system id "silent" gets no answer to its bind.
const readline = require("readline");
const smpp = require("smpp");

const [port, systemId, password] = process.argv.slice(2);

// What happens to a message, by the first digits of its destination.
const NEVER_ANSWERED = "79990013";
const CUT_OFF = "79990014";
const UNDELIVERABLE = "79990015";
const THROTTLED_ONCE = "79990016";
const EXPIRED = "79990017"; // told in words alone
const REJECTED = "79990018"; // told in parameters alone
const AGAIN_AFTER = 100; // milliseconds
const REFUSED = {
  79990010: smpp.ESME_RINVDSTADR,
  79990011: smpp.ESME_RTHROTTLED,
  79990012: smpp.ESME_RMSGQFUL,
};
const STATUS = "79990020"; // followed by three decimal digits: that command_status

const sessions = new Set();
const unfinished = new Map();
const throttled = new Set();
let lastId = 0;

function tell(event, facts) {
  process.stdout.write(JSON.stringify({ event, ...facts }) + "\n");
}

function onBind(session, pdu) {
  if (pdu.system_id === "silent") return;
  const good = pdu.system_id === systemId && pdu.password === password;
  tell("bind", { system_id: pdu.system_id, good });
  if (!good) {
    session.send(pdu.response({ command_status: smpp.ESME_RINVPASWD }));
    return;
  }
  sessions.add(session);
  session.send(pdu.response({ system_id: "smsc" }));
}

function statusFor(destination) {
  if (destination.startsWith(STATUS)) return Number(destination.slice(STATUS.length, STATUS.length + 3));
  if (destination.startsWith(THROTTLED_ONCE) && !throttled.has(destination)) {
    throttled.add(destination);
    return smpp.ESME_RTHROTTLED;
  }
  return REFUSED[destination.slice(0, 8)] || 0;
}

function onSubmit(session, pdu) {
  const destination = pdu.destination_addr;
  if (destination.startsWith(NEVER_ANSWERED)) return;
  if (destination.startsWith(CUT_OFF)) {
    session.destroy();
    return;
  }
  const status = sessions.has(session) ? statusFor(destination) : smpp.ESME_RINVBNDSTS;
  if (status) {
    session.send(pdu.response({ command_status: status }));
    return;
  }
  const id = String(++lastId);
  session.send(pdu.response({ message_id: id }));
  take(pdu);
  if (pdu.registered_delivery & 1) receipt(destination, pdu.source_addr, id);
}

function take(pdu) {
  const { reference, total, place } = heading(pdu.short_message.udh || []);
  const key = [pdu.source_addr, pdu.destination_addr, reference].join("|");
  const parts = unfinished.get(key) || new Array(total).fill(null);
  parts[place - 1] = pdu.short_message.message;
  unfinished.set(key, parts);
  if (parts.includes(null)) return;
  unfinished.delete(key);
  tell("message", {
    source: pdu.source_addr,
    source_ton: pdu.source_addr_ton,
    source_npi: pdu.source_addr_npi,
    destination: pdu.destination_addr,
    data_coding: pdu.data_coding,
    reference,
    parts,
    text: parts.join(""),
  });
}

function heading(elements) {
  // 3GPP TS 23.040, 9.2.3.24.1 and 9.2.3.24.8
  for (const element of elements) {
    if (element[0] === 0x00) return { reference: element[2], total: element[3], place: element[4] };
    if (element[0] === 0x08) return { reference: element.readUInt16BE(2), total: element[4], place: element[5] };
  }
  return { reference: null, total: 1, place: 1 };
}

function receipt(destination, source, id) {
  const stat = STATS[destination.slice(0, 8)] || "DELIVRD";
  const when = "2601120900";
  const words = `id:${id} sub:001 dlvrd:001 submit date:${when} done date:${when} stat:${stat} err:000 text:`;
  const parameters = { receipted_message_id: id, message_state: STATES[stat] };
  const facts = {
    source_addr: destination,
    destination_addr: source,
    esm_class: smpp.ESM_CLASS.MC_DELIVERY_RECEIPT,
    short_message: stat === "REJECTD" ? "" : words,
    ...(stat === "EXPIRED" ? {} : parameters),
  };
  bring({ facts, taken: () => tell("receipt", { destination, stat }), refused: () => {} });
}

const STATS = { [UNDELIVERABLE]: "UNDELIV", [EXPIRED]: "EXPIRED", [REJECTED]: "REJECTD" };
const STATES = { DELIVRD: 2, EXPIRED: 3, UNDELIV: 5, REJECTD: 8 };

// What waits to be delivered to a client, like an SMSC that keeps it: it goes to one client, and again until it is taken.
let turn = 0;

function bring(errand) {
  const clients = [...sessions];
  if (!clients.length) {
    setTimeout(bring, AGAIN_AFTER, errand);
    return;
  }
  const session = clients[turn++ % clients.length];
  const again = () => setTimeout(bring, AGAIN_AFTER, errand);
  session.once("close", again);
  session.deliver_sm(errand.facts, (pdu) => {
    session.removeListener("close", again);
    if (errand.drop) {
      errand.drop = false;
      session.destroy();
      again();
    } else if (pdu.command_status) {
      errand.refused(pdu.command_status);
      again();
    } else errand.taken();
  });
}

function text(told) {
  const { name, hex, drop, parameters, source, source_ton, destination, ...facts } = told;
  facts.source_addr = source;
  facts.source_addr_ton = source_ton;
  facts.destination_addr = destination;
  facts.short_message = Buffer.from(hex, "hex");
  for (const [key, value] of Object.entries(parameters || {}))
    facts[key] = key === "message_payload" ? Buffer.from(value, "hex") : value;
  bring({ facts, drop, taken: () => tell("taken", { name }), refused: (status) => tell("refused", { name, status }) });
}

const server = smpp.createServer((session) => {
  session.on("bind_transceiver", (pdu) => onBind(session, pdu));
  session.on("submit_sm", (pdu) => onSubmit(session, pdu));
  session.on("enquire_link", (pdu) => {
    tell("enquired", {});
    session.send(pdu.response());
  });
  session.on("unbind", (pdu) => {
    sessions.delete(session);
    session.send(pdu.response());
    session.close();
  });
  session.on("close", () => sessions.delete(session));
  session.on("error", () => session.destroy());
});

const COMMANDS = {
  enquire: (session) => session.enquire_link({}, () => tell("answered", {})),
  drop: (session) => session.destroy(() => tell("dropped", {})),
};

readline
  .createInterface({ input: process.stdin })
  .on("line", (line) => {
    if (line === "tell") tell("told", {});
    else if (line.startsWith("{")) text(JSON.parse(line));
    else sessions.forEach(COMMANDS[line]);
  })
  .on("close", () => process.exit(0));

server.listen(Number(port), "127.0.0.1", () => tell("ready", { port: server.address().port }));
