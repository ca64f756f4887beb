import type { Page } from 'playwright-core';
import type { SignIn } from './installation.js';

type Account = Pick<SignIn, 'email' | 'password'>;

/** Fills in the form for signing in that the page shows, and sends it. */
export async function sendSignIn(page: Page, { email, password }: Account): Promise<void> {
  await page.getByLabel('E-mail').fill(email);
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
}

/** Opens the form for signing in, sends it, and waits until it is left. */
export async function signIn(page: Page, account: Account): Promise<void> {
  await page.goto('/sign-in');
  await sendSignIn(page, account);
  await page.waitForURL(({ pathname }) => !pathname.startsWith('/sign-in'));
}

/** The demo's account of a role. */
export function accountOf(accounts: readonly SignIn[], role: string): SignIn {
  return accounts.find((account) => account.role === role)!;
}
