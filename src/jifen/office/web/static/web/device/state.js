// The fields of a step ↔ what they say: the answers as typed, and the place in the questions. The same
// reading as jifen/office/web/public/answers.py and steps/walk.py.

import { filledRows, ROW, rowsOf } from "../score/form.js";
import { spellsOfRows } from "../score/spells.js";

export const CHECK = "check";
export const RESULT = "result";
export const SPELLS = "spells";
export const GROUP = "group:";
export const SOME = "some";
const MOST_ROWS = 40;
const MOST_PAST = 80;
const SETS = ["skipped", "claimed", "implied"];
const FLAGS = ["every", "editing", "example", "totals"];
const MOST_SPELLS = 600;

// Pairs of name and value → the state. Names that the city does not know are left out.
export function stateOf(fields, policy) {
  const state = { values: {}, rows: {}, readings: {}, spells: [], bySpells: false, other: "", at: "", past: [] };
  const words = {};
  for (const [name, text] of fields) {
    const [head, ...rest] = name.split(".");
    const tail = rest.join(".");
    const fact = policy.factOf(name);
    if (fact && !fact.record) state.values[name] = text;
    else if (head === "row" && policy.factOf(tail)) (state.rows[tail] ??= []).push(text);
    else if (head === "reading") state.readings[tail] = text;
    else if (name === "other") state.other = text;
    else if (name === "insurance_as") state.bySpells = text === "spells";
    else if (head === "walk") words[tail] = text;
  }
  state.spells = rowsOf(fields).slice(0, MOST_SPELLS);
  for (const id of Object.keys(state.rows)) state.rows[id] = state.rows[id].slice(0, MOST_ROWS);
  const known = (name) => (words[name] || "").split(" ").filter((word) => isStep(word, policy));
  state.at = known("at")[0] || "";
  state.past = known("past").slice(-MOST_PAST);
  for (const name of SETS) state[name] = new Set(known(name).filter((word) => policy.factOf(word)));
  for (const name of FLAGS) state[name] = name in words;
  return state;
}

function isStep(word, policy) {
  if ([CHECK, RESULT, SPELLS].includes(word)) return true;
  if (word.startsWith(GROUP)) return policy.sections.some(({ id }) => `${GROUP}${id}` === word);
  const fact = policy.factOf(word);
  return Boolean(fact) && !fact.record;
}

export const blankRow = () => ({ ...Object.fromEntries(ROW.map((key) => [key, ""])), status: "paid", schemes: "pension+medical" });

// The spells that count, each with the row that it comes from.
export const numberedSpells = ({ spells }, { document: { insurance } }) => (insurance ? spellsOfRows(insurance, filledRows(spells)) : []);

// The hidden fields of a step; `without`: the fact that the step itself shows.
export function fieldsOf(state, without = "") {
  const fields = [["walk.at", state.at]];
  const word = (name, words) => words.length && fields.push([`walk.${name}`, words.join(" ")]);
  word("past", state.past);
  for (const name of SETS) word(name, [...state[name]].sort());
  for (const name of FLAGS) word(name, state[name] ? ["yes"] : []);
  for (const [id, text] of Object.entries(state.values)) if (text && id !== without) fields.push([id, text]);
  for (const [id, rows] of Object.entries(state.rows)) {
    if (id !== without) rows.forEach((row) => fields.push([`row.${id}`, row]));
  }
  for (const [id, reading] of Object.entries(state.readings)) fields.push([`reading.${id}`, reading]);
  if (state.at !== SPELLS) {
    fields.push(["insurance_as", state.bySpells ? "spells" : "totals"]);
    for (const row of state.spells) fields.push(...ROW.map((key) => [`spell.${key}`, row[key]]));
  }
  if (state.other) fields.push(["other", state.other]);
  return fields;
}

// The answers as `policy.score` takes them.
export function givenOf(state, policy) {
  const given = {};
  for (const [id, text] of Object.entries(state.values)) {
    const value = valueOf(policy.factOf(id), text, state.rows[id] || []);
    if (value !== undefined) given[id] = value;
  }
  const spells = state.bySpells ? numberedSpells(state, policy) : [];
  if (spells.length) given.contributions = spells.map(({ spell }) => spell);
  if (state.other.trim()) given.other = state.other;
  return given;
}

function valueOf(fact, text, rows) {
  if (text === "") return undefined;
  if (text === "null") return null;
  if (fact.type !== "dates") return text;
  if (text === "none") return [];
  if (text !== SOME) return text;
  const days = rows.filter((row) => row.trim());
  return days.length ? days : undefined;
}

export function goTo(state, step) {
  if (state.at && state.at !== step) state.past = [...state.past, state.at].slice(-MOST_PAST);
  state.at = step;
}
