// What a button of a step does: to the answers, and to the place in the questions. The same as
// jifen/office/web/public/steps/moves.py.

import { CHECK, goTo, GROUP, RESULT, SOME } from "./state.js";
import { Work } from "./work.js";

const MOST_ROWS = 20;
const SEE_FIELD = "see_field"; // what is to be done stands beside the field
const ANSWERS = ["is", "next", "none", "skip"];

// A state and what was pressed → {work, fault: a name or ""}, or {ask} where only the server can do it.
// `fields`: as they were posted, for the boxes that were ticked.
export function move(policy, state, [name, value], fields) {
  const again = () => new Work(policy, state);
  const [pressed, argument] = split(value);
  let work = again();
  if (work.ask) return { ask: work.ask };
  if (name === "act") {
    if (pressed !== "row") return { ask: recordsAsk(policy) };
    addRow(policy, state, argument);
    return { work: again(), fault: "" };
  }
  if (["spells", "totals"].includes(pressed)) return { ask: recordsAsk(policy) };
  if (!ANSWERS.includes(pressed)) {
    lead(work, pressed, argument);
    return { work, fault: "" };
  }
  let fault = answer(work, fields, pressed, argument);
  work = again();
  if (work.ask) return { ask: work.ask };
  if (!fault && ["is", "next"].includes(pressed) && policy.factOf(state.at) && work.faultsOf(state.at).length) fault = SEE_FIELD;
  if (!fault) goOn(work);
  return { work, fault };
}

function split(value) {
  const at = value.indexOf(":");
  return at < 0 ? [value, ""] : [value.slice(0, at), value.slice(at + 1)];
}

const recordsAsk = (policy) =>
  policy.sayAsk({ code: "JF-Z003", kind: "records", facts: policy.facts.filter(({ record }) => record).map(({ id }) => id).slice(0, 1) });

function addRow(policy, { values, rows }, id) {
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
  }
}

function answer(work, fields, pressed, argument) {
  const { state, policy } = work;
  if (state.at.startsWith(GROUP)) return answerGroup(work, fields, pressed);
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
