import type { BillabilityRow } from '../api/types.js';

/** What happened to a call, in a few words. */
export const situationWords: Readonly<Record<BillabilityRow['name'], string>> = {
  success: 'Answered with 2xx, HEAD and streams too',
  redirect: 'Answered with 3xx, 304 too',
  clientError: 'Answered with 4xx',
  serverError: 'Answered with 5xx, or not at all',
  refused: 'Refused by the gateway: no key, no access, a limit',
  abortedBeforeUpstream: 'You hang up before the API was reached',
  abortedBeforeHead: 'You hang up before the answer begins',
  abortedAfterHead: 'You hang up in the middle of a 2xx answer',
  brokenAfterHead: 'A 2xx answer breaks off',
  cacheHit: 'Answered from the cache',
  preflight: 'CORS preflight',
  replayed: 'Repeated with the same Idempotency-Key',
  softError: 'A 200 that the publisher counts as an error',
  webSocket: 'WebSocket, counted as it goes on',
  test: 'Called with a test key',
};

/** Whether such a call is billed. */
export function billedWords({ name, billable, operations, valueMeters, factor, isFixed }: BillabilityRow): string {
  if (isFixed) return 'Never';
  if (billable && operations) return `Only ${operations.join(', ')}`;
  if (billable && factor !== '1') return Number(factor) === 0 ? 'No' : `At ${percent(factor)}`;
  if (!billable && valueMeters) return 'Only what arrived';
  if (billable && name === 'abortedAfterHead') return 'Yes, what arrived';
  return billable ? 'Yes' : 'No';
}

/** Whether such a call uses up quotas. */
export function quotaUseWords({ name, quota, operations, valueMeters }: BillabilityRow): string {
  if (name === 'test') return 'Of test calls';
  if (quota && operations) return `Only ${operations.join(', ')}`;
  if (!quota && valueMeters) return 'Only what arrived';
  return quota ? 'Yes' : 'No';
}

/** Rows that are not billed unless a plan says so, in words for a sentence. */
const seldomBilled: Readonly<Partial<Record<BillabilityRow['name'], string>>> = {
  redirect: 'redirects (3xx)',
  clientError: 'some answers with 4xx',
  abortedBeforeUpstream: 'calls that you break off',
  abortedBeforeHead: 'calls that you break off',
  brokenAfterHead: 'answers that break off',
  softError: 'errors within an answer of 200',
  replayed: 'repeated calls',
};

/** What plans charge for, in a sentence that holds for each of them; what no plan can charge for comes first. */
export function chargeWords(
  plans: readonly { readonly version: { readonly billability: readonly BillabilityRow[] } }[],
) {
  const isBilled = (row: BillabilityRow) => (row.billable && Number(row.factor) > 0) || row.valueMeters;
  const rows = plans.flatMap(({ version }) => version.billability).filter(isBilled);
  const extras = [...new Set(rows.flatMap(({ name }) => seldomBilled[name] ?? []))];
  if (extras.length === 0) return 'Errors, refused calls and test keys are never charged.';
  const listed = new Intl.ListFormat('en', { type: 'conjunction' }).format(extras);
  return `Failures of the API (5xx), refused calls and test keys are never charged; ${plans.length > 1 ? 'some plans charge' : 'the plan charges'} for ${listed}.`;
}

/** "0.125" is "12.5 %". */
function percent(factor: string): string {
  return `${Number((Number(factor) * 100).toFixed(6))} %`;
}
