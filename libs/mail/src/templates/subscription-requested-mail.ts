import type { Mail } from '../mail.js';
import { layOutMail } from './layout.js';

export interface SubscriptionRequestedMailContent {
  readonly organization: string;
  readonly application: string;
  readonly product: string;
  readonly plan: string;
  /** Where the publisher decides on it. */
  readonly url: string;
}

/** Tells the team of a product that somebody asks for a plan that begins when the team approves it. */
export function subscriptionRequestedMail(content: SubscriptionRequestedMailContent): Omit<Mail, 'to'> {
  const { organization, application, product, plan, url } = content;
  return layOutMail({
    subject: `${organization} asks for ${product} ${plan}`,
    brand: product,
    heading: `${organization} waits for your approval`,
    paragraphs: [
      `They ask for the plan ${plan} of ${product}. It begins when one of you approves it; until then calls with their keys get 403. They are told what you decide, with the reason if you refuse.`,
    ],
    facts: [
      ['Organization', organization],
      ['Application', application],
      ['Plan', `${product} ${plan}`],
    ],
    action: { label: 'Decide', url },
    footer: `You get this mail because you work on ${product}.`,
  });
}
