// A result as a document in one language.

import { asNumber } from "./exact.js";
import { Words } from "./words.js";

// The result as the server's JSON has it (schema jifen.assessment.v1, with `presumed`, `standing`), and
// `warnings` beside it.
export function tell(policy, result, lang) {
  const words = new Words(policy, lang);
  const { standing } = result;
  const points = (scaled) => (scaled === null ? null : asNumber(scaled, policy.precision));
  const unlessExact = (exact) => (exact ? {} : { exact: false });
  const total = result.low === result.high ? points(result.low) : null;
  const contradictions = result.contradictions.map((fault) => ({
    code: fault.code, facts: [fault.fact, fault.beside], words: words.fault(fault),
  }));
  return {
    schema: "jifen.assessment.v1",
    policy: policy.document.policy,
    version: policy.version,
    policy_hash: policy.document.hash,
    on: policy.on,
    eligible: result.eligible,
    conditions: result.conditions.map(({ id, met }) => {
      const { clause, label } = policy.elementOf("condition", id);
      return { id, met, clause: clause && words.label(clause), label: words.label(label) };
    }),
    vetoed: result.vetoed,
    total,
    bounds: [points(result.low), points(result.high)],
    ...unlessExact(result.exact),
    threshold: points(policy.line),
    reached: result.reached,
    missing: result.missing,
    unused: result.unused,
    lines: result.lines.map((line, number) => toldLine(words, policy.document.indicators[number], line, result.known)),
    ...(contradictions.length ? { contradictions } : {}),
    presumed: {
      bounds: standing.range.map(points),
      facts: Object.fromEntries(standing.presumed.map((id) => [id, policy.factOf(id).presumed])),
    },
    standing: {
      state: standing.state,
      presumed_state: standing.presumedState,
      number: points(standing.number),
      over: points(standing.over),
      lacking: points(standing.lacking),
      decides: standing.deciders.map((one) => ({ ...one, label: words.labelOf(one) })),
      words: words.standing(standing),
    },
    warnings: [
      ...contradictions.map((one) => one.words),
      ...result.cautions.map((id) => words.label(policy.elementOf("caution", id).words)),
      ...result.warns.map((id) => policy.elementOf("indicator", id).rows[0].map((part) => words.label(part)).join(words.phrase("colon"))),
    ],
  };
}

function toldLine(words, indicator, line, known) {
  const { policy } = words;
  const points = (scaled) => asNumber(scaled, policy.precision);
  const used = indicator.facts.filter((id) => id in known).map((id) => policy.factOf(id));
  const plainly = (fact) => {
    const value = known[fact.id];
    return typeof value === "number" ? asNumber(value, fact.places) : value;
  };
  return {
    id: indicator.id,
    label: words.label(indicator.label),
    points: line.low === line.high ? points(line.low) : null,
    bounds: [points(line.low), points(line.high)],
    ...(line.exact ? {} : { exact: false }),
    counted: line.counted,
    group: indicator.group,
    facts: Object.fromEntries(used.map((fact) => [fact.id, plainly(fact)])),
    rule: words.reason(indicator, line, known),
    clause: indicator.clause && words.label(indicator.clause),
    confidence: indicator.confidence,
  };
}
