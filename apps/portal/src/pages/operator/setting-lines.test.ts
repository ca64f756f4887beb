import { expect, it } from 'vitest';
import type { SettingInForce } from '../../api/types.js';
import { settingGroups, settingLines } from './setting-lines.js';

const value = (changes: Partial<SettingInForce['values'][number]> = {}): SettingInForce['values'][number] => ({
  kind: 'gateway',
  value: '250',
  isSet: true,
  isDefault: true,
  processes: ['eu-1'],
  ...changes,
});

const setting = (changes: Partial<SettingInForce> = {}): SettingInForce => ({
  name: 'RATE_STORE_TIMEOUT_MS',
  group: 'Database',
  description: 'how long a call waits',
  isSecret: false,
  isOwn: false,
  differs: false,
  values: [value()],
  ...changes,
});

it('says a value once that all kinds of processes have', () => {
  const values = [value(), value({ kind: 'worker', processes: ['w-1'] }), value({ kind: 'api', processes: ['a-1'] })];
  expect(settingLines(setting({ values }))).toEqual([
    { words: '250', isValue: true, isDefault: true, who: 'gateway, worker, control plane' },
  ]);
});

it('names who has which value where processes of one kind differ', () => {
  const values = [value(), value({ value: '900', isDefault: false, processes: ['eu-2', 'eu-3'] })];
  expect(settingLines(setting({ values, differs: true })).map(({ words, who }) => [words, who])).toEqual([
    ['250', 'eu-1'],
    ['900', 'eu-2, eu-3'],
  ]);
});

it('tells of a secret whether it is set', () => {
  const words = (isSet: boolean) =>
    settingLines(setting({ isSecret: true, values: [value({ value: null, isSet })] }))[0]!.words;
  expect([words(true), words(false)]).toEqual(['Set', 'Not set']);
  expect(settingLines(setting({ values: [value({ value: '' })] }))[0]!.words).toBe('Empty');
});

it('finds by name and description, what is not the default and what differs', () => {
  const settings = [
    setting(),
    setting({ name: 'HOST', description: 'address', values: [value({ isDefault: false })] }),
    setting({ name: 'LOG_LEVEL', group: 'Logs', description: 'lines', differs: true }),
  ];
  const found = (filter: Partial<Parameters<typeof settingGroups>[1]>) =>
    settingGroups(settings, { text: '', isChanged: false, isDiffering: false, ...filter }).map(
      ({ group, settings: members }) => `${group}: ${members.map(({ name }) => name).join(' ')}`,
    );
  expect(found({})).toEqual(['Database: RATE_STORE_TIMEOUT_MS HOST', 'Logs: LOG_LEVEL']);
  expect(found({ text: ' call WAITS' })).toEqual(['Database: RATE_STORE_TIMEOUT_MS']);
  expect(found({ isChanged: true })).toEqual(['Database: HOST']);
  expect(found({ isDiffering: true })).toEqual(['Logs: LOG_LEVEL']);
  expect(found({ text: 'nothing like it' })).toEqual([]);
});
