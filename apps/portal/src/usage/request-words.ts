import type { UsageRequest } from '../api/types.js';
import { formatUnits } from '../format/number.js';
import { capitalized } from '../format/text.js';
import type { Tone } from '../components/status-badge.js';
import { isUsageOutcome, usageOutcomes } from './usage-choices.js';

/** The tone in which a status is shown. */
export function toneOfStatus(status: number): Tone {
  if (status >= 500) return 'danger';
  if (status >= 400) return 'warning';
  return 'positive';
}

/** How a request ended, as a sentence. */
export function outcomeWords(outcome: string): string {
  return isUsageOutcome(outcome) ? usageOutcomes[outcome] : sentence(outcome);
}

const reasons: Readonly<Record<string, string>> = {
  ok: 'Answered successfully',
  upstream_3xx: 'Redirects are not charged',
  upstream_4xx: 'Errors of the request are not charged',
  upstream_5xx: 'Errors of the API are never charged',
  test_mode: 'Test keys are never charged',
  client_aborted: 'Aborted before an answer, not charged',
  soft_error: 'The answer was an error, which is not charged',
  replayed: 'Repeated calls are not charged',
  unreported: 'How it ended was not reported, so it is not charged',
};

const billed: Readonly<Record<string, string>> = {
  upstream_3xx: 'redirects are charged',
  upstream_4xx: 'errors of the request are charged',
  upstream_broke: 'what arrived is charged',
  client_aborted: 'the call had reached the API',
  cut_at_maximum: 'what arrived is charged',
  cache_hit: 'answers from the cache are charged',
  replayed: 'repeated calls are charged',
  soft_error: 'errors in the answer are charged',
  checkpoint: 'charged as it goes on',
  interrupted: 'what arrived is charged',
  reported: 'reported by the publisher',
  unreported: 'how it ended was not reported',
};

/** Why a request is billable or not, as a sentence. */
export function billableWords({ billable, reason, mode }: UsageRequest): string {
  if (billable)
    return reason === 'ok' ? 'Billable: answered successfully' : `Billable by the plan: ${billed[reason] ?? reason}`;
  if (mode === 'test') return 'Not billable: test keys are never charged';
  const why = reasons[reason] ?? sentence(reason);
  return `Not billable: ${why.charAt(0).toLowerCase()}${why.slice(1)}`;
}

/** "connection, 12 rows": what the sum of a stream is made of. */
export function streamWords({ status, rowCount }: Pick<UsageRequest, 'status' | 'rowCount'>): string {
  return `${status === 101 ? 'connection' : 'long answer'}, ${rowCount} rows`;
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

/** "12 ms", and "<1 ms" where rounding would say that it took no time. */
export function durationWords(ms: number): string {
  const rounded = Math.round(ms);
  return rounded === 0 ? '<1 ms' : `${rounded.toLocaleString('en-US')} ms`;
}

/** What else there is to say of a request's cost. */
export function costNotes({ estimated, overrun }: UsageRequest): { label: string; value: string }[] {
  const notes: { label: string; value: string }[] = [];
  if (estimated) notes.push({ label: 'Estimate', value: 'The answer did not say its cost: the maximum counts' });
  if (overrun) {
    const units = Object.entries(overrun).map(([meter, quantity]) => `${quantity} ${meter}`);
    notes.push({ label: 'Not charged', value: `${units.join(', ')} above the maximum` });
  }
  return notes;
}

function sentence(word: string): string {
  return capitalized(word.replaceAll('_', ' '));
}
