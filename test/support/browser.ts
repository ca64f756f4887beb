import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

/** One that only runs without a window takes a quarter less of the CPU. */
const NAMES = ['chromium-headless-shell', 'chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
const MAC = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
];

const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-dev-shm-usage',
];

/** How to get a browser, for the name of a test that is skipped without one. */
export const BROWSER_HINT = 'needs Chromium or Chrome: install one, or set CHROMIUM_PATH';

/** The Chromium to test with: `CHROMIUM_PATH`, else the system's, else the packaged one if it runs here; else null. */
export async function findChromium(): Promise<string | null> {
  const asked = process.env['CHROMIUM_PATH'];
  if (asked) return asked;
  const folders = (process.env['PATH'] ?? '').split(':');
  const candidates = [...NAMES.flatMap((name) => folders.map((folder) => `${folder}/${name}`)), ...MAC];
  return candidates.find((file) => fs.existsSync(file)) ?? packagedChromium();
}

/** The Chromium of @sparticuz/chromium: Linux only, and only where its libraries are there. */
async function packagedChromium(): Promise<string | null> {
  if (process.platform !== 'linux') return null;
  try {
    const { default: packaged } = await import('@sparticuz/chromium');
    const file = await packaged.executablePath();
    execFileSync(file, ['--version', '--no-sandbox'], { stdio: 'ignore', timeout: 20_000 });
    return file;
  } catch {
    return null;
  }
}

/** Starts the browser without anything that talks to the outside. */
export function launchChromium(executablePath: string): Promise<Browser> {
  return chromium.launch({ executablePath, args: FLAGS });
}
