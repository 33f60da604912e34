// What is said of values, lines, faults and standings: the templates of the document's catalogue, filled
// in. The same sentences as jifen/scoring/result_status/status_texts.py and jifen/scoring/result.py.

import { plain, shown } from "./exact.js";

const NAMED_MOST = 3;
const capital = (words) => words.slice(0, 1).toUpperCase() + words.slice(1);
const fill = (template, values) => template.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);

export class Words {
  constructor(policy, lang) {
    this.policy = policy;
    this.english = lang === "en";
    this.at = this.english ? 1 : 0;
    this.precision = policy.precision;
  }

  phrase(name, values = {}) {
    return fill(this.policy.document.words[name][this.at], values);
  }

  points(scaled) {
    return shown(scaled, this.precision);
  }

  span([low, high]) {
    return low === high ? this.points(low) : this.phrase("span", { low: this.points(low), high: this.points(high) });
  }

  label(text) {
    return text[this.at];
  }

  // A value of a fact: the label of an answer, a number with its unit, yes or no.
  value(fact, value) {
    if (value === null) return this.phrase("does_not_apply");
    if (value === true || value === false) return this.phrase(value ? "yes" : "no");
    if (fact.type === "choice") return this.label(fact.options.find(([id]) => id === value)[1]);
    return this.amount(plain(value, fact.places), fact.unit);
  }

  amount(number, unit) {
    const [chinese, one, many] = this.policy.document.units[unit] || ["", "", ""];
    return `${number} ${this.english ? (number === "1" ? one : many) : chinese}`.trimEnd();
  }

  // The facts of a line and the part of the rule that decides.
  reason(indicator, { reason }, known) {
    const colon = this.phrase("colon");
    const facts = indicator.facts
      .filter((id) => id in known)
      .map((id) => this.policy.factOf(id))
      .map((fact) => `${this.label(fact.label)} ${this.value(fact, known[fact.id])}`);
    let rule = this.label(indicator.rule);
    if (reason.code === "row") rule = indicator.rows[reason.row].map((part) => this.label(part)).join(colon);
    if (reason.code === "not_so") rule = this.phrase("not_so", { rule });
    if (reason.code === "needs") rule = this.phrase("needs", { needs: this.label(indicator.needs) });
    return facts.length ? this.phrase("reason", { facts: facts.join(this.phrase("facts")), rule }) : rule;
  }

  // A fault as a sentence: where it stands is its fact, the rest is here.
  fault({ code, kind, values }) {
    const said = Object.entries(values).map(([name, value]) => [name, this.part(value)]);
    return fill(this.label(this.policy.document.faults[code][kind]), Object.fromEntries(said));
  }

  part(value) {
    if (value && value.unit) return this.amount(String(value.amount), value.unit);
    if (!Array.isArray(value)) return String(value);
    const [first, second] = value;
    if (Array.isArray(first)) return value.map((text) => this.label(text)).join(this.phrase("list"));
    if (typeof first === "object") return this.value(first, second);
    return typeof first === "number" ? plain(first, second) : this.label(value);
  }

  // ------------------------------------------------------------------ the standing

  standing(standing) {
    const verdict = this.verdict(standing);
    return {
      points: this.begun(this.headlinePoints(standing)),
      range: this.begun(this.shownRange(standing)),
      bounds: this.fullRange(standing),
      verdict,
      headline: this.headline(standing, verdict),
      spoken: this.spoken(standing, verdict),
      next: this.next(standing),
    };
  }

  begun(words) {
    return this.english ? capital(words) : words;
  }

  sentence(words) {
    return this.phrase("sentence", { words: this.begun(words) });
  }

  range(standing) {
    if (standing.isWide) return this.phrase("or_more", { low: this.points(standing.range[0]) });
    return this.phrase("in_points", { range: this.span(standing.range) });
  }

  headlinePoints(standing) {
    if (standing.isBarred) return this.phrase("adds_up", { range: this.range(standing) });
    if (standing.number === null) return this.phrase("nothing");
    return this.phrase(standing.isExact ? "total" : "so_far", { number: this.points(standing.number) });
  }

  shownRange(standing) {
    if (standing.isExact || !standing.answered || standing.isBarred) return "";
    return this.phrase(standing.presumed.length ? "if_clean" : "possible", { range: this.range(standing) });
  }

  fullRange(standing) {
    if (standing.isExact) return "";
    const wider = standing.narrowest ? "" : this.phrase("wider");
    const values = { every: this.span(standing.bounds), some: this.span(standing.range), wider };
    return this.phrase(standing.presumed.length ? "every_adverse" : "every", values);
  }

