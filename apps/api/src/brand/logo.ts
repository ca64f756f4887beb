import fs from 'node:fs/promises';
import { SettingsError } from '#config';
import { escapeHtml } from '../docs/html.js';
import { type StaticFile, toStaticFile } from '../static/static-files.js';
import { accentPalette } from './accent-palette.js';

/** The mark of the portal itself, for installations that have no name of their own. */
const OWN_NAME = 'Tollgate';
const OWN_COLORS = { solid: '#17697e', pale: '#b2dde7' };
const MOST_BYTES = 256 * 1024;

/** The first letter of the portal's name on its accent; the portal's own mark as long as it has its own name. */
export function drawnLogo(name: string, accent: string | undefined): Promise<StaticFile> {
  const shades = accent === undefined ? null : accentPalette(accent).shades;
  const { solid, pale } = shades ? { solid: shades[7]!, pale: shades[2]! } : OWN_COLORS;
  const drawing =
    name === OWN_NAME
      ? '<path d="M9 25V12M9 13.5 24 8" stroke="#fff" stroke-width="3.2" stroke-linecap="round"/>' +
        `<path d="M16 25h8" stroke="${pale}" stroke-width="3.2" stroke-linecap="round"/>`
      : '<text x="16" y="22.5" text-anchor="middle" font-family="Inter,system-ui,Helvetica,Arial,sans-serif" font-size="19" font-weight="650" fill="#fff">' +
        `${escapeHtml(initialOf(name))}</text>`;
  const svg =
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32" width="32" height="32">' +
    `<rect width="32" height="32" rx="8" fill="${solid}"/>${drawing}</svg>`;
  return toStaticFile(Buffer.from(svg), '.svg');
}

/** The operator's logo. What it is, its content says, not its name. Rejects with a SettingsError that says what to do. */
export async function readLogo(file: string): Promise<StaticFile> {
  const bytes = await fs.readFile(file).catch((error: NodeJS.ErrnoException) => {
    throw new SettingsError('api', [`PORTAL_LOGO: ${file} cannot be read (${error.code}); name a file that is there`]);
  });
  if (bytes.length > MOST_BYTES) {
    const size = Math.ceil(bytes.length / 1024);
    throw new SettingsError('api', [`PORTAL_LOGO: ${file} has ${size} KB; every page loads it, so at most 256 KB`]);
  }
  const extension = imageKindOf(bytes);
  if (extension === null) {
    throw new SettingsError('api', [`PORTAL_LOGO: ${file} is no SVG, PNG, WebP or JPEG; save it as one of these`]);
  }
  return toStaticFile(bytes, extension);
}

/** By the first bytes, as the formats' specifications have them. */
function imageKindOf(bytes: Buffer): '.png' | '.jpg' | '.webp' | '.svg' | null {
  const begins = (hex: string) => bytes.subarray(0, hex.length / 2).toString('hex') === hex;
  if (begins('89504e470d0a1a0a')) return '.png';
  if (begins('ffd8ff')) return '.jpg';
  if (begins('52494646') && bytes.toString('latin1', 8, 12) === 'WEBP') return '.webp';
  const beginning = bytes.toString('utf8', 0, 4096).replace(/^\u{FEFF}/u, '');
  return /^\s*<(?:\?xml|!--|!DOCTYPE svg|svg)/i.test(beginning) && /<svg[\s>]/i.test(bytes.toString('utf8'))
    ? '.svg'
    : null;
}

function initialOf(name: string): string {
  const [first] = new Intl.Segmenter('en', { granularity: 'grapheme' }).segment(name);
  return (first?.segment ?? '').toLocaleUpperCase('en');
}
