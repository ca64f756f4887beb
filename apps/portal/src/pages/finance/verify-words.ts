import type { VerifyCheck } from '../../api/types.js';

/** What each check compares, in the order of the way from a call to money. */
export const verifyWords: Readonly<Record<VerifyCheck['name'], { readonly title: string; readonly words: string }>> = {
  segments: { title: 'Journal segments', words: 'Every segment that a gateway sealed is in the ledger, without gaps.' },
  events: { title: 'Usage events', words: 'Each segment holds as many events, and as many units, as it says.' },
  rollups: { title: 'Rollups', words: 'The sums per quarter of an hour equal the events behind them.' },
  lines: { title: 'Invoice lines', words: 'Rating the rollups again gives the same lines.' },
  invoices: { title: 'Invoices', words: 'The lines of each invoice add up to its total.' },
  balances: {
    title: 'Balances',
    words: 'Each balance is the sum of its entries, and invoices took of it what they say.',
  },
  credits: {
    title: 'Prepaid credits',
    words: 'Of each grant there is left what its burns leave, and these are the credit lines of invoices.',
  },
  receivables: {
    title: 'Receivables',
    words: 'Payments, credit notes and balances leave of each invoice what it says is due.',
  },
  provider: {
    title: 'Payment provider',
    words: 'The provider’s invoices have the same totals, and its fees are those in the books.',
  },
};

/** The result in a sentence. */
export function verifySummary(checks: readonly VerifyCheck[]): string {
  const failed = checks.filter(({ ok }) => !ok);
  if (failed.length === 0) return 'Everything agrees, from the gateways’ journals to the payment provider.';
  const titles = failed.map(({ name }) => verifyWords[name].title.toLowerCase());
  return `${failed.length} of ${checks.length} checks found a difference: ${titles.join(', ')}.`;
}
