import { expect, it } from 'vitest';
import type { ApiVersion } from '../api/types.js';
import { docsHref, latestVersionOf } from './versions.js';

const version = (name: string, latest: boolean) => ({ name, latest }) as ApiVersion;

it('takes the version marked latest, wherever it stands', () => {
  const api = (versions: ApiVersion[]) => latestVersionOf({ slug: 'a', title: 'A', versions });
  expect(api([version('v1', false), version('v2', true)])?.name).toBe('v2');
  expect(api([version('v1', false)])?.name).toBe('v1');
  expect(api([])).toBeNull();
});

it('escapes names in addresses', () => {
  expect(docsHref('maps', '2026/11 beta')).toBe('/docs/maps/2026%2F11%20beta');
});
