import type { BillabilityRules, Outcome } from '#domain';
import { describe, expect, it } from 'vitest';
import { compileBillability, testBillability } from './billability.js';
import { CLIENT_GONE_STATUS } from './client-gone-status.js';
import { type Ending, judge, judgeHead } from './judge.js';

const operation = { method: 'GET', template: '/things/{id}', operation: 'getThing', tags: ['read'] };
const other = { method: 'POST', template: '/things', operation: 'createThing', tags: ['write'] };
const byDefault = compileBillability({});

const ended = (outcome: Outcome, status: number, rest: Partial<Ending> = {}): Ending => ({
  outcome,
  status,
  wasUpstreamReached: true,
  isSoftError: false,
  ...rest,
});
const under = (billability: BillabilityRules, ending: Ending, of = operation) =>
  judge(ending, compileBillability({ billability }), of);

const gone = CLIENT_GONE_STATUS;
const unreached = { wasUpstreamReached: false };
const softError = { isSoftError: true };

describe('what is billable by default', () => {
  it.each<[Ending, { billable: boolean; countsToQuota: boolean; reason: string }]>([
    [ended('delivered', 200), { billable: true, countsToQuota: true, reason: 'ok' }],
    [ended('delivered', 204), { billable: true, countsToQuota: true, reason: 'ok' }],
    [ended('delivered', 301), { billable: false, countsToQuota: false, reason: 'upstream_3xx' }],
    [ended('delivered', 304), { billable: false, countsToQuota: false, reason: 'upstream_3xx' }],
    [ended('delivered', 404), { billable: false, countsToQuota: false, reason: 'upstream_4xx' }],
    [ended('delivered', 503), { billable: false, countsToQuota: false, reason: 'upstream_5xx' }],
    [ended('delivered', 200, softError), { billable: false, countsToQuota: false, reason: 'soft_error' }],
    [ended('delivered', 404, softError), { billable: false, countsToQuota: false, reason: 'upstream_4xx' }],
    [ended('client_aborted', 200), { billable: true, countsToQuota: true, reason: 'client_aborted' }],
    [ended('client_aborted', 200, softError), { billable: false, countsToQuota: false, reason: 'soft_error' }],
    [ended('client_aborted', 404), { billable: false, countsToQuota: false, reason: 'upstream_4xx' }],
    [ended('client_aborted', gone), { billable: false, countsToQuota: true, reason: 'client_aborted' }],
    [ended('client_aborted', gone, unreached), { billable: false, countsToQuota: false, reason: 'client_aborted' }],
    [ended('upstream_refused', 502, unreached), { billable: false, countsToQuota: false, reason: 'upstream_refused' }],
    [ended('upstream_timeout', 504), { billable: false, countsToQuota: false, reason: 'upstream_timeout' }],
    [ended('circuit_open', 503, unreached), { billable: false, countsToQuota: false, reason: 'circuit_open' }],
    [ended('upstream_broke', 502), { billable: false, countsToQuota: false, reason: 'upstream_broke' }],
    [ended('upstream_broke', 200), { billable: false, countsToQuota: false, reason: 'upstream_broke' }],
    [ended('body_too_large', 413), { billable: false, countsToQuota: false, reason: 'body_too_large' }],
    [ended('cut_at_maximum', 200), { billable: true, countsToQuota: true, reason: 'cut_at_maximum' }],
    [ended('cut_at_maximum', 404), { billable: false, countsToQuota: false, reason: 'upstream_4xx' }],
    [ended('cache_hit', 200), { billable: true, countsToQuota: true, reason: 'cache_hit' }],
    [ended('cache_hit', 304), { billable: false, countsToQuota: false, reason: 'upstream_3xx' }],
    [ended('replayed', 201), { billable: false, countsToQuota: false, reason: 'replayed' }],
    [ended('checkpoint', 200), { billable: true, countsToQuota: true, reason: 'checkpoint' }],
    [ended('interrupted', 200), { billable: true, countsToQuota: true, reason: 'interrupted' }],
    [ended('delivered', 101), { billable: true, countsToQuota: true, reason: 'ok' }],
    [ended('checkpoint', 101), { billable: true, countsToQuota: true, reason: 'ok' }],
  ])('%j', (ending, expected) => {
    expect(judge(ending, byDefault, operation)).toEqual({ ...expected, meters: 'all', factor: '1' });
  });

  it('is nothing with a test key, whatever happens', () => {
    const outcomes: Outcome[] = [
      'delivered',
      'client_aborted',
      'upstream_refused',
      'upstream_timeout',
      'upstream_broke',
      'body_too_large',
      'cut_at_maximum',
      'cache_hit',
      'replayed',
      'checkpoint',
      'interrupted',
    ];
    for (const outcome of outcomes) {
      for (const status of [101, 200, 301, 404, gone, 502]) {
        const { billable, countsToQuota, reason } = judge(ended(outcome, status), testBillability, operation);
        expect({ billable, countsToQuota, reason }).toEqual({
          billable: false,
          countsToQuota: false,
          reason: 'test_mode',
        });
      }
    }
  });

  it('is on the receipt as it is in the event when all is delivered', () => {
    for (const status of [101, 200, 204, 302, 404, 500]) {
      const atHead = judgeHead(status, byDefault, operation, false);
      expect(atHead).toBe(judge(ended('delivered', status), byDefault, operation));
    }
  });
});

