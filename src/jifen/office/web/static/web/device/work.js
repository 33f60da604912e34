// A state worked out: its result, its faults, the questions that are still to come. The same steps as
// jifen/office/web/public/work.py and steps/order.py, steps/implied.py.

import { byEffort, effort } from "../score/telling.js";
import { begunRows, filledRows } from "../score/form.js";
import { givenOf, GROUP, numberedSpells, SPELLS } from "./state.js";

const TOGETHER_LEAST = 3;
const ADVERSE_LEAST = 2;
const LOOKED_UP = 4;
const NOTHING = "0";

export class Work {
  // `ask`: only the server can score these answers, and there is nothing else.
  constructor(policy, state) {
    this.policy = policy;
    this.state = state;
    takeOutImplied(state);
    state.implied = fillImplied(state, policy);
    this.result = scoreOnce(policy, givenOf(state, policy));
    this.ask = this.result.ask;
    this.orders = new Map();
  }

  get asked() {
    return this.policy.facts.filter((fact) => fact.asked);
  }

  answer(id) {
    return (this.state.values[id] || "").trim();
  }

  // The faults beside a question, and the totals that contradict its answer.
  faultsOf(id) {
    const named = this.result.contradictions.filter(({ fact, beside }) => id === fact || id === beside);
    return [...this.result.faults.filter(({ fact }) => fact === id), ...named.map((one) => this.policy.sayFault(one))];
  }

  // The faults that have no question on the page.
  get looseFaults() {
    const shown = new Set(this.visible());
    if (this.state.bySpells) shown.add("contributions");
    return this.result.faults.filter(({ fact }) => !shown.has(fact));
  }

  visible() {
    const reached = ({ after }) => this.answer(after) || !this.policy.factOf(after).asked;
    const given = ({ by_spells: records }) => this.state.bySpells && records;
    return this.asked
      .filter((fact) => this.answer(fact.id) || (!given(fact) && (!fact.after || (this.result.missing.includes(fact.id) && reached(fact)))))
      .map(({ id }) => id);
  }

  isAdverse(id) {
    return this.policy.factOf(id).presumed !== undefined;
  }

  // The circumstances of a section, in the order of the form.
  membersOf(section) {
    return this.asked.filter((fact) => fact.section === section && fact.none).map(({ id }) => id);
  }

  // Those that the screen of a group shows: that can matter or are answered; else all of them.
  shownMembers() {
    const { at, claimed, skipped } = this.state;
    const members = this.membersOf(at.slice(GROUP.length));
    const missing = new Set(this.result.missing);
    const shown = members.filter((id) => missing.has(id) || claimed.has(id) || this.state.values[id] || skipped.has(id));
    return shown.length ? shown : members;
  }

  // The steps that can still matter, to the outcome and, where `every`, to the points: [{id, facts}]
  stepsLeft(every = this.state.every, skipped = this.state.skipped) {
    const key = JSON.stringify([every, [...skipped], [...this.state.claimed]]);
    if (!this.orders.has(key)) this.orders.set(key, this.findSteps(every, skipped));
    return this.orders.get(key);
  }

  findSteps(every, skipped) {
    const claimed = this.asked.map(({ id }) => id).filter((id) => this.state.claimed.has(id));
    const open = this.askable(this.wanted(every), skipped);
    const rated = [...tellOnce(this.policy, this.result, open)];
    const follows = ({ id }) => (this.policy.factOf(id).after ? 0 : 1);
    rated.sort((a, b) => follows(a) - follows(b) || byEffort(this.policy, a, b));
    const steps = this.grouped(rated.map(({ id }) => id).filter((id) => !claimed.includes(id)));
    steps.sort((a, b) => this.rank(a) - this.rank(b));
    return [...claimed.map((id) => ({ id, facts: [id] })), ...steps];
  }

  // Facts that decide the outcome; adverse records alone once all else is enough.
  wanted(every) {
    const { standing, missing } = this.result;
    if (every || (this.policy.ranked && !standing.isBarred)) return missing;
    if (standing.state !== "open") return [];
    const adverse = missing.filter((id) => this.isAdverse(id));
    if (standing.presumedState === "reached") return adverse.length ? adverse : missing;
    const deciding = standing.deciders.filter(({ kind }) => kind === "fact").map(({ id }) => id);
    return [...new Set([...deciding, ...adverse])];
  }

