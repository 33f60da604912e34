// The screen of a step, and the check of the answers: the same as the server's.

import { begunRows } from "../score/form.js";
import { Words } from "../score/words.js";
import { choose, counted, fragment, put, repeat } from "./fragments.js";
import { fillRecords } from "./records.js";
import { GROUP, SOME, SPELLS } from "./state.js";

const ADVERSE_LEAST = 2;
const TOGETHER_LEAST = 3;

// → {title, content}
export function stepScreen(work, screens, lang, fault) {
  const { state, policy } = work;
  const made = screens.steps[state.at];
  const isGroup = state.at.startsWith(GROUP);
  const faults = isGroup || !policy.factOf(state.at) ? [] : work.faultsOf(state.at).map(({ words }) => words[lang]);
  const hasRows = state.values[state.at] === SOME && made.rows;
  const content = fragment(hasRows ? made.rows : made.html);
  const spoken = spokenSoFar(work, lang);
  choose(content, { back: state.past.length, first: !state.past.length, "so-far": spoken });
  fillProgress(content, work);
  if (spoken) content.getElementById("so-far").textContent = spoken;
  if (isGroup) return { title: fillGroup(content, work, screens), content: withFaults(content, screens.faults[fault], []) };
  if (state.at === SPELLS) {
    fillRecords(content, work, screens, lang);
    return { title: made.title, content: withFaults(content, screens.faults[fault], [], fault) };
  }
  if (hasRows) fillRows(content, state);
  else fillAnswer(content, state);
  const input = content.querySelector(".typed");
  if (input && (fault || faults.length) && !hasRows) input.setAttribute("aria-invalid", "true");
  return { title: made.title, content: withFaults(content, screens.faults[fault], faults, fault) };
}

function spokenSoFar({ policy, result: { standing } }, lang) {
  return standing.number || standing.isBarred ? new Words(policy, lang).standing(standing).spoken : "";
}

function fillProgress(content, work) {
  const left = work.stepsLeft().filter(({ id }) => id !== work.state.at).length;
  const done = new Set(work.state.past).size;
  const words = content.querySelector(".walk-count");
  words.textContent = counted(left ? words.dataset.some : words.dataset.last, done + 1, left);
  const bar = content.querySelector("progress");
  [bar.max, bar.value] = [done + 1 + left, done];
}

function withFaults(content, own, faults, fault = own) {
  const box = content.getElementById("e-step");
  const words = [...(own ? [own] : []), ...faults];
  box.replaceChildren(...words.map((text) => Object.assign(document.createElement("p"), { textContent: text })));
  if (words.length || fault) box.setAttribute("role", "alert");
  return content;
}

function fillAnswer(content, state) {
  const value = state.values[state.at] || "";
  const input = content.querySelector(".typed");
  if (input) input.setAttribute("value", value === "null" ? "" : value);
  for (const tap of content.querySelectorAll(".taps .tap")) {
    if (value) tap.setAttribute("aria-pressed", String(tap.value === `is:${value}`));
  }
}

function fillRows(content, state) {
  const box = content.querySelector(".rows");
  const [label, input, button] = box.children;
  const rows = (state.rows[state.at] || []).length ? state.rows[state.at] : [""];
  const made = rows.flatMap((row, at) => {
    const [words, field] = [label.cloneNode(true), input.cloneNode(true)];
    field.id = words.htmlFor = `r-${state.at}-${at}`;
    words.textContent = counted(box.dataset.label, at + 1);
    field.setAttribute("value", row);
    return [words, field];
  });
  box.replaceChildren(...made, button);
}

function fillGroup(content, work, screens) {
  const { state, policy } = work;
  const members = work.shownMembers();
  const title = screens.asks[members.every((id) => work.isAdverse(id)) ? "adverse" : "some"];
  content.getElementById("ask").textContent = title;
  for (const box of content.querySelectorAll(".ticks input")) {
    const value = state.values[box.value] || "";
    const ticked = state.claimed.has(box.value) || (value !== "" && value !== policy.factOf(box.value).none);
    if (!members.includes(box.value)) box.closest("label").remove();
    else box.toggleAttribute("checked", ticked);
  }
  return title;
}

// -------------------------------------------------------------------- the check of the answers

