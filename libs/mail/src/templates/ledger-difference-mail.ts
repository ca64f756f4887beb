import type { Mail } from '../mail.js';
import { layOutMail } from './layout.js';

export interface LedgerDifferenceMailContent {
  /** The UTC day whose usage was proven, as 2026-11-25. */
  readonly day: string;
  /** What differs: the row, and what it should and does say. */
  readonly differences: readonly {
    readonly message: string;
    readonly row: string;
    readonly expected: string;
    readonly actual: string;
  }[];
  /** Where the proofs are seen. */
  readonly url: string;
}

/** So many rows are in the mail; the page has the others. */
const SHOWN = 10;

/** Tells finance and operators that the nightly proof has found a difference. */
export function ledgerDifferenceMail({ day, differences, url }: LedgerDifferenceMailContent): Omit<Mail, 'to'> {
  return layOutMail({
    subject: `The ledger of ${day} does not agree`,
    brand: 'Tollgate',
    heading: `The ledger of ${day} does not agree`,
    paragraphs: [
      'The nightly proof compares what gateways have written with the ledger, its sums, invoice lines and invoices. It has found a difference; nothing was changed.',
      ...new Set(differences.map(({ message }) => message)),
      ...(differences.length > SHOWN ? [`${differences.length} rows differ; these are the first.`] : []),
    ],
    facts: differences.slice(0, SHOWN).flatMap(
      ({ row, expected, actual }) =>
        [
          ['Row', row],
          ['Expected', expected],
          ['Actual', actual],
        ] as const,
    ),
    action: { label: 'View proofs', url },
    footer: 'You get this mail because you are in charge of finance or operations.',
  });
}
