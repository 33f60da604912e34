// Which open question to ask next: the one whose answer narrows most what can still come out.

import { tally } from "./total.js";

// The missing facts, the most telling first. `decides`: how many open conditions and vetoes hang on
// it; `gain`: by how many of the smallest points its answers narrow the total, on average.
export function mostTelling(policy, result) {
  const rated = result.missing.map((id) => ({
    id,
    decides: openTests(policy, result).filter(({ test }) => test.facts.some((fact) => policy.askedFor(fact) === id)).length,
    gain: gainOf(policy, result, id),
  }));
  // an answer that the city presumes rarely surprises: it is asked last
  const late = ({ id }) => (policy.factOf(id).presumed === undefined ? 0 : 1);
  return rated.sort((a, b) => late(a) - late(b) || b.decides - a.decides || b.gain - a.gain);
}

function openTests(policy, { conditions, vetoes }) {
  const open = (parts, answers) => parts.filter((_, number) => answers[number].met === null);
  return [...open(policy.conditions, conditions), ...open(policy.vetoes, vetoes)];
}

function gainOf(policy, { known, lines }, id) {
  const width = (bounds) => {
    const [low, high] = tally(policy.tree, bounds, bounds.map(() => true));
    return high - low;
  };
  const behind = policy.facts.filter((fact) => policy.askedFor(fact.id) === id && !(fact.id in known));
  const gains = behind.map((fact) => {
    const readers = policy.lines.map((line, number) => [line, number]).filter(([line]) => fact.id in line.answers);
    const answers = new Map(readers.flatMap(([line]) => line.answers[fact.id].map((value) => [JSON.stringify(value), value])));
    if (!answers.size) return 0;
    const widths = [...answers.values()].map((value) => {
      const bounds = [...lines];
      for (const [line, number] of readers) bounds[number] = line.bounds({ ...known, [fact.id]: value });
      return width(bounds);
    });
    return width(lines) - widths.reduce((sum, one) => sum + one, 0) / widths.length;
  });
  return gains.reduce((sum, one) => sum + one, 0);
}
