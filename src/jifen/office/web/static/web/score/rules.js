// Conditions and mechanisms of the document → functions of a person's values. `span` tells, from what
// each fact may be by itself, the least and the most points: cheap, and never too narrow.

import { floor, truncate } from "./exact.js";

const COMPARE = {
  "=": (a, b) => a === b,
  "!=": (a, b) => a !== b,
  "<": (a, b) => a < b,
  "<=": (a, b) => a <= b,
  ">": (a, b) => a > b,
  ">=": (a, b) => a >= b,
};

// Whether a condition holds for values that are all known. What does not apply never compares.
export function testOf([word, first, second]) {
  if (word === "not") {
    const inner = testOf(first);
    return (v) => !inner(v);
  }
  if (word === "and" || word === "or") {
    const [left, right] = [testOf(first), testOf(second)];
    return word === "and" ? (v) => left(v) && right(v) : (v) => left(v) || right(v);
  }
  if (word === "is") return (v) => v[first] === true;
  if (word === "in") return (v) => second.includes(v[first]);
  const compare = COMPARE[word];
  return (v) => v[first] !== null && compare(v[first], second);
}

// The facts that a condition reads, each once, in order.
export function factsOf([word, first, second]) {
  if (word === "not") return factsOf(first);
  if (word === "and" || word === "or") return [...new Set([...factsOf(first), ...factsOf(second)])];
  return [first];
}

// What a condition may be, every comparison by itself: a set of true, false or both.
export function outcomesOf(condition, possible) {
  const [word, first, second] = condition;
  if (word === "not") return new Set([...outcomesOf(first, possible)].map((met) => !met));
  if (word === "and" || word === "or") {
    const right = [...outcomesOf(second, possible)];
    const join = word === "and" ? (a, b) => a && b : (a, b) => a || b;
    return new Set([...outcomesOf(first, possible)].flatMap((a) => right.map((b) => join(a, b))));
  }
  const holds = testOf(condition);
  return new Set(possible[first].map((value) => holds({ [first]: value })));
}

export const widest = (ends) =>
  ends.length ? [Math.min(...ends.map(([low]) => low)), Math.max(...ends.map(([, high]) => high))] : [0, 0];

// A mechanism → {facts, score(v), span(possible), row(v): the row of its table that decides, or null}
export function mechanismOf(written, unitOf) {
  return MECHANISMS[written.kind](written, unitOf);
}

const ofOne = (of, score, row = () => null) => ({
  facts: [of],
  score,
  row,
  span: (possible) => widest(possible[of].map((value) => score({ [of]: value })).map((p) => [p, p])),
});

// the place of a value on one way of a table; null below the first start and where nothing applies
const placeIn = ({ answers, from }) => {
  if (from) {
    return (value) => (value === null || value < from[0] ? null : from.filter((start) => start <= value).length - 1);
  }
  const places = new Map(answers.flatMap((group, at) => group.map((answer) => [answer, at])));
  return (value) => places.get(wordOf(value, places)) ?? null;
};

// how answers are written beside a table or a cap: a yes/no that does not apply does what no does
const wordOf = (value, words) => (words.has("true") && words.has("false") ? String(value === true) : value);

// a joint cap: a number, one for each answer of a status, or none
const capOf = (most) => {
  if (most === null || typeof most === "number") {
    const cap = most ?? Infinity;
    return { facts: [], at: () => cap, span: () => [cap, cap] };
  }
  const words = new Map(Object.entries(most.points));
  const lowest = Math.min(...words.values());
  const of = (value) => words.get(wordOf(value, words)) ?? lowest;
  const span = (possible) => widest(possible[most.by].map(of).map((cap) => [cap, cap]));
  return { facts: [most.by], at: (v) => of(v[most.by]), span };
};

