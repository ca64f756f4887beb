import type { UsageEvent } from '#domain';

/** An event as a journal takes it, of nobody in particular. */
export function aJournalledEvent(overrides: Partial<UsageEvent> = {}): UsageEvent {
  return {
    id: '',
    seq: 0,
    endedAtMs: 0,
    gatewayId: 'gateway-1',
    mode: 'live',
    organizationId: 'organization',
    applicationId: 'application',
    credentialId: 'credential',
    subscriptionId: null,
    phaseId: null,
    planVersionId: null,
    periodStartMs: null,
    apiProductId: 'product',
    apiVersionId: 'version',
    operation: '',
    method: 'GET',
    status: 200,
    outcome: 'delivered',
    reason: 'ok',
    attempts: 1,
    bytesIn: 0,
    bytesOut: 0,
    quantities: {},
    billable: true,
    countsToQuota: true,
    ...overrides,
  };
}
