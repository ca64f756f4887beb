import type { Mail } from '../mail.js';
import { layOutMail } from './layout.js';

export interface SubscriptionApprovedMailContent {
  readonly organization: string;
  readonly application: string;
  readonly product: string;
  readonly plan: string;
  /** Where the subscription is. */
  readonly url: string;
}

/** Tells those who asked for a plan that its publisher has approved them, so that it has begun. */
export function subscriptionApprovedMail(content: SubscriptionApprovedMailContent): Omit<Mail, 'to'> {
  const { organization, application, product, plan, url } = content;
  return layOutMail({
    subject: `${product} ${plan}: your subscription was approved`,
    brand: organization,
    heading: `${product} ${plan} has begun`,
    paragraphs: [
      `The team of ${product} has approved the plan ${plan} for ${application}. It has begun: calls with a live key are served and billed from now on.`,
    ],
    facts: [
      ['Application', application],
      ['Plan', `${product} ${plan}`],
    ],
    action: { label: 'View the subscription', url },
    footer: `You get this mail because you receive the invoices of ${organization}.`,
  });
}
