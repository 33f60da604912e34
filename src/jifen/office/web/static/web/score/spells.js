// Rows of insurance, employer by employer → spells of contributions, with every fault. The same reading as
// jifen/facts/contributions.py and jifen/facts/insurance/rows.py. A month is a number: year × 12 + index.

import { readAmount } from "./amount.js";
import { decimalOf, readDecimal } from "./exact.js";
import { meansNow, narrow, readMonth, writtenMonth } from "./spelling.js";

const CENTS = 2;
const MOST_CENTS = 1000000000;
const MOST_MONTHS = 720;
const MOST_FAULTS = 50;
const SALARY = "salary";

export const monthText = (month) => `${Math.floor(month / 12)}-${String((month % 12) + 1).padStart(2, "0")}`;

export const wageOf = ({ wages }, month) => (wages.find(([since, until]) => since <= month && month <= until) || [])[2];

// -------------------------------------------------------------------- rows of the form

// Numbered rows → [{row, spell}]. A row with a salary gives a spell for each stretch with one average wage.
export function spellsOfRows(rules, rows) {
  return rows.flatMap(([row, typed]) => {
    const work = salaried(rules, typed);
    if (!work) return [{ row, spell: asTyped(typed) }];
    return stretchesOf(rules, work).map(([since, until, wage]) => {
      const base = String(estimatedBase(rules, work.salary, wage));
      return { row, spell: { ...asTyped(typed), from: monthText(since), to: monthText(until), base } };
    });
  });
}

function asTyped({ from, to, base, status, schemes }) {
  const named = schemes.split("+").filter(Boolean);
  const amount = amountText(base);
  return {
    from: writtenMonth(from), to: writtenMonth(to), ...(amount ? { base: amount } : {}),
    status: status || "paid", ...(named.length ? { schemes: named } : {}),
  };
}

// An amount in digits where it can be read, else as it was typed.
function amountText(text) {
  const read = readAmount(text, "yuan");
  if (!read || !read.digits) return narrow(text);
  const digits = read.digits.replace(/\.?0+$/, "");
  return digits.includes(".") || !text.includes(".") ? digits : narrow(text);
}

function salaried(rules, { from, to, base, amount_is: kind }) {
  if (kind !== SALARY) return null;
  const since = readMonth(from).month;
  const until = since === undefined ? since : lastMonth(rules, to, since).month;
  const read = readAmount(base, "yuan");
  if (until === undefined || !read || !read.digits) return null;
  const { scaled, exact } = decimalOf(read.digits, CENTS);
  const isLong = until - since >= MOST_MONTHS || until < since;
  return exact && scaled <= MOST_CENTS && !isLong ? { since, until, salary: scaled } : null;
}

function stretchesOf(rules, { since, until }) {
  const found = [];
  for (let month = since; month <= until; month += 1) {
    const [wage, last] = [wageOf(rules, month), found[found.length - 1]];
    if (last && last[2] === wage) last[1] = month;
    else found.push([month, month, wage]);
  }
  return found;
}

// In whole yuan: the salary, but within the limits that follow from the average wage.
function estimatedBase({ salary: [least, most] }, salary, wage) {
  const tenths = wage === undefined ? salary * 10 : Math.min(Math.max(salary * 10, least * wage), most * wage);
  return Math.floor((tenths + 500) / 1000);
}

// -------------------------------------------------------------------- spells

function lastMonth({ finished, month }, text, since) {
  if (!meansNow(text)) return readMonth(text);
  return { month: since === undefined || since > month ? finished : Math.max(finished, since) };
}

// Spells as a file has them → {spells, faults: [{code, kind, path, values}]}; {ask} where only the server
// reads them.
export function readSpells(rules, given, path, quote) {
  if (!Array.isArray(given) || given.length > rules.most) return { ask: true };
  const [spells, faults] = [[], []];
  for (const [place, item] of given.entries()) {
    if (faults.length > MOST_FAULTS) break;
    const read = readSpell(rules, item, `${path}.${place}`, quote);
    if (read.ask) return read;
    if (read.faults.length) faults.push(...read.faults);
    else spells.push({ ...read.spell, place });
  }
  faults.push(...overlaps(rules, spells, path));
  const late = spells.filter(({ until }) => until > rules.month);
  faults.push(...late.map(({ until, place }) => ({ code: "JF-F009", kind: "future", path: `${path}.${place}.to`, values: { value: monthText(until) } })));
  return { spells, faults };
}

function readSpell(rules, item, path, quote) {
  const isPlain = item && typeof item.from === "string" && typeof item.to === "string";
  const status = isPlain && (item.status ?? "paid");
  const schemes = isPlain && (item.schemes ?? rules.every_scheme);
  if (!isPlain || !(status in rules.statuses) || !Array.isArray(schemes)) return { ask: true };
  if (!schemes.length || schemes.some((one) => !rules.every_scheme.includes(one))) return { ask: true };
  if (item.base !== undefined && typeof item.base !== "string" && !Number.isSafeInteger(item.base)) return { ask: true };
  const faults = [];
  const told = (part, text, { code, kind, word }) => faults.push({ code, kind, path: `${path}.${part}`, values: { value: quote(text), word } });
  const first = readMonth(item.from);
  if (first.code) told("from", item.from, first);
  const last = lastMonth(rules, item.to, first.month);
  if (last.code) told("to", item.to, last);
  const base = readBase(item.base === undefined ? "" : String(item.base));
  if (base.code) told("base", String(item.base), base);
  const [since, until] = [first.month, last.month];
  if (!faults.length && until < since) {
    faults.push({ code: "JF-F025", kind: "reversed", path, values: { first: monthText(since), last: monthText(until) } });
  }
  return { faults, spell: { since, until, base: base.amount, status, schemes } };
}

function readBase(text) {
  if (text === "") return {};
  let number = readDecimal(text.trim(), CENTS);
  if (!number) {
    const read = readAmount(text, "yuan");
    if (read && read.kind) return { code: "JF-F012", kind: read.kind, word: read.word };
    if (!read) return { code: "JF-F022", kind: "amount" };
    number = decimalOf(read.digits, CENTS);
  }
  const { scaled, exact } = number;
  return exact && scaled >= 0 && scaled <= MOST_CENTS ? { amount: scaled + 0 } : { code: "JF-F022", kind: "range" };
}

// Two spells that share a month are told once, also where they share both schemes.
function overlaps(rules, spells, path) {
  const [told, faults] = [new Set(), []];
  for (const scheme of rules.every_scheme) {
    const ordered = spells.filter(({ schemes }) => schemes.includes(scheme)).sort((a, b) => a.since - b.since);
    ordered.slice(1).forEach((later, at) => {
      const earlier = ordered[at];
      const pair = `${earlier.place} ${later.place}`;
      if (later.since > earlier.until || told.has(pair)) return;
      told.add(pair);
      const values = { earlier: described(rules, earlier), later: described(rules, later) };
      faults.push({ code: "JF-F026", kind: "overlap", path: `${path}.${later.place}`, values });
    });
  }
  return faults;
}

function described({ statuses }, { since, until, status }) {
  const [first, last] = [monthText(since), monthText(until)];
  return [`${first} 至 ${last}（${statuses[status][0].split("，")[0]}）`, `${first} – ${last} (${status})`];
}
