import type { RateAlgorithm } from '#domain';
import { sliceMsOf } from '../rate-limit/sliding-window-limiter.js';
import {
  type ExchangeListener,
  RateStoreError,
  type UnitsAnswer,
  type UnitsRequest,
  blockLifeMs,
  countsForMs,
} from '../rate-limit/rate-window-store.js';
import type { RedisScript, ScriptRunner } from './redis-script.js';

/** Gateways' clocks are up to half a second apart. */
const keepLongerMs = 1_000;
/** What a key ends with, by the form in which its window is kept: what another version keeps in another form is another window. */
const FORMS: Readonly<Record<RateAlgorithm, string>> = { sliding_window: ' 4', fixed_window: '', gcra: '' };
const numbersOfRequest = 6;
const numbersOfRule = 6;
const numbersOfEnded = 5;
const numbersOfAnswer = 4;

/** An exchange that somebody waits for. */
export interface AskedExchange {
  readonly request: UnitsRequest;
  readonly listener: ExchangeListener;
}

/**
 * Runs exchanges of one algorithm by one call of its script, in their order, and tells each of them how it went: the failure of
 * one is no other's. Rejects with nothing but what a listener throws.
 */
export async function runExchanges(
  client: ScriptRunner,
  script: RedisScript,
  asked: readonly AskedExchange[],
): Promise<void> {
  let answers: (UnitsAnswer | RateStoreError)[];
  try {
    const keys = asked.map(({ request }) => request.key + FORMS[request.rule.algorithm]);
    answers = readAnswers(await script.run(client, keys, [String(asked.length), packed(asked)]), asked.length);
  } catch (error) {
    return failExchanges(asked, error);
  }
  for (const [index, { listener }] of asked.entries()) {
    const answer = answers[index]!;
    if (answer instanceof RateStoreError) listener.onExchangeFailed(answer);
    else listener.onExchanged(answer);
  }
}

export function failExchanges(asked: readonly AskedExchange[], cause: unknown): void {
  for (const { listener } of asked) listener.onExchangeFailed(new RateStoreError(cause));
}

/** What `exchange-each.lua` returns of so many exchanges. */
function readAnswers(reply: unknown, count: number): (UnitsAnswer | RateStoreError)[] {
  const [numbers, failure] = reply as [Buffer, Buffer];
  return Array.from({ length: count }, (_, index) => {
    const at = index * numbersOfAnswer * 8;
    const granted = numbers.readDoubleLE(at);
    if (granted < 0) return new RateStoreError(new Error(failure.toString()));
    return {
      granted,
      diesAtMs: numbers.readDoubleLE(at + 8),
      remaining: numbers.readDoubleLE(at + 16),
      nextUnitInMs: numbers.readDoubleLE(at + 24),
    };
  });
}

/** The numbers of the exchanges, as `exchange-each.lua` reads them. */
function packed(asked: readonly AskedExchange[]): Buffer {
  let count = 0;
  for (const { request } of asked) count += numbersOfRequest + numbersOfRule + request.ended.length * numbersOfEnded;
  const bytes = Buffer.allocUnsafe(count * 8);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  let at = -8;
  const put = (number: number): void => view.setFloat64((at += 8), number, true);
  for (const [index, { request }] of asked.entries()) {
    const { rule, ended } = request;
    const isSameRule = hasRuleOf(request, asked[index - 1]?.request);
    put(request.nowMs);
    put(request.needed);
    put(request.wanted);
    put(request.diesAtMs);
    put(ended.length);
    put(isSameRule ? 0 : 1);
    if (!isSameRule) {
      put(rule.limit);
      put(rule.windowMs);
      put(rule.algorithm === 'sliding_window' ? sliceMsOf(rule.limit, rule.windowMs) : rule.burst);
      put(blockLifeMs(rule));
      put(request.sharers);
      put(countsForMs(rule) + keepLongerMs);
    }
    for (const { units, diesAtMs, spent, lastSpentMs, isBlock } of ended) {
      put(units);
      put(diesAtMs);
      put(spent);
      put(lastSpentMs);
      put(isBlock ? 1 : 0);
    }
  }
  return bytes.subarray(0, at + 8);
}

/** Of two requests of one algorithm: whether they differ in nothing but what they ask for. */
function hasRuleOf({ rule, sharers }: UnitsRequest, other: UnitsRequest | undefined): boolean {
  if (other === undefined || sharers !== other.sharers) return false;
  return rule.limit === other.rule.limit && rule.windowMs === other.rule.windowMs && rule.burst === other.rule.burst;
}
