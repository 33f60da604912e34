// The screen on which insurance is entered employer by employer: the rows as typed, their faults, and every
// month as it counts. The same as the server's (components/insurance.html, public/insurance.py).

import { plain } from "../score/exact.js";
import { monthText } from "../score/spells.js";
import { Words } from "../score/words.js";
import { choose, counted, put, repeat } from "./fragments.js";
import { blankRow } from "./state.js";

const CENTS = 2;

export function fillRecords(content, work, screens, lang) {
  const { state } = work;
  const rows = state.spells.length ? state.spells : [blankRow()];
  repeat(content, "spell", rows, (part, row, at) => fillRow(part, row, at));
  const faults = spellFaults(work, screens, lang);
  const box = content.querySelector("#e-contributions");
  box.hidden = !faults.length;
  box.dataset.bad = faults.map(({ field }) => field).join(" ");
  box.replaceChildren(...faults.map(({ field, words }) =>
    Object.assign(document.createElement("p"), { textContent: words, className: field ? "" : "waits" })));
  for (const { field } of faults) content.querySelector(`[id="${field}"]`)?.setAttribute("aria-invalid", "true");
  fillDerived(content.querySelector("#derived"), work, new Words(work.policy, lang), screens);
}

function fillRow(part, row, at) {
  for (const words of part.querySelectorAll("[data-slot=number]")) words.textContent = counted(words.dataset.words, at + 1);
  for (const label of part.querySelectorAll("[data-for]")) label.htmlFor = `s-${at}-${label.dataset.for}`;
  for (const field of part.querySelectorAll("[data-id]")) {
    const value = row[field.dataset.id];
    field.id = `s-${at}-${field.dataset.id}`;
    if (field.tagName === "INPUT") field.setAttribute("value", value);
    else choice(field, value);
  }
  const button = part.querySelector("button[value^='drop:']");
  [button.id, button.value] = [`drop-${at}`, `drop:${at}`];
  const isUsual = ["", "paid"].includes(row.status) && ["", "pension+medical"].includes(row.schemes);
  part.querySelector(".spell-odd").toggleAttribute("open", !isUsual);
}

function choice(select, value) {
  for (const option of select.options) option.toggleAttribute("selected", option.value === value);
}

// The faults of the rows, each with the id of its field; rows that wait for a month are no fault.
function spellFaults(work, { spells: words }, lang) {
  const [colon, comma] = lang === "en" ? [": ", ", "] : ["：", "，"];
  const found = work.faultsOf("contributions").map((fault) => {
    const [, row, key = "from"] = fault.path.split(".");
    const said = fault.words[lang];
    if (row === undefined) return { field: "s-0-from", words: said };
    const number = work.placeOf(Number(row));
    const part = fault.path.split(".").length > 2 ? words[key] || "" : "";
    const where = counted(words.place, number + 1) + (part ? comma + part : "");
    return { field: `s-${number}-${key}`, words: where + colon + said };
  });
  const waiting = work.waitingRows().map((number) => ({ field: "", words: counted(words.unfinished, number + 1) }));
  return [...found, ...waiting];
}

// -------------------------------------------------------------------- what the records give

function fillDerived(box, work, words, screens) {
  const { derived, history } = work.result;
  const items = work.asked.filter(({ id, by_spells: given }) => given && id in derived);
  const hasAccount = Boolean(history && history.spells.length && !work.faultsOf("contributions").length);
  const gaps = hasAccount ? history.gaps() : [];
  const terms = hasAccount ? history.terms() : [];
  choose(box, { items: items.length, account: hasAccount, gaps: gaps.length, terms: terms.length });
  if (items.length) {
    repeat(box, "item", items, (part, fact) => {
      const { value, reason } = derived[fact.id];
      const shown = value === undefined ? screens.spells.open : words.value(fact, value);
      put(part, { label: words.label(fact.label), value: shown, reason: reason ? words.label(reason) : "" });
      if (!reason) part.querySelector("[data-slot=reason]").remove();
    });
  }
  if (hasAccount) fillAccount(box, history, gaps, terms, words);
}

function fillAccount(box, history, gaps, terms, words) {
  const months = history.months();
  repeat(box, "year", yearsOf(months), (part, { year, cells }) => {
    part.querySelector("th").textContent = String(year).padStart(4, "0");
    part.querySelectorAll("td").forEach((cell, at) => fillMonth(cell, cells[at], words));
  });
  const ends = ({ since, until }) => ({ since: monthText(since), until: monthText(until) });
  if (gaps.length) {
    repeat(box, "gap", gaps, (part, gap) => {
      const slot = part.querySelector("[data-slot=months]");
      put(part, { ...ends(gap), months: counted(slot.dataset.words, gap.until - gap.since + 1) });
    });
  }
  if (terms.length) repeat(box, "term", terms, (part, term) => put(part, { ...ends(term), label: words.label(term.label) }));
  repeat(box, "stretch", stretchesOf(months), (part, one) => {
    part.className = ["not_counted", "gap"].includes(one.state) ? "out" : "";
    const amount = (cents) => (cents === undefined ? "" : plain(cents, CENTS));
    const multiple = one.multiple === undefined ? "" : (one.multiple / 100).toFixed(2);
    put(part, { ...ends(one), base: amount(one.base), wage: amount(one.wage), multiple, why: words.label(one.why) });
  });
}

function fillMonth(cell, month, words) {
  if (!month) {
    cell.removeAttribute("class");
    cell.replaceChildren();
    return;
  }
  cell.className = `month-${month.state}`;
  cell.replaceChildren(Object.assign(document.createElement("span"), { className: "unseen", textContent: words.label(month.why) }));
}

function yearsOf(months) {
  const years = new Map();
  for (const one of months) {
    const year = Math.floor(one.month / 12);
    if (!years.has(year)) years.set(year, Array(12).fill(null));
    years.get(year)[one.month % 12] = one;
  }
  return [...years].map(([year, cells]) => ({ year, cells }));
}

// The months in as few rows as say the same. In a gap the wage is compared with nothing.
function stretchesOf(months) {
  const found = [];
  for (const { month, ...said } of months) {
    if (said.state === "gap") said.wage = undefined;
    const [key, last] = [JSON.stringify(said), found[found.length - 1]];
    if (last && last.key === key) last.until = month;
    else found.push({ ...said, key, since: month, until: month });
  }
  return found;
}
