// What a button of a step does: to the answers, and to the place in the questions. The same as
// jifen/office/web/public/steps/moves.py.

import { begunRows, filledRows } from "../score/form.js";
import { blankRow, CHECK, goTo, GROUP, RESULT, SOME, SPELLS } from "./state.js";
import { Work } from "./work.js";

const MOST_ROWS = 20;
const SEE_FIELD = "see_field"; // what is to be done stands beside the field
const ANSWERS = ["is", "next", "none", "skip"];

// What the answers gave before, and what was pressed → {work, fault: a name or ""}, or {ask} where only the server can do it.
// `fields`: as they were posted, for the boxes that were ticked.
export function move(before, [name, value], fields) {
  const { policy, state } = before;
  const again = () => new Work(policy, state);
  const [pressed, argument] = split(value);
  let work = before;
  if (name === "act") {
    if (!ACTS[pressed]) return { ask: recordsAsk(policy) };
    ACTS[pressed](state, argument, policy);
    work = again();
    return work.ask ? { ask: work.ask } : { work, fault: "" };
  }
  if (state.at === SPELLS && pressed !== "next" && !begunRows(state.spells).length) state.bySpells = false;
  if (!ANSWERS.includes(pressed)) {
    lead(work, pressed, argument);
    if (["spells", "totals"].includes(pressed)) work = again();
    return { work, fault: "" };
  }
  let fault = answer(work, fields, pressed, argument);
  work = again();
  if (work.ask) return { ask: work.ask };
  const fact = state.at === SPELLS ? "contributions" : state.at;
  if (!fault && ["is", "next"].includes(pressed) && policy.factOf(fact) && work.faultsOf(fact).length) fault = SEE_FIELD;
  if (!fault) goOn(work);
  return { work, fault };
}

function split(value) {
  const at = value.indexOf(":");
  return at < 0 ? [value, ""] : [value.slice(0, at), value.slice(at + 1)];
}

const recordsAsk = (policy) =>
  policy.sayAsk({ code: "JF-Z003", kind: "records", facts: policy.facts.filter(({ record }) => record).map(({ id }) => id).slice(0, 1) });

// What a button does to the answers of the screen that it stands on.
const ACTS = {
  row: addRow,
  spell: (state) => {
    state.bySpells = true;
    state.spells.push(blankRow());
  },
  drop: ({ spells }, number) => {
    if (/^[0-9]{1,6}$/.test(number)) spells.splice(Number(number), 1);
    if (!spells.length) spells.push(blankRow());
  },
  account: () => {},
};

function addRow({ values, rows }, id, policy) {
  if (policy.factOf(id)?.type !== "dates") return;
  values[id] = SOME;
  rows[id] ??= [""];
  if (rows[id].length < MOST_ROWS) rows[id].push("");
}

// Buttons that lead to another step and answer nothing.
function lead(work, pressed, argument) {
  const { state } = work;
  if (pressed === "back" && state.past.length) {
    state.at = state.past.pop();
  } else if (pressed === "edit") {
    state.editing = true;
    goTo(state, argument);
  } else if (pressed === CHECK || pressed === RESULT) {
    goTo(state, pressed);
  } else if (pressed === "on") {
    goOn(work);
  } else if (pressed === "more") {
    state.every = true;
    work.result.missing.forEach((id) => state.skipped.delete(id));
    goOn(work);
  } else if (pressed === "spells") {
    state.totals = false;
    work.factsOfRecords().forEach((id) => state.skipped.delete(id));
    goTo(state, SPELLS);
  } else if (pressed === "totals") {
    [state.totals, state.bySpells] = [true, false];
    work.factsOfRecords().forEach((id) => state.skipped.delete(id));
    goOn(work);
  }
}

// The records count once all their months are there; without any, the visitor has to say so.
function answerRecords(work, pressed) {
  const { state } = work;
  const facts = work.factsOfRecords();
  state.bySpells = pressed !== "skip";
  facts.forEach((id) => (state.bySpells ? state.skipped.delete(id) : state.skipped.add(id)));
  const begun = begunRows(state.spells).length;
  if (!state.bySpells) return "";
  if (!begun) return "empty";
  return begun === filledRows(state.spells).length ? "" : SEE_FIELD;
}

function answer(work, fields, pressed, argument) {
  const { state, policy } = work;
  if (state.at.startsWith(GROUP)) return answerGroup(work, fields, pressed);
  if (state.at === SPELLS) return answerRecords(work, pressed);
  if (!policy.factOf(state.at)) return "";
  if (pressed === "skip") {
    delete state.values[state.at];
    state.skipped.add(state.at);
    state.claimed.delete(state.at);
    return "";
  }
  if (pressed === "is") state.values[state.at] = argument;
  if (!work.answer(state.at)) return "empty";
  const rows = state.rows[state.at] || [];
  if (state.values[state.at] === SOME && !rows.some((row) => row.trim())) return pressed === "next" ? "no_date" : SEE_FIELD;
  state.skipped.delete(state.at);
  state.claimed.delete(state.at);
  return "";
}

function answerGroup(work, fields, pressed) {
  const { state, policy } = work;
  const members = work.shownMembers();
  if (pressed === "skip") {
    members.forEach((id) => {
      delete state.values[id];
      state.skipped.add(id);
      state.claimed.delete(id);
    });
    return "";
  }
  const ticked = new Set(pressed === "none" ? [] : fields.filter(([name]) => name === "has").map(([, id]) => id));
  if (pressed === "next" && !members.some((id) => ticked.has(id))) return "nothing_ticked";
  for (const id of members) tick(state, policy.factOf(id), ticked.has(id));
  return "";
}

function tick(state, { id, type, none }, isTicked) {
  state.skipped.delete(id);
  if (!isTicked) {
    state.values[id] = none;
    state.claimed.delete(id);
  } else if (type === "bool") {
    state.values[id] = "true";
  } else if (!state.values[id] || state.values[id] === none) {
    delete state.values[id];
    state.claimed.add(id);
  }
}

// The next step: back to the check page after a change, the questions behind it first.
export function goOn(work) {
  const { state, policy } = work;
  const left = work.stepsLeft();
  const follows = ({ facts }) => facts.some((id) => state.claimed.has(id) || policy.factOf(id).after === state.at);
  const behind = left.find(follows);
  if (!state.editing) return goTo(state, left.length ? left[0].id : CHECK);
  if (!behind) state.editing = false;
  return goTo(state, behind ? behind.id : CHECK);
}