  lineName() {
    return this.phrase(this.policy.ranked ? "entry_line" : "the_line");
  }

  reachedLine(standing) {
    const at = standing.line === null ? "" : this.points(standing.line);
    return this.phrase(this.policy.ranked ? "entry_reached" : "line_reached", { at });
  }

  verdict(standing) {
    if (standing.state === "reached") return this.reachedVerdict(standing);
    if (standing.state === "open") return this.openVerdict(standing);
    if (standing.state !== "below") return this.phrase(standing.state);
    const at = this.points(standing.line || 0);
    const lacking = this.points(standing.lacking || 0);
    return this.phrase(standing.isExact ? "below" : "below_least", { line: this.lineName(), at, lacking });
  }

  reachedVerdict(standing) {
    let line = this.reachedLine(standing);
    if (standing.over) {
      line = this.phrase(standing.isExact ? "over" : "over_least", { line, over: this.points(standing.over) });
    }
    if (!this.policy.ranked) return line;
    return standing.line === null ? this.phrase("may_rank") : this.phrase("reached_may_rank", { line });
  }

  openVerdict(standing) {
    if (!standing.answered || standing.line === null) return this.phrase("uncertain");
    if (standing.presumedState === "reached") {
      return this.phrase("reached_if_clean", { line: this.reachedLine(standing) });
    }
    const at = this.points(standing.line);
    if (standing.lacking) {
      return this.phrase("lacks", { line: this.lineName(), at, lacking: this.points(standing.lacking) });
    }
    return this.phrase(standing.pointsSure ? "points_sure" : "points_so_far", { at });
  }

  headline(standing, verdict) {
    const named = this.named(standing);
    if (standing.isBarred) return this.phrase(`${standing.state}_headline${named ? "_named" : ""}`, { named });
    if (standing.state === "open") return this.openHeadline(standing, verdict);
    if (standing.state === "below") return this.sentence(verdict);
    return this.sentence(this.phrase(this.policy.ranked ? "quota_decides" : "every_condition", { verdict }));
  }

  openHeadline(standing, verdict) {
    if (!standing.answered) return this.phrase("nothing_certain");
    const count = standing.deciders.length;
    if (!count) return this.sentence(verdict);
    const sure = standing.presumedState === "reached";
    const lead = sure || standing.line === null ? "" : "_line";
    const name = `${sure ? "sure" : "open"}_question${count === 1 ? "" : "s"}${lead}`;
    return this.sentence(this.phrase(name, { verdict, count }));
  }

  spoken(standing, verdict) {
    if (standing.isBarred) {
      const named = this.named(standing);
      const lead = `${standing.state === "vetoed" ? "veto" : "condition"}${named ? "_named" : ""}`;
      const end = standing.state === "vetoed" ? "no_pass" : "no_application";
      return this.joined(this.phrase(lead, { named }), this.phrase(end));
    }
    const points = this.headlinePoints(standing);
    if (!standing.answered) {
      const line = standing.line === null ? "" : this.phrase("line_is", { at: this.points(standing.line) });
      return this.joined(points, line);
    }
    const showsRange = standing.state === "open" && !standing.isWide && standing.presumedState !== "reached";
    return this.joined(points, verdict, showsRange ? this.shownRange(standing) : "");
  }

  joined(...parts) {
    return this.begun(parts.filter(Boolean).join(" · "));
  }

  labelOf({ kind, id }) {
    return this.label(this.policy.elementOf(kind, id).label);
  }

  named({ deciders }) {
    const some = deciders.slice(0, NAMED_MOST).map((one) => this.labelOf(one)).join(this.phrase("list"));
    const rest = deciders.length - NAMED_MOST;
    return rest > 0 ? this.phrase("and_more", { some, rest, count: deciders.length }) : some;
  }

  next(standing) {
    if (standing.state === "refused") {
      const remedies = standing.deciders.map(({ kind, id }) => this.policy.elementOf(kind, id).remedy);
      const said = remedies.filter(([chinese]) => chinese).map((text) => this.label(text));
      return said.length ? said.join(this.phrase("remedies")) : this.phrase("next_refused");
    }
    if (standing.state === "reached") return this.phrase(this.policy.ranked ? "next_rank" : "next_apply");
    if (standing.state !== "open") return this.phrase(`next_${standing.state}`);
    if (!standing.answered) return this.phrase("next_begin");
    const named = this.named(standing);
    return named ? this.phrase("next_answer", { named }) : this.phrase("next_check");
  }
}
