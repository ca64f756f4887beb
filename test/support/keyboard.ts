import type { Locator, Page } from 'playwright-core';
import { eventually } from './installation.js';

/** More than any page here has controls before the one that is wanted. */
const MOST_TABS = 120;

/**
 * Goes on with the Tab key until `target` has the focus, as somebody without a mouse does. An error when it is out of reach,
 * or when nothing shows that it has the focus.
 */
export async function tabTo(page: Page, target: Locator): Promise<void> {
  await target.waitFor({ state: 'attached' });
  const before = await looksOf(target);
  const hadFocus = await hasFocus(target);
  for (let tabs = 0; !(await hasFocus(target)); tabs++) {
    if (tabs === MOST_TABS) throw new Error(`out of reach of the keyboard: ${target.toString()}`);
    await page.keyboard.press('Tab');
  }
  // Colours go over into each other.
  if (!hadFocus)
    await eventually(`${target.toString()} shows its focus`, async () => (await looksOf(target)) !== before, 2_000);
}

/** Goes to a button or a link with the Tab key, and presses Enter. */
export async function enter(page: Page, target: Locator): Promise<void> {
  await tabTo(page, target);
  await page.keyboard.press('Enter');
}

/** Goes to a field with the Tab key, and types. */
export async function type(page: Page, field: Locator, text: string): Promise<void> {
  await tabTo(page, field);
  await page.keyboard.type(text);
}

export function hasFocus(target: Locator): Promise<boolean> {
  return target.evaluate((element) => element.ownerDocument.activeElement === element);
}

/** All that tells an element with the focus from one without; fields for passwords show it on what is around them. */
function looksOf(target: Locator): Promise<string> {
  return target.evaluate((element) => {
    const view = element.ownerDocument.defaultView!;
    return [element, element.parentElement!]
      .map((shown) => view.getComputedStyle(shown))
      .map(({ outline, borderColor, boxShadow }) => [outline, borderColor, boxShadow].join())
      .join();
  });
}
