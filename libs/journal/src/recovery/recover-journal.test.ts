import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { encodeSegment } from '../format/salvage-segment.js';
import { encodeHeader, recordChecksum } from '../format/segment-format.js';
import { parseSegment } from '../format/parse-segment.js';
import { segmentPath } from '../format/segment-name.js';
import { readSegment, readSegmentPayloads } from '../read-segment.js';
import { recoverJournal } from './recover-journal.js';

const payloads = Array.from({ length: 5 }, (_, index) =>
  Buffer.from(JSON.stringify({ id: `event-${index}`, note: 'ü'.repeat(index) })),
);

let folder: string;
beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'tollgate-journal-'));
});
afterEach(() => fs.rmSync(folder, { recursive: true, force: true }));

function record(payload: Buffer): Buffer {
  const head = Buffer.alloc(8);
  head.writeUInt32LE(payload.length, 0);
  head.writeUInt32LE(recordChecksum(payload), 4);
  return Buffer.concat([head, payload]);
}

function segmentBytes(count = payloads.length, epoch = 1): Buffer {
  const header = encodeHeader({ gatewayId: 'gateway-1', epoch, segment: 1 });
  return Buffer.concat([header, ...payloads.slice(0, count).map(record)]);
}

function sealedBytes(): Buffer {
  return encodeSegment({ gatewayId: 'gateway-1', epoch: 1, segment: 1 }, payloads);
}

function write(state: 'open' | 'sealed', bytes: Buffer, epoch = 1, segment = 1): string {
  const file = segmentPath(folder, { epoch, segment, state });
  fs.writeFileSync(file, bytes);
  return file;
}

const texts = (buffers: readonly Buffer[]) => buffers.map((buffer) => buffer.toString('utf8'));

describe('recovery of a journal', () => {
  it('keeps exactly the whole records, wherever a segment was cut off', async () => {
    const bytes = segmentBytes();
    const ends = payloads.map((_, index) => segmentBytes(index + 1).length);
    const headerLength = segmentBytes(0).length;
    for (let length = 0; length <= bytes.length; length++) {
      write('open', bytes.subarray(0, length));
      const [leftover] = await recoverJournal(folder, 2);
      if (length < headerLength) {
        expect(leftover).toBeUndefined();
        expect(fs.readdirSync(folder)).toEqual([]);
        continue;
      }
      const whole = ends.filter((end) => end <= length).length;
      const content = await readSegmentPayloads(leftover!.file);
      expect(content.damage).toBeNull();
      expect(texts(content.payloads)).toEqual(texts(payloads.slice(0, whole)));
      expect(leftover!.cutBytes).toBe(length - (ends[whole - 1] ?? headerLength));
      expect(await recoverJournal(folder, 2)).toEqual([{ ...leftover, cutBytes: 0 }]);
      fs.rmSync(leftover!.file);
    }
  });

  it('takes space that was taken in advance for the end', async () => {
    write('open', Buffer.concat([segmentBytes(), Buffer.alloc(4096)]));
    const [leftover] = await recoverJournal(folder, 2);
    expect(leftover).toMatchObject({ cutBytes: 0, damage: null });
    expect((await readSegment(leftover!.file)).events).toHaveLength(payloads.length);
  });

  it('reports a record that was altered in the middle, and leaves the file as it is', async () => {
    const bytes = segmentBytes();
    bytes[segmentBytes(2).length + 12]! ^= 1;
    const file = write('open', bytes);
    const [leftover] = await recoverJournal(folder, 2);
    expect(leftover).toMatchObject({ file, damage: { kind: 'corrupt', offset: segmentBytes(2).length } });
    expect(fs.readFileSync(file)).toEqual(bytes);
  });

  it('lists sealed and open leftovers of earlier epochs in the order of writing, and nothing of the current epoch', async () => {
    write('open', segmentBytes(2, 10), 10);
    write('sealed', sealedBytes(), 9, 2);
    write('sealed', sealedBytes(), 9, 1);
    write('open', segmentBytes(1, 11), 11);
    fs.writeFileSync(path.join(folder, 'epoch'), '11');
    const leftovers = await recoverJournal(folder, 11);
    expect(leftovers.map(({ epoch, segment }) => [epoch, segment])).toEqual([
      [9, 1],
      [9, 2],
      [10, 1],
    ]);
    expect(fs.existsSync(segmentPath(folder, { epoch: 11, segment: 1, state: 'open' }))).toBe(true);
  });
});

describe('reading a sealed segment', () => {
  it('reports every single flipped bit and never returns other events than were written', () => {
    const bytes = sealedBytes();
    for (let bit = 0; bit < bytes.length * 8; bit++) {
      const flipped = Buffer.from(bytes);
      flipped[bit >> 3]! ^= 1 << (bit & 7);
      const parsed = parseSegment(flipped);
      expect(parsed.damage).not.toBeNull();
      expect(texts(parsed.payloads)).toEqual(texts(payloads.slice(0, parsed.payloads.length)));
    }
  });

  it('reports a file that lost its end, even between two records', async () => {
    const bytes = sealedBytes();
    for (let length = segmentBytes(0).length; length < bytes.length; length++) {
      const content = await readSegmentPayloads(write('sealed', bytes.subarray(0, length)));
      expect(content.damage).not.toBeNull();
    }
  });

  it('refuses a file that is no segment', async () => {
    await expect(readSegment(write('sealed', Buffer.from('something else')))).rejects.toThrow(
      /does not begin as a journal segment/,
    );
  });

  it('never throws on arbitrary bytes behind a header', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (tail) => {
        parseSegment(Buffer.concat([segmentBytes(0), tail]));
      }),
    );
  });
});
