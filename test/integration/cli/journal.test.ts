import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { UsageEvent } from '#domain';
import { JournalWriter } from '#journal';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { commands } from '../../../apps/cli/src/commands.js';
import { aJournalledEvent } from '../../support/journalled-event.js';

let folder: string;
beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'tollgate-journal-'));
});
afterEach(() => {
  vi.restoreAllMocks();
  fs.rmSync(folder, { recursive: true });
});

const ids = Array.from({ length: 6 }, (_, index) => `019a0000-000${index}-7000-8000-000000000000`);

/** A gateway's journal with two sealed segments of three events each. */
async function writeJournal(gatewayId: string): Promise<void> {
  const own = path.join(folder, gatewayId);
  fs.mkdirSync(own);
  const writer = JournalWriter.open({ folder: own, gatewayId, epoch: 1, sync: 'interval', maxSegmentBytes: 1 });
  for (const part of [ids.slice(0, 3), ids.slice(3)]) {
    await Promise.all(
      part.map(
        (id) =>
          new Promise<number>((resolve, reject) =>
            writer.append(aJournalledEvent({ id, gatewayId }), { onJournalled: resolve, onJournalFailed: reject }),
          ),
      ),
    );
    await wait(20);
  }
  await writer.close();
}

async function run(...words: readonly string[]) {
  const output = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    vi.spyOn(process[name], 'write').mockImplementation((text) => {
      output[name] += String(text);
      return true;
    });
  }
  const command = commands.find((one) => one.words.every((word, index) => words[index] === word))!;
  try {
    return { code: await command.run(words.slice(2)), ...output };
  } finally {
    vi.restoreAllMocks();
  }
}

it('says what lies in the journals of all gateways of a machine', async () => {
  await writeJournal('gateway-1');
  await writeJournal('gateway-2');
  const { code, stdout } = await run('journal', 'stat', '--folder', folder, '--json');
  expect(code).toBe(0);
  const report = JSON.parse(stdout) as { segments: number; events: number; files: Record<string, unknown>[] };
  expect(report).toMatchObject({ segments: 4, events: 12, damaged: 0 });
  expect(report.files[0]).toMatchObject({ gatewayId: 'gateway-1', epoch: 1, segment: 1, state: 'sealed', events: 3 });
  expect((await run('journal', 'stat', '--folder', folder)).stdout).toContain('gateway-2/1/2 sealed: 3 events');
  expect((await run('journal', 'stat', '--folder', path.join(folder, 'none'))).stdout).toBe(
    '0 segments, 0 events, 0 bytes\n',
  );
});

it('prints the events, all or those of one request', async () => {
  await writeJournal('gateway-1');
  const { code, stdout } = await run('journal', 'cat', '--folder', folder);
  expect(code).toBe(0);
  expect(
    stdout
      .trim()
      .split('\n')
      .map((line) => (JSON.parse(line) as UsageEvent).id),
  ).toEqual(ids);
  const one = await run('journal', 'cat', '--folder', folder, '--request', ids[4]!);
  expect(JSON.parse(one.stdout)).toMatchObject({ id: ids[4] });
});

it('names what is damaged, prints what is before it, and ends with 1', async () => {
  await writeJournal('gateway-1');
  const own = path.join(folder, 'gateway-1');
  const [first, second] = fs.readdirSync(own).map((name) => path.join(own, name));
  const bytes = fs.readFileSync(first!);
  const at = bytes.indexOf(ids[1]!);
  bytes[at]! ^= 1;
  fs.writeFileSync(first!, bytes);
  fs.writeFileSync(second!, 'something else');
  const stat = await run('journal', 'stat', '--folder', folder);
  expect(stat.code).toBe(1);
  expect(stat.stdout).toContain('gateway-1/1/1 sealed: 1 events');
  expect(stat.stdout).toContain('DAMAGED: record 2 is not readable');
  expect(stat.stderr).toContain('2 damaged');
  const cat = await run('journal', 'cat', '--folder', folder);
  expect(cat.code).toBe(1);
  expect(cat.stdout.trim().split('\n')).toHaveLength(1);
  expect(cat.stderr).toContain('does not begin as a journal segment');
});

it('salvages what can be read of a damaged segment, and keeps the damaged one', async () => {
  await writeJournal('gateway-1');
  const own = path.join(folder, 'gateway-1');
  const [first, second] = fs.readdirSync(own).map((name) => path.join(own, name));
  await expect(run('journal', 'salvage', '--file', first!)).rejects.toThrow('nothing to salvage');
  await expect(run('journal', 'salvage', '--file', path.join(own, 'epoch'))).rejects.toThrow('not named as a segment');
  await expect(run('journal', 'salvage')).rejects.toThrow('--file');
  const bytes = fs.readFileSync(first!);
  bytes[bytes.indexOf(ids[1]!)]! ^= 1;
  fs.writeFileSync(first!, bytes);
  const { code, stdout } = await run('journal', 'salvage', '--file', first!);
  expect(code).toBe(0);
  expect(stdout).toMatch(/^gateway-1\/1\/1: 2 events can be read, 1 are lost \(\d+ bytes\)\.\n/);
  expect(fs.readFileSync(`${first}.damaged`)).toEqual(bytes);
  expect(await run('journal', 'stat', '--folder', folder)).toMatchObject({ code: 0 });
  const cat = await run('journal', 'cat', '--file', first!);
  expect(cat.stdout.match(/"id":"[^"]+"/g)).toEqual([`"id":"${ids[0]}"`, `"id":"${ids[2]}"`]);

  // Without its header somebody must say whose it is; the names of files say the rest.
  const headless = fs.readFileSync(second!);
  headless.fill(0xff, 0, 8);
  fs.writeFileSync(second!, headless);
  await expect(run('journal', 'salvage', '--file', second!)).rejects.toThrow('--gateway ID');
  const named = await run('journal', 'salvage', '--file', second!, '--gateway', 'gateway-1', '--json');
  expect(JSON.parse(named.stdout)).toMatchObject({
    gatewayId: 'gateway-1',
    epoch: 1,
    segment: 2,
    events: 3,
    lostEvents: 0,
  });
  expect(fs.readdirSync(own).filter((name) => name.endsWith('.damaged'))).toHaveLength(2);
});

it('leaves alone a segment that may still be written to', async () => {
  const file = path.join(folder, '0000000002-0000000001.open');
  fs.writeFileSync(file, 'something');
  fs.writeFileSync(path.join(folder, 'epoch'), '2\n');
  await expect(run('journal', 'salvage', '--file', file)).rejects.toThrow('may still be written to');
});
