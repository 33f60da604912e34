// Answers as they were given → values of the facts, with every fault; what only the server can read
// is named (`ask`). A fact that is not among the values is not known; null says it does not apply.

import { readAmount } from "./amount.js";
import { decimalOf, readDecimal } from "./exact.js";
import { History } from "./months.js";
import { readSpells } from "./spells.js";
import { RANGES } from "./open.js";
import { completedYears, inWindow, narrow, readDay, readFlag, saysNotApplicable, splitDays } from "./spelling.js";

const DATES_MOST = 20;
const SHOWN = 40;

class Fault {
  constructor(code, kind, path, values = {}, beside = "") {
    Object.assign(this, { code, kind, path, values, beside });
  }
  get fact() {
    return this.path.split(".", 1)[0];
  }
}

class AskServer {
  constructor(kind) {
    this.kind = kind;
  }
}

// A value as a fault shows it: in a line, and with what may be an identity number masked.
const quote = (value) => {
  const text = typeof value === "string" ? value.split(/\s+/).join(" ").trim() : JSON.stringify(value);
  const masked = text.replace(/[0-9]{14,17}[0-9Xx]/g, (found) => found.slice(0, 3).padEnd(found.length, "*"));
  return masked.length > SHOWN ? `${masked.slice(0, SHOWN - 1)}…` : masked;
};

// Reads the answers. → {values, given, faults, contradictions, derived, unused, ask}
export function readFacts(policy, given) {
  const read = { values: {}, faults: [], contradictions: [], unused: [], derived: {}, ranges: {}, history: null, ask: null };
  const asks = Object.fromEntries(["records", "spelling", "unknown"].map((kind) => [kind, []]));
  for (const [id, value] of Object.entries(given)) {
    if (value === undefined || value === "") continue; // not answered
    const fact = policy.factOf(id);
    if (!fact) {
      asks.unknown.push(id);
    } else if (fact.type === "contributions" && policy.document.insurance) {
      readRecords(policy, read, id, value, asks);
    } else if (fact.record) {
      asks.records.push(id);
    } else {
      const result = readValue(policy, fact, value);
      if (result instanceof AskServer) asks[result.kind].push(id);
      else if (result instanceof Fault) read.faults.push(result);
      else read.values[id] = result.value;
    }
    if (fact && !fact.useful) read.unused.push(id);
  }
  const kind = Object.keys(asks).find((name) => asks[name].length);
  if (kind) return { ask: { code: "JF-Z003", kind, facts: asks[kind] } };
  const derived = derive(policy, read);
  if (read.ask) return read;
  read.contradictions = contradictions(policy, read.values, derived);
  read.values = Object.fromEntries(Object.entries(read.values).filter(([id]) => policy.factOf(id).used));
  read.values[RANGES] = read.ranges;
  return read;
}

// Records of contributions; null says that nothing was ever paid.
function readRecords({ on, document }, read, id, value, asks) {
  const { ask, spells, faults } = readSpells(document.insurance, value ?? [], id, quote);
  if (ask) return asks.records.push(id);
  read.faults.push(...faults.map(({ code, kind, path, values }) => new Fault(code, kind, path, { ...values, on })));
  read.history = new History(document.insurance, spells, document.words);
  return null;
}

// One answer → its value; undefined where it is none, or only the server can read it.
export function readAnswer(policy, fact, text) {
  const result = readValue(policy, fact, text);
  return result instanceof AskServer || result instanceof Fault ? undefined : result.value;
}

function readValue(policy, fact, value) {
  const fault = (code, kind, more = {}) => new Fault(code, kind, fact.id, { value: quote(value), ...more });
  if (value === null || (typeof value === "string" && saysNotApplicable(value))) {
    return fact.always ? fault("JF-F005", "always", { label: fact.label }) : { value: null };
  }
  if (fact.places !== undefined) return readNumber(fact, value, fault);
  if (fact.type === "bool") return readBool(value, fault);
  if (fact.type === "choice") return readChoice(fact, value, fault);
  return fact.type === "date" ? readDate(policy, fact, value, fault) : readDates(policy, value, fault);
}

function readNumber(fact, value, fault) {
  const places = fact.places;
  const bare = typeof value === "string" ? value.trim() : typeof value === "number" ? String(value) : null;
  if (bare === null) return fault("JF-F003", places === 0 ? "whole_number" : "number");
  let number = readDecimal(bare, places);
  if (!number && typeof value === "number") return outOfDigits(fact, value, fault);
  if (!number) {
    const read = readAmount(value, fact.unit);
    if (!read) return fault("JF-F003", places === 0 ? "whole_number" : "number");
    if (read.kind) return fault("JF-F012", read.kind, { word: read.word });
    if (read.endless) return places === 0 ? fault("JF-F003", "whole") : new AskServer("spelling");
    number = decimalOf(read.digits, places);
  }
  if (places === 0 && !number.whole) return fault("JF-F003", "whole");
  if (fact.type === "yuan" && !number.cents) return fault("JF-F003", "cents");
  const { scaled, rest } = number;
  const below = scaled < fact.least || (scaled === fact.least && rest < 0);
  const above = scaled > fact.most || (scaled === fact.most && rest > 0);
  if (below || above) return fault("JF-F004", "range", ends(fact));
  return number.exact ? { value: scaled + 0 } : new AskServer("spelling");
}

// A number that is written with an exponent: beyond every range, or with more decimals than any fact.
function outOfDigits(fact, value, fault) {
  if (Math.abs(value) >= 1) return fault("JF-F004", "range", ends(fact));
  if (fact.places === 0) return fault("JF-F003", "whole");
  return fact.type === "yuan" ? fault("JF-F003", "cents") : new AskServer("spelling");
}

