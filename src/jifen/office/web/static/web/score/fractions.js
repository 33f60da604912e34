// Fractions of whole numbers, for an order that no rounding changes.

function common(a, b) {
  return b === 0 ? Math.abs(a) : common(b, a % b);
}

export function fraction(above, below = 1) {
  const divisor = common(above, below) || 1;
  return { above: above / divisor, below: below / divisor };
}

export const plus = (a, b) => fraction(a.above * b.below + b.above * a.below, a.below * b.below);

export const less = (a, b) => a.above * b.below < b.above * a.below;
