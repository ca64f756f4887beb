import { writeTraffic } from '#persistence';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { UsageError } from '../../../apps/cli/src/exit.js';
import { CommandLine } from '../../support/command-line.js';
import { type TestDatabase, createTestDatabase } from '../../support/database.js';
import { applyFile, weatherApi, weatherProduct } from '../../support/weather-catalog.js';

const subset = (name: string) => ({ url: `http://127.0.0.1:9/`, subset: name });
const upstream = {
  targets: [subset('stable'), { ...subset('canary'), url: 'http://127.0.0.1:10/' }],
  traffic: {
    rules: [{ name: 'testers', match: [{ plans: ['weather/pro'] }], subset: 'canary' }],
    default: {
      split: [
        { subset: 'stable', weight: 95 },
        { subset: 'canary', weight: 5 },
      ],
    },
  },
};
let database: TestDatabase;
let commandLine: CommandLine;
beforeAll(async () => {
  database = await createTestDatabase();
  commandLine = new CommandLine(database);
  const apis = [weatherApi({ v1: { upstream }, v2: {} })];
  await applyFile(database, { apis, products: [weatherProduct({ plans: [] })] });
});
afterAll(async () => {
  commandLine.dispose();
  await database.dispose();
});

const run = (words: string, version = 'v1') =>
  commandLine.run(...words.split(' '), '--api', 'weather', '--version', version);

describe('tollgate canary', () => {
  it('shows the subsets and the shares in force', async () => {
    expect((await run('canary show')).output).toBe(
      'stable: http://127.0.0.1:9\ncanary: http://127.0.0.1:10\n\nrule testers: canary 1\nall other calls: stable 95, canary 5\n',
    );
    expect((await run('canary show', 'v2')).output).toContain('no subsets');
  });

  it('changes the shares of a rule or of all other calls', async () => {
    expect((await run('canary set --share stable=90 --share canary=10')).output).toContain(
      'all other calls: stable 90, canary 10 (written with stable 95, canary 5)\n',
    );
    const { output } = await run('canary set --rule testers --share stable=1 --json');
    expect(JSON.parse(output)).toMatchObject({
      splits: [{ rule: 'testers', shares: [{ subset: 'stable', weight: 1 }] }, {}],
    });
  });

  it('sends everything to one subset, and takes all changes back', async () => {
    expect((await run('canary send-all --to stable')).output).toContain(
      'rule testers: stable 1, canary 0 (written with canary 1)\nall other calls: stable 1, canary 0 (written with',
    );
    expect((await run('canary reset')).output).toContain(
      'rule testers: canary 1\nall other calls: stable 95, canary 5\n',
    );
  });

  it('says how to write what it cannot read', async () => {
    await expect(run('canary set')).rejects.toThrow('--share SUBSET=WEIGHT is needed');
    for (const share of ['canary', 'canary=-1', 'canary=1.5', 'canary=1000001'])
      await expect(run(`canary set --share ${share}`)).rejects.toThrow('expected SUBSET=WEIGHT');
    await expect(run('canary send-all --to blue')).rejects.toThrow(UsageError);
    await expect(run('canary set --share blue=1')).rejects.toThrow('there are stable, canary');
    await expect(run('canary reset', 'v2')).rejects.toThrow('has no subsets');
  });
});

describe('tollgate traffic', () => {
  it('shows calls, errors and percentiles by operation, subset or time', async () => {
    const [{ id } = { id: '' }] = await database.unitOfWork.inSystem((transaction) =>
      transaction.query<{ id: string }>(`SELECT id FROM api_version WHERE name = 'v1'`),
    );
    const startsAtMs = Math.floor(Date.now() / 60_000) * 60_000;
    const span = {
      apiVersionId: id,
      startsAtMs,
      operation: 'getNow',
      subset: 'canary',
      mode: 'live',
      statusClass: 5,
    } as const;
    const histograms = { total: { buckets: [50], counts: [4] }, upstream: { buckets: [], counts: [] } };
    await database.unitOfWork.inSystem((transaction) =>
      writeTraffic(transaction, { gatewayId: 'gateway-1', epoch: 1 }, [{ ...span, calls: 4, ...histograms }]),
    );
    const { output } = await run('traffic --last 15m');
    expect(
      output
        .split('\n')
        .slice(1, 4)
        .map((line) => line.split(/\s{2,}/)),
    ).toEqual([
      ['operation', 'calls', '4xx', '5xx', 'p50 ms', 'p95 ms', 'p99 ms', 'upstream p95 ms'],
      ['getNow (weather v1)', '4', '0', '4', '11.18', '11.18', '11.18', '-'],
      ['all', '4', '0', '4', '11.18', '11.18', '11.18', '-'],
    ]);
    expect((await run('traffic --by subset')).output).toMatch(/^canary +4 /m);
    expect((await run('traffic --by time')).output).toContain(new Date(startsAtMs).toISOString());
    const { output: ofProduct } = await commandLine.run('traffic', '--product', 'weather', '--json');
    expect(JSON.parse(ofProduct)).toMatchObject({ total: { calls: 4, serverErrors: 4 } });
  });

  it('says how to write what it cannot read', async () => {
    await expect(run('traffic --last 40d')).rejects.toThrow('expected 1m to 31d');
    await expect(run('traffic --by plan')).rejects.toThrow('operation, subset, time');
    await expect(run('traffic --product weather')).rejects.toThrow('give --product SLUG, or');
    await expect(commandLine.run('traffic')).rejects.toThrow('is needed');
  });
});
