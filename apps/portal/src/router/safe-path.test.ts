import { expect, it } from 'vitest';
import { isServerPage, safePath, wayBackTo } from './safe-path.js';

it('keeps paths of the portal', () => {
  expect(safePath('/dashboard/usage?range=7d#log', '/')).toBe('/dashboard/usage?range=7d#log');
});

it('refuses every way to another site', () => {
  const hostile = [
    '//evil.example',
    '/\\evil.example',
    'https://evil.example',
    '/\t/evil.example',
    'javascript:alert(1)',
    '',
  ];
  for (const path of hostile) expect(safePath(path, '/dashboard')).toBe('/dashboard');
  expect(safePath(undefined, '/')).toBe('/');
});

it('knows the pages that the server writes', () => {
  expect(isServerPage('/docs/weather/v1?try=getNow')).toBe(true);
  expect(isServerPage('/docs')).toBe(false);
  expect(isServerPage('/docsearch/x')).toBe(false);
});

it('comes back to any page after signing in, by way of the sign-in page where a link cannot name it', () => {
  expect(wayBackTo('/dashboard/usage?range=7d')).toBe('/dashboard/usage?range=7d');
  expect(wayBackTo('/docs/weather/v2?try=getNow#tag/now(s)')).toBe(
    '/sign-in?redirect=%2Fdocs%2Fweather%2Fv2%3Ftry%3DgetNow%23tag%2Fnow%28s%29',
  );
  expect(wayBackTo('//evil.example')).toBe('/dashboard');
  expect(wayBackTo(`/docs?q=${'x'.repeat(400)}`)).toBe('/dashboard');
  expect(wayBackTo(undefined)).toBe('/dashboard');
});
