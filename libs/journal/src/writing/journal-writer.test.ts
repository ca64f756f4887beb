import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { UsageEvent } from '#domain';
import { InjectedFaultError, armFault } from '#faults';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { aJournalledEvent } from '../../../../test/support/journalled-event.js';
import { readSegment } from '../read-segment.js';
import { JournalWriter, type JournalWaiter, type JournalWriterOptions } from './journal-writer.js';
import type { SealedSegment } from './segment-writer.js';

const event = (id: string): UsageEvent => aJournalledEvent({ id, operation: `/größe/${id}` });

let folder: string;
let sealed: SealedSegment[];
let errors: Error[];
let writers: JournalWriter[];

beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'tollgate-journal-'));
  sealed = [];
  errors = [];
  writers = [];
});
afterEach(async () => {
  for (const writer of writers) await writer.close();
  fs.rmSync(folder, { recursive: true, force: true });
});

function openWriter(options: Partial<JournalWriterOptions> = {}): JournalWriter {
  const writer = JournalWriter.open({
    folder,
    gatewayId: 'gateway-1',
    epoch: 2,
    sync: 'interval',
    maxSegmentAgeMs: 60_000,
    onSealed: (segment) => sealed.push(segment),
    onError: (error) => errors.push(error),
    ...options,
  });
  writers.push(writer);
  return writer;
}

function append(writer: JournalWriter, id: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const waiter: JournalWaiter = { onJournalled: resolve, onJournalFailed: reject };
    writer.append(event(id), waiter);
  });
}

function failedSegment(writer: JournalWriter, id: string): Promise<number | null> {
  return new Promise((resolve, reject) => {
    const onJournalled = (): void => reject(new Error('was journalled'));
    writer.append(event(id), { onJournalled, onJournalFailed: (_error, segment) => resolve(segment) });
  });
}

async function eventIds(segment: SealedSegment): Promise<string[]> {
  const { events, damage } = await readSegment(segment.file);
  expect(damage).toBeNull();
  return events.map(({ id }) => id);
}

describe.each(['interval', 'strict'] as const)('a journal with %s sync', (sync) => {
  it('has the event in its file before it says so', async () => {
    const writer = openWriter({ sync });
    const file = path.join(folder, '0000000002-0000000001.open');
    const seen = await new Promise<string>((resolve, reject) => {
      writer.append(event('a'), {
        onJournalled: () => resolve(fs.readFileSync(file, 'utf8')),
        onJournalFailed: reject,
      });
      expect(fs.existsSync(file)).toBe(false);
    });
    expect(seen).toContain('"id":"a"');
  });

  it('keeps all events in order over segments numbered from 1 without gaps', async () => {
    const writer = openWriter({ sync, maxSegmentBytes: 200 });
    const ids = Array.from({ length: 40 }, (_, index) => `e${index}`);
    for (const id of ids) await append(writer, id);
    await writer.close();
    expect(sealed.map((segment) => segment.segment)).toEqual(sealed.map((_, index) => index + 1));
    expect(sealed.length).toBeGreaterThan(5);
    expect((await Promise.all(sealed.map(eventIds))).flat()).toEqual(ids);
    expect(sealed.map((segment) => segment.eventCount).reduce((sum, count) => sum + count)).toBe(40);
    expect(fs.readdirSync(folder).filter((name) => !name.endsWith('.sealed'))).toEqual([]);
  });

  it('writes the events of one turn together', async () => {
    const writer = openWriter({ sync, maxSegmentBytes: 1 });
    await Promise.all(['a', 'b', 'c'].map((id) => append(writer, id)));
    await append(writer, 'd');
    await writer.close();
    expect(await Promise.all(sealed.map(eventIds))).toEqual([['a', 'b', 'c'], ['d']]);
  });

  it('tells every waiter, also behind one that throws, and takes the next event', async () => {
    const writer = openWriter({ sync });
    const fault = new Error('a fault of the waiter');
    const throwing = {
      onJournalled: () => {
        throw fault;
      },
      onJournalFailed: () => undefined,
    };
    writer.append(event('a'), throwing);
    expect(await append(writer, 'b')).toBe(1);
    expect(await append(writer, 'c')).toBe(1);
    expect(errors).toEqual([fault]);
    expect(writer.state).toBe('writing');
    await writer.close();
    expect(await eventIds(sealed[0]!)).toEqual(['a', 'b', 'c']);
  });

  it('tells every waiter of a segment before it reports the segment as sealed', async () => {
    const order: string[] = [];
    const writer = openWriter({ sync, maxSegmentBytes: 1, onSealed: ({ segment }) => order.push(`sealed ${segment}`) });
    await Promise.all(['a', 'b'].map((id) => append(writer, id).then((segment) => order.push(`${id} in ${segment}`))));
    await writer.close();
    expect(order).toEqual(['a in 1', 'b in 1', 'sealed 1']);
  });
});

