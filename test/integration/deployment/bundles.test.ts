import fs from 'node:fs';
import { SourceMap } from 'node:module';
import path from 'node:path';
import { describe, expect, it } from 'vitest';

const root = path.resolve(import.meta.dirname, '../../..');
const folder = path.join(root, 'dist/run');

/** Where the map of its bundle says that a piece of code comes from; of a source of ours, with the line that is there. */
function originOf(code: string) {
  const name = fs
    .readdirSync(folder)
    .find((file) => file.endsWith('.js') && fs.readFileSync(path.join(folder, file), 'utf8').includes(code));
  const before = fs.readFileSync(path.join(folder, name!), 'utf8').split(code)[0]!.split('\n');
  const map = new SourceMap(JSON.parse(fs.readFileSync(path.join(folder, `${name}.map`), 'utf8')));
  const entry = map.findEntry(before.length - 1, before.at(-1)!.length);
  if (!('originalSource' in entry) || !entry.originalSource) return null;
  const file = path.resolve(folder, entry.originalSource);
  return { file: path.relative(root, file), line: fs.readFileSync(file, 'utf8').split('\n')[entry.originalLine] };
}

describe('the bundles that processes run from', () => {
  it('lead to lines of our sources', () => {
    expect(originOf('new JournalError(`journal_folder_unusable`')).toEqual({
      file: 'libs/journal/src/folder/folder-lock.ts',
      line: '    throw new JournalError(',
    });
  });

  it('lead nowhere from code of packages, not to what of ours is before it', () => {
    expect(originOf('exports.QueryRunnerAlreadyReleasedError=QueryRunner')).toBeNull();
  });

  it('have no letter that would double what Node keeps of them', () => {
    const isAscii = (file: string) => fs.readFileSync(path.join(folder, file)).every((byte) => byte < 0x80);
    const files = fs.readdirSync(folder).filter((file) => file.endsWith('.js'));
    expect(files.length).toBeGreaterThan(9);
    expect(files.filter((file) => !isAscii(file))).toEqual([]);
  });
});