export function checkScreen(work, screens, lang) {
  const content = fragment(screens.check);
  const chapters = work.policy.sections
    .map(({ id, label }) => ({ label: label[lang === "en" ? 1 : 0], rows: rowsOf(work, id, screens, lang) }))
    .filter(({ rows }) => rows.length);
  const left = work.stepsLeft().length;
  const faults = work.looseFaults.map((fault) => inWords(fault, work.policy.factOf(fault.fact).label, lang));
  choose(content, { faults: faults.length, left, empty: !chapters.length, back: work.state.past.length });
  if (faults.length) repeat(content, "fault", faults, (item, words) => (item.textContent = words));
  const words = content.querySelector("[data-slot=left]");
  if (words) words.textContent = counted(words.dataset.words, left);
  repeat(content, "chapter", chapters, (part, { label, rows }, at) => {
    part.querySelector("h2").textContent = label;
    part.querySelector("h2").id = `check-${at + 1}`;
    part.setAttribute("aria-labelledby", `check-${at + 1}`);
    repeat(part, "row", rows, fillRow);
  });
  return { title: screens.titles.check, content };
}

function fillRow(row, { label, value, edit, skipped, faults }) {
  put(row, { label, value });
  row.querySelector("[data-slot=value]").className = skipped ? "unknown" : "";
  row.querySelector("dd").append(...faults.map((text) => Object.assign(document.createElement("span"), { className: "error", textContent: text })));
  row.querySelector("button").value = `edit:${edit}`;
}

const inWords = ({ code, words }, label, lang) =>
  ["JF-F001", "JF-F013"].includes(code) ? words[lang] : `${label[lang === "en" ? 1 : 0]}${lang === "en" ? ": " : "："}${words[lang]}`;

function rowsOf(work, section, screens, lang) {
  const { state, policy } = work;
  const words = new Words(policy, lang);
  const joint = words.phrase("list");
  const ofRecords = work.asksForRecords() ? work.factsOfRecords() : [];
  const own = work.asked.filter((fact) => fact.section === section);
  const nothing = own.filter(({ id, none }) => state.values[id] && state.values[id] === (none || ""));
  const least = nothing.some(({ id }) => work.isAdverse(id)) ? ADVERSE_LEAST : TOGETHER_LEAST;
  const together = nothing.length >= least ? nothing : [];
  const rows = recordRows(work, section, ofRecords, words, screens);
  const isShown = ({ id, by_spells: given }) => !state.implied.has(id) && !ofRecords.includes(id) && !(state.bySpells && given);
  rows.push(...own.filter(isShown).flatMap((fact) => {
    const label = words.label(fact.label);
    if (state.skipped.has(fact.id)) return [{ label, value: screens.words.skipped, edit: fact.id, skipped: true, faults: [] }];
    if (!state.values[fact.id] || together.includes(fact)) return [];
    const faults = work.faultsOf(fact.id).map((fault) => fault.words[lang]);
    return [{ label, value: valueOf(work, fact, words, screens), edit: fact.id, skipped: false, faults }];
  }));
  if (together.length) {
    const label = together.map((fact) => words.label(fact.label)).join(joint);
    rows.push({ label, value: counted(screens.words.none_of, together.length), edit: `${GROUP}${section}`, skipped: false, faults: [] });
  }
  return rows;
}

// One row for the records of contributions: how many, or that they are not known.
function recordRows({ state, policy, asked }, section, ofRecords, words, screens) {
  if ((asked.find(({ by_spells: given }) => given) || {}).section !== section) return [];
  const label = words.label(policy.factOf("contributions").label);
  const row = (value, skipped) => [{ label, value, edit: SPELLS, skipped, faults: [] }];
  if (state.bySpells) return row(counted(screens.spells.by_records, begunRows(state.spells).length), false);
  return ofRecords.some((id) => state.skipped.has(id)) ? row(screens.words.skipped, true) : [];
}

function valueOf({ state, policy }, fact, words, screens) {
  const text = state.values[fact.id];
  if (fact.type === "dates" && text === "none") return screens.words.no_dates;
  if (fact.type === "dates" && text === SOME) return (state.rows[fact.id] || []).filter((row) => row.trim()).join(words.phrase("list"));
  if (text === "null") return words.value(fact, null);
  const value = policy.readValue(fact, text);
  if (value === undefined) return text;
  return fact.type === "date" ? value : words.value(fact, value);
}
