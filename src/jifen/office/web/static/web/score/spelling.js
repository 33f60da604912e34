// How people write days, answers and yes or no: the spellings that have one meaning, as the server
// reads them (jifen/facts/spelling.py).

const DOES_NOT_APPLY = new Set(["不适用", "does not apply", "n/a"]);
const NO_DATES = new Set(["无", "没有", "none", "[]"]);
const YES = new Set(["true", "yes", "y", "是", "有", "√", "✓"]);
const NO = new Set(["false", "no", "n", "否", "无", "没有", "不是", "×"]);
const BLANK = "[ \\t\\n\\r\\f\\v]";
const DAY = new RegExp(
  `^([0-9]{4})${BLANK}*[-./年]${BLANK}*([0-9]{1,2})${BLANK}*[-./月]${BLANK}*([0-9]{1,2})${BLANK}*[日号]?` +
    `(?:[T \\t\\n\\r\\f\\v]+0{1,2}(?::0{2}){1,2}(?:\\.0+)?)?$`,
);
const DIGITS_DAY = /^([0-9]{4})([0-9]{2})([0-9]{2})$/;
const MONTH = new RegExp(`^([0-9]{4})${BLANK}*[-./年]${BLANK}*([0-9]{1,2})${BLANK}*月?$`);
const MONTH_FIRST = new RegExp(`^([0-9]{1,2})${BLANK}*[-./]${BLANK}*([0-9]{4})$`);
const DIGITS_MONTH = /^([0-9]{4})([0-9]{2})$/;
const YEAR_LAST = new RegExp(
  `^[0-9]{1,2}${BLANK}*[-./]${BLANK}*[0-9]{1,2}${BLANK}*[-./]${BLANK}*[0-9]{1,4}$`,
);
const LONGEST = 200;

// Full-width characters made narrow, blanks and invisible characters at the ends removed.
export function narrow(text) {
  const head = text.length > LONGEST ? Array.from(text).slice(0, LONGEST).join("") : text;
  const inner = head.normalize("NFKC").replace(/^[\s\x1c-\x1f\x85]+|[\s\x1c-\x1f\x85]+$/g, "");
  return inner.replace(/^[\u200b\ufeff\u2060 ]+|[\u200b\ufeff\u2060 ]+$/g, "");
}

export const saysNotApplicable = (text) => DOES_NOT_APPLY.has(narrow(text).toLowerCase());

// true, false, or null where it is neither.
export function readFlag(text) {
  const word = narrow(text).toLowerCase();
  return YES.has(word) ? true : NO.has(word) ? false : null;
}

// A day as YYYY-MM-DD where it can be read, else as it was typed.
function dayText(text) {
  const typed = narrow(text);
  const found = DIGITS_DAY.exec(typed) || DAY.exec(typed);
  return found ? `${found[1]}-${found[2].padStart(2, "0")}-${found[3].padStart(2, "0")}` : typed;
}

// A day → {day: "YYYY-MM-DD"}, or {code, kind} of the fault.
export function readDay(value) {
  const isText = typeof value === "string" || (Number.isInteger(value) && typeof value === "number");
  const written = dayText(isText ? String(value) : "");
  if (YEAR_LAST.test(written)) return { code: "JF-F012", kind: "order" };
  if (DIGITS_MONTH.test(written) || MONTH.test(written) || MONTH_FIRST.test(written)) {
    return { code: "JF-F012", kind: "no_day" };
  }
  return isDay(written) ? { day: written } : { code: "JF-F007", kind: whyNoDay(written), written };
}

const UNTIL_NOW = new Set(["至今", "迄今", "现在", "目前", "now", "present", "to date"]);
const SHORT_YEAR = new RegExp(`^[0-9]{2}${BLANK}*[-./年]${BLANK}*[0-9]{1,2}${BLANK}*月?$`);

export const meansNow = (text) => UNTIL_NOW.has(narrow(text).toLowerCase());

// A month as YYYY-MM where it can be read (of a day, its month), else as it was typed.
export function writtenMonth(text) {
  const typed = narrow(text);
  const found = DIGITS_MONTH.exec(typed) || MONTH.exec(typed);
  const turned = found ? null : MONTH_FIRST.exec(typed);
  const [year, month] = found ? found.slice(1) : turned ? [turned[2], turned[1]] : [];
  if (year) return `${year}-${month.padStart(2, "0")}`;
  const day = dayText(typed);
  return isDay(day) ? day.slice(0, 7) : typed;
}

// A month → {month: year × 12 + index}, or {code, kind} of the fault.
export function readMonth(text) {
  const typed = writtenMonth(text);
  if (SHORT_YEAR.test(typed) || YEAR_LAST.test(typed)) return { code: "JF-F012", kind: "month_order" };
  const found = /^([0-9]{4})-(0[1-9]|1[0-2])$/.exec(typed);
  if (!found || found[1] < "1900" || found[1] >= "2200") return { code: "JF-F021", kind: "month" };
  return { month: Number(found[1]) * 12 + Number(found[2]) - 1 };
}

// Why a text is no day: not written as one, or none of the calendar.
function whyNoDay(written) {
  const looksLikeOne = /^[0-9]{4}-[0-9]{2}-[0-9]{2}$/.test(written);
  if (!looksLikeOne) return "day";
  return written >= "1900" && written < "2200" ? "no_such_day" : "year";
}

// Whether YYYY-MM-DD is a day of the calendar from 1900 to 2199.
function isDay(text) {
  const found = /^([0-9]{4})-([0-9]{2})-([0-9]{2})$/.exec(text);
  if (!found) return false;
  const [year, month, day] = found.slice(1).map(Number);
  return year >= 1900 && year < 2200 && month >= 1 && month <= 12 && day >= 1 && day <= lastDay(year, month);
}

// The days that a text lists, [] for none; null where it lists no days.
export function splitDays(text) {
  const typed = narrow(text);
  if (NO_DATES.has(typed.toLowerCase())) return [];
  let parts = typed.replace(/^[[\] ]+|[[\] ]+$/g, "").split(/[、,;\n]+/).filter((part) => part.trim());
  if (parts.length === 1 && !DAY.test(parts[0].trim())) parts = parts[0].split(/\s+/).filter(Boolean);
  return parts.every((part) => /\p{Nd}/u.test(part)) ? parts : null;
}

// -------------------------------------------------------------------- days without a clock

// Days of a month, 1 to 12.
export const lastDay = (year, month) => new Date(Date.UTC(2000 + (year % 400), month, 0)).getUTCDate();

const parts = (day) => day.split("-").map(Number);

const monthOf = (day) => {
  const [year, month] = parts(day);
  return year * 12 + month - 1;
};

const written = (year, month, day) =>
  `${String(year).padStart(4, "0")}-${String(month).padStart(2, "0")}-${String(day).padStart(2, "0")}`;

// Age in completed years: a year is complete on the birthday, that of 29 February on 1 March.
export function completedYears(born, on) {
  return parts(on)[0] - parts(born)[0] - (on.slice(5) < born.slice(5) ? 1 : 0);
}

// Whether a record counts: not after the counting day, and later than that day less the window.
export function inWindow(day, months, countingDay, wholeMonths) {
  if (day > countingDay) return false;
  if (months === null) return true;
  const month = monthOf(countingDay) - months;
  if (wholeMonths) return monthOf(day) > month;
  const [year, index] = [Math.floor(month / 12), (month % 12) + 1];
  const least = Math.min(parts(countingDay)[2], lastDay(year, index));
  return day > written(year, index, least);
}
