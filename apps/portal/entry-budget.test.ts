import { randomBytes } from 'node:crypto';
import { expect, it } from 'vitest';
import { entryBudget } from './entry-budget.js';

/** Runs the check on a bundle of an entry that imports `shared`, and a page that is loaded later. */
function check(
  maxBytes: number,
  shared: { bytes: number; modules?: object },
  later: { bytes: number; modules?: object },
) {
  const chunk = (fileName: string, bytes: number, more: object) => ({
    [fileName]: {
      type: 'chunk',
      fileName,
      code: randomBytes(bytes).toString('base64'),
      imports: [],
      modules: {},
      ...more,
    },
  });
  const bundle = {
    ...chunk('main.js', 10, { isEntry: true, imports: ['shared.js'] }),
    ...chunk('shared.js', shared.bytes, { modules: shared.modules ?? {} }),
    ...chunk('page.js', later.bytes, { modules: later.modules ?? {} }),
  };
  const { generateBundle } = entryBudget(maxBytes) as unknown as {
    generateBundle: (this: object, options: object, given: object) => void;
  };
  const context = {
    info: () => undefined,
    error: (message: string) => {
      throw new Error(message);
    },
  };
  generateBundle.call(context, {}, bundle);
}

it('counts what the entry imports, and not what is loaded later', () => {
  expect(() => check(2_000, { bytes: 1_000 }, { bytes: 9_000 })).not.toThrow();
  expect(() => check(2_000, { bytes: 9_000 }, { bytes: 10 })).toThrow(
    /^The entry is \d+ kB compressed, more than 2 kB/,
  );
});

it('refuses Redoc in any part of the portal', () => {
  const modules = { '/x/node_modules/redoc/bundles/redoc.js': {} };
  expect(() => check(2_000, { bytes: 10 }, { bytes: 10, modules })).toThrow('page.js holds Redoc');
});
