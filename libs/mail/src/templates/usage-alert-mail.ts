import type { Mail } from '../mail.js';
import { layOutMail } from './layout.js';

export interface UsageAlertMailContent {
  readonly organization: string;
  readonly application: string;
  readonly product: string;
  /** "quota monthly" or "spending cap". */
  readonly limitName: string;
  /** Percent. */
  readonly threshold: number;
  /** Both formatted for reading. */
  readonly used: string;
  readonly limit: string;
  /** Where usage and costs are seen. */
  readonly url: string;
}

/** Tells those who pay that a part of a limit is used. */
export function usageAlertMail(content: UsageAlertMailContent): Omit<Mail, 'to'> {
  const { organization, application, product, limitName, threshold, used, limit, url } = content;
  return layOutMail({
    subject: `${application}: ${threshold} % of the ${limitName} used`,
    brand: organization,
    heading: `${threshold} % of the ${limitName} is used`,
    paragraphs: [
      threshold === 100
        ? `${application} has used all of its ${limitName} for ${product} in this period.`
        : `${application} has used ${threshold} % of its ${limitName} for ${product} in this period.`,
    ],
    facts: [
      ['Application', application],
      ['Product', product],
      ['Used', used],
      ['Limit', limit],
    ],
    action: { label: 'View usage', url },
    footer: `You get this mail because you receive the invoices of ${organization}.`,
  });
}
