import fs from 'node:fs';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';

const script = fs.readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** Rules that axe only applies when it is asked to: the size of targets is of WCAG 2.2, names that hold their label of 2.1. */
const ASKED_FOR = { 'target-size': { enabled: true }, 'label-content-name-mismatch': { enabled: true } };

interface AxeResults {
  readonly violations: readonly {
    readonly id: string;
    readonly nodes: readonly { readonly target: readonly (string | readonly string[])[] }[];
  }[];
}

interface Axe {
  run(options: object): Promise<AxeResults>;
}

/** How much there is in the page; null while something moves or fades. What turns for ever does not count. */
const SIZE_AT_REST = `document.getAnimations().some(({ playState, effect }) =>
  playState === 'running' && effect?.getComputedTiming().iterations !== Infinity) ? null : document.body.innerHTML.length`;
const ASKED_EVERY_MS = 50;
const ASKED_AT_MOST = 100;

/**
 * Until the page is drawn and nothing moves, or, where it never rests, five seconds: half faded in, any text has too little contrast, and what
 * Redoc draws is mended in the frame after.
 */
async function settle(page: Page): Promise<void> {
  let before: number | null = null;
  for (let asked = 0; asked < ASKED_AT_MOST; asked += 1) {
    // Asked from outside: the page's own policy forbids it to evaluate anything, which `waitForFunction` would do there.
    const size: number | null = await page.evaluate(SIZE_AT_REST);
    if (size !== null && size === before) return;
    before = size;
    await page.waitForTimeout(ASKED_EVERY_MS);
  }
}

/** What axe finds at fault in the page as it is, by rule and place; no rule of WCAG 2.2 AA is off. */
export async function violationsOf(page: Page): Promise<string[]> {
  await settle(page);
  if (!(await page.evaluate('"axe" in globalThis'))) await page.evaluate(script);
  const { violations } = await page.evaluate((options) => (globalThis as unknown as { axe: Axe }).axe.run(options), {
    rules: ASKED_FOR,
    resultTypes: ['violations'],
  });
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.flat().join(' ')).join(', ')}`);
}
