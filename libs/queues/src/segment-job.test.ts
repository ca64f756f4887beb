import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import {
  SegmentJobError,
  decodeSegmentJob,
  encodeSegmentJob,
  segmentContentHash,
  segmentJobId,
} from './segment-job.js';

const payloads = ['{"id":"a","seq":0}', '{"id":"b","seq":0,"operation":"say \\n \\"hé\\""}'].map((text) =>
  Buffer.from(text),
);
const segment = { gatewayId: 'gateway-1', epoch: 3, segment: 7, attempt: 2, payloads };

describe('a segment job', () => {
  it('carries the events and their content hash to the worker unchanged', async () => {
    const decoded = await decodeSegmentJob(JSON.parse(JSON.stringify(await encodeSegmentJob(segment))));
    expect(decoded).toEqual({
      gatewayId: 'gateway-1',
      epoch: 3,
      segment: 7,
      attempt: 2,
      contentHash: segmentContentHash(payloads),
      events: [
        { id: 'a', seq: 0 },
        { id: 'b', seq: 0, operation: 'say \n "hé"' },
      ],
    });
  });

  it('has an id that names the attempt and holds no colon', async () => {
    expect(segmentJobId(await encodeSegmentJob(segment))).toBe('gateway-1-3-7-2');
  });

  it('may be empty', async () => {
    const decoded = await decodeSegmentJob(await encodeSegmentJob({ ...segment, payloads: [] }));
    expect(decoded.events).toEqual([]);
  });

  it.each([
    ['much smaller packed', (index: number) => `{"seq":${index % 2},"operation":"${'x'.repeat(500)}"}`],
    ['hardly smaller packed', () => JSON.stringify({ id: randomBytes(2_000).toString('base64') })],
  ])('comes whole when it is %s than usual', async (_name, textOf) => {
    const many = Array.from({ length: 3_000 }, (_, index) => Buffer.from(textOf(index)));
    const decoded = await decodeSegmentJob(await encodeSegmentJob({ ...segment, payloads: many }));
    expect(decoded.events).toEqual(many.map((payload) => JSON.parse(payload.toString())));
  });

  it('brings a record that is no JSON through as its text', async () => {
    const damaged = [Buffer.from('{"id":"a"'), ...payloads];
    const decoded = await decodeSegmentJob(await encodeSegmentJob({ ...segment, payloads: damaged }));
    expect(decoded.events).toHaveLength(3);
    expect(decoded.events[0]).toBe('{"id":"a"');
  });

  it('is refused when a field is missing, the count differs or a byte of the events does', async () => {
    const job = await encodeSegmentJob(segment);
    const other = await encodeSegmentJob({ ...segment, payloads: payloads.toReversed() });
    const damaged = [
      null,
      { ...job, contentHash: undefined },
      { ...job, eventCount: 1 },
      { ...job, events: other.events },
      { ...job, events: job.events.slice(8) },
      { ...job, encoding: 'gzip' },
    ];
    for (const data of damaged) await expect(decodeSegmentJob(data)).rejects.toThrow(SegmentJobError);
  });
});
