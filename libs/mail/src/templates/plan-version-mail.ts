import type { Mail } from '../mail.js';
import { layOutMail } from './layout.js';

export interface PlanVersionMailContent {
  readonly organization: string;
  readonly application: string;
  readonly product: string;
  readonly plan: string;
  readonly startsAt: Date;
  /** The plan can be seen, changed and canceled there. */
  readonly subscriptionId: string;
  readonly portalUrl: string;
}

/** Tells those who pay that their plan gets a new version, and from when on. */
export function planVersionMail(content: PlanVersionMailContent): Omit<Mail, 'to'> {
  const { organization, application, product, plan, subscriptionId, portalUrl } = content;
  const startsAt = `${content.startsAt.toISOString().slice(0, 10)} (UTC)`;
  const { href: url } = new URL(`/dashboard/subscriptions/${subscriptionId}`, portalUrl);
  return layOutMail({
    subject: `${product} ${plan}: new terms from ${startsAt}`,
    brand: organization,
    heading: `New terms for ${product} ${plan}`,
    paragraphs: [
      `From ${startsAt} on, the plan ${plan} of ${product} has new terms for ${application}. Until then nothing changes.`,
      'You can look at them, choose another plan or cancel before that day.',
    ],
    facts: [
      ['Application', application],
      ['Plan', `${product} ${plan}`],
      ['From', startsAt],
    ],
    action: { label: 'View the subscription', url },
    footer: `You get this mail because you receive the invoices of ${organization}.`,
  });
}
