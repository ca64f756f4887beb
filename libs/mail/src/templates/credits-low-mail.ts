import type { Mail } from '../mail.js';
import { layOutMail } from './layout.js';

export interface CreditsLowMailContent {
  readonly organization: string;
  readonly seller: string;
  /** Percent that is left at most; 0 when nothing is. */
  readonly threshold: number;
  /** Both formatted for reading. */
  readonly left: string;
  readonly granted: string;
  /** Where credits are seen and bought. */
  readonly url: string;
}

/** Tells those who pay that prepaid credits run low. */
export function creditsLowMail(content: CreditsLowMailContent): Omit<Mail, 'to'> {
  const { organization, seller, threshold, left, granted, url } = content;
  const isUsedUp = threshold === 0;
  return layOutMail({
    subject: isUsedUp
      ? `Prepaid credits with ${seller} are used up`
      : `Prepaid credits with ${seller} run low: ${left} left`,
    brand: organization,
    heading: isUsedUp ? 'Prepaid credits are used up' : `Less than ${threshold} % of the prepaid credits is left`,
    paragraphs: [
      isUsedUp
        ? `${organization} has used all of its prepaid credits with ${seller}. Further usage goes on the next invoice, or is refused where the plan says so.`
        : `${organization} has ${left} of ${granted} left with ${seller}, with the usage of the current periods taken off.`,
    ],
    facts: [
      ['Seller', seller],
      ['Left', left],
      ['Granted', granted],
    ],
    action: { label: 'View credits', url },
    footer: `You get this mail because you receive the invoices of ${organization}.`,
  });
}
