import type {
  ListedWebhookDelivery,
  WebhookAttempt,
  WebhookDeliveryState,
  WebhookEndpoint,
} from '../../api/webhooks.js';
import type { Tone } from '../../components/status-badge.js';

interface Words {
  readonly label: string;
  readonly tone: Tone;
}

const stateWords: Readonly<Record<WebhookDeliveryState, Words>> = {
  waiting: { label: 'Waiting', tone: 'info' },
  delivered: { label: 'Delivered', tone: 'positive' },
  failed: { label: 'Failed', tone: 'danger' },
  canceled: { label: 'Canceled', tone: 'neutral' },
};

export const stateChoices = Object.entries(stateWords).map(([value, { label }]) => ({ value, label }));

/** How a message stands; one that has failed and waits for its next try says so. */
export function deliveryWords({ state, lastAttempt }: Pick<ListedWebhookDelivery, 'state' | 'lastAttempt'>): Words {
  return state === 'waiting' && lastAttempt !== null ? { label: 'Retrying', tone: 'warning' } : stateWords[state];
}

/** Whether an endpoint is sent messages, and if not, why. */
export function endpointWords({
  disabledReason,
  failingSince,
}: Pick<WebhookEndpoint, 'disabledReason' | 'failingSince'>): Words {
  if (disabledReason === 'gone') return { label: 'Off: gone', tone: 'danger' };
  if (disabledReason === 'failing') return { label: 'Off: failing', tone: 'danger' };
  if (disabledReason === 'member') return { label: 'Off', tone: 'neutral' };
  return failingSince === null ? { label: 'On', tone: 'positive' } : { label: 'Failing', tone: 'warning' };
}

const outcomeWords: Readonly<Record<WebhookAttempt['outcome'], string>> = {
  delivered: 'Delivered',
  refused: 'Refused',
  redirected: 'Redirected, not followed',
  timed_out: 'No answer in 15 s',
  unreachable: 'Not reachable',
  address_refused: 'Address not allowed',
};

/** What came of a try: its status, or what went wrong. */
export function outcomeOf({ outcome, status }: Pick<WebhookAttempt, 'outcome' | 'status'>): string {
  if (status === null) return outcomeWords[outcome];
  return outcome === 'delivered' || outcome === 'refused' ? String(status) : `${status} ${outcomeWords[outcome]}`;
}

/** The part of a type before its dot: what it is about. */
export function subjectOf(eventType: string): string {
  return eventType.split('.')[0]!.replaceAll('_', ' ');
}
