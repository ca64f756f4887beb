/** An exact quotient; `by` is above zero. */
export interface Fraction {
  readonly of: bigint;
  readonly by: bigint;
}

export function fraction(of: bigint, by: bigint): Fraction {
  return { of, by };
}

export function sumOf(fractions: readonly Fraction[]): Fraction {
  return fractions.reduce(
    (sum, each) =>
      each.by === sum.by
        ? { of: sum.of + each.of, by: sum.by }
        : { of: sum.of * each.by + each.of * sum.by, by: sum.by * each.by },
    { of: 0n, by: 1n },
  );
}

/** The nearest whole number, halves away from zero. */
export function roundFraction({ of, by }: Fraction): number {
  const magnitude = of < 0n ? -of : of;
  const rounded = (2n * magnitude + by) / (2n * by);
  return Number(of < 0n ? -rounded : rounded);
}

/**
 * Parts that make up `total`, each the whole number below or above its exact part: what rounding down leaves over goes to the
 * largest remainders, and of equal ones to the first. The exact parts add up to `total` but for its own rounding.
 */
export function allocate(total: number, exact: readonly Fraction[]): number[] {
  const floors = exact.map(({ of, by }) => (of >= 0n ? of / by : -((-of + by - 1n) / by)));
  const parts = floors.map(Number);
  let over = total - parts.reduce((sum, part) => sum + part, 0);
  const remainders = exact.map(({ of, by }, index) => ({ index, of: of - floors[index]! * by, by }));
  remainders.sort((a, b) => compare(b, a) || a.index - b.index);
  for (const { index } of remainders) {
    if (over <= 0) break;
    parts[index]!++;
    over--;
  }
  return parts;
}

function compare(a: Fraction, b: Fraction): number {
  const difference = a.of * b.by - b.of * a.by;
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
}
