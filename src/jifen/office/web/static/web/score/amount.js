// Amounts as people write them, in the unit of a fact: 60个月 and 5年 are 60 months, 10万元 are 100000
// yuan, 150% are 1.5 times. The same spellings as jifen/facts/spelling.py.

import { narrow } from "./spelling.js";

const SCALES = { 百: 2, 千: 3, 万: 4, 百万: 6, 千万: 7, 亿: 8 }; // powers of ten
const DECIMALS = 24;
const ONE = 10n ** BigInt(DECIMALS);

const words = (size, ...every) => every.map((word) => [word, size]);
const MONTHS = words(1n, "个月", "月", "month", "months");
const YEARS = words(12n, "周年", "年", "year", "years");
const AGES = words(12n, "周岁", "岁");
// Units that are turned into each other: the words of each, in months.
const TIMES = {
  months: new Map([...MONTHS, ...YEARS]),
  years: new Map([...MONTHS, ...YEARS]),
  years_of_age: new Map([...MONTHS, ...YEARS, ...AGES]),
};
const OWN = {
  yuan: ["块钱", "块", "元", "yuan", "rmb", "cny"],
  times: ["倍", "times"],
  people: ["个人", "人", "名", "person", "people"],
  hours: ["个小时", "小时", "hour", "hours"],
  ml: ["毫升", "ml"],
  records: ["次", "条", "项", "个", "record", "records", "times"],
  "": ["个", "次", "条", "项"],
};
const OTHERS = ["天", "日", "周", "day", "days", "week", "weeks", "%"];
const WORDS = [...TIMES.years_of_age.keys(), ...Object.values(OWN).flat(), ...OTHERS]
  .sort((a, b) => b.length - a.length)
  .join("|");
const PIECE = new RegExp(
  "([0-9]{1,3}(?:,[0-9]{3})+(?:\\.[0-9]+)?|[0-9]{1,15}(?:\\.[0-9]{1,20})?)\\s*" +
    `(百万|千万|百|千|万|亿)?\\s*(${WORDS})?(半)?[\\s零又]*`,
  "y",
);
const ABOUT =
  /[0-9].*([~+多余几]|左右|以上|以下)|[约近≈<>≤≥].*[0-9]|(about|over|at least|more than) *[0-9]|[0-9][^0-9]*([-–—~至]|to) *[0-9]/;

const unclear = (kind, word = "") => ({ kind, word });

// A text → {digits: "12.5"}; {kind, word} where it may mean more than one thing (JF-F012); null where it is
// no amount. A fraction of a year that has no end is {endless: true}.
export function readAmount(text, unit = "") {
  let typed = narrow(text).toLowerCase();
  for (const sign of ["¥", "rmb"]) if (typed.startsWith(sign)) typed = typed.slice(sign.length);
  typed = typed.trim();
  if (typed === "半年") typed = "0.5年";
  if (!/[0-9]/.test(typed)) return null;
  if (ABOUT.test(typed)) return unclear("about");
  const pieces = piecesOf(typed);
  if (pieces && TIMES[unit] && pieces[0].word) return timeOf(pieces, unit);
  if (pieces && pieces.length === 1) return single(pieces[0], unit);
  return /[0-9],[0-9]/.test(typed) ? unclear("comma") : null;
}

// "5年3个月" → [{amount: 5, word: 年}, {amount: 3, word: 个月}]; null where anything else stands in it.
function piecesOf(typed) {
  const pieces = [];
  PIECE.lastIndex = 0;
  while (PIECE.lastIndex < typed.length) {
    const found = PIECE.exec(typed);
    if (!found) return null;
    const [, figure, scale, word, half] = found;
    const [whole, fraction = ""] = figure.replaceAll(",", "").split(".");
    if (fraction.length > DECIMALS - 2) return null;
    const amount = BigInt(whole + fraction.padEnd(DECIMALS, "0")) * 10n ** BigInt(SCALES[scale] || 0);
    pieces.push({ amount: half ? amount + ONE / 2n : amount, word: word || "" });
  }
  return pieces;
}

// Years and months, each at most once and the years first, in the unit of the fact.
function timeOf(pieces, unit) {
  const known = TIMES[unit];
  const sizes = pieces.map(({ word }) => known.get(word) || 0n);
  if (sizes.includes(0n) || sizes.some((size, at) => at > 0 && size >= sizes[at - 1])) {
    const other = pieces.find(({ word }) => !known.has(word)) || pieces[0];
    return unclear("unit", other.word);
  }
  const months = pieces.reduce((sum, { amount }, at) => sum + amount * sizes[at], 0n);
  if (unit === "months") return digitsOf(months);
  return months % 12n === 0n ? digitsOf(months / 12n) : { endless: true };
}

function single({ amount, word }, unit) {
  if (unit === "times" && word === "%") return digitsOf(amount / 100n);
  if (word && !(OWN[unit] || []).includes(word)) return unclear("unit", word);
  return digitsOf(amount);
}

function digitsOf(amount) {
  const digits = String(amount).padStart(DECIMALS + 1, "0");
  return { digits: `${digits.slice(0, -DECIMALS)}.${digits.slice(-DECIMALS)}` };
}
