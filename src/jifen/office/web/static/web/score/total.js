// Groups → the total with its bounds. Indicators that read the same absent fact are looked at
// together, value by value of that fact, at the lowest group under which all of them stand: points
// that exclude each other are not added up.

import { withinRanges } from "./open.js";

const product = (numbers) => numbers.reduce((all, one) => all * one, 1);

// The groups as a tree: {best, most, lines: numbers of indicators, groups}.
export function treeOf(groups, indicators) {
  const made = new Map(groups.map(({ id, best, most }) => [id, { best, most, lines: [], groups: [] }]));
  const root = { best: false, most: null, lines: [], groups: [] };
  groups.forEach(({ id, parent }) => (parent ? made.get(parent) : root).groups.push(made.get(id)));
  indicators.forEach(({ group }, number) => made.get(group).lines.push(number));
  return root;
}

const allLines = (node) => [...node.lines, ...node.groups.flatMap(allLines)];

const capped = ({ most }, [low, high]) => (most === null ? [low, high] : [Math.min(low, most), Math.min(high, most)]);

// The bounds of a group from those of its indicators; marks in `counted` what a best-of sets aside.
export function tally(node, bounds, counted) {
  const sides = [
    ...node.lines.map((line) => [bounds[line].low, bounds[line].high, [line]]),
    ...node.groups.map((group) => [...tally(group, bounds, counted), allLines(group)]),
  ];
  if (!sides.length) return capped(node, [0, 0]);
  if (!node.best) {
    return capped(node, sides.reduce(([low, high], side) => [low + side[0], high + side[1]], [0, 0]));
  }
  const low = Math.max(...sides.map((side) => side[0]));
  const first = sides.findIndex((side) => side[0] === low);
  sides.forEach(([, high, lines], number) => {
    if (number !== first && high <= low) lines.forEach((line) => (counted[line] = false));
  });
  return capped(node, [low, Math.max(...sides.map((side) => side[1]))]);
}

// The bounds of the total where open indicators share absent facts. → [low, high, exact], or null where
// no two of them do.
export function jointBounds({ tree, shared, most, lines }, bounds, known) {
  if (Object.keys(shared).every((id) => id in known)) return null;
  const absent = new Map();
  bounds.forEach(({ low, high }, number) => {
    if (low !== high) absent.set(number, lines[number].facts.filter((id) => !(id in known)));
  });
  const sets = jointSets(absent, shared, most, lines);
  const exact = sets.every((set) => set.exact);
  const reads = readsOf(sets, absent);
  if (!reads.size) return exact ? null : [...tally(tree, bounds, bounds.map(() => true)), false];
  const kept = new Map();
  const lineEnds = (number, fixed) => {
    const own = absent.has(number) && reads.has(number) ? absent.get(number).filter((id) => id in fixed) : [];
    if (!own.length) return [bounds[number].low, bounds[number].high];
    const values = Object.fromEntries(own.map((id) => [id, fixed[id]]));
    const key = `${number} ${JSON.stringify(values)}`;
    if (!kept.has(key)) {
      const { low, high } = lines[number].bounds({ ...known, ...values });
      kept.set(key, [low, high]);
    }
    return kept.get(key);
  };
  const plan = planOf(tree, reads, new Set());
  return [...groupEnds(plan, {}, { shared: withinRanges(shared, known), lineEnds, kept: new Map() }), exact];
}

// Evaluations that one score costs because open indicators share facts.
export function jointCost({ shared, most, lines }, { lines: bounds, known }) {
  const absent = new Map();
  bounds.forEach(({ low, high }, number) => {
    if (low !== high) absent.set(number, lines[number].facts.filter((id) => !(id in known)));
  });
  const sets = jointSets(absent, shared, most, lines).filter(({ exact }) => exact);
  return sets.reduce((sum, { runs }) => sum + runs, 0);
}

