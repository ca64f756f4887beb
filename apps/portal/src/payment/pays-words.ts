import type { PaymentTerms } from '../api/types.js';

/** How an organization pays, in a few words: "By card", "By transfer, 30 days net". */
export function paysWords({ method, netDays }: PaymentTerms): string {
  if (method === 'card') return 'By card';
  return netDays === 0 ? 'By transfer, at once' : `By transfer, ${netDays} ${netDays === 1 ? 'day' : 'days'} net`;
}
