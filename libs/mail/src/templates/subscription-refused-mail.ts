import type { Mail } from '../mail.js';
import { layOutMail } from './layout.js';

export interface SubscriptionRefusedMailContent {
  readonly organization: string;
  readonly application: string;
  readonly product: string;
  readonly plan: string;
  /** As the publisher wrote it; null where nothing was said. */
  readonly reason: string | null;
  /** Where the subscription is. */
  readonly url: string;
}

/** Tells those who asked for a plan that its publisher has refused them, and why. */
export function subscriptionRefusedMail(content: SubscriptionRefusedMailContent): Omit<Mail, 'to'> {
  const { organization, application, product, plan, reason, url } = content;
  return layOutMail({
    subject: `${product} ${plan}: your subscription was refused`,
    brand: organization,
    heading: `${product} ${plan} was refused`,
    paragraphs: [
      `The team of ${product} has refused the plan ${plan} for ${application}. It never began, and nothing is charged.`,
      'You can subscribe to another plan.',
    ],
    facts: [
      ['Application', application],
      ['Plan', `${product} ${plan}`],
      ...(reason === null ? [] : [['Reason', reason] as const]),
    ],
    action: { label: 'View the subscription', url },
    footer: `You get this mail because you receive the invoices of ${organization}.`,
  });
}
