import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { effectStages } from './effect-stages.mjs';
import { safeguards } from './metering-safeguards.mjs';
import { refusalStages } from './refusal-stages.mjs';

const root = path.resolve(import.meta.dirname, '../..');
/** The list of them is in there, and no other file is named. */
const slowTests = fs.readFileSync(path.join(root, 'vitest.config.ts'), 'utf8');

describe('what the drills take away', () => {
  it.each([...refusalStages(root), ...effectStages, ...safeguards])(
    'is in the sources once, and has tests: $name',
    (stage) => {
      const { file, text, tests } = stage;
      expect(fs.readFileSync(path.join(root, file), 'utf8').split(text)).toHaveLength(2);
      expect(tests.length).toBeGreaterThan(0);
      for (const test of tests) {
        expect(fs.existsSync(path.join(root, test))).toBe(true);
        // The drills run no slow tests.
        expect(slowTests).not.toContain(test);
      }
    },
  );
});

describe('the slow tests that drills run', () => {
  const folder = path.join(root, 'scripts/drill');
  const scripts = fs.readdirSync(folder).filter((name) => name.endsWith('.mjs'));
  const runs = scripts.flatMap((script) =>
    Array.from(fs.readFileSync(path.join(folder, script), 'utf8').matchAll(/runSlowTest\('([^']+)'/g), ([, test]) => ({
      script,
      test: test!,
    })),
  );

  it.each(runs)('$script runs a file that is among the slow tests', ({ test }) => {
    expect(fs.existsSync(path.join(root, test))).toBe(true);
    expect(slowTests).toContain(`'${test}'`);
  });

  it('are found in the scripts', () => {
    expect(runs.map(({ script }) => script)).toEqual(['kills.mjs', 'reload.mjs']);
  });
});