const MECHANISMS = {
  choice({ of, points }) {
    const table = new Map(Object.entries(points));
    const row = [...table.keys()];
    return ofOne(of, (v) => table.get(v[of]) ?? 0, (v) => (table.has(v[of]) ? row.indexOf(v[of]) : null));
  },

  scale({ of, bands }, unitOf) {
    const band = (v) => (v[of] === null ? -1 : bands.findIndex((one) => holds(one, v[of])));
    const unit = unitOf(of);
    const score = (v) => {
      const found = bands[band(v)];
      if (!found) return 0;
      if (!found.rise) return found.points;
      const { each, pivot, below, most } = found.rise;
      const points = found.points + each * truncate(below ? pivot - v[of] : v[of] - pivot, unit);
      return most === null ? points : Math.min(most, points);
    };
    return ofOne(of, score, (v) => (band(v) < 0 ? null : band(v)));
  },

  per_unit({ of, each, every, start, most, first: [first, firstPoints], half }) {
    return ofOne(of, (v) => {
      const value = v[of];
      if (value === null || value < start) return 0;
      const units = floor(value - first, every);
      let points = firstPoints + units * each;
      if (half && value - first - units * every >= half[0]) points += half[1];
      return most === null ? points : Math.min(most, points);
    });
  },

  each_record({ of, each }) {
    return ofOne(of, (v) => (v[of] === null ? 0 : v[of] * each));
  },

  accrual({ of, above, below, size, mode, start, most }) {
    return ofOne(of, (v) => {
      const value = v[of];
      if (value === null || value <= 0 || (start !== null && value < start)) return 0;
      const points = size * rounded(BigInt(value) * BigInt(above), BigInt(below), mode);
      return most === null ? points : Math.min(most, points);
    });
  },

  sum_of({ parts, most }, unitOf) {
    const made = parts.map((part) => mechanismOf(part, unitOf));
    const cap = capOf(most);
    const sum = (numbers) => numbers.reduce((all, one) => all + one, 0);
    return {
      facts: [...new Set([...made.flatMap(({ facts }) => facts), ...cap.facts])],
      score: (v) => Math.min(sum(made.map(({ score }) => score(v))), cap.at(v)),
      row: () => null,
      span(possible) {
        const ends = made.map((part) => part.span(possible));
        const [least, greatest] = cap.span(possible);
        return [
          Math.min(sum(ends.map(([low]) => low)), least),
          Math.min(sum(ends.map(([, high]) => high)), greatest),
        ];
      },
    };
  },

  table({ axes, points }) {
    const ways = axes.map((axis) => ({ of: axis.of, size: (axis.answers ?? axis.from).length, place: placeIn(axis) }));
    const cell = (v, of) => of.reduce((at, { of: fact, size, place }) => {
      const here = at === null ? null : place(v[fact]);
      return here === null ? null : at * size + here;
    }, 0);
    const score = (v) => points[cell(v, ways)] ?? 0;
    return {
      facts: ways.map(({ of }) => of),
      score,
      row: (v) => cell(v, ways.slice(0, -1)),
      span(possible) {
        let cases = [{}];
        for (const { of, place } of ways) {
          const alike = [...new Map(possible[of].map((value) => [place(value), value])).values()];
          cases = cases.flatMap((one) => alike.map((value) => ({ ...one, [of]: value })));
        }
        return widest(cases.map(score).map((p) => [p, p]));
      },
    };
  },

  condition({ when, points }) {
    const holdsNow = testOf(when);
    return {
      facts: factsOf(when),
      score: (v) => (holdsNow(v) ? points : 0),
      row: () => null,
      span: (possible) => widest([...outcomesOf(when, possible)].map((met) => [points * met, points * met])),
      holds: holdsNow,
    };
  },

  first_of({ steps }, unitOf) {
    const rungs = steps.map(({ when, points, inner }) => ({
      when, points, holds: when && testOf(when), inner: inner && mechanismOf(inner, unitOf),
    }));
    const row = (v) => rungs.findIndex(({ holds }) => !holds || holds(v));
    const score = (v) => {
      const rung = rungs[row(v)];
      return rung ? (rung.inner ? rung.inner.score(v) : rung.points) : 0;
    };
    const facts = rungs.flatMap(({ when, inner }) => [...(when ? factsOf(when) : []), ...(inner ? inner.facts : [])]);
    return {
      facts: [...new Set(facts)],
      score,
      row: (v) => (row(v) < 0 ? null : row(v)),
      span: (possible) => spanOfLadder(rungs, possible),
    };
  },

  veto({ when }) {
    return { facts: factsOf(when), score: () => 0, row: () => null, span: () => [0, 0], holds: testOf(when) };
  },
};

// A fraction of 0 or more as a whole number.
function rounded(above, below, mode) {
  const rest = above % below;
  const isMore = rest > 0n && (mode === "up" || (mode === "half_up" && 2n * rest >= below));
  return Number(above / below) + (isMore ? 1 : 0);
}

function holds({ low, low_inside: lowInside, high, high_inside: highInside }, value) {
  if (low !== null && (value < low || (value === low && !lowInside))) return false;
  return high === null || value < high || (value === high && highInside);
}

function spanOfLadder(rungs, possible) {
  const ends = [];
  for (const { when, points, inner } of rungs) {
    const met = when ? outcomesOf(when, possible) : new Set([true]);
    if (met.has(true)) ends.push(inner ? inner.span(possible) : [points, points]);
    if (!met.has(false)) return widest(ends);
  }
  return widest([...ends, [0, 0]]);
}