describe('a plan that says otherwise', () => {
  it.each<[string, BillabilityRules, Ending]>([
    ['bills redirects', { redirect: { billable: true } }, ended('delivered', 302)],
    ['bills client errors', { clientError: { billable: true } }, ended('delivered', 422)],
    ['bills aborts before the head', { abortedBeforeHead: { billable: true } }, ended('client_aborted', gone)],
    [
      'bills aborts before the upstream',
      { abortedBeforeUpstream: { billable: true } },
      ended('client_aborted', gone, unreached),
    ],
    ['bills broken answers', { brokenAfterHead: { billable: true } }, ended('upstream_broke', 200)],
    ['bills soft errors', { softError: { billable: true } }, ended('delivered', 200, softError)],
    ['bills replays', { replayed: { billable: true } }, ended('replayed', 200)],
  ])('%s', (_, billability, ending) => {
    expect(judge(ending, byDefault, operation).billable).toBe(false);
    expect(under(billability, ending).billable).toBe(true);
  });

  it('opts in client errors of some operations only', () => {
    const rules = { clientError: { billable: true, quota: true, operations: ['tag:read'] } };
    expect(under(rules, ended('delivered', 404))).toMatchObject({ billable: true, countsToQuota: true });
    expect(under(rules, ended('delivered', 404), other)).toMatchObject({ billable: false, countsToQuota: false });
    expect(under({ clientError: { billable: true } }, ended('delivered', 404), other).billable).toBe(true);
  });

  it('releases the quota of aborted calls', () => {
    const rules = { abortedBeforeHead: { quota: false }, abortedAfterHead: { quota: false, billable: false } };
    expect(under(rules, ended('client_aborted', gone)).countsToQuota).toBe(false);
    expect(under(rules, ended('client_aborted', 200))).toMatchObject({ billable: false, countsToQuota: false });
  });

  it('bills of a broken answer only what passed', () => {
    const broken = ended('upstream_broke', 200);
    expect(under({ brokenAfterHead: { valueMeters: true } }, broken)).toMatchObject({
      billable: true,
      countsToQuota: true,
      meters: 'values',
    });
    expect(under({ brokenAfterHead: { valueMeters: true } }, ended('upstream_broke', 502)).billable).toBe(false);
  });

  it('bills a part of what comes from the cache, or nothing', () => {
    const hit = ended('cache_hit', 200);
    expect(under({ cacheHit: { factor: '0.1' } }, hit)).toMatchObject({ billable: true, factor: '0.1' });
    expect(under({ cacheHit: { factor: '0' } }, hit)).toMatchObject({ billable: false, factor: '0' });
  });

  it('makes test calls, failures of the upstream and bodies that are too large no more billable', () => {
    const all = { serverError: { billable: true }, refused: { billable: true }, test: { billable: true } };
    for (const ending of [
      ended('delivered', 500),
      ended('upstream_refused', 502),
      ended('upstream_timeout', 504),
      ended('upstream_broke', 502),
      ended('body_too_large', 413),
    ]) {
      expect(under(all, ending)).toMatchObject({ billable: false, countsToQuota: false });
    }
  });
});
