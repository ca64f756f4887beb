import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import zlib from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ArchiveFile, ArchiveFolder } from './archive-folder.js';
import { ArchiveReadError } from './archive-read-error.js';

const rows = Array.from(
  { length: 40 },
  (_, index) => `owner-${Math.floor(index / 7)}\tid-${index}\t${'x'.repeat(index)}\n`,
);

/** The rows in pieces that know nothing of rows. */
async function* piecesOf(text: string, length: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < text.length; at += length) yield Buffer.from(text.slice(at, at + length));
}

describe('a folder of archive files', () => {
  let folder: string;
  beforeEach(() => {
    folder = path.join(fs.mkdtempSync(path.join(os.tmpdir(), 'tollgate-archive-')), 'usage');
  });
  afterEach(() => fs.rmSync(path.dirname(folder), { recursive: true }));

  const write = (pieceLength: number, blockBytes: number, text = rows.join('')) =>
    new ArchiveFolder(folder, blockBytes).write('day.zst', 'owner\tid\ttext', () => piecesOf(text, pieceLength));
  const read = async ({ file, blocks }: ArchiveFile) => {
    const read = [];
    for await (const block of new ArchiveFolder(folder).readBlocks(file, blocks)) read.push(block.toString());
    return read;
  };

  it.each([
    [1, 1],
    [3, 100],
    [1_000, 50],
    [10_000, 1 << 20],
  ])('gives back what was written, in whole rows, from pieces of %i bytes and blocks of %i', async (length, bytes) => {
    const written = await write(length, bytes);
    const blocks = await read(written);
    expect(blocks.join('')).toBe(rows.join(''));
    expect(blocks.every((block) => block.endsWith('\n'))).toBe(true);
    expect(written.rowCount).toBe(rows.length);
    expect(written.blocks.map(({ firstKey }) => firstKey)).toEqual(
      blocks.map((block) => block.split('\t', 2).join('\t')),
    );
    expect(fs.readdirSync(folder)).toEqual(['day.zst']);
    await new ArchiveFolder(folder).check(written);
    const whole = zlib.zstdDecompressSync(fs.readFileSync(path.join(folder, 'day.zst')));
    expect(whole.toString()).toBe(`owner\tid\ttext\n${rows.join('')}`);
  });

  it('has what the last writer wrote, though one before it goes on to write', async () => {
    const [stalled, goesOn] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const earlier = new ArchiveFolder(folder, 1).write('day.zst', 'owner\tid\ttext', async function* () {
      yield Buffer.from(rows[0]!);
      stalled.resolve();
      await goesOn.promise;
      yield Buffer.from(rows.slice(1).join(''));
      throw new Error('the connection is gone');
    });
    await stalled.promise;
    const written = await write(1_000, 400);
    goesOn.resolve();
    await expect(earlier).rejects.toThrow('the connection is gone');
    await new ArchiveFolder(folder).check(written);
    expect((await read(written)).join('')).toBe(rows.join(''));
  });

  it('keeps a file that says something else, and has one of each that says the same', async () => {
    await write(1_000, 400);
    const before = fs.readFileSync(path.join(folder, 'day.zst'));
    await write(1_000, 400);
    expect(fs.readdirSync(folder)).toEqual(['day.zst']);
    await new ArchiveFolder(folder).check(await write(1_000, 400, rows.slice(1).join('')));
    const [, kept] = fs.readdirSync(folder).toSorted();
    expect(kept).toMatch(/^day\.zst\.[0-9a-f]{12}\.replaced$/);
    expect(fs.readFileSync(path.join(folder, kept!))).toEqual(before);
    expect(fs.readdirSync(folder)).toHaveLength(2);
  });

  it('makes the folders above it as well', async () => {
    folder = path.join(folder, 'of/usage');
    await new ArchiveFolder(folder).check(await write(1_000, 400));
    fs.rmSync(path.resolve(folder, '../..'), { recursive: true });
    folder = path.resolve(folder, '../..');
  });

  it('has a file for no rows as well', async () => {
    expect(await write(10, 10, '')).toMatchObject({ rowCount: 0, blocks: [] });
  });

  it('finds every changed, missing and added byte by the hash of the file', async () => {
    const written = await write(1_000, 400);
    const file = path.join(folder, 'day.zst');
    const content = fs.readFileSync(file);
    const harmed = [content.subarray(1), Buffer.concat([content, Buffer.from([0])])];
    for (let at = 0; at < content.length; at += 13) {
      const copy = Buffer.from(content);
      copy[at]! ^= 0x10;
      harmed.push(copy);
    }
    for (const bytes of harmed) {
      fs.writeFileSync(file, bytes);
      await expect(new ArchiveFolder(folder).check(written)).rejects.toThrow('is not the one that was written');
    }
  });

  it('never gives other rows from a damaged block', async () => {
    const written = await write(1_000, 400);
    const file = path.join(folder, 'day.zst');
    const content = fs.readFileSync(file);
    const outcomes: Record<string, number> = {};
    for (let at = written.blocks[0]!.offset; at < content.length; at += 3) {
      const copy = Buffer.from(content);
      copy[at]! ^= 1;
      fs.writeFileSync(file, copy);
      const outcome = await read(written).then(
        // A few bits of a frame say nothing.
        (blocks) => (blocks.join('') === rows.join('') ? 'the same rows' : 'other rows'),
        (error: unknown) => (error instanceof ArchiveReadError ? error.fault : 'another error'),
      );
      outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
    }
    expect(Object.keys(outcomes).toSorted()).toEqual(['altered', 'the same rows']);
    expect(outcomes['altered']).toBeGreaterThan(20 * outcomes['the same rows']!);
    fs.writeFileSync(file, content.subarray(0, content.length - 5));
    await expect(read(written)).rejects.toMatchObject({ fault: 'altered' });
    fs.rmSync(file);
    await expect(read(written)).rejects.toMatchObject({ fault: 'missing' });
  });
});
