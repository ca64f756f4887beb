import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { drawnLogo, readLogo } from './logo.js';

const PNG = Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex');
let folder: string;

beforeAll(async () => {
  folder = await fs.mkdtemp(path.join(os.tmpdir(), 'tollgate-logo-'));
});

afterAll(async () => {
  await fs.rm(folder, { recursive: true, force: true });
});

async function logoOf(content: Buffer | string) {
  const file = path.join(folder, 'logo');
  await fs.writeFile(file, content);
  return readLogo(file);
}

describe('a logo of the operator', () => {
  it.each([
    ['image/png', PNG],
    ['image/jpeg', Buffer.from('ffd8ffe000104a464946', 'hex')],
    ['image/webp', Buffer.from('RIFF\u{24}\0\0\0WEBPVP8 ', 'latin1')],
    ['image/svg+xml', '<svg xmlns="http://www.w3.org/2000/svg"/>'],
    ['image/svg+xml', '\u{FEFF}<?xml version="1.0"?>\n<!-- a comment -->\n<svg viewBox="0 0 1 1"></svg>'],
  ])('is %s by its content', async (mediaType, content) => {
    expect((await logoOf(content)).mediaType).toBe(mediaType);
  });

  it.each([
    ['is a page', '<!doctype html><html><svg></svg></html>', 'is no SVG, PNG, WebP or JPEG; save it as one of these'],
    ['is empty', '', 'is no SVG, PNG, WebP or JPEG'],
    ['is a RIFF of another kind', Buffer.from('RIFF\0\0\0\0WAVE', 'latin1'), 'is no SVG, PNG, WebP or JPEG'],
    [
      'is too large',
      Buffer.concat([PNG, Buffer.alloc(256 * 1024)]),
      'has 257 KB; every page loads it, so at most 256 KB',
    ],
  ])('is refused when it %s', async (_what, content, words) => {
    await expect(logoOf(content)).rejects.toThrow(words);
  });

  it('is refused by its path when it is not there', async () => {
    const file = path.join(folder, 'none.svg');
    await expect(readLogo(file)).rejects.toThrow(`PORTAL_LOGO: ${file} cannot be read (ENOENT)`);
  });
});

describe('without one', () => {
  const svgOf = async (name: string, accent?: string) => (await drawnLogo(name, accent)).bytes.toString();

  it('the first letter of the name stands on the accent', async () => {
    expect(await svgOf('sky developers', '#6d28d9')).toMatch(/fill="#6d28d9".*>S<\/text>/);
    expect(await svgOf('école', undefined)).toMatch(/fill="#17697e".*>É<\/text>/);
    expect(await svgOf('<script>', '#6d28d9')).toContain('>&#60;<');
    expect(await svgOf('👩‍🚀 Space', '#6d28d9')).toContain('>👩‍🚀</text>');
  });

  it('the portal has its own mark as long as it has its own name', async () => {
    expect(await svgOf('Tollgate')).not.toContain('<text');
  });
});
