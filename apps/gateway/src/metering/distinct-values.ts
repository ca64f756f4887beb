import { type DistinctValue, valueHash } from '#domain';
import type { Exchange } from '../exchange.js';

/** Where a meter finds the value of a call that it counts once. */
export interface DistinctValueRule {
  readonly meter: string;
  readonly from: 'credential' | 'application' | 'request_header';
  /** In lower case; empty where no header says it. */
  readonly header: string;
}

/** The rules of a meter; none for one whose values only reports have. */
export function distinctValueRules(meter: string, value: DistinctValue): DistinctValueRule[] {
  if (value.from === 'report') return [];
  return [{ meter, from: value.from, header: value.from === 'request_header' ? value.header.toLowerCase() : '' }];
}

/** The hashes of the values that a call adds, by meter; undefined when it adds none, as calls with test keys do. */
export function distinctValuesOf(exchange: Exchange): Record<string, string> | undefined {
  const { metering, terms } = exchange.account!;
  if (metering.distinctValues.length === 0 || terms === null) return undefined;
  let values: Record<string, string> | undefined;
  for (const rule of metering.distinctValues) {
    const value = valueOf(exchange, rule);
    if (value) (values ??= {})[rule.meter] = valueHash(terms.subscription.id, rule.meter, value);
  }
  return values;
}

function valueOf({ account, head }: Exchange, { from, header }: DistinctValueRule): string | null {
  switch (from) {
    case 'credential':
      return account!.credential.id;
    case 'application':
      return account!.application.id;
    case 'request_header':
      return head.valueOf(header);
  }
}
