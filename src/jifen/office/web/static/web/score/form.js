// The form of the self-assessment → answers as `policy.score` takes them. The same reading as the
// server's (jifen/office/web/public/answers.py): an empty field is not known, "null" does not apply, dates
// are "none" or "some" with rows, and a row of insurance counts once both its months are typed.

import { spellsOfRows } from "./spells.js";

export const ROW = ["from", "to", "base", "status", "schemes", "employer", "amount_is"];
const LATER = ["employer", "amount_is"]; // columns that a form of before does not have

export function answersOf(form, policy) {
  const data = new FormData(form);
  const answers = {};
  for (const [name, text] of data) {
    const fact = policy.factOf(name);
    if (fact && !fact.record) answers[name] = text; // of two fields of one name the last counts
  }
  for (const id of data.getAll("na")) if (policy.factOf(id)) answers[id] = "null";
  for (const [id, text] of Object.entries(answers)) {
    const value = valueOf(policy.factOf(id), text, data.getAll(`row.${id}`));
    if (value === undefined) delete answers[id];
    else answers[id] = value;
  }
  const rows = data.get("insurance_as") === "spells" ? filledRows(rowsOf([...data])) : [];
  if (rows.length) answers.contributions = spellsOfRows(policy.document.insurance, rows).map(({ spell }) => spell);
  // what a loaded file held beside the questions of the form: only the server reads it
  if ((data.get("other") || "").trim()) answers.other = data.get("other");
  return answers;
}

function valueOf(fact, text, rows) {
  if (text === "") return undefined;
  if (text === "null") return null;
  if (fact.type !== "dates") return text;
  if (text === "none") return [];
  if (text !== "some") return text;
  const days = rows.filter((row) => row.trim());
  return days.length ? days : undefined;
}

// The rows of insurance in pairs of name and value; none where columns are missing.
export function rowsOf(pairs) {
  const columns = ROW.map((key) => pairs.filter(([name]) => name === `spell.${key}`).map(([, text]) => text));
  const count = columns[0].length;
  const isWhole = columns.every(({ length }, at) => length === count || (!length && LATER.includes(ROW[at])));
  if (!isWhole) return [];
  return columns[0].map((_, at) => Object.fromEntries(ROW.map((key, column) => [key, columns[column][at] ?? ""])));
}

export const begunRows = (rows) =>
  [...rows.entries()].filter(([, row]) => ["from", "to", "base"].some((key) => row[key].trim()));

// Those with both months: [[number, row]]
export const filledRows = (rows) => begunRows(rows).filter(([, { from, to }]) => from.trim() && to.trim());
