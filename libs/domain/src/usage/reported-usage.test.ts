import { describe, expect, it } from 'vitest';
import { REPORTED_USAGE_TYPE, parseReportedUsage } from './reported-usage.js';

const anEvent = (data: unknown) => ({
  specversion: '1.0',
  type: REPORTED_USAGE_TYPE,
  source: 'batch',
  id: '1',
  subject: '0199d1f0-7c00-7000-8000-000000000001',
  data,
});

describe('a report of usage', () => {
  it.each(['pointer', 'message', 'quantities', 'constructor'])('may be of a meter called %s', (meter) => {
    expect(parseReportedUsage(anEvent({ quantities: { [meter]: '12' } }))).toMatchObject({
      source: 'batch',
      quantities: { [meter]: '12' },
    });
  });

  it('says where it is wrong', () => {
    expect(parseReportedUsage(anEvent({ quantities: { 'a/b': '12' } }))).toMatchObject({
      pointer: '/data/quantities/a~1b',
    });
    expect(parseReportedUsage(anEvent({ quantities: { pointer: '-1' } }))).toMatchObject({
      pointer: '/data/quantities/pointer',
    });
  });
});
