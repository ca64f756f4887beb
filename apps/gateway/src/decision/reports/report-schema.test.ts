import { describe, expect, it } from 'vitest';
import { readReport } from './report-schema.js';

const read = (fields: object) => readReport({ ticket: 'ticket', status: '200', ...fields })?.report;

describe('a report', () => {
  it('has numbers as JSON has them, or as nginx writes its variables', () => {
    const ofNginx = { status: '200', bytesIn: '', bytesOut: '512', seconds: '0.013', completed: 'OK' };
    expect(read(ofNginx)).toMatchObject({
      outcome: 'delivered',
      status: 200,
      bytesIn: 0,
      bytesOut: 512,
      seconds: 0.013,
    });
    expect(read({ bytesIn: 7, seconds: 2, upstreamSeconds: '-' })).toMatchObject({
      bytesIn: 7,
      seconds: 2,
      upstreamSeconds: null,
    });
  });

  it.each([
    [{ status: '499', completed: '' }, 'client_aborted', 499],
    [{ status: '000' }, 'client_aborted', 499],
    [{ status: 200, completed: '' }, 'client_aborted', 200],
    [{ status: 200, completed: false }, 'client_aborted', 200],
    [{ status: 502, outcome: 'upstream_refused' }, 'upstream_refused', 502],
    [{ status: 404, completed: true }, 'delivered', 404],
  ])('says how the call ended: %j', (fields, outcome, status) => {
    expect(read(fields)).toMatchObject({ outcome, status });
  });

  it.each([
    [{ status: 600 }, 'status'],
    [{ status: 99 }, 'status'],
    [{ status: 200.5 }, 'status'],
    [{ bytesOut: -1 }, 'bytesOut'],
    [{ bytesOut: 'many' }, 'bytesOut'],
    [{ seconds: 'Infinity' }, 'seconds'],
    [{ outcome: 'cache_hit' }, 'outcome'],
    [{ ticket: undefined }, 'ticket'],
    [{ quantities: {} }, 'report'],
  ])('is refused when it is none: %j', (fields, where) => {
    let fault = '';
    expect(readReport({ ticket: 'ticket', status: 200, ...fields }, (text) => (fault = text))).toBeNull();
    expect(fault).toMatch(new RegExp(`^${where}: `));
  });
});
