import { describe, expect, it } from 'vitest';
import {
  type DescribedSetting,
  type ReportedSetting,
  type ReportingProcess,
  settingsInForce,
} from './settings-in-force.js';

const described = (name: string, changes: Partial<DescribedSetting> = {}): DescribedSetting => ({
  name,
  group: 'Gateway',
  description: 'what it is for',
  isSecret: false,
  isOwn: false,
  ...changes,
});

const said = (name: string, value: string | null, changes: Partial<ReportedSetting> = {}): ReportedSetting => ({
  name,
  value,
  isSet: value !== null,
  isDefault: false,
  ...changes,
});

const gateway = (name: string, ...settings: readonly ReportedSetting[]): ReportingProcess => ({
  kind: 'gateway',
  name,
  settings,
});

describe('the settings in force', () => {
  it('tell two gateways apart that differ, and who has which value', () => {
    const [timeout] = settingsInForce(
      [
        gateway('a', said('TIMEOUT', '250')),
        gateway('b', said('TIMEOUT', '900')),
        gateway('c', said('TIMEOUT', '250')),
      ],
      [described('TIMEOUT')],
    );
    expect(timeout!.differs).toBe(true);
    expect(timeout!.values.map(({ value, processes }) => [value, processes])).toEqual([
      ['250', ['a', 'c']],
      ['900', ['b']],
    ]);
  });

  it('do not call it a difference that kinds differ, that each has its own, or that one set what is the default', () => {
    const worker: ReportingProcess = { kind: 'worker', name: 'w', settings: [said('LEVEL', 'debug')] };
    const processes = [
      gateway('a', said('ID', 'a'), said('LEVEL', 'info', { isDefault: true })),
      gateway('b', said('ID', 'b'), said('LEVEL', 'info', { isDefault: false })),
      worker,
    ];
    const found = settingsInForce(processes, [described('ID', { isOwn: true }), described('LEVEL')]);
    expect(found.map(({ name, differs }) => [name, differs])).toEqual([
      ['ID', false],
      ['LEVEL', false],
    ]);
  });

  it('never tell a secret that a process has said, but whether it is set', () => {
    const processes = [gateway('a', said('PEPPER', 'hidden')), gateway('b', said('PEPPER', null))];
    const [pepper] = settingsInForce(processes, [described('PEPPER', { isSecret: true })]);
    expect(JSON.stringify(pepper)).not.toContain('hidden');
    expect(pepper).toMatchObject({
      differs: true,
      values: [
        { value: null, isSet: true },
        { value: null, isSet: false },
      ],
    });
  });

  it('name what another version has, without its value, after all that is known', () => {
    const found = settingsInForce([gateway('a', said('NEW', 'hidden'), said('HOST', '::'))], [described('HOST')]);
    expect(found.map(({ name, group }) => [name, group])).toEqual([
      ['HOST', 'Gateway'],
      ['NEW', 'Of another version'],
    ]);
    expect(JSON.stringify(found)).not.toContain('hidden');
  });

  it('leave out what nobody reads, and processes whose settings cannot be read', () => {
    const broken: ReportingProcess = { kind: 'gateway', name: 'a', settings: null };
    expect(settingsInForce([broken], [described('HOST')])).toEqual([]);
    expect(settingsInForce([], [])).toEqual([]);
  });
});
