import fs from 'node:fs';
import { STATUS_CODES } from 'node:http';
import path from 'node:path';
import { format } from 'oxfmt';
import { describe, expect, it } from 'vitest';
import proofs from '../../../../scripts/drill/refusal-proofs.json' with { type: 'json' };
import { malformedRefusals } from '../server/malformed.js';
import { type Refusal, refusals as afterParsing } from './refusal.js';

const refusals = { ...afterParsing, ...malformedRefusals };

const root = path.resolve(import.meta.dirname, '../../../..');
const proofsOf = (name: string) => [(proofs as Record<string, string | string[]>)[name] ?? 'none'].flat();
const testOf = (proof: string) => path.join(root, `test/integration/gateway/${proof}.test.ts`);

/** Every refusal under its name; those of one family share it. */
const named: readonly (readonly [string, Refusal])[] = Object.entries(refusals).flatMap(([name, one]) =>
  'status' in one ? [[name, one] as const] : Object.values<Refusal>(one).map((refusal) => [name, refusal] as const),
);

/** One row for each public code and status, with every wording and every test that proves it. */
function guide(): string {
  const rows = new Map<string, { refusal: Refusal; details: Set<string>; tests: Set<string> }>();
  for (const [name, refusal] of named) {
    const key = `${refusal.status} ${refusal.code}`;
    const row = rows.get(key) ?? { refusal, details: new Set(), tests: new Set() };
    row.details.add(refusal.detail);
    for (const proof of proofsOf(name)) row.tests.add(proof);
    rows.set(key, row);
  }
  const lines = [...rows.values()]
    .toSorted((one, other) => one.refusal.status - other.refusal.status)
    .map(({ refusal, details, tests }) => {
      const { status, code } = refusal;
      return `| ${status} ${STATUS_CODES[status]} | \`${code}\` | ${[...details].join(' ')} | ${[...tests].join(', ')} |`;
    });
  return [
    '# Refusals of the gateway',
    '',
    'Every refusal is an `application/problem+json` document (RFC 9457) with `type`, `title`, `status`, `detail`, `code` and',
    '`requestId`. The code is stable; the wording is for people. Nothing here is billed. 413, 502, 503 and 504 after the',
    'admission leave a usage event; all others are only counted. The last column names the tests in `test/integration/gateway`',
    'that prove the row. The table is made from the code: `vitest run --project unit refusals-guide -u` writes it anew.',
    '',
    'Why calls with a key were refused, and when, is on **Usage** in the portal, and for the publisher of an API on the usage of',
    'its products; by REST at `/api/v1/organizations/{id}/usage/refused` and `/api/v1/publisher/products/{product}/refused-calls`.',
    'It is kept for 31 days, by the hour. Calls to no operation that there is are only in the metrics.',
    '',
    '| status | code | meaning, and what to do | proved by |',
    '| --- | --- | --- | --- |',
    ...lines,
    '',
  ].join('\n');
}

describe('the guide to refusals', () => {
  it('says of each refusal what the gateway says', async () => {
    const file = path.join(root, 'docs/guides/refusals.md');
    const { code } = await format(path.basename(file), guide(), { printWidth: 120 });
    await expect(code).toMatchFileSnapshot(file);
  });

  it('names a test for each refusal, which is there: scripts/drill/refusal-proofs.json', () => {
    const missing = Object.keys(refusals).filter((name) =>
      proofsOf(name).some((proof) => !fs.existsSync(testOf(proof))),
    );
    expect(missing).toEqual([]);
    expect(Object.keys(proofs).filter((name) => !Object.hasOwn(refusals, name))).toEqual([]);
  });
});
