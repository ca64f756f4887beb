import { describe, expect, it } from 'vitest';
import { type EventCaller, isSameCaller } from './event-caller.js';

const caller: EventCaller = {
  mode: 'live',
  organizationId: 'organization',
  applicationId: 'application',
  credentialId: 'credential',
  subscriptionId: 'subscription',
  phaseId: 'phase',
  planVersionId: 'plan-version',
  periodStartMs: 1,
  apiProductId: 'product',
  apiVersionId: 'version',
};

describe('isSameCaller', () => {
  it('is true of equal callers', () => {
    expect(isSameCaller(caller, { ...caller })).toBe(true);
  });

  it.each(Object.keys(caller))('is false when %s differs', (field) => {
    expect(isSameCaller(caller, { ...caller, [field]: null })).toBe(false);
    expect(isSameCaller({ ...caller, [field]: null }, caller)).toBe(false);
  });
});
