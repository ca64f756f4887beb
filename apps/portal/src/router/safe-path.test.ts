import { expect, it } from 'vitest';
import { isServerPage, safePath } from './safe-path.js';

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
