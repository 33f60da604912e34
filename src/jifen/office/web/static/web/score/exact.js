// Exact numbers as integers of a smallest unit: 2.5 with one place is 25. All are below 2 ** 53.

export const MINUS = "−";

// Whole units of a number of smallest units, towards zero; exact for every safe integer.
export const truncate = (number, unit) => (number - (number % unit)) / unit;

// Whole units, downwards.
export const floor = (number, unit) => {
  const rest = ((number % unit) + unit) % unit;
  return (number - rest) / unit;
};

// The nearest double: what a program reads from the decimal written out.
export const asNumber = (scaled, places) => scaled / 10 ** places;

// "12,000", "2.5": no trailing zeros, thousands apart from five digits on where it is whole.
export function plain(scaled, places) {
  const unit = 10 ** places;
  if (scaled % unit === 0) {
    const digits = String(Math.abs(scaled / unit));
    const apart = digits.length > 4 ? digits.replace(/\B(?=(\d{3})+$)/g, ",") : digits;
    return scaled < 0 ? `-${apart}` : apart;
  }
  const digits = String(Math.abs(scaled)).padStart(places + 1, "0");
  const fraction = digits.slice(-places).replace(/0+$/, "");
  return `${scaled < 0 ? "-" : ""}${digits.slice(0, -places)}.${fraction}`;
}

// Points as people read them, with a true minus sign.
export const shown = (scaled, places) => plain(scaled, places).replace("-", MINUS);

// A decimal in digits as a program writes it ("+12", "2.50") → see `decimalOf`; null for any other text.
export function readDecimal(text, places) {
  return /^[+-]?[0-9]{1,15}(\.[0-9]{1,20})?$/.test(text) ? decimalOf(text, places) : null;
}

// Digits → {scaled, exact: whether it has no more than `places` decimals, whole, cents: whether it has
// at most two, rest: the sign of what was cut off}. Beyond 2 ** 53 it is far out of every range.
export function decimalOf(text, places) {
  const isNegative = text.startsWith("-");
  const [whole, written = ""] = text.replace(/^[+-]/, "").split(".");
  const fraction = written.replace(/0+$/, "");
  const digits = Number(BigInt(whole + fraction.slice(0, places).padEnd(places, "0")));
  const exact = fraction.length <= places;
  return {
    scaled: isNegative ? -digits : digits,
    exact,
    whole: fraction === "",
    cents: fraction.length <= 2,
    rest: exact ? 0 : isNegative ? -1 : 1,
  };
}
