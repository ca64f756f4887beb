import { type TierCharge, groupThousands, multiplyDecimals } from '#domain';
import { exactMoney, tierLabel } from './amount-text.js';

/** A row below a line of an invoice: what it is, how many units, the price of one, a flat amount, and what it comes to. */
export interface TierRow {
  readonly label: string;
  readonly units: string;
  readonly price: string;
  readonly flat: string;
  readonly amount: string;
}

/** A row of a line's breakdown in words and figures. */
export function chargeRow(charge: TierCharge, currency: string): TierRow {
  const { unitAmount, flatAmount } = charge;
  const times = `× ${exactMoney(unitAmount, currency)}`;
  const row = {
    label: labelOf(charge, currency),
    units: /^0(\.0+)?$/.test(charge.units) ? '' : groupThousands(charge.units),
    price: '',
    flat: /^0(\.0+)?$/.test(flatAmount) ? '' : `+ ${exactMoney(flatAmount, currency)} flat`,
    amount: exactMoney(charge.amount, currency),
  };
  if (charge.basis === undefined) return { ...row, units: groupThousands(charge.units), price: times };
  switch (charge.basis) {
    case 'event':
      return { ...row, price: times };
    case 'package':
      return { ...row, price: `${groupThousands(charge.converted ?? '0')} ${times}` };
    case 'percentage':
      return { ...row, price: `× ${multiplyDecimals(unitAmount, '100')} %` };
    case 'included':
    case 'discount_units':
      return { ...row, price: 'free' };
    case 'conversion':
      return { ...row, price: `= ${groupThousands(charge.converted ?? '0')} priced` };
    case 'event_minimum':
    case 'event_maximum':
    case 'discount':
    case 'maximum':
    case 'charged_before':
      return row;
  }
}

function labelOf(charge: TierCharge, currency: string): string {
  if (charge.basis === undefined) return tierLabel(charge);
  switch (charge.basis) {
    case 'included':
      return 'Included in the plan';
    case 'conversion':
      return 'Counted as';
    case 'discount_units':
      return 'Units taken off';
    case 'package':
      return 'Packages';
    case 'percentage':
      if (charge.from === '0' && charge.upTo === null) return 'Of the value';
      return tierLabel(charge, (bound) => exactMoney(bound, currency));
    case 'event':
      return 'Calls';
    case 'event_minimum':
      return 'Minimum for a call';
    case 'event_maximum':
      return 'Maximum for a call';
    case 'discount':
      return 'Discount';
    case 'maximum':
      return 'Maximum of the plan';
    case 'charged_before':
      return 'Charged before';
  }
}
