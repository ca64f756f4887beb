import { describe, expect, it } from 'vitest';
import { type Refusal, refusals } from '../responses/refusal.js';
import type { OperationEntry } from '../snapshot/catalog.js';
import type { CredentialEntry } from '../snapshot/credential-store.js';
import { RefusalRecorder } from './refusal-recorder.js';

const HOUR = 3_600_000;
const START = 500_000 * HOUR;
const operation = (name: string) => ({ operation: name, version: { id: 'version' } }) as OperationEntry;
const list = operation('listThings');
const caller: CredentialEntry = { id: 'key', keyId: '', applicationId: 'app', mode: 'live', restrictions: null };
const { keyUnknown, rateLimitExceeded } = refusals;

describe('what a gateway has refused', () => {
  it('is told apart by operation, key and code, each in its hour, with the last time', () => {
    const recorder = new RefusalRecorder();
    const count = (at: number, who: CredentialEntry | null, why: Refusal, what = list) =>
      recorder.count(what, who, why, START + at);
    count(1, caller, rateLimitExceeded);
    count(2, caller, rateLimitExceeded);
    count(HOUR + 3, caller, rateLimitExceeded);
    count(4, null, keyUnknown);
    count(5, null, keyUnknown, operation('makeThing'));
    const kinds = recorder.unwritten().map((one) => {
      const { startsAtMs, operation: name, applicationId, credentialId, mode, code, status, calls, lastAtMs } = one;
      const when = `${(startsAtMs - START) / HOUR}+${lastAtMs - startsAtMs}`;
      return [when, name, applicationId, credentialId, mode, code, status, calls].join(' ');
    });
    expect(kinds.toSorted()).toEqual([
      '0+2 listThings app key live rate_limit_exceeded 429 2',
      '0+4 listThings    invalid_api_key 401 1',
      '0+5 makeThing    invalid_api_key 401 1',
      '1+3 listThings app key live rate_limit_exceeded 429 1',
    ]);
  });

  it('is written once, and again when there is more', () => {
    const recorder = new RefusalRecorder();
    recorder.count(list, caller, rateLimitExceeded, START);
    const first = recorder.unwritten();
    recorder.count(list, caller, rateLimitExceeded, START + 1);
    recorder.written(first, START + 2);
    expect(recorder.unwritten()).toMatchObject([{ calls: 2 }]);
    recorder.written(recorder.unwritten(), START + 3);
    expect(recorder.unwritten()).toEqual([]);
    recorder.count(list, caller, rateLimitExceeded, START + 4);
    expect(recorder.unwritten()).toMatchObject([{ calls: 3 }]);
  });

  it('tells no more kinds apart than its bound, has room again with the next hour, and counts what is left out', () => {
    const recorder = new RefusalRecorder(8);
    for (const name of ['one', 'two', 'three', 'one']) recorder.count(operation(name), null, keyUnknown, START);
    expect(recorder.unwritten().map(({ calls }) => calls)).toEqual([2, 1]);
    expect(recorder.lost).toBe(1);
    recorder.count(operation('one'), null, keyUnknown, START + HOUR);
    expect(recorder.lost).toBe(2);
    recorder.written(recorder.unwritten(), START + HOUR);
    recorder.count(operation('three'), null, keyUnknown, START + HOUR);
    expect(recorder.unwritten()).toMatchObject([{ operation: 'three', calls: 1 }]);
    expect(recorder.lost).toBe(2);
  });

  it('lets nobody hide what is refused to others', () => {
    const recorder = new RefusalRecorder(8);
    const refuse = (id: string, times: number) => {
      const who = { ...caller, id };
      for (let index = 0; index < times; index++)
        recorder.count(operation(`one of many ${index}`), who, rateLimitExceeded, START);
    };
    refuse('greedy', 100);
    refuse('modest', 1);
    expect(recorder.unwritten().map(({ credentialId }) => credentialId)).toEqual(['greedy', 'greedy', 'modest']);
    for (let index = 0; index < 9; index++) refuse(`key ${index}`, 1);
    expect(recorder.unwritten()).toHaveLength(8);
  });
});
