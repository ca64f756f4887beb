import { describe, expect, it } from 'vitest';
import { meterOperation } from './metering.js';

const operation = { method: 'GET', template: '/things/{id}', operation: 'getThing', tags: ['read'] };

describe('what a request counts', () => {
  it.each(['*', 'getThing', 'tag:read', 'GET /things/{id}'])('is selected by %s', (selector) => {
    const meters = [{ slug: 'requests', bindings: [{ selector, weight: '2' }] }];
    expect(meterOperation(meters, operation).quantities).toEqual({ requests: '2' });
  });

  it.each(['getThings', 'tag:write', 'POST /things/{id}', 'read'])('is not selected by %s', (selector) => {
    expect(meterOperation([{ slug: 'requests', bindings: [{ selector, weight: '2' }] }], operation).quantities).toEqual(
      {},
    );
  });

  it('is given by the first binding that matches, for each meter of its own', () => {
    const meters = [
      {
        slug: 'requests',
        bindings: [
          { selector: 'tag:read', weight: '1' },
          { selector: '*', weight: '5' },
        ],
      },
      {
        slug: 'credits',
        bindings: [
          { selector: 'tag:write', weight: '9' },
          { selector: '*', weight: '0.00025' },
        ],
      },
      { slug: 'free', bindings: [{ selector: '*', weight: '0' }] },
    ];
    const metering = meterOperation(meters, operation);
    expect(metering.quantities).toEqual({ requests: '1', credits: '0.00025' });
    expect(metering.perMeter.map(({ micro }) => micro)).toEqual([1_000_000, 250]);
    expect(metering.perMeter.map(({ receipt }) => receipt)).toEqual(['"requests";cost=1', '"credits";cost="0.00025"']);
  });
});
