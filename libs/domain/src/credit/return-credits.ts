import { type ChargedLine, chargesToPay, least, usageBalance, usageKey } from './usage-charges.js';

/** A line of an invoice that was made, with the grant that it burned or gave back to. */
export interface InvoicedLine extends ChargedLine {
  readonly grant: PayingGrant | null;
  /** What it gives back beyond that, as its invoice charges no more: it went to the balance. */
  readonly cutMinor?: bigint | undefined;
}

/** A grant, as far as what it has paid goes. */
export interface PayingGrant {
  readonly id: string;
  /** The only meter that it pays; null for all of them. */
  readonly meter: string | null;
  readonly reason: string;
}

/** What a grant has paid of something; minor units. */
export interface CreditPart {
  readonly grant: PayingGrant;
  readonly amountMinor: bigint;
}

/** What credits have paid of each period and meter of a subscription, less what was returned; in the order in which they burned. */
export type CreditsPaid = ReadonlyMap<string, readonly CreditPart[]>;

/** What goes back to a grant, as usage that it had paid gives so much back. */
export interface ReturnedCredit extends CreditPart {
  readonly periodStart: Date;
  readonly meter: string;
}

/**
 * What credits have paid of each period and meter, by all invoices of a subscription that are not void, oldest first, each with its
 * lines in their order. A pure function.
 */
export function creditsPaid(invoices: readonly (readonly InvoicedLine[])[]): CreditsPaid {
  const paid = new Map<string, { grant: PayingGrant; amountMinor: bigint }[]>();
  for (const lines of invoices) {
    const charges = chargesToPay(lines);
    for (const line of lines) {
      const { grant } = line;
      if (!grant) continue;
      let leftMinor = line.amountMinor;
      for (const part of (paid.get(usageKey(line)) ?? []).toReversed()) {
        if (leftMinor <= 0n) break;
        if (part.grant.id !== grant.id) continue;
        const returnedMinor = least(part.amountMinor, leftMinor);
        part.amountMinor -= returnedMinor;
        leftMinor -= returnedMinor;
      }
      for (const charge of charges) {
        if (leftMinor >= 0n) break;
        if ((grant.meter ?? charge.meter) !== charge.meter) continue;
        const amountMinor = least(charge.unpaidMinor, -leftMinor);
        charge.unpaidMinor -= amountMinor;
        leftMinor += amountMinor;
        if (amountMinor > 0n)
          paid.set(usageKey(charge), [...(paid.get(usageKey(charge)) ?? []), { grant, amountMinor }]);
      }
    }
  }
  return paid;
}

/**
 * What of the usage that lines give back goes to the grants that have paid it: the last that burned first, and of each no more than it
 * has paid of the period and meter. Only the rest is money. A pure function.
 */
export function returnedCredits(lines: readonly ChargedLine[], paid: CreditsPaid): ReturnedCredit[] {
  const groups = Map.groupBy(
    usageBalance(lines).back.filter(({ unpaidMinor }) => unpaidMinor < 0n),
    usageKey,
  );
  return [...groups].flatMap(([key, back]) => {
    const { periodStart, meter } = back[0]!;
    let backMinor = back.reduce((sum, { unpaidMinor }) => sum - unpaidMinor, 0n);
    const returned = new Map<string, ReturnedCredit>();
    for (const { grant, amountMinor } of (paid.get(key) ?? []).toReversed()) {
      const partMinor = least(amountMinor, backMinor);
      if (partMinor === 0n) continue;
      backMinor -= partMinor;
      const sumMinor = (returned.get(grant.id)?.amountMinor ?? 0n) + partMinor;
      // Usage is of a meter always.
      returned.set(grant.id, { grant, periodStart, meter: meter!, amountMinor: sumMinor });
    }
    return [...returned.values()];
  });
}
