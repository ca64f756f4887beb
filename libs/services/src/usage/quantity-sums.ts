import { type DecimalString, type UsageEvent, addDecimals } from '#domain';

const SMALL_INTEGER = /^\d{1,9}$/;

/** Σ per meter, exact; whole numbers are added as such, as nearly all are. */
export function sumQuantities(events: readonly UsageEvent[]): Record<string, DecimalString> {
  const whole = new Map<string, bigint>();
  const fractions = new Map<string, DecimalString>();
  for (const { quantities } of events) {
    for (const meter in quantities) {
      const quantity = quantities[meter]!;
      if (SMALL_INTEGER.test(quantity)) whole.set(meter, (whole.get(meter) ?? 0n) + BigInt(quantity));
      else fractions.set(meter, addDecimals(fractions.get(meter) ?? '0', quantity));
    }
  }
  const meters = [...new Set([...whole.keys(), ...fractions.keys()])].toSorted();
  return Object.fromEntries(
    meters.map((meter) => [meter, addDecimals((whole.get(meter) ?? 0n).toString(), fractions.get(meter) ?? '0')]),
  );
}
