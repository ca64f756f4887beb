import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { StaticFiles } from './static-files.js';

describe('the files of a folder', () => {
  let folder: string;
  beforeEach(() => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), 'tollgate-files-'));
    fs.mkdirSync(path.join(folder, 'assets'));
    fs.writeFileSync(path.join(folder, 'assets/page.js'), 'first()');
    fs.writeFileSync(path.join(folder, '.secret'), 'no');
  });
  afterEach(() => fs.rmSync(folder, { recursive: true, force: true }));

  it('are those that it had when it was opened, whatever is put in its place', async () => {
    const files = StaticFiles.ofFolder(folder);
    fs.rmSync(folder, { recursive: true });
    const { bytes, gzipped, mediaType } = (await files.find('assets/page.js'))!;
    expect([bytes.toString(), gunzipSync(gzipped!).toString(), mediaType]).toEqual([
      'first()',
      'first()',
      'text/javascript; charset=utf-8',
    ]);
  });

  it('are not hidden ones, nor others', () => {
    const files = StaticFiles.ofFolder(folder);
    for (const name of ['.secret', 'assets', 'assets/../.secret', '../etc/passwd'])
      expect(files.find(name)).toBeUndefined();
  });
});
