import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readLastEpoch, writeLastEpoch } from './epoch.js';
import { lockFolder } from './folder-lock.js';

let folder: string;
beforeEach(() => {
  folder = path.join(fs.mkdtempSync(path.join(os.tmpdir(), 'tollgate-journal-')), 'journal');
});
afterEach(() => fs.rmSync(path.dirname(folder), { recursive: true, force: true }));

describe('the lock of a journal folder', () => {
  it('is refused while the process that has it runs', () => {
    lockFolder(folder).release();
    const lock = lockFolder(folder);
    expect(() => lockFolder(folder)).toThrow(/Give each gateway a JOURNAL_DIR of its own/);
    lock.release();
    fs.writeFileSync(path.join(folder, 'lock'), describeParent());
    expect(() => lockFolder(folder)).toThrow(/Give each gateway a JOURNAL_DIR of its own/);
  });

  it('is taken over from a process that is gone, and from one whose number another process has now', () => {
    lockFolder(folder).release();
    const gone = spawnSync(process.execPath, ['-e', '']).pid;
    const usedAgain = fs.existsSync('/proc/self/stat') ? [`${process.ppid} 1`] : [];
    for (const holder of [`${gone} 1`, 'nonsense', '', ...usedAgain]) {
      fs.writeFileSync(path.join(folder, 'lock'), holder);
      lockFolder(folder).release();
    }
    expect(fs.readdirSync(folder)).toEqual([]);
  });

  it('is free again after its release', () => {
    const lock = lockFolder(folder);
    expect(fs.readdirSync(folder)).toEqual(['lock']);
    lock.release();
    lockFolder(folder).release();
  });

  it('is refused with the setting to change where nothing can be written', () => {
    const file = path.join(path.dirname(folder), 'a file');
    fs.writeFileSync(file, '');
    expect(() => lockFolder(path.join(file, 'journal'))).toThrow(
      expect.objectContaining({ code: 'journal_folder_unusable', message: expect.stringContaining('Set JOURNAL_DIR') }),
    );
  });
});

describe('the epoch of a journal folder', () => {
  it('is 0 at first and then what was written last', async () => {
    fs.mkdirSync(folder);
    expect(await readLastEpoch(folder)).toBe(0);
    await writeLastEpoch(folder, 7);
    expect(await readLastEpoch(folder)).toBe(7);
  });

  it('is refused when it cannot be read', async () => {
    fs.mkdirSync(folder);
    fs.writeFileSync(path.join(folder, 'epoch'), 'seven');
    await expect(readLastEpoch(folder)).rejects.toThrow(/number of the last epoch/);
  });
});

/** The parent surely runs. */
function describeParent(): string {
  if (!fs.existsSync('/proc/self/stat')) return `${process.ppid} -`;
  const stat = fs.readFileSync(`/proc/${process.ppid}/stat`, 'latin1');
  return `${process.ppid} ${stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]}`;
}
