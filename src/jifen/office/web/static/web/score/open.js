// One indicator, and one condition, while some of their facts are not known. Up to the limit of the
// document every combination of what they may be is looked at: exact. Beyond it each fact is taken by
// itself: what comes out holds, but may be wider than the truth.

import { factsOf, mechanismOf, outcomesOf, testOf, widest } from "./rules.js";

const KEPT = 2000;
// Under this name known values carry the least and the most of absent facts of which records tell both.
export const RANGES = Symbol("ranges");

// What absent facts may be: of a fact with a range the values inside it, and both its ends.
export function withinRanges(answers, known) {
  const found = { ...answers };
  for (const [id, [low, high]] of Object.entries(known[RANGES] || {})) {
    if (!answers[id]) continue;
    const inside = answers[id].filter((value) => value !== null && low <= value && value <= high);
    found[id] = [...new Set([...inside, low, high])].sort((a, b) => a - b);
  }
  return found;
}

const product = (numbers) => numbers.reduce((all, one) => all * one, 1);

// What `run` gives for every combination of the values of the absent facts; the last fact turns first.
function outcomes(run, known, absent, values) {
  const person = { ...known };
  const found = [];
  const turn = (at) => {
    if (at === absent.length) return found.push(run(person));
    for (const value of values[absent[at]]) {
      person[absent[at]] = value;
      turn(at + 1);
    }
    return 0;
  };
  turn(0);
  return found;
}

// Those absent facts on which the outcome depends.
function matter(absent, values, found) {
  let stride = found.length;
  return absent.filter((id) => {
    const count = values[id].length;
    const block = stride;
    stride /= count;
    for (let at = 0; at < found.length; at += 1) {
      const isFirst = at % block < stride;
      if (!isFirst && found[at] !== found[at - stride]) return true;
    }
    return false;
  });
}

const possibleOf = (facts, known, answers) =>
  Object.fromEntries(facts.map((id) => [id, id in known ? [known[id]] : answers[id]]));

export class OpenLine {
  constructor(written, most, unitOf) {
    this.id = written.id;
    this.facts = written.facts;
    this.answers = written.answers;
    this.mechanism = mechanismOf(written.mechanism, unitOf);
    this.when = written.when && testOf(written.when);
    this.whenWritten = written.when;
    this.whenFacts = written.when ? factsOf(written.when) : [];
    this.most = most;
    this.gives = Object.keys(written.answers).length > 0; // a veto gives no points
    this.kept = new Map();
  }

  score(person) {
    return !this.when || this.when(person) ? this.mechanism.score(person) : 0;
  }

  // → {low, high, depends, exact}; kept by what is known: from key to key most lines stay as they were.
  bounds(known) {
    if (this.facts.every((id) => id in known)) {
      const points = this.score(known);
      return { low: points, high: points, depends: [], exact: true };
    }
    if (!this.gives) return { low: 0, high: 0, depends: [], exact: true };
    const ranges = known[RANGES] || {};
    const key = JSON.stringify(this.facts.map((id) => (id in known ? [known[id]] : ranges[id] || 0)));
    let bounds = this.kept.get(key);
    if (!bounds) {
      bounds = this.find(known);
      if (this.kept.size >= KEPT) this.kept.clear();
      this.kept.set(key, bounds);
    }
    return bounds;
  }

  find(known) {
    const absent = this.facts.filter((id) => !(id in known));
    if (product(absent.map((id) => this.answers[id].length)) > this.most) return this.byEachFact(known, absent);
    const answers = withinRanges(this.answers, known);
    const found = outcomes((person) => this.score(person), known, absent, answers);
    const low = found.reduce((a, b) => Math.min(a, b));
    const high = found.reduce((a, b) => Math.max(a, b));
    return { low, high, depends: low === high ? [] : matter(absent, answers, found), exact: true };
  }

  byEachFact(known, absent) {
    const possible = possibleOf(this.facts, known, withinRanges(this.answers, known));
    const admitted = this.whenWritten ? outcomesOf(this.whenWritten, possible) : new Set([true]);
    const ends = admitted.has(false) ? [[0, 0]] : [];
    if (admitted.has(true)) ends.push(this.mechanism.span(possible));
    const [low, high] = widest(ends);
    return { low, high, depends: low === high ? [] : absent, exact: low === high };
  }
}

export class OpenCondition {
  constructor({ when, answers }, most) {
    this.facts = factsOf(when);
    this.when = when;
    this.holds = testOf(when);
    this.answers = answers;
    this.most = most;
  }

  // → {met: true, false or null (not known), depends, exact}
  met(known) {
    const absent = this.facts.filter((id) => !(id in known));
    if (!absent.length) return { met: this.holds(known), depends: [], exact: true };
    const answers = withinRanges(this.answers, known);
    if (product(absent.map((id) => this.answers[id].length)) > this.most) {
      const possible = [...outcomesOf(this.when, possibleOf(this.facts, known, answers))];
      if (possible.length === 1) return { met: possible[0], depends: [], exact: true };
      return { met: null, depends: absent, exact: false };
    }
    const found = outcomes(this.holds, known, absent, answers);
    if (found.every((one) => one === found[0])) return { met: found[0], depends: [], exact: true };
    return { met: null, depends: matter(absent, answers, found), exact: true };
  }
}
