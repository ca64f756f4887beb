/** What a field of an event's data is: an id, or one of the few facts beside ids. */
type DataExample = Readonly<Record<string, string | number>>;

interface EventDescription {
  /** When it is sent. */
  readonly description: string;
  /** Its data, but for the organization's id, which all have. */
  readonly example: DataExample;
}

const subscription = { subscriptionId: '019f5a3e-7d1b-7c44-9a55-0f6f3d7c2b10' };
const key = { credentialId: '019f5a40-1c2d-7f0a-8b3e-5d1c9e7a4f21', keyId: 'k3JmPq8sTzW1' };
const invoice = {
  invoiceId: '019f5a41-77aa-7b10-9c4d-2e8b6f0a1d32',
  ...subscription,
  number: 'SKY-000042',
  currency: 'USD',
  totalMinor: '1250',
};
const member = { userId: 'Zr4mQx1Yt7', role: 'developer' };

/** Everything that an endpoint can be told of. The data of a type only gains fields while `WEBHOOK_VERSION` is the same. */
export const WEBHOOK_EVENTS = {
  'subscription.created': {
    description: 'An application was subscribed to a product; it waits when its plan requires approval.',
    example: { ...subscription, applicationId: '019f5a3d-0b7e-7a61-8f02-64c1e2b9d543', state: 'active' },
  },
  'subscription.approved': { description: 'The publisher approved a subscription.', example: subscription },
  'subscription.refused': { description: 'The publisher refused a subscription, for good.', example: subscription },
  'subscription.changed': {
    description:
      'The plan of a subscription, its terms, its coupon or its end was changed, planned or taken back; a trial went on as a plan.',
    example: { ...subscription, change: 'plan_changed' },
  },
  'subscription.canceled': { description: 'A subscription has ended.', example: subscription },
  'subscription.suspended': {
    description: 'Calls of a subscription are refused from now on.',
    example: { ...subscription, reason: 'payment' },
  },
  'subscription.restored': {
    description: 'A reason for which calls of a subscription were refused is gone.',
    example: { ...subscription, reason: 'payment' },
  },
  'key.created': { description: 'A key was created.', example: key },
  'key.rotated': {
    description: 'A key got a successor, and ends after the overlap.',
    example: { ...key, successorId: '019f5a42-5f11-7d3c-a1b2-7c9d0e4f6a54' },
  },
  'key.revoked': { description: 'A key was revoked, by a member or because it had leaked.', example: key },
  'key.expiring': {
    description: 'A key ends in seven days or less, once for each end that was decided longer ahead.',
    example: { ...key, expiresAt: '2026-12-01T00:00:00.000Z' },
  },
  'key.leaked': { description: 'A key was found in public.', example: key },
  'quota.threshold_reached': {
    description: '50, 80 or 100 percent of a quota are used, once for each in a period.',
    example: { ...subscription, periodStart: '2026-11-01T00:00:00.000Z', quota: 'monthly', threshold: 80 },
  },
  'budget.threshold_reached': {
    description: '50, 80 or 100 percent of a spending cap are used, once for each in a period.',
    example: { ...subscription, periodStart: '2026-11-01T00:00:00.000Z', threshold: 80 },
  },
  'credits.low': {
    description: 'Of prepaid credits at most 20 percent, or none, are left.',
    example: { sellerSlug: 'sky', currency: 'USD', threshold: 20 },
  },
  'invoice.issued': { description: 'An invoice over money was issued.', example: invoice },
  'invoice.paid': { description: 'Nothing of an invoice is due any more.', example: invoice },
  'invoice.past_due': {
    description: 'An invoice was not paid: a payment failed, or its term passed.',
    example: invoice,
  },
  'invoice.voided': { description: 'An invoice was withdrawn: nothing is owed for it.', example: invoice },
  'invoice.uncollectible': { description: 'An invoice was given up, and is still owed.', example: invoice },
  'credit_note.issued': {
    description: 'A credit note takes back an invoice, or a part of it.',
    example: {
      creditNoteId: '019f5a43-2d7f-7e08-b4c6-1a5f8e3b9c76',
      invoiceId: invoice.invoiceId,
      number: 'SKY-CN-000007',
      currency: 'USD',
      totalMinor: '500',
    },
  },
  'payment.failed': {
    description: 'A card was charged for an invoice and refused.',
    example: { ...invoice, failureCode: 'card_declined' },
  },
  'member.joined': { description: 'A person joined the organization.', example: member },
  'member.role_changed': { description: 'A member got another role.', example: member },
  'member.removed': { description: 'A member left, or was removed.', example: member },
} as const satisfies Readonly<Record<string, EventDescription>>;

/** What an endpoint can choose to be told of. */
export type WebhookEventType = keyof typeof WEBHOOK_EVENTS;

export const WEBHOOK_EVENT_TYPES = Object.keys(WEBHOOK_EVENTS) as readonly WebhookEventType[];

/** Of all bodies; a change that could break a reader raises it. */
const WEBHOOK_VERSION = 1;

/** What an endpoint is sent when somebody tries it; no endpoint chooses it. */
export const WEBHOOK_TEST_TYPE = 'webhook.test';

type DataOf<Example> = { readonly [Field in keyof Example]: Example[Field] extends number ? number : string };

/** Something that happened in an organization, with the ids of what it happened to. */
export type WebhookEvent = {
  readonly [Type in WebhookEventType]: {
    readonly organizationId: string;
    readonly type: Type;
    readonly data: DataOf<(typeof WEBHOOK_EVENTS)[Type]['example']>;
  };
}[WebhookEventType];

/** The body of a message: small, and the same for every try. `timestamp` is when it happened. */
export function writeWebhookBody(
  event: { readonly organizationId: string; readonly type: string; readonly data: Readonly<Record<string, unknown>> },
  happenedAt: Date,
): string {
  const { organizationId, type, data } = event;
  return JSON.stringify({
    type,
    version: WEBHOOK_VERSION,
    timestamp: happenedAt.toISOString(),
    data: { organizationId, ...data },
  });
}
