// One person under the measure: every line, condition and veto, the total and its bounds; and what
// that amounts to. The same steps as jifen/scoring/evaluator.py and jifen/scoring/result_status.

import { jointBounds, tally } from "./total.js";

// Three-valued "and": false if any is false, else null if any is null, else true.
function all(parts) {
  if (parts.includes(false)) return false;
  return parts.includes(null) ? null : true;
}

const not = (met) => (met === null ? null : !met);

// Points as integers of the smallest unit, for values of facts that are known.
export function assess(policy, known) {
  const lines = policy.lines.map((line) => line.bounds(known));
  const counted = lines.map(() => true);
  let [low, high] = tally(policy.tree, lines, counted);
  let exact = true;
  if (low !== high) {
    const joint = jointBounds(policy, lines, known);
    if (joint) [low, high, exact] = joint;
    exact = exact && lines.every((line, number) => line.exact || !counted[number]);
  }
  const floor = policy.floor ?? -Infinity;
  [low, high] = [Math.max(low, floor), Math.max(high, floor)];
  const answered = low === high ? low : settled(policy, lines, floor);
  exact = exact || low === high;
  const missing = new Set();
  if (low !== high) lines.forEach((line, n) => counted[n] && line.depends.forEach((id) => missing.add(id)));
  const ask = (parts) =>
    parts.map(({ id, test }) => {
      const answer = test.met(known);
      answer.depends.forEach((fact) => missing.add(fact));
      exact = exact && answer.exact;
      return { id, met: answer.met };
    });
  const conditions = ask(policy.conditions);
  const vetoes = ask(policy.vetoes);
  const asked = new Set([...missing].map((id) => policy.askedFor(id)));
  const result = {
    known, low, high, answered, exact, conditions, vetoes,
    lines: lines.map((line, number) => ({ ...line, counted: counted[number], reason: reasonOf(policy, number, known) })),
    cautions: policy.cautions.filter(({ test }) => test.met(known).met === true).map(({ id }) => id),
    missing: policy.facts.filter(({ id }) => asked.has(id)).map(({ id }) => id),
    eligible: all(conditions.map(({ met }) => met)),
    vetoed: not(all(vetoes.map(({ met }) => not(met)))),
  };
  return { ...result, reached: reachedBy(policy, result) };
}

// The total of the lines that are settled.
function settled(policy, lines, floor) {
  const known = lines.map(({ low, high }) => (low === high ? { low, high } : { low: 0, high: 0 }));
  return Math.max(tally(policy.tree, known, known.map(() => true))[0], floor);
}

function reachedBy(policy, { low, high, eligible, vetoed }) {
  const line = policy.line ?? -Infinity; // a measure that only ranks: nobody is below its line
  const atLine = low >= line ? true : high < line ? false : null;
  return all([atLine, eligible, not(vetoed)]);
}

// Which part of the rule decides: {code: rule | row | not_so | needs, row}
function reasonOf(policy, number, known) {
  const { mechanism, when, whenFacts } = policy.lines[number];
  const isKnown = (ids) => ids.every((id) => id in known);
  let reason = { code: "rule" };
  if (isKnown(mechanism.facts)) {
    const row = mechanism.row(known);
    if (row !== null) reason = { code: "row", row };
    else if (mechanism.holds && !mechanism.holds(known)) reason = { code: "not_so" };
  }
  return when && isKnown(whenFacts) && !when(known) ? { code: "needs" } : reason;
}

// The same person if nothing adverse is on record: what is missing has the value that the city presumes.
function presume(policy, result) {
  const free = Object.entries(policy.presumed).filter(([id]) => !(id in result.known));
  return free.length ? assess(policy, { ...result.known, ...Object.fromEntries(free) }) : result;
}

function stateOf({ vetoed, eligible, reached }) {
  if (vetoed) return "vetoed";
  if (eligible === false) return "refused";
  return reached === null ? "open" : reached ? "reached" : "below";
}

// What a result amounts to.
export function standingOf(policy, result) {
  const presumed = presume(policy, result);
  const state = stateOf(result);
  const line = policy.line;
  const answered = Object.keys(result.known).length > 0;
  const isBarred = state === "vetoed" || state === "refused";
  const number = isBarred || !answered ? null : Math.min(Math.max(presumed.answered, presumed.low), presumed.high);
  return {
    state, line, number, answered, isBarred,
    presumedState: stateOf(presumed),
    range: [presumed.low, presumed.high],
    bounds: [result.low, result.high],
    deciders: decidersOf(policy, result, presumed, state),
    presumed: result.missing.filter((id) => policy.factOf(id).presumed !== undefined),
    pointsSure: line === null || presumed.low >= line,
    narrowest: result.exact,
    isExact: result.low === result.high,
    isWide: Boolean(line) && presumed.high - presumed.low > line,
    over: state === "reached" && line !== null ? result.low - line : null,
    lacking: lackingOf(line, isBarred, number, state === "below" ? result.high : number),
  };
}

function lackingOf(line, isBarred, number, reference) {
  if (line === null || isBarred || number === null) return null;
  return reference < line ? line - reference : null;
}

function decidersOf(policy, result, presumed, state) {
  const kind = (name, parts) => parts.map(({ id }) => ({ kind: name, id }));
  if (state === "vetoed") return kind("veto", result.vetoes.filter(({ met }) => met));
  if (state === "refused") return kind("condition", result.conditions.filter(({ met }) => met === false));
  if (state === "open") return kind("fact", openFacts(policy, result, presumed).map((id) => ({ id })));
  const gives = ({ low, high, counted }, number) => counted && (low || high) && policy.lines[number].gives;
  return kind("indicator", policy.lines.filter((_, number) => gives(result.lines[number], number)));
}

// The missing facts that decide: presumed ones last, and none that only change points once they suffice.
function openFacts(policy, result, presumed) {
  if (presumed.reached !== null) return result.missing;
  if (policy.line !== null && presumed.low < policy.line) return presumed.missing;
  const open = (parts, answers) => parts.filter((_, number) => answers[number].met === null);
  const tests = [...open(policy.conditions, presumed.conditions), ...open(policy.vetoes, presumed.vetoes)];
  const wanted = new Set(tests.flatMap(({ test }) => test.facts).map((id) => policy.askedFor(id)));
  const deciding = presumed.missing.filter((id) => wanted.has(id));
  return deciding.length ? deciding : presumed.missing;
}
