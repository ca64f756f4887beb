import { accentPalette } from './accent-palette.js';

/** More particular than the rules that have the portal's own colours, whichever of them comes last. */
const ROOT = ':root:root:root';
const DARK = `[data-mantine-color-scheme='dark']`;

/**
 * What makes pages follow another accent: the variables of the application's theme, of its pages as they are sent, and of those of the
 * documentation. Nothing for the portal's own.
 */
export function themeCss(accent: string | undefined): string {
  if (accent === undefined) return '/* The portal has its own colours: PORTAL_ACCENT is not set. */\n';
  const { shades, onDark, quietOnDark, quietOnDarkHover } = accentPalette(accent);
  const [pale, paleHover, solid, deep] = [shades[0]!, shades[1]!, shades[7]!, shades[8]!];
  const light = {
    '--tg-accent': solid,
    '--tg-accent-soft': pale,
    '--mantine-color-anchor': solid,
    '--mantine-color-accent-light': pale,
    '--mantine-color-accent-light-hover': paleHover,
    '--mantine-color-accent-light-color': deep,
    '--mantine-color-accent-outline-hover': pale,
  };
  const dark = {
    '--tg-accent': onDark,
    '--tg-accent-soft': quietOnDark,
    '--mantine-color-anchor': onDark,
    '--mantine-color-accent-text': onDark,
    '--mantine-color-accent-light': quietOnDark,
    '--mantine-color-accent-light-hover': quietOnDarkHover,
    '--mantine-color-accent-light-color': onDark,
    '--mantine-color-accent-outline-hover': quietOnDark,
  };
  const numbered = Object.fromEntries(shades.map((shade, index) => [`--mantine-color-accent-${index}`, shade]));
  return [
    rule(`${ROOT}, ${ROOT} .sent`, { ...numbered, ...light }),
    rule(`${ROOT}.dark, ${ROOT}${DARK}, ${ROOT}${DARK} .sent`, dark),
    // Before the application is there, and without it, a page has the scheme of the system.
    `@media (prefers-color-scheme: dark) {\n${rule(`${ROOT}:not([data-mantine-color-scheme]) .sent`, dark)}}\n`,
  ].join('');
}

function rule(selector: string, declarations: Readonly<Record<string, string>>): string {
  const lines = Object.entries(declarations).map(([name, value]) => `  ${name}: ${value};\n`);
  return `${selector} {\n${lines.join('')}}\n`;
}