describe('what a power cut would take', () => {
  afterEach(() => armFault(null));

  it('is nothing that was said to be journalled, with strict sync', async () => {
    const writer = openWriter({ sync: 'strict', retryMs: 60_000 });
    armFault('fdatasync.before:throw');
    await expect(append(writer, 'a')).rejects.toThrow(InjectedFaultError);
    expect(writer.state).toBe('failed');
  });

  it('may be none of it: who waits for a sync that fails is told the segment that still has the event', async () => {
    const writer = openWriter({ sync: 'strict', retryMs: 60_000 });
    expect(await append(writer, 'a')).toBe(1);
    armFault('fdatasync.before:throw');
    expect(await failedSegment(writer, 'b')).toBe(1);
    expect(await failedSegment(writer, 'c')).toBeNull();
    await writer.close();
    expect(await eventIds(sealed[0]!)).toEqual(['a', 'b']);
  });

  it('is what came since the last sync, with sync at intervals, which fails the journal when it fails', async () => {
    const writer = openWriter({ syncIntervalMs: 1, retryMs: 60_000 });
    armFault('fdatasync.before:throw');
    expect(await append(writer, 'a')).toBe(1);
    await expect.poll(() => writer.state).toBe('failed');
    expect(errors).toEqual([expect.any(InjectedFaultError)]);
  });
});

describe('a journal', () => {
  it('seals a segment by age, and leaves no file while nothing happens', async () => {
    const writer = openWriter({ maxSegmentAgeMs: 5 });
    expect(fs.readdirSync(folder)).toEqual([]);
    await append(writer, 'a');
    await expect.poll(() => sealed.length).toBe(1);
    expect(await eventIds(sealed[0]!)).toEqual(['a']);
  });

  it('fails the waiters, says so and takes nothing more while the disk refuses, then goes on by itself', async () => {
    const states: string[] = [];
    const writer = openWriter({ retryMs: 5, onState: (state) => states.push(state), maxSegmentBytes: 1 });
    await append(writer, 'a');
    const blocked = path.join(folder, '0000000002-0000000002.open');
    fs.mkdirSync(blocked);
    await expect(append(writer, 'b')).rejects.toThrow(/EEXIST/);
    expect(writer.state).toBe('failed');
    await expect(append(writer, 'c')).rejects.toThrow('The journal takes no events: it is failed.');
    fs.rmdirSync(blocked);
    await expect.poll(() => writer.state).toBe('writing');
    await append(writer, 'd');
    await writer.close();
    expect(states).toEqual(['failed', 'writing', 'closed']);
    expect(await Promise.all(sealed.map(eventIds))).toEqual([['a'], ['d']]);
    expect(errors.length).toBeGreaterThan(0);
  });

  it('tells every waiter that the disk refuses, also behind one that throws', async () => {
    const writer = openWriter({ retryMs: 60_000 });
    fs.mkdirSync(path.join(folder, '0000000002-0000000001.open'));
    const fault = new Error('a fault of the waiter');
    const throwing = {
      onJournalled: () => undefined,
      onJournalFailed: () => {
        throw fault;
      },
    };
    writer.append(event('a'), throwing);
    await expect(append(writer, 'b')).rejects.toThrow(/EEXIST/);
    writer.append(event('c'), throwing);
    await expect(append(writer, 'd')).rejects.toThrow('it is failed');
    expect(errors.filter((error) => error === fault)).toHaveLength(2);
  });

  it('refuses events after it was closed', async () => {
    const writer = openWriter();
    await writer.close();
    await expect(append(writer, 'a')).rejects.toThrow('it is closed');
  });
});