const ends = (fact) => ({ low: [fact.least, fact.places], high: [fact.most, fact.places] });

function readBool(value, fault) {
  const flag = typeof value === "boolean" ? value : typeof value === "string" ? readFlag(value) : null;
  return flag === null ? fault("JF-F006", "flag") : { value: flag };
}

function readChoice(fact, value, fault) {
  if (typeof value === "string") {
    if (fact.options.some(([id]) => id === value)) return { value };
    const word = narrow(value).toLowerCase();
    const named = fact.options.filter(([id, words]) => [id, ...words].some((text) => narrow(text).toLowerCase() === word));
    if (named.length === 1) return { value: named[0][0] };
  }
  return fault("JF-F002", "choice", { options: fact.options.map(([, words]) => words) });
}

function readDate(policy, fact, value, fault) {
  const { day, written, code, kind } = readDay(value);
  if (code) return fault(code, kind, { label: lowered(fact.label), day: written });
  return day > policy.on ? fault("JF-F009", "future", { value: day, on: policy.on }) : { value: day };
}

// A label inside an English sentence.
const lowered = ([chinese, english]) => [chinese, english.slice(0, 1).toLowerCase() + english.slice(1)];

function readDates(policy, value, fault) {
  const tooMany = (count) => fault("JF-F004", "dates", { count, most: DATES_MOST });
  if (Array.isArray(value) && value.length > DATES_MOST) return tooMany(value.length);
  const listed = typeof value === "string" ? splitDays(value) : value;
  if (!Array.isArray(listed)) return fault("JF-F008", "dates");
  const days = [];
  for (const item of listed) {
    const { day, written, code, kind } = readDay(item);
    const label = [`日期“${quote(item)}”`, `date '${quote(item)}'`];
    if (code) return fault(code, kind, { value: quote(item), label, day: written });
    days.push(day);
  }
  if (days.length > DATES_MOST) return tooMany(days.length);
  days.sort();
  const latest = days[days.length - 1];
  return latest > policy.on ? fault("JF-F009", "future", { value: latest, on: policy.on }) : { value: days };
}

// Ages and counts of records from the dates that were answered. → ids of what was derived
function derive(policy, read) {
  const derived = new Set();
  for (const fact of policy.facts) {
    const from = fact.months ? fact.by_record : fact.derive && fact.derive.from;
    if (fact.months ? !read.history : !(from in read.values)) continue;
    const found = fact.months ? read.history.measure(fact.months) : { value: measure(policy, fact.derive, read.values[from]) };
    if (found.ask) read.ask = { code: "JF-Z003", kind: "records", facts: [from] };
    derived.add(fact.id);
    read.derived[fact.id] = found;
    const { value } = found;
    if (value === undefined) {
      checkRange(read, fact, from, found, policy);
      continue;
    }
    const source = policy.factOf(from).label;
    if (value > fact.most) {
      const values = { label: fact.label, source, value: [fact, value], most: [fact, fact.most] };
      read.faults.push(new Fault("JF-F041", "too_much", from, values));
      continue;
    }
    if (fact.id in read.values && read.values[fact.id] !== value) {
      const values = { label: fact.label, source, given: [fact, read.values[fact.id]], derived: [fact, value] };
      read.faults.push(new Fault("JF-F040", "derived", fact.id, values));
    }
    read.values[fact.id] = value;
  }
  return derived;
}

// A given total that the records, as far as they tell, do not allow; absent, it has a least and a most.
function checkRange({ values, faults, ranges }, fact, from, { between }, policy) {
  if (!between) return;
  const given = values[fact.id];
  if (given === undefined) ranges[fact.id] = between;
  if (given === undefined || given === null || (between[0] <= given && given <= between[1])) return;
  const told = { label: fact.label, source: policy.factOf(from).label, given: [fact, given] };
  faults.push(new Fault("JF-F040", "derived_range", fact.id, { ...told, low: [fact, between[0]], high: [fact, between[1]] }));
}

function measure(policy, how, from) {
  if (how.measure === "completed_years") {
    const day = how.at ? `${policy.countingDay.slice(0, 5)}${how.at}` : policy.countingDay;
    return Math.max(completedYears(from, day), 0);
  }
  if (from === null) return 0;
  return from.filter((day) => inWindow(day, how.window, policy.countingDay, policy.wholeMonths)).length;
}

// Totals of which one cannot be above the other; of a chain only the links are told.
function contradictions(policy, values, derived) {
  const isNumber = (id) => values[id] !== undefined && values[id] !== null;
  const broken = policy.relations.filter(
    ({ fact, other, plus }) =>
      isNumber(fact) && isNumber(other) && !(derived.has(fact) && derived.has(other)) &&
      values[fact] > values[other] + plus,
  );
  const isBroken = (fact, other) => broken.some((one) => one.fact === fact && one.other === other);
  const chained = ({ fact, other }) => broken.some((one) => one.fact === fact && isBroken(one.other, other));
  return broken.filter((one) => !chained(one)).map((one) => {
    const [first, second] = [policy.factOf(one.fact), policy.factOf(one.other)];
    const told = {
      label: first.label, fact: first.id, value: [first, values[first.id]],
      other_label: second.label, other: second.id, other_value: [second, values[second.id]],
      plus: { unit: one.unit, amount: one.shown },
    };
    return new Fault("JF-F042", one.shown ? "above_by" : "above", first.id, told, second.id);
  });
}
