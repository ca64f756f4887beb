import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readSegmentPayloads } from '../read-segment.js';
import { ReusedBuffer } from '../reused-buffer.js';
import { RecordBatch } from './record-batch.js';
import { SegmentWriter } from './segment-writer.js';

let folder: string;
beforeEach(() => void (folder = fs.mkdtempSync(path.join(os.tmpdir(), 'tollgate-segment-'))));
afterEach(() => fs.rmSync(folder, { recursive: true, force: true }));

describe('a segment', () => {
  it('may be sealed again, as after a folder that could not be synced, and stays as it is', async () => {
    const segment = SegmentWriter.create({ folder, gatewayId: 'gateway-1', epoch: 1, segment: 1, preallocateBytes: 0 });
    const batch = new RecordBatch();
    batch.add({ id: 'an-event', credentialId: 'a-key' } as never);
    segment.write(batch.bytes(), batch.eventCount);
    const sealed = await segment.seal();
    expect(await segment.seal()).toEqual(sealed);
    expect((await readSegmentPayloads(sealed.file)).damage).toBe(null);
    expect(fs.readdirSync(folder)).toEqual([path.basename(sealed.file)]);
  });

  it('is read the same into memory that held another one, longer or shorter', async () => {
    const memory = new ReusedBuffer();
    for (const [index, length] of [300, 5, 40].entries()) {
      const segment = SegmentWriter.create({
        folder,
        gatewayId: 'gateway-1',
        epoch: 1,
        segment: index + 1,
        preallocateBytes: 0,
      });
      const batch = new RecordBatch();
      for (let event = 0; event < length; event++)
        batch.add({ id: `event-${index}-${event}`, credentialId: 'a-key' } as never);
      segment.write(batch.bytes(), batch.eventCount);
      const { file } = await segment.seal();
      const content = await readSegmentPayloads(file, memory);
      expect(content).toEqual(await readSegmentPayloads(file));
      expect(content.payloads).toHaveLength(length);
    }
  });
});
