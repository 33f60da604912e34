// Which open question tells most: by how much an answer narrows what is still possible. The same
// steps as jifen/scoring/question_order.py: every representative answer is scored, or, where that would cost
// too much, what hangs on a fact is read off the open indicators.

import { fraction, less, plus } from "./fractions.js";
import { factsOf } from "./rules.js";
import { assess, presume } from "./standing.js";
import { jointCost } from "./total.js";

const MOST_RUNS = 20000;
const MOST_ANSWERS = 24;

// Facts (as a person is asked for them) → [{id, gain: a fraction of the smallest points}], the most
// telling for the effort of an answer first; equal ones in the order of the form.
export function mostTelling(policy, result, wanted) {
  const base = presume(policy, result);
  const ids = policy.facts.map(({ id }) => id).filter((id) => wanted.includes(id));
  const answers = new Map(ids.map((id) => [id, answersTo(policy, id)]));
  const runs = ids.reduce((sum, id) => sum + answers.get(id).length, 0);
  let gainOf;
  if (jointCost(policy, base) * runs > MOST_RUNS) {
    const gains = gainsOfLines(policy, base);
    gainOf = (id) => gains.get(id) || fraction(0);
  } else {
    const before = openPoints(policy, base);
    gainOf = (id) => gain(policy, base, id, answers.get(id), before);
  }
  const rated = ids.map((id) => ({ id, gain: gainOf(id) }));
  return rated.sort((a, b) => byEffort(policy, a, b));
}

// The order of two open questions: by gain for the effort.
export function byEffort(policy, a, b) {
  const worth = ({ id, gain: { above, below } }) => fraction(above, below * effort(policy, id));
  const [first, second] = [worth(a), worth(b)];
  return less(second, first) ? -1 : less(first, second) ? 1 : 0;
}

export const effort = (policy, id) => policy.factOf(id).effort;

// The points between the least and the most total, up to the line, and one for each open condition
// and veto; nothing once the outcome is certain. Where people are ranked, every point counts.
function openPoints(policy, result) {
  if (result.vetoed || result.eligible === false) return 0;
  if (result.reached !== null && !policy.ranked) return 0;
  let { low, high } = result;
  if (policy.line !== null && !policy.ranked) [low, high] = [Math.min(low, policy.line), Math.min(high, policy.line)];
  const open = [...result.conditions, ...result.vetoes].filter(({ met }) => met === null);
  return high - low + open.length * 10 ** policy.precision;
}

function gain(policy, base, id, answers, before) {
  if (!answers.length) return fraction(0);
  const behind = presets(policy, base, id);
  const left = answers.map((values) => openPoints(policy, assess(policy, { ...base.known, ...behind, ...values })));
  return fraction(before * answers.length - left.reduce((sum, one) => sum + one, 0), answers.length);
}

// What the form chooses beforehand for the questions behind this one.
function presets(policy, { known }, id) {
  const behind = policy.facts.filter((fact) => fact.after === id && fact.preset && !(fact.id in known));
  return Object.fromEntries(behind.map((fact) => [fact.id, fact.preset]));
}

// The representative answers to a question, as the values that they give.
function answersTo(policy, id) {
  if (!policy.answersTo.has(id)) policy.answersTo.set(id, findAnswers(policy, id));
  return policy.answersTo.get(id);
}

function findAnswers(policy, id) {
  const values = new Map();
  for (const answers of answerTables(policy)) {
    for (const name of Object.keys(answers).filter((one) => policy.askedFor(one) === id)) {
      if (!values.has(name)) values.set(name, new Set());
      answers[name].forEach((value) => values.get(name).add(value));
    }
  }
  if (!values.size) return [];
  // of several values that one answer gives (all count the same dates) the fullest stands for it
  const names = [...values.keys()].sort();
  const name = names.reduce((best, one) => (values.get(one).size > values.get(best).size ? one : best));
  const ordered = [...values.get(name)].sort(byValue);
  const step = Math.max(1, Math.ceil(ordered.length / MOST_ANSWERS));
  return ordered.filter((_, at) => at % step === 0).map((value) => ({ [name]: value }));
}

const answerTables = ({ document }) => [
  ...document.indicators.map(({ answers }) => answers),
  ...document.conditions.map(({ answers }) => answers),
  ...document.indicators.filter(({ mechanism }) => mechanism.kind === "veto").map(({ mechanism }) => mechanism.answers),
];

const rankOf = (value) => (value === null ? 0 : typeof value === "number" ? 1 : 2);

function byValue(a, b) {
  if (rankOf(a) !== rankOf(b)) return rankOf(a) - rankOf(b);
  return a < b ? -1 : a > b ? 1 : 0;
}

// What hangs on each fact: its share of the open points of every indicator that reads it, and of an
// open condition or veto half of everything, as it bars or does not.
function gainsOfLines(policy, base) {
  const gains = new Map();
  const every = openPoints(policy, base);
  const share = (ids, points) => {
    const open = new Set(ids.filter((id) => !(id in base.known)).map((id) => policy.askedFor(id)));
    open.forEach((id) => gains.set(id, plus(gains.get(id) || fraction(0), fraction(points.above, points.below * open.size))));
  };
  base.lines.forEach(({ low, high }, number) => share(policy.lines[number].facts, fraction(Math.min(high - low, every))));
  const openOf = (parts, answers) => parts.filter((_, number) => answers[number].met === null);
  const tests = [...openOf(policy.conditions, base.conditions), ...openOf(policy.vetoes, base.vetoes)];
  tests.forEach(({ test }) => share(factsOf(test.when), fraction(every, 2)));
  return gains;
}
