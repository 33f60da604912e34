// Spells of contributions → months: which count, which do not, and why; and what follows from them. The
// same as jifen/facts/contributions.py, jifen/facts/measures.py and jifen/facts/insurance/account.py.

import { monthText, wageOf } from "./spells.js";

const WINDOW = 36;

// `phrases`: the templates of the document, each in both languages.
export class History {
  constructor(rules, spells, phrases) {
    Object.assign(this, { rules, spells, phrases });
    this.byScheme = new Map(rules.every_scheme.map((scheme) => [scheme, new Map()]));
    for (const spell of spells) {
      for (const scheme of spell.schemes) {
        for (let month = spell.since; month <= spell.until; month += 1) this.byScheme.get(scheme).set(month, spell);
      }
    }
    this.counted = new Map();
    this.last = this.findLast();
    const months = [...this.byScheme.values()].flatMap((map) => [...map.keys()]);
    this.first = months.length ? Math.min(...months) : this.last + 1;
  }

  // A month that is still under way counts only where a record of it does.
  findLast() {
    const { includes_filing_month: takes, month, over } = this.rules;
    const last = takes ? month : over;
    return last < month || this.monthAt(last).counts ? last : last - 1;
  }

  monthAt(month, scheme = "") {
    const key = `${month} ${scheme}`;
    if (!this.counted.has(key)) this.counted.set(key, this.count(month, scheme ? [scheme] : this.rules.schemes));
    return this.counted.get(key);
  }

  count(month, schemes) {
    const spells = schemes.map((scheme) => this.byScheme.get(scheme).get(month));
    if (spells.includes(undefined)) return { month, counts: false, why: this.said("no_contribution") };
    const { base } = spells.find((spell) => spell.schemes.includes("pension")) || spells[0];
    const term = this.rules.deferred.find(({ since, until }) => since <= month && month <= until);
    for (const { status } of spells) {
      if (status === "deferred" && !term) return { month, counts: false, base, why: this.said("deferred_outside") };
      if (status !== "deferred" && status !== "paid") return { month, counts: false, base, why: this.rules.statuses[status] };
    }
    const deferred = spells.some(({ status }) => status === "deferred") ? term : undefined;
    const why = deferred ? this.said("deferred_counts", { term: deferred.label }) : this.rules.statuses.paid;
    return { month, counts: true, base, why, term: deferred };
  }

  said(name, values = {}) {
    return this.phrases[name].map((text, at) =>
      text.replace(/\{(\w+)\}/g, (whole, key) => (Array.isArray(values[key]) ? values[key][at] : values[key])));
  }

  // The months of a window that ends with the last month; since the first record where there is none.
  window(months, scheme) {
    const found = [];
    for (let month = months ? this.last - months + 1 : this.first; month <= this.last; month += 1) found.push(this.monthAt(month, scheme));
    return found;
  }

  run(scheme) {
    const found = [];
    for (let month = this.last; month >= this.first && this.monthAt(month, scheme).counts; month -= 1) found.unshift(this.monthAt(month, scheme));
    return found;
  }

  // → {value, reason, between}: a value, null (does not apply), or undefined with the reason; {ask}: the
  // server works it out.
  measure({ measure, window, scheme, multiple }) {
    if (measure === "unbroken_months") return { value: this.run(scheme).length };
    if (measure === "mean_base_ratio") return this.meanRatio(window || WINDOW, scheme || "pension");
    const months = this.window(window, scheme).filter(({ counts }) => counts);
    if (measure === "valid_months") return { value: months.length };
    const open = months.filter((month) => this.isOpen(month));
    const [over, under] = multiple || [1, 1];
    const reached = months.filter((month) => !this.isOpen(month) && month.base * under >= over * wageOf(this.rules, month.month));
    if (!open.length) return { value: reached.length };
    return { value: undefined, reason: this.whyOpen(open[0]), between: [reached.length, reached.length + open.length] };
  }

  isOpen({ base, month }) {
    return base === undefined || wageOf(this.rules, month) === undefined;
  }

  whyOpen({ month }) {
    return this.said(wageOf(this.rules, month) === undefined ? "no_wage" : "no_base", { month: monthText(month) });
  }

  meanRatio(window, scheme) {
    const run = this.run(scheme);
    if (run.length < window) return { value: null, reason: this.said("run_too_short", { window }) };
    const open = run.slice(-window).find((month) => this.isOpen(month));
    return open ? { value: undefined, reason: this.whyOpen(open) } : { ask: true };
  }

  // Every month since the first record: [{month, state, base, wage, multiple, why}]
  months() {
    const recorded = new Set(this.spells.flatMap(({ since, until }) => Array.from({ length: until - since + 1 }, (_, at) => since + at)));
    return this.window().map(({ month, counts, base, why, term }) => {
      const wage = wageOf(this.rules, month);
      const has = recorded.has(month);
      const state = counts ? (term ? "deferred" : "counts") : has ? "not_counted" : "gap";
      const multiple = base !== undefined && wage ? Math.floor((base * 100) / wage) : undefined;
      return { month, state, base, wage, multiple, why: has ? why : this.said("no_contribution") };
    });
  }

  // Stretches without a record between two that have one: [{since, until}]
  gaps() {
    const ordered = [...this.spells].sort((a, b) => a.since - b.since);
    const found = [];
    let last = ordered.length ? ordered[0].until : 0;
    for (const { since, until } of ordered) {
      if (since > last + 1) found.push({ since: last + 1, until: since - 1 });
      last = Math.max(last, until);
    }
    return found;
  }

  // The terms of deferral that fall into the months.
  terms() {
    return this.rules.deferred.filter(({ since, until }) => this.first <= until && since <= this.last);
  }
}
