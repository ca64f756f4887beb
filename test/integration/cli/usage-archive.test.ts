import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { CommandLine } from '../../support/command-line.js';
import { TestArchive } from '../../support/usage-archive.js';
import { VerifiedLedger } from '../../support/verified-ledger.js';

describe('tollgate usage archive', () => {
  let ledger: VerifiedLedger;
  let archive: TestArchive;
  let commandLine: CommandLine;
  beforeAll(async () => {
    ledger = await VerifiedLedger.create();
    archive = new TestArchive(ledger.database);
    commandLine = new CommandLine(ledger.database);
  });
  afterAll(async () => {
    commandLine.dispose();
    archive.dispose();
    await ledger.dispose();
  });
  const run = (...words: readonly string[]) => commandLine.run('usage', 'archive', ...words);

  it('says what is missing: the folder, or a day that is one', async () => {
    await expect(run()).rejects.toMatchObject({ code: 'usage_archive_not_configured' });
    vi.stubEnv('USAGE_ARCHIVE_DIR', archive.folder);
    await expect(run('--day', '2026-02-30')).rejects.toThrow('--day 2026-02-30: expected a UTC day');
    await expect(run('--day', 'yesterday')).rejects.toThrow('--day yesterday');
    vi.stubEnv('USAGE_RETENTION_DAYS', '1');
    await expect(run()).rejects.toThrow('USAGE_RETENTION_DAYS');
    vi.stubEnv('USAGE_RETENTION_DAYS', '90');
  });

  it('tells in a dry run which day could go, and leaves it', async () => {
    expect(await run('--day', '2026-02-10', '--dry-run')).toEqual({
      code: 0,
      output: '2026-02-10 can be archived: its periods are closed, and its proof agrees.\n',
    });
    expect(archive.files()).toEqual([]);
  });

  it('moves what is old enough, and the day that is asked for', async () => {
    const day = await run('--day', '2026-02-10', '--json');
    expect(JSON.parse(day.output)).toEqual([
      { day: '2026-02-10', status: 'archived', file: 'usage-2026-02-10.copy.zst', eventCount: 6 },
    ]);
    const due = await run();
    expect(due.code).toBe(0);
    expect(due.output.trim().split('\n')[0]).toBe('2026-02-11 is in the archive: usage-2026-02-11.copy.zst, 6 events.');
    expect(archive.files().length).toBe(3);
    expect(await run()).toMatchObject({ code: 0, output: 'No day of the ledger is old enough.\n' });
  });

  it('is proven by `verify`, which exits with 1 and names a file that is gone', async () => {
    const verified = await commandLine.run('verify', '--no-provider');
    expect(verified).toMatchObject({ code: 0, output: expect.stringContaining('events      19 checked') });
    vi.stubEnv('USAGE_ARCHIVE_DIR', `${archive.folder}/elsewhere`);
    const gone = await commandLine.run('verify', '--no-provider');
    expect(gone.code).toBe(1);
    expect(gone.output).toContain('usage_archive 2026-02-10');
    expect(gone.output).toContain('usage-2026-02-10.copy.zst is missing');
  });
});
