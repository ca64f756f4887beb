import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { LineWriter } from './line-writer.js';

let folder: string;
beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'tollgate-lines-'));
});
afterEach(() => fs.rmSync(folder, { recursive: true, force: true }));

/** Of the pipe to its standard input. */
const descriptorOf = ({ stdin }: ChildProcess): number => (stdin as unknown as { _handle: { fd: number } })._handle.fd;

describe('a line writer', () => {
  it('writes every line once and in order, in few writes', async () => {
    const file = path.join(folder, 'log');
    const descriptor = fs.openSync(file, 'a');
    const writer = new LineWriter(descriptor);
    const lines = Array.from({ length: 5_000 }, (_, index) => `{"line":${index}}\n`);
    writer.write(lines[0]!);
    expect(fs.readFileSync(file, 'utf8')).toBe('');
    for (const line of lines.slice(1, 4_999)) writer.write(line);
    await expect.poll(() => fs.readFileSync(file, 'utf8')).toBe(lines.slice(0, 4_999).join(''));
    writer.write(lines[4_999]!);
    writer.close();
    expect(fs.readFileSync(file, 'utf8')).toBe(lines.join(''));
    expect(writer.dropped).toBe(0);
    fs.closeSync(descriptor);
  });

  it('has a batch in a regular file as soon as it is full', () => {
    const file = path.join(folder, 'log');
    const descriptor = fs.openSync(file, 'a');
    const writer = new LineWriter(descriptor);
    const line = `${'x'.repeat(32 * 1024)}\n`;
    writer.write(line);
    expect(fs.readFileSync(file, 'utf8')).toBe(line);
    writer.close();
    fs.closeSync(descriptor);
  });

  it('drops and counts whole lines while nobody reads, and never more than is gathered', async () => {
    const pipe = path.join(folder, 'pipe');
    execFileSync('mkfifo', [pipe]);
    const descriptor = fs.openSync(pipe, 'r+');
    const writer = new LineWriter(descriptor);
    const line = `${'x'.repeat(1023)}\n`;
    for (let count = 0; count < 10_000; count++) writer.write(line);
    expect(writer.dropped).toBeGreaterThan(5_000);
    expect(writer.dropped).toBeLessThan(6_000);
    // All that was not dropped is read before the descriptor is closed, and may be another test's.
    const chunks: Buffer[] = [];
    const reader = fs.createReadStream(pipe).on('data', (chunk) => chunks.push(Buffer.from(chunk)));
    const lengthRead = (): number => chunks.reduce((sum, { length }) => sum + length, 0);
    await expect.poll(lengthRead).toBe((10_000 - writer.dropped) * line.length);
    const ended = new Promise((resolve) => reader.once('close', resolve));
    fs.closeSync(descriptor);
    await ended;
    expect(Buffer.concat(chunks).toString()).toBe(line.repeat(10_000 - writer.dropped));
  });

  it('leaves a batch as it is that is still being written when the process ends', async () => {
    const file = path.join(folder, 'log');
    const reader = spawn('sh', ['-c', `cat > '${file}'`], { stdio: ['pipe', 'ignore', 'ignore'] });
    const writer = new LineWriter(descriptorOf(reader));
    const letters = 33_000;
    writer.write('a'.repeat(letters));
    for (const letter of 'bc') writer.write(letter.repeat(letters / 2));
    writer.close();
    const text = (): string => (fs.existsSync(file) ? fs.readFileSync(file, 'utf8') : '');
    await expect.poll(() => text().length).toBe(2 * letters);
    reader.stdin.end();
    await new Promise((resolve) => reader.once('exit', resolve));
    const count = (letter: string): number => text().split(letter).length - 1;
    expect(['a', 'b', 'c'].map(count)).toEqual([letters, letters / 2, letters / 2]);
  });
});
