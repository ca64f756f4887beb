import { spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { HeldMemory, INSPECTABLE } from './held-memory.mjs';
import { eventually } from './pause.mjs';

/** For each number that it is told it keeps so many megabytes, half of them outside of the heap, and throws as many away. */
const program = `
  const kept = [];
  process.stdin.on('data', (text) => {
    const of = (megabytes) => [Buffer.alloc(megabytes * 2 ** 19, 1), Array.from({ length: megabytes * 2 ** 16 }, Math.random)];
    kept.push(of(Number(text)));
    of(Number(text));
    console.log('done ' + kept.length);
  });`;

let folder;
let logFile;
let child;
beforeAll(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'tollgate-held-'));
  logFile = path.join(folder, 'log');
  const log = fs.openSync(logFile, 'a');
  child = spawn(process.execPath, [INSPECTABLE, '--eval', program], { stdio: ['pipe', log, log] });
  fs.closeSync(log);
});
afterAll(() => {
  child.kill('SIGKILL');
  fs.rmSync(folder, { recursive: true, force: true });
});

let told = 0;
async function keep(megabytes) {
  child.stdin.write(String(megabytes));
  told++;
  await eventually('it is kept', () => fs.readFileSync(logFile, 'utf8').includes(`done ${told}`), 10_000);
}

describe('the memory that a process holds', () => {
  it('is what it keeps, within and outside of the heap, and nothing that it has thrown away', async () => {
    await keep(1);
    const memory = await HeldMemory.open(child.pid, logFile);
    const before = await memory.megabytes();
    await keep(40);
    const grown = (await memory.megabytes()) - before;
    expect(grown).toBeGreaterThan(38);
    expect(grown).toBeLessThan(44);
  });
});
