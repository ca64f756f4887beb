import { expect, it } from 'vitest';
import { placeOf, suggestBasePath } from './base-path.js';

it('puts the name in the place of the last segment', () => {
  expect(suggestBasePath('/atlas/v2', 'v3')).toBe('/atlas/v3');
  expect(suggestBasePath('/atlas/geo/2025', '2026-11')).toBe('/atlas/geo/2026-11');
  expect(suggestBasePath('/atlas', 'v2')).toBe('/v2');
  expect(suggestBasePath('/', 'v2')).toBe('/v2');
});

it('suggests nothing while there is no name', () => {
  expect(suggestBasePath('/atlas/v2', '')).toBe('');
});

it('names a place with its host and its header, if any', () => {
  const place = { host: null, basePath: '/atlas/v2', versionHeader: null };
  expect(placeOf(place)).toBe('/atlas/v2');
  expect(placeOf({ ...place, host: 'api.example.com' })).toBe('api.example.com/atlas/v2');
  const versionHeader = { name: 'X-API-Version', value: 'v2' };
  expect(placeOf({ ...place, versionHeader })).toBe('/atlas/v2 with X-API-Version: v2');
});