// The sets of two or more open indicators that share absent facts, and whether they cost too much.
function jointSets(absent, shared, most, lines) {
  let found = [];
  for (const [line, ids] of absent) {
    const set = { lines: [line], facts: new Set(ids.filter((id) => id in shared)) };
    const apart = [];
    for (const other of found) {
      if ([...other.facts].some((id) => set.facts.has(id))) {
        set.lines.push(...other.lines);
        other.facts.forEach((id) => set.facts.add(id));
      } else {
        apart.push(other);
      }
    }
    found = [...apart, set];
  }
  return found.filter((set) => set.lines.length > 1).map((set) => measured(set.lines, absent, shared, most, lines));
}

function measured(members, absent, shared, most, lines) {
  const read = members.flatMap((line) => absent.get(line));
  const common = [...new Set(read.filter((id, at) => read.indexOf(id) !== at))];
  const alone = members.reduce((sum, line) => {
    const own = absent.get(line).filter((id) => !common.includes(id));
    return sum + product(own.map((id) => (lines[line].answers[id] || []).length || 1));
  }, 0);
  const runs = alone * product(common.map((id) => (shared[id] || []).length));
  const exact = common.every((id) => shared[id] !== null) && runs <= most;
  return { lines: members, facts: common, runs, exact };
}

// Indicator → the facts of its joint set that it reads; sets that cost too much are taken apart.
function readsOf(sets, absent) {
  const reads = new Map();
  for (const { lines, facts } of sets.filter((set) => set.exact)) {
    lines.forEach((line) => reads.set(line, new Set(absent.get(line).filter((id) => facts.includes(id)))));
  }
  return reads;
}

// How the bounds of a group are found: its sides share nothing but what is fixed already.
function planOf(node, reads, fixed) {
  const readBy = (line) => reads.get(line) || new Set();
  const members = [
    ...node.lines.map((line) => ({ member: line, facts: readBy(line) })),
    ...node.groups.map((group) => ({
      member: group,
      facts: new Set(allLines(group).flatMap((line) => [...readBy(line)])),
    })),
  ];
  return { node, sides: apart(members, fixed).map((part) => sideOf(part, reads, fixed)) };
}

function apart(members, fixed) {
  let parts = [];
  for (const member of members) {
    const shares = (part) => part.some(({ facts }) => [...facts].some((id) => !fixed.has(id) && member.facts.has(id)));
    const touching = parts.filter(shares);
    parts = [...parts.filter((part) => !touching.includes(part)), [...touching.flat(), member]];
  }
  return parts;
}

function sideOf(part, reads, fixed) {
  const read = part.flatMap(({ facts }) => [...facts].filter((id) => !fixed.has(id)));
  const common = [...new Set(read.filter((id, at) => read.indexOf(id) !== at))].sort();
  const inside = new Set([...fixed, ...common]);
  return {
    facts: common,
    members: part.map(({ member }) => (typeof member === "number" ? member : planOf(member, reads, inside))),
    reads: [...new Set(part.flatMap(({ facts }) => [...facts]))].sort(),
  };
}

function groupEnds({ node, sides }, fixed, look) {
  return capped(node, together(node, sides.map((side) => sideEnds(node, side, fixed, look))));
}

// The ends of a side for every combination of what its common facts may be; kept by what is fixed.
function sideEnds(node, side, fixed, look) {
  if (!look.kept.has(side)) look.kept.set(side, new Map());
  const kept = look.kept.get(side);
  const key = JSON.stringify(side.reads.map((id) => (id in fixed ? [fixed[id]] : 0)));
  if (!kept.has(key)) {
    const ends = [Infinity, -Infinity];
    const turn = (at, here) => {
      if (at < side.facts.length) {
        const id = side.facts[at];
        look.shared[id].forEach((value) => turn(at + 1, { ...here, [id]: value }));
        return;
      }
      const [low, high] = together(node, side.members.map((member) => memberEnds(member, here, look)));
      ends[0] = Math.min(ends[0], low);
      ends[1] = Math.max(ends[1], high);
    };
    turn(0, fixed);
    kept.set(key, ends);
  }
  return kept.get(key);
}

const memberEnds = (member, fixed, look) =>
  typeof member === "number" ? look.lineEnds(member, fixed) : groupEnds(member, fixed, look);

function together(node, ends) {
  if (!ends.length) return [0, 0];
  const join = node.best ? Math.max : (a, b) => a + b;
  return ends.reduce(([low, high], [least, most]) => [join(low, least), join(high, most)]);
}
