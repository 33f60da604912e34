// Scores a set of answers in the page: the answers leave no device, and nothing waits for a server.
//
//   import { openPolicy } from ".../score.js";
//   const policy = openPolicy(await (await fetch("/shanghai/device.json")).json());
//   const result = policy.score({ birth_date: "1990-05-01", permit_valid: true });
//   policy.tell(result, "zh").standing.words.headline
//
// The document is written by jifen.scoring.device; the server's answer is the reference, and a test
// holds the two equal. Where only the server can answer, `ask` says so and there is no result.

import { readAnswer, readFacts } from "./score/facts.js";
import { answersOf } from "./score/form.js";
import { OpenCondition, OpenLine } from "./score/open.js";
import { assess, standingOf } from "./score/standing.js";
import { mostTelling } from "./score/telling.js";
import { tell } from "./score/told.js";
import { treeOf } from "./score/total.js";
import { Words } from "./score/words.js";

export const FORMAT = "jifen.device.v1";

// The words of JF-Z002, "format", which no document has brought then.
const OTHER_FORMAT = {
  zh: "页面与办法资料的版本不一致，请重新打开页面，或提交到网站计算。",
  en: "The page and the measure that it loaded are of different versions. Open the page again, or send the form to the site.",
};

// A document → a policy. One that cannot be scored here has `ask`: {code, words: {zh, en}}.
export function openPolicy(document) {
  if (document && document.ask) return { ask: document.ask, score: () => ({ ask: document.ask }) };
  if (!document || document.format !== FORMAT) {
    const ask = { code: "JF-Z002", words: OTHER_FORMAT };
    return { ask, score: () => ({ ask }) };
  }
  const policy = new DevicePolicy(document);
  policy.score({}); // what is open at first is worked out while the page loads, not at the first answer
  return policy;
}

class DevicePolicy {
  constructor(document) {
    this.document = document;
    this.ask = null;
    this.city = document.city;
    this.version = document.version;
    this.on = document.on;
    this.countingDay = document.counting_day;
    this.wholeMonths = document.whole_months;
    this.precision = document.precision;
    this.floor = document.floor;
    this.line = document.line;
    this.ranked = document.ranked;
    this.facts = document.facts;
    this.sections = document.sections;
    this.relations = document.relations;
    this.presumed = document.presumed;
    this.shared = document.shared;
    this.most = document.most;
    this.byId = new Map(document.facts.map((fact) => [fact.id, fact]));
    const unitOf = (id) => 10 ** this.factOf(id).places;
    this.lines = document.indicators.map((one) => new OpenLine(one, this.most, unitOf));
    this.tree = treeOf(document.groups, document.indicators);
    const tested = ({ id, when, answers }) => ({ id, test: new OpenCondition({ when, answers }, this.most) });
    this.conditions = document.conditions.map(tested);
    this.cautions = document.cautions.map(tested);
    const vetoes = document.indicators.filter(({ mechanism }) => mechanism.kind === "veto");
    this.vetoes = vetoes.filter(({ mechanism }) => mechanism.refuses).map(({ id, mechanism }) => tested({ id, ...mechanism }));
    this.warns = vetoes.filter(({ mechanism }) => !mechanism.refuses);
    this.answersTo = new Map(); // question → its representative answers
    this.elements = {
      fact: this.byId,
      indicator: new Map(document.indicators.map((one) => [one.id, one])),
      condition: new Map(document.conditions.map((one) => [one.id, one])),
      caution: new Map(document.cautions.map((one) => [one.id, one])),
    };
    this.elements.veto = this.elements.indicator;
  }

  factOf(id) {
    return this.byId.get(id);
  }

  elementOf(kind, id) {
    return this.elements[kind].get(id);
  }

  // The fact to ask a person for: the dates behind a count, the birth date behind an age.
  askedFor(id) {
    const { derive } = this.factOf(id);
    return derive ? derive.from : id;
  }

  // Answers → the result, in codes and integers of the smallest unit of points; `tell` puts it in words.
  score(given) {
    const read = readFacts(this, given);
    if (read.ask) return { ask: this.sayAsk(read.ask) };
    const result = assess(this, read.values);
    const isKnown = (ids) => ids.every((id) => id in read.values);
    const triggered = ({ id }) => {
      const { facts, mechanism } = this.lines.find((line) => line.id === id);
      return isKnown(facts) && mechanism.holds(read.values);
    };
    return {
      ask: null,
      faults: read.faults.map((fault) => this.sayFault(fault)),
      contradictions: read.contradictions,
      unused: read.unused,
      derived: read.derived,
      history: read.history,
      warns: this.warns.filter(triggered).map(({ id }) => id),
      ...result,
      standing: standingOf(this, result),
    };
  }

  // A typed answer → the value of a fact; undefined where it is none.
  readValue(fact, text) {
    return readAnswer(this, fact, text);
  }

  // The answers of the form of the self-assessment, to be scored.
  answersOf(form) {
    return answersOf(form, this);
  }

  // The result as the server's JSON has it, in a language.
  tell(result, lang) {
    return tell(this, result, lang);
  }

  // Open questions, the most telling for the effort first: [{id, gain: {above, below}}]; `ids`: facts as
  // a person is asked for them.
  telling(result, ids) {
    return mostTelling(this, result, ids);
  }

  sayFault({ code, path, fact, beside, kind, values }) {
    const words = { zh: new Words(this, "zh").fault({ code, kind, values }), en: new Words(this, "en").fault({ code, kind, values }) };
    return { code, path, fact, beside, words };
  }

  sayAsk({ code, kind, facts }) {
    const named = facts.map((id) => this.factOf(id)?.label || [id, id]);
    const { words } = this.sayFault({ code, kind, values: { facts: named } });
    return { code, facts, words };
  }
}
