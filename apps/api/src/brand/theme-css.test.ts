import { expect, it } from 'vitest';
import { themeCss } from './theme-css.js';

it('sets nothing as long as the accent is the portal’s own', () => {
  expect(themeCss(undefined)).not.toContain('{');
});

it('sets the accent for both schemes, for the application, pages as they are sent, and the documentation', () => {
  const css = themeCss('#6d28d9');
  const [light, dark, system] = css.split('}\n');
  expect(light).toMatch(/^:root:root:root, :root:root:root \.sent \{/);
  expect(light).toContain('--tg-accent: #6d28d9;');
  expect(light).toContain('--mantine-color-accent-7: #6d28d9;');
  expect(dark).toMatch(/^:root:root:root\.dark, .*\[data-mantine-color-scheme='dark'\] \.sent \{/);
  expect(dark).toContain('--tg-accent: ');
  expect(dark).not.toContain('#6d28d9');
  expect(system).toMatch(/^@media \(prefers-color-scheme: dark\)/);
  expect(css.match(/\{/g)).toHaveLength(css.match(/\}/g)!.length);
});
