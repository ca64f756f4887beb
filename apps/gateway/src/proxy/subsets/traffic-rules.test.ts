import type { CallMatch, TrafficPolicy } from '#domain';
import { describe, expect, it } from 'vitest';
import { type Caller, TrafficRules } from './traffic-rules.js';

const caller: Caller = {
  rawHeaders: ['Host', 'api.example', 'X-Stage', 'beta-2', 'Accept', 'text/html', 'accept', 'application/json'],
  applicationId: 'application-1',
  organizationId: 'organization-1',
  productId: 'product-1',
  planSlug: 'pro',
};
const names = {
  organizations: new Map([['acme', 'organization-1']]),
  applications: new Map([['acme/Shop window', 'application-1']]),
  products: new Map([['atlas', 'product-1']]),
};
const all = (subset: string) => [{ subset, weight: 1 }];
const choose = (policy: TrafficPolicy, changes: Partial<Caller> = {}) =>
  new TrafficRules('version', policy, (name) => name, names).choose({ ...caller, ...changes });
const isMatched = (match: CallMatch | readonly CallMatch[], changes: Partial<Caller> = {}) => {
  const rule = { name: 'rule', match: [match].flat() as readonly CallMatch[], split: all('canary') };
  return choose({ rules: [rule], defaultSplit: all('stable') }, changes) === 'canary';
};

describe('rules of traffic', () => {
  it('match header fields by name in any case, and any of their values', () => {
    expect(isMatched({ headers: { 'x-STAGE': { exact: 'beta-2' } } })).toBe(true);
    expect(isMatched({ headers: { 'x-stage': { exact: 'beta' } } })).toBe(false);
    expect(isMatched({ headers: { 'x-stage': { prefix: 'beta' } } })).toBe(true);
    expect(isMatched({ headers: { 'x-stage': { prefix: 'eta' } } })).toBe(false);
    expect(isMatched({ headers: { accept: { exact: 'application/json' } } })).toBe(true);
    expect(isMatched({ headers: { 'x-stage': { present: true } } })).toBe(true);
    expect(isMatched({ headers: { 'x-none': { present: true } } })).toBe(false);
    expect(isMatched({ headers: { 'x-none': { present: false } } })).toBe(true);
    expect(isMatched({ headers: { 'x-stage': { present: false } } })).toBe(false);
    expect(isMatched({ headers: { 'x-none': { prefix: '' } } })).toBe(false);
  });

  it('match patterns against the whole value, in time that is linear in it', () => {
    expect(isMatched({ headers: { 'x-stage': { regex: 'beta-[0-9]+' } } })).toBe(true);
    expect(isMatched({ headers: { 'x-stage': { regex: 'beta' } } })).toBe(false);
    const rawHeaders = ['x-stage', `${'a'.repeat(8_000)}!`];
    const startedAt = performance.now();
    expect(isMatched({ headers: { 'x-stage': { regex: '(a+)+b' } } }, { rawHeaders })).toBe(false);
    expect(performance.now() - startedAt).toBeLessThan(2_000);
  });

  it('match who calls, and by which plan', () => {
    expect(isMatched({ organizations: ['other', 'acme'] })).toBe(true);
    expect(isMatched({ organizations: ['other'] })).toBe(false);
    expect(isMatched({ applications: ['acme/Shop window'] })).toBe(true);
    expect(isMatched({ applications: ['acme/Shop'] })).toBe(false);
    expect(isMatched({ plans: ['atlas/free', 'atlas/pro'] })).toBe(true);
    expect(isMatched({ plans: ['other/pro', 'atlas/free'] })).toBe(false);
    expect(isMatched({ plans: ['atlas/pro'] }, { planSlug: null })).toBe(false);
  });

  it('want all that one alternative says, and one alternative', () => {
    const [right, wrong] = [{ organizations: ['acme'] }, { plans: ['atlas/free'] }];
    expect(isMatched({ ...right, ...wrong })).toBe(false);
    expect(isMatched([wrong, right])).toBe(true);
  });

  it('decide by the first that matches, and else by the default', () => {
    const rule = (name: string, subset: string, headers: CallMatch['headers']) => ({
      name,
      match: [{ headers }],
      split: all(subset),
    });
    const rules = [
      rule('none', 'stable', { 'x-none': { present: true } }),
      rule('first', 'other', { 'x-stage': { present: true } }),
      rule('second', 'canary', { 'x-stage': { exact: 'beta-2' } }),
    ];
    expect(choose({ rules, defaultSplit: all('stable') })).toBe('other');
    expect(choose({ rules, defaultSplit: all('canary') }, { rawHeaders: [] })).toBe('canary');
    expect(choose({ rules, defaultSplit: [] }, { rawHeaders: [] })).toBeNull();
  });
});
