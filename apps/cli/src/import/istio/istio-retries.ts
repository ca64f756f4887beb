import { RETRY_CONDITIONS } from '#domain';
import { shown } from '../import-report.js';
import type { InputPart } from '../input-part.js';
import { durationIn } from './istio-duration.js';

type Retries = Readonly<Record<string, unknown>>;

/** As Envoy repeats: whatever the method, with no share of repeats that may not be exceeded. */
const AS_ENVOY = {
  methods: ['GET', 'HEAD', 'OPTIONS', 'PUT', 'DELETE', 'POST', 'PATCH'],
  maxReplayBytes: 1_048_576,
  budgetPercent: 100,
};
/** What Istio does where nothing is said, as far as it is known here. */
export const ISTIO_RETRIES: Retries = { attempts: 2, retryOn: ['connect-failure'], ...AS_ENVOY };

/** Those of a route of HTTP; null for none. */
export function readRetries(route: InputPart): Retries | null {
  const part = route.part('retries');
  if (!part) return ISTIO_RETRIES;
  const { report } = part;
  const wanted = part.count('attempts') ?? 2;
  const attempts = Math.min(10, wanted);
  if (attempts !== wanted) report.changed(part.at('attempts'), `${wanted}: at most 10.`);
  const { retryOn, codes } = conditionsOf(part);
  const perTryTimeoutMs = durationIn(part, 'perTryTimeout', { least: 10, most: 600_000 });
  part.leaveOut('retryRemoteLocalities', 'a repeat goes to another target of the subset, where there is one.');
  part.leaveOut('backoff', 'it begins with 25 ms and doubles.');
  part.leaveRest();
  if (attempts === 0) return null;
  report.changed(part.place, 'requests of every method are repeated, as Istio does, with bodies of up to 1 MiB.');
  return {
    attempts,
    retryOn,
    ...(codes.length > 0 && { retriableStatusCodes: codes }),
    ...(perTryTimeoutMs !== undefined && { perTryTimeoutMs }),
    ...AS_ENVOY,
  };
}

/** Other names of conditions that we have. */
const SYNONYMS: ReadonlyMap<string, string> = new Map(
  Object.entries({
    'refused-stream': 'reset',
    'reset-before-request': 'connect-failure',
  }),
);

function conditionsOf(part: InputPart): { retryOn: readonly string[]; codes: readonly number[] } {
  const words = (part.text('retryOn') ?? 'connect-failure').split(',').map((word) => word.trim());
  const conditions = new Set<string>();
  const codes: number[] = [];
  for (const word of words.filter((one) => one !== '')) {
    const condition = SYNONYMS.get(word) ?? word;
    if (/^[45]\d\d$/.test(word)) codes.push(Number(word));
    else if ((RETRY_CONDITIONS as readonly string[]).includes(condition)) conditions.add(condition);
    else part.report.leftOut(part.at('retryOn'), `${shown(word)} is no condition here.`);
  }
  if (codes.length > 0) conditions.add('retriable-status-codes');
  if (conditions.size === 0) conditions.add('connect-failure');
  return { retryOn: [...conditions], codes };
}
