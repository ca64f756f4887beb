import type { Mail } from '../mail.js';
import { layOutMail } from './layout.js';

export interface WebhookDisabledMailContent {
  readonly organization: string;
  /** The endpoint's URL up to its path. */
  readonly origin: string;
  readonly reason: 'gone' | 'failing';
  /** Where the endpoint's log is. */
  readonly url: string;
}

/** Tells the owners of an organization that one of its webhook endpoints is sent nothing any more. */
export function webhookDisabledMail(content: WebhookDisabledMailContent): Omit<Mail, 'to'> {
  const { organization, origin, reason, url } = content;
  const why =
    reason === 'gone'
      ? 'It answered 410 Gone, which asks us to send nothing any more.'
      : 'For five days no message could be delivered to it.';
  return layOutMail({
    subject: `A webhook endpoint was turned off: ${origin}`,
    brand: organization,
    heading: 'A webhook endpoint was turned off',
    paragraphs: [
      why,
      'Messages that waited for it are given up. Once it works again, turn it on, and send again what you need from its log.',
    ],
    facts: [
      ['Organization', organization],
      ['Endpoint', origin],
    ],
    action: { label: 'See its log', url },
    footer: `You get this mail because you own ${organization}.`,
  });
}
