import type { UsageRequest } from '../api/types.js';
import { formatUnits } from '../format/number.js';
import type { Tone } from '../components/status-badge.js';

/** The tone in which a status is shown. */
export function toneOfStatus(status: number): Tone {
  if (status >= 500) return 'danger';
  if (status >= 400) return 'warning';
  return 'positive';
}

const outcomes: Readonly<Record<string, string>> = {
  delivered: 'Delivered in full',
  client_aborted: 'The caller closed the connection',
  upstream_refused: 'The API behind the gateway could not be reached',
  upstream_timeout: 'The API behind the gateway did not answer in time',
  upstream_broke: 'The API behind the gateway broke off its answer',
  mocked: 'Answered from the documentation',
  body_too_large: 'The request body was too large',
};

/** How a request ended, as a sentence. */
export function outcomeWords(outcome: string): string {
  return outcomes[outcome] ?? sentence(outcome);
}

const reasons: Readonly<Record<string, string>> = {
  ok: 'Answered successfully',
  upstream_3xx: 'Redirects are not charged',
  upstream_4xx: 'Errors of the request are not charged',
  upstream_5xx: 'Errors of the API are never charged',
  test_mode: 'Test keys are never charged',
  client_aborted: 'Aborted before an answer, not charged',
};

/** Why a request is billable or not, as a sentence. */
export function billableWords({ billable, reason, mode }: UsageRequest): string {
  if (billable) return 'Billable: answered successfully';
  if (mode === 'test') return 'Not billable: test keys are never charged';
  const why = reasons[reason] ?? sentence(reason);
  return `Not billable: ${why.charAt(0).toLowerCase()}${why.slice(1)}`;
}

/** "1 request, 3 tiles": the units that a request used, by the slug of their meter. */
export function quantityWords(
  quantities: UsageRequest['quantities'],
  unitOf: (meter: string) => string | undefined,
): string {
  const parts = Object.entries(quantities).map(([meter, quantity]) => {
    const unit = unitOf(meter);
    return unit ? formatUnits(quantity, unit) : `${quantity} ${meter}`;
  });
  return parts.join(', ') || 'nothing';
}

function sentence(word: string): string {
  const text = word.replaceAll('_', ' ');
  return text.charAt(0).toUpperCase() + text.slice(1);
}
