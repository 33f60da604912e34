// The screen of the result: the same as the server's.

import { shown } from "../score/exact.js";
import { testOf } from "../score/rules.js";
import { Words } from "../score/words.js";
import { choose, counted, fragment, put, repeat } from "./fragments.js";

const NAMED_MOST = 4;

export function resultScreen(work, screens, lang) {
  const { policy, result } = work;
  const { standing } = result;
  const words = new Words(policy, lang);
  const said = words.standing(standing);
  const kind = nextKind(result);
  const content = fragment(screens.result);
  const more = work.stepsLeft(true, new Set()).length;
  const deciders = whatDecides(policy, result, words);
  const bar = barOf(policy, standing);
  choose(content, {
    number: standing.number !== null,
    bar,
    deciders,
    barred: standing.isBarred,
    "not-barred": !standing.isBarred,
    ...Object.fromEntries(["answer", "papers", "route", "mend"].map((name) => [`kind-${name}`, kind === name])),
    more: kind !== "answer" && standing.state !== "vetoed" && more,
    "way-first": kind !== "papers" && standing.state !== "vetoed",
    bounds: said.bounds && !standing.isBarred,
  });
  content.getElementById("outcome").className = `outcome outcome-${screens.marks[standing.state]}`;
  put(content, { headline: said.headline, next: said.next, deciders, bounds: said.bounds });
  content.querySelectorAll("[data-slot=more]").forEach((slot) => (slot.textContent = counted(slot.dataset.words, more)));
  fillFigure(content, said, standing, words, bar, screens);
  repeat(content, "warning", warningsOf(policy, result, words), (part, text) => (part.textContent = text));
  fillConditions(content, result, screens);
  fillPapers(content, result, screens.papers);
  fillLines(content, policy, result, words, screens);
  return { title: screens.titles.result, content };
}

// The one next step: "answer" more, bring the "papers", see the "route", "mend" what bars.
function nextKind({ standing, missing }) {
  if (standing.isBarred) return "mend";
  if (standing.state === "reached") return "papers";
  return standing.state === "open" && missing.length ? "answer" : "route";
}

// What stands in the way; where nothing does, the items that give most, with their points.
function whatDecides(policy, { standing, lines }, words) {
  if (standing.isBarred) return standing.deciders.map((one) => words.labelOf(one)).join(words.phrase("list"));
  const given = lines.map((line, number) => ({ ...line, number })).filter(({ counted: counts, low }) => counts && low > 0);
  given.sort((a, b) => b.low - a.low);
  const named = ({ number, low }) => `${words.label(policy.document.indicators[number].label)} ${words.points(low)}`;
  return given.slice(0, NAMED_MOST).map(named).join(words.phrase("list"));
}

function warningsOf(policy, { contradictions, cautions, warns }, words) {
  const row = (id) => policy.elementOf("indicator", id).rows[0].map((part) => words.label(part)).join(words.phrase("colon"));
  return [
    ...contradictions.map((fault) => words.fault(fault)),
    ...cautions.map((id) => words.label(policy.elementOf("caution", id).words)),
    ...warns.map(row),
  ];
}

// -------------------------------------------------------------------- points and line

const tenth = (number) => Math.round(number * 10) / 10;

// Where range and line stand, in hundredths of the bar; null where nothing is compared with a line.
function barOf(policy, { number, line, range }) {
  if (number === null || line === null) return null;
  const unit = 10 ** policy.precision;
  const [low, high, aim] = [range[0] / unit, range[1] / unit, line / unit];
  const end = Math.max(aim * 1.75, low * 1.15, aim ? 0 : high, 1);
  const start = (100 * Math.max(0, low)) / end;
  const stop = 100 * Math.min(1, Math.max(0, high) / end);
  return { from: tenth(start), width: tenth(Math.max(stop - start, 1.2)), line: tenth((100 * Math.max(0, aim)) / end) };
}

function fillFigure(content, said, standing, words, bar, screens) {
  if (standing.number === null) return;
  const number = words.points(standing.number);
  const at = said.points.indexOf(number);
  put(content, { before: said.points.slice(0, at), number, behind: said.points.slice(at + number.length) });
  if (!bar) return;
  const svg = content.querySelector(".bar");
  svg.setAttribute("aria-label", (said.range || said.points) + svg.getAttribute("aria-label"));
  const set = (name, values) => Object.entries(values).forEach(([key, value]) => svg.querySelector(name).setAttribute(key, value));
  set(".bar-sure", { width: bar.from });
  set(".bar-range", { x: bar.from, width: bar.width });
  set(".bar-line", { x: bar.line });
  put(content, { range: said.range ? said.range + screens.words.stop : "" });
}

