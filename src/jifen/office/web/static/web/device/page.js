// Answers the steps of a page in the page: what the server's step would say, without sending it.
//
//   const device = await openDevice({ measure, screens }, "zh");
//   const { title, at, content } = await device.respond(fields, ["go", "is:true"]);
//
// Where only the server can answer, `respond` gives {ask: {code, facts, words}} and nothing else; where a
// day has no measure, {refused: {code, words}}.

import { openPolicy } from "../score.js";
import { hidden } from "./fragments.js";
import { move } from "./moves.js";
import { resultScreen } from "./result.js";
import { CHECK, fieldsOf, GROUP, RESULT, SOME, SPELLS, stateOf } from "./state.js";
import { checkScreen, stepScreen } from "./step.js";
import { Work } from "./work.js";

const FORMAT = "jifen.screens.v1";

class Refused extends Error {
  constructor(problem) {
    super(problem.code);
    this.problem = problem;
  }
}

async function load(address) {
  const answer = await fetch(address);
  const read = await answer.json();
  if (answer.status === 400 || answer.status === 404) throw new Refused(read);
  if (!answer.ok) throw new Error(String(answer.status));
  return read;
}

// Raises where the module or its documents are not to be had: the page then asks the server.
export async function openDevice(addresses, lang) {
  const device = new Device(addresses, lang);
  device.day = await device.openDay(addresses.measure, addresses.screens);
  device.answer(device.day, [], null); // what is run for the first time takes longest: not at the first answer
  return device;
}

class Device {
  constructor(addresses, lang) {
    Object.assign(this, { addresses, lang });
    this.days = new Map();
  }

  async openDay(measure, screens) {
    const key = `${measure} ${screens}`;
    if (!this.days.has(key)) {
      const [document, shown] = await Promise.all([load(measure), load(screens)]);
      const policy = openPolicy(document);
      if (policy.ask) throw new Refused(policy.ask);
      if (shown.format !== FORMAT) throw new Error(shown.format);
      this.days.set(key, { policy, screens: shown });
    }
    return this.days.get(key);
  }

  // The measure of the chosen day under the chosen readings. Only the day and the readings are named.
  async dayOf(fields) {
    const typed = (name) => (fields.find(([one]) => one === name) || [])[1];
    const wanted = typed("on") || typed("as_of") || this.day.policy.on;
    const readings = fields.filter(([name]) => name.startsWith("reading."));
    const { on, document } = this.day.policy;
    const isOwn = ([name, reading]) => (document.readings[name.slice("reading.".length)] ?? reading) === reading;
    if (wanted === on && readings.every(isOwn)) return this.day;
    const query = (address, more) => {
      const url = new URL(address, window.location.href);
      const own = [...url.searchParams.keys()].filter((name) => name === "v" || name.startsWith("reading."));
      own.forEach((name) => url.searchParams.delete(name));
      url.searchParams.set("on", wanted);
      more.forEach(([name, value]) => url.searchParams.set(name, value));
      return url.pathname + url.search;
    };
    return this.openDay(query(this.addresses.measure, readings), query(this.addresses.screens, []));
  }

  // Posted fields and the button that was pressed (null: none) → the next screen.
  async respond(fields, pressed) {
    let day;
    try {
      day = await this.dayOf(fields);
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      return error.problem.code === "JF-Z001" ? { ask: error.problem } : { refused: error.problem };
    }
    return this.answer(day, fields, pressed);
  }

  answer({ policy, screens }, fields, pressed) {
    const { work, fault, ask } = reach(policy, fields, pressed);
    if (ask) return { ask };
    return { at: work.state.at, on: policy.on, ...this.screen(work, screens, fault), fields: this.hiddenOf(work) };
  }

  // Work out what a button leads to, so that it is known when it is pressed; nothing is shown.
  prepare(fields, pressed) {
    this.answer(this.day, fields, pressed);
  }

  screen(work, screens, fault) {
    if (work.state.at === RESULT) return resultScreen(work, screens, this.lang);
    if (work.state.at === CHECK) return checkScreen(work, screens, this.lang);
    return stepScreen(work, screens, this.lang, fault);
  }

  // Every answer that the step does not show itself.
  hiddenOf({ state, policy }) {
    const fact = policy.factOf(state.at);
    const isOwn = fact && !["bool", "choice"].includes(fact.type) && (fact.type !== "dates" || state.values[state.at] === SOME);
    const place = [["as_of", policy.on], ["city", policy.city]];
    return [...place, ...fieldsOf(state, isOwn ? state.at : "")].map(hidden);
  }
}

// Posted fields and what was pressed → {work, fault}: the answers worked out, at the next place; or {ask}.
function reach(policy, fields, pressed) {
  const state = stateOf(fields, policy);
  let work = new Work(policy, state);
  if (work.ask) return { ask: work.ask };
  if (!exists(work, state.at)) state.at = "";
  let fault = "";
  if (pressed) {
    const done = move(work, pressed, fields);
    if (done.ask) return { ask: done.ask };
    ({ work, fault } = done);
  }
  if (!exists(work, state.at)) state.at = "";
  if (!state.at) state.at = (work.stepsLeft()[0] || { id: CHECK }).id;
  return { work, fault };
}

// Whether the rules of the day have this step.
function exists(work, step) {
  if (step === CHECK || step === RESULT) return true;
  if (step === SPELLS) return work.factsOfRecords().length > 0;
  if (step.startsWith(GROUP)) return work.membersOf(step.slice(GROUP.length)).length > 0;
  return Boolean(work.policy.factOf(step)?.asked);
}
