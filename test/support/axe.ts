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

const STILL = `document.getAnimations().every(({ playState, effect }) =>
  playState !== 'running' || effect?.getComputedTiming().iterations === Infinity)`;

/** Until nothing moves or fades any more, at most two seconds: half faded in, any text has too little contrast. What turns for ever is not waited for. */
async function settle(page: Page): Promise<void> {
  // Asked from outside: the page's own policy forbids it to evaluate anything, which `waitForFunction` would do there.
  for (let left = 40; left > 0 && !(await page.evaluate(STILL)); left -= 1) await page.waitForTimeout(50);
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