  // The questions to be asked for these facts: one that hangs on another answer is asked after it.
  askable(ids, skipped) {
    const found = new Set();
    const answered = ({ after }) => after in this.result.known || this.answer(after);
    for (const id of ids) {
      let fact = this.policy.factOf(id);
      while (fact.after && this.policy.factOf(fact.after)?.asked && !answered(fact)) fact = this.policy.factOf(fact.after);
      const given = this.state.bySpells && fact.by_spells && !this.isUntold(fact);
      if (fact.asked && !skipped.has(fact.id) && !given) found.add(fact.id);
    }
    return [...found];
  }

  // Whether the records leave a fact open, without a least and a most: no wage is recorded.
  isUntold({ id }) {
    const found = this.result.derived[id];
    return found !== undefined && found.value === undefined && !found.between;
  }

  // Insurance is asked for employer by employer, unless the visitor wants to give totals or has given some.
  asksForRecords() {
    if (this.state.totals || this.state.bySpells || !this.policy.document.insurance) return false;
    return !this.factsOfRecords().some((id) => this.answer(id));
  }

  factsOfRecords() {
    return this.asked.filter((fact) => fact.by_spells).map(({ id }) => id);
  }

  // The number of the row from which a spell comes.
  placeOf(number) {
    return (numberedSpells(this.state, this.policy)[number] || { row: 0 }).row;
  }

  // Rows that are begun and wait for a month.
  waitingRows() {
    const filled = new Set(filledRows(this.state.spells).map(([number]) => number));
    return begunRows(this.state.spells).map(([number]) => number).filter((number) => !filled.has(number));
  }

  grouped(ids) {
    const ofRecords = this.asksForRecords() ? this.factsOfRecords() : [];
    const faulty = new Set(this.result.faults.map(({ fact }) => fact));
    const sectionOf = (id) => this.policy.factOf(id).section;
    const members = new Map();
    for (const id of ids.filter((one) => this.policy.factOf(one).none && !faulty.has(one))) {
      members.set(sectionOf(id), [...(members.get(sectionOf(id)) || []), id]);
    }
    const [steps, taken] = [[], new Set()];
    for (const id of ids) {
      if (taken.has(id)) continue;
      if (ofRecords.includes(id)) {
        steps.push({ id: SPELLS, facts: ofRecords.filter((one) => ids.includes(one)) });
        ofRecords.forEach((one) => taken.add(one));
        continue;
      }
      const own = members.get(sectionOf(id)) || [];
      const together = own.includes(id) ? own : [];
      if (together.length >= (this.isAdverse(id) ? ADVERSE_LEAST : TOGETHER_LEAST)) {
        const facts = this.asked.map((fact) => fact.id).filter((one) => together.includes(one));
        steps.push({ id: `${GROUP}${sectionOf(id)}`, facts });
        together.forEach((one) => taken.add(one));
      } else {
        steps.push({ id, facts: [id] });
      }
    }
    return steps;
  }

  // What everybody can answer comes first; then circumstances to tick; then what must be looked up
  // month by month; adverse records last.
  rank({ id, facts }) {
    if (facts.some((fact) => this.isAdverse(fact))) return 3;
    if (id.startsWith(GROUP)) return 1;
    return effort(this.policy, facts[0]) >= LOOKED_UP ? 2 : 0;
  }
}

// The same answers give the same result: a step is scored once, also when it was prepared. The results
// of the last answers are enough.
const MOST_RESULTS = 48;
const results = new WeakMap(); // policy → answers as text → result
const orders = new WeakMap(); // result → questions as text → the most telling first

function scoreOnce(policy, given) {
  if (!results.has(policy)) results.set(policy, new Map());
  const [known, key] = [results.get(policy), JSON.stringify(given)];
  if (!known.has(key)) known.set(key, policy.score(given));
  if (known.size > MOST_RESULTS) known.delete(known.keys().next().value);
  return known.get(key);
}

function tellOnce(policy, result, ids) {
  if (!orders.has(result)) orders.set(result, new Map());
  const [known, key] = [orders.get(result), ids.join(" ")];
  if (!known.has(key)) known.set(key, policy.telling(result, ids));
  return known.get(key);
}

function takeOutImplied({ values, implied }) {
  for (const id of implied) if (values[id] === NOTHING) delete values[id];
}

// A number that cannot be above another one is nothing where that one is.
function fillImplied({ values }, policy) {
  const isZero = (id) => (values[id] || "").trim() === NOTHING;
  const zeros = new Set(Object.keys(values).filter(isZero));
  const found = policy.relations
    .filter(({ fact, other, plus }) => zeros.has(other) && !plus && policy.factOf(fact).asked && !(values[fact] || "").trim())
    .map(({ fact }) => fact);
  found.forEach((id) => (values[id] = NOTHING));
  return new Set(found);
}