// -------------------------------------------------------------------- conditions, papers, lines

function fillConditions(content, { conditions }, screens) {
  const list = content.querySelector("[data-fill=conditions]");
  const place = (met) => (met === null ? 1 : met ? 2 : 0);
  if (list) list.replaceChildren(...conditions.map(({ id, met }) => fragment(screens.conditions[id][place(met)])));
}

const claims = (value) => value !== undefined && value !== null && value !== "none" && value !== false && (Array.isArray(value) ? value.length > 0 : value !== 0);

function fillPapers(content, { known }, papers) {
  const holds = (when) => !when || (factsKnown(when, known) && testOf(when)(known));
  [...content.querySelectorAll("[data-paper]")].forEach((item, at) => {
    const { always, facts, when, why } = papers[at];
    const claimed = facts.filter((id) => claims(known[id]));
    if (!always && !(claimed.length && holds(when))) return item.remove();
    const reasons = why.map((ids) => ids.some((id) => claimed.includes(id)));
    choose(item, { why: reasons.some(Boolean), everybody: !reasons.some(Boolean) });
    keepReasons(item, reasons);
    return null;
  });
}

const factsKnown = ([word, first, second], known) =>
  word === "not" ? factsKnown(first, known) : word === "and" || word === "or" ? factsKnown(first, known) && factsKnown(second, known) : first in known;

// The reasons that hold, and a comma between each two of them.
function keepReasons(item, holds) {
  const parts = [...item.querySelectorAll("[data-why]")];
  const joints = [...item.querySelectorAll("[data-joint]")];
  let before = false;
  parts.forEach((part, at) => {
    if (at > 0 && !(holds[at] && before)) joints[at - 1].remove();
    if (!holds[at]) part.remove();
    before = before || holds[at];
  });
}

function fillLines(content, policy, { lines, known }, words, screens) {
  const bodies = new Map([...content.querySelectorAll("[data-block]")].map((body) => [body.dataset.block, body]));
  const folded = new Map();
  lines.forEach((line, number) => {
    const indicator = policy.document.indicators[number];
    const made = screens.lines[indicator.id];
    if (!made) return;
    const state = stateOf(line);
    const row = fragment(made[state === "beaten" || state === "zero" ? state : "counted"]);
    fillLine(row, indicator, line, state, known, words, screens);
    const body = bodies.get(made.block);
    if (state === "zero") folded.set(made.block, [...(folded.get(made.block) || []), row]);
    else body.querySelector(".folded").before(row);
  });
  for (const [block, body] of bodies) fillFolded(body, folded.get(block) || []);
}

function stateOf({ low, high, counted: counts }) {
  if (!counts && high) return "beaten";
  if (low !== high) return "open";
  return low === 0 ? "zero" : low < 0 ? "minus" : "counted";
}

function fillLine(row, indicator, { low, high, reason }, state, known, words, screens) {
  const { policy } = words;
  const facts = indicator.facts
    .filter((id) => id in known)
    .map((id) => policy.factOf(id))
    .map((fact) => `${words.label(fact.label)}${words.phrase("colon")}${words.value(fact, known[fact.id])}`)
    .join(words.english ? ", " : "；");
  put(row, { facts: facts || (state === "zero" ? "" : screens.words.unanswered) });
  if (state === "zero") return;
  row.querySelector("tr").className = `line line-${state}`;
  const cell = row.querySelector("td.points");
  (cell.querySelector("s") || cell).textContent = low === high ? shown(low, policy.precision) : words.span([low, high]);
  if (reason.code === "row") markOwn(row.querySelector(".rule-rows")?.children[reason.row], screens.words.own);
}

// The row of the rule that decides, with a word for it.
function markOwn(item, words) {
  if (!item) return;
  item.className = "own-row";
  item.append(" ", Object.assign(document.createElement("span"), { className: "own-tag", textContent: words }));
}

function fillFolded(body, rows) {
  const part = body.querySelector(".folded");
  if (rows.length) {
    const summary = part.querySelector("summary");
    summary.textContent = counted(summary.dataset.words, rows.length);
    part.querySelector("ul").append(...rows);
  } else {
    part.remove();
    if (body.children.length === 1) body.remove();
  }
}
