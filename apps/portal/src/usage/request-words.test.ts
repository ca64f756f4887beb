import { expect, it } from 'vitest';
import type { UsageRequest } from '../api/types.js';
import {
  billableWords,
  durationWords,
  outcomeWords,
  quantityWords,
  streamWords,
  toneOfStatus,
} from './request-words.js';

const facts = { billable: false, reason: 'upstream_5xx', mode: 'live' } as UsageRequest;

it('says why a request is charged or not', () => {
  expect(billableWords({ ...facts, billable: true, reason: 'ok' })).toBe('Billable: answered successfully');
  expect(billableWords(facts)).toBe('Not billable: errors of the API are never charged');
  expect(billableWords({ ...facts, reason: 'ok', mode: 'test' })).toMatch(/test keys/);
  expect(billableWords({ ...facts, reason: 'odd_ending' })).toBe('Not billable: odd ending');
});

it('words outcomes, also those it does not know', () => {
  expect(outcomeWords('upstream_timeout')).toMatch(/did not answer in time/);
  expect(outcomeWords('cut_short')).toBe('Cut short');
});

it('names the units of each meter', () => {
  const units: Record<string, string> = { requests: 'request' };
  expect(quantityWords({ requests: '1', tiles: '3' }, (meter) => units[meter])).toBe('1 request, 3 tiles');
  expect(quantityWords({}, () => undefined)).toBe('nothing');
});

it('colours by status class', () => {
  expect([200, 304, 404, 503].map(toneOfStatus)).toEqual(['positive', 'positive', 'warning', 'danger']);
});

it('tells a connection from a long answer', () => {
  expect(streamWords({ status: 101, rowCount: 12 })).toBe('connection, 12 rows');
  expect(streamWords({ status: 200, rowCount: 2 })).toBe('long answer, 2 rows');
});

it('never says that a request took no time', () => {
  expect(durationWords(0)).toBe('<1 ms');
  expect(durationWords(0.4)).toBe('<1 ms');
  expect(durationWords(1.4)).toBe('1 ms');
  expect(durationWords(1234.4)).toBe('1,234 ms');
});
