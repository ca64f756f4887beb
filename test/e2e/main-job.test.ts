import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Browser, BrowserContext, Page, Request } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { violationsOf } from '../support/axe.js';
import { BROWSER_HINT, findChromium, launchChromium } from '../support/browser.js';
import { Installation, eventually } from '../support/installation.js';
import { enter, hasFocus, tabTo, type } from '../support/keyboard.js';
import { PHONE, SCREEN } from '../support/screen.js';
import { accountOf, sendSignIn, signIn } from '../support/sign-in.js';
import { totpOf } from '../support/totp.js';

const chromium = await findChromium();
const PASSWORD = 'correct horse battery';
const EMAIL = 'ada@lovelace.example';
const CALLS = 25;

describe.skipIf(chromium === null)(
  `the main job in a browser (${chromium === null ? BROWSER_HINT : 'Chromium'})`,
  () => {
    let installation: Installation;
    let browser: Browser | undefined;
    let consumer: BrowserContext;
    let page: Page;
    let finance: Page;
    let key: string;
    /** When the portal was first opened, by `performance.now()`. */
    let openedMs: number;
    const faults: string[] = [];

    beforeAll(async () => {
      installation = await Installation.start();
      browser = await launchChromium(chromium!);
      consumer = await browser!.newContext({
        baseURL: installation.ready.portalUrl,
        ...SCREEN,
      });
      page = await openPage(consumer);
    });
    afterAll(async () => {
      await browser?.close();
      await installation?.stop();
      installation?.remove();
    });

    afterEach(async ({ task }) => {
      if (task.result?.state !== 'fail') return;
      for (const [who, shown] of Object.entries({ consumer: page, finance })) {
        if (!shown) continue;
        const file = path.join(os.tmpdir(), `tollgate-failed-page-of-${who}.png`);
        await shown.screenshot({ path: file, fullPage: true });
        console.log(`${task.name}: at ${shown.url()}, see ${file}`);
      }
    });

    async function openPage(context: BrowserContext): Promise<Page> {
      const opened = await context.newPage();
      opened.setDefaultTimeout(20_000);
      opened.on('pageerror', (error) => faults.push(error.message));
      opened.on('console', (message) => {
        if (message.type() === 'error' && !/status of 4\d\d/.test(message.text())) faults.push(message.text());
      });
      return opened;
    }

    const button = (name: string) => page.getByRole('button', { name, exact: true });
    const link = (name: string | RegExp) => page.getByRole('link', { name });
    const stepIsDone = (title: string) =>
      page.getByRole('listitem').filter({ hasText: title }).getByText('(done)').waitFor({ state: 'attached' });
    const statusIs = (status: number) =>
      eventually(`calls get ${status}`, async () => {
        const url = `${installation.ready.gatewayUrl}/atlas/v2/countries/NZ`;
        const answer = await fetch(url, { headers: { 'x-api-key': key } });
        await answer.arrayBuffer();
        return answer.status === status;
      });
    const saveCard = async (number: string) => {
      await type(page, page.getByLabel('Card number'), number);
      await type(page, page.getByLabel('Expiry'), '12 / 34');
      await type(page, page.getByLabel('CVC'), '123');
      await type(page, page.getByLabel('Name on card'), 'Ada Lovelace');
      await enter(page, button('Save card'));
    };

    it('signs up from the home page and verifies the address with the mail', async () => {
      await page.goto('/');
      openedMs = performance.now();
      await page.getByRole('heading', { level: 1 }).waitFor();
      await page.keyboard.press('Tab');
      expect(await hasFocus(link('Skip to content'))).toBe(true);
      await page.keyboard.press('Enter');
      expect(await page.evaluate('document.activeElement.id')).toBe('content');
      await page.goto('/');
      await enter(page, link('Sign up').first());
      await type(page, page.getByLabel('Name', { exact: true }), 'Ada Lovelace');
      await type(page, page.getByLabel('Organization'), 'Analytical Engines');
      await type(page, page.getByLabel('E-mail'), EMAIL);
      await type(page, page.getByLabel('Password', { exact: true }), PASSWORD);
      await enter(page, button('Sign up'));
      await page.getByRole('heading', { name: 'Check your mail' }).waitFor();
      await enter(page, link('Open the inbox'));
      await enter(page, page.getByRole('link', { name: new RegExp(EMAIL) }).first());
      await enter(page, page.locator('article a[href*="verify-email"]').first());
      await page.waitForURL('**/dashboard');
    });

    it('creates an application from the checklist, in a dialog that keeps the focus and gives it back', async () => {
      await enter(page, button('Create application').first());
      const dialog = page.getByRole('dialog');
      await dialog.getByLabel('Application name').waitFor();
      for (let tabs = 0; tabs < 6; tabs++) {
        await page.keyboard.press('Tab');
        expect(await page.evaluate('document.activeElement.closest("[role=dialog]") !== null')).toBe(true);
      }
      await page.keyboard.press('Escape');
      await dialog.waitFor({ state: 'hidden' });
      await eventually('the focus is back', () => hasFocus(button('Create application').first()));
      await page.keyboard.press('Enter');
      await type(page, dialog.getByLabel('Application name'), 'Difference engine');
      await enter(page, dialog.getByRole('button', { name: 'Create application' }));
      await dialog.waitFor({ state: 'hidden' });
      await stepIsDone('Create an application');
    });

    it('subscribes to a paid plan with a card from the hosted page', async () => {
      await enter(page, link('Choose a plan').first());
      await enter(page, link(/Choose Pro/));
      await enter(page, button('Add a card and subscribe'));
      await saveCard('4242 4242 4242 4242');
      await page.waitForURL('**/dashboard/subscribe?**');
      await tabTo(page, page.getByRole('checkbox', { name: 'I accept the terms of Atlas' }));
      await page.keyboard.press('Space');
      await enter(page, page.locator('button:enabled', { hasText: /^Subscribe$/ }));
      await page.getByRole('heading', { name: 'You are subscribed' }).waitFor();
      expect(await page.evaluate('[scrollY, document.activeElement.id]')).toEqual([0, 'content']);
    });

    it('reveals a key once on the way to the first call, which the checklist waits for and shows', async () => {
      await enter(page, link('Overview'));
      await stepIsDone('Choose a plan');
      await enter(page, button('Create key'));
      const dialog = page.getByRole('dialog');
      await type(page, dialog.getByLabel('Key name'), 'Production');
      await enter(page, dialog.getByRole('button', { name: 'Create key' }));
      key = (await dialog.getByTestId('revealed-key').textContent())!;
      expect(key).toMatch(/^tg_live_/);
      await enter(page, dialog.getByRole('button', { name: 'Done' }));
      await dialog.waitFor({ state: 'hidden' });
      expect((await page.content()).includes(key)).toBe(false);
      await stepIsDone('Create a key');
      await page.getByText('Waiting for the first successful call').waitFor();
      const url = `${installation.ready.gatewayUrl}/atlas/v2/countries/NZ`;
      await eventually(
        'the gateway knows the key',
        async () => (await fetch(url, { headers: { 'x-api-key': key } })).ok,
      );
      const firstCallSeconds = (performance.now() - openedMs) / 1_000;
      console.log(`from opening the portal to the first 200: ${firstCallSeconds.toFixed(1)} s`);
      await page.getByText('You are live.').waitFor();
      await page.getByText('200 GET getCountry').first().waitFor();
      for (let index = 1; index < CALLS; index++) {
        const answer = await fetch(url, { headers: { 'x-api-key': key } });
        await answer.arrayBuffer();
        expect(answer.status).toBe(200);
      }
    });

    it('shows a call on the open page, without a reload', async () => {
      await page.goto('/dashboard/usage');
      const total = page.getByTestId('usage-total');
      const shows = (calls: number) => async () => (await total.textContent())?.replace(/\D/g, '') === String(calls);
      await eventually(`a total of ${CALLS}`, shows(CALLS));
      const url = `${installation.ready.gatewayUrl}/atlas/v2/countries/FJ`;
      const answer = await fetch(url, { headers: { 'x-api-key': key } });
      await answer.arrayBuffer();
      expect(answer.status).toBe(200);
      await eventually(`a total of ${CALLS + 1}, without a reload`, shows(CALLS + 1));
    });

    it('tells usage apart by operation, and narrows it down to one', async () => {
      await page.getByLabel('Group by').first().click();
      await page.getByRole('option', { name: 'By Operation' }).click();
      const groups = page.getByRole('table', { name: 'Groups of usage' });
      await groups.getByRole('button', { name: 'getCountry (atlas v2)' }).click();
      await page.waitForURL(/operation=getCountry/);
    });

    it('shows certain days, the request log too, beside the same days a month before', async () => {
      const day = (agoDays: number) => new Date(Date.now() - agoDays * 86_400_000).toISOString().slice(0, 10);
      await page.goto('/dashboard/usage');
      await page.getByText('Days', { exact: true }).click();
      await page.getByLabel('From (UTC)').fill(day(10));
      await page.getByLabel('To (UTC)').fill(day(11));
      await page.getByText('The last day comes before the first.').waitFor();
      await page.getByLabel('To (UTC)').fill(day(9));
      await page.getByText('No requests in this time').waitFor();
      await page.getByLabel('To (UTC)').fill(day(0));
      await page.getByRole('cell', { name: 'GET getCountry' }).first().waitFor();
      await page.getByLabel('Compare with').first().click();
      await page.getByRole('option', { name: 'The same time a month before' }).click();
      await page.getByText('none in the same time a month before').waitFor();
      await page.waitForURL(new RegExp(`from=${day(10)}.*to=${day(0)}.*compare=month`));
    });

    it('lets finance close the period, and the invoice is issued and paid', async () => {
      const context = await browser!.newContext({
        baseURL: installation.ready.portalUrl,
        acceptDownloads: true,
        ...SCREEN,
      });
      finance = await openPage(context);
      await signIn(finance, accountOf(installation.ready.signIns, 'finance'));
      await finance.goto('/finance');
      await finance.getByRole('button', { name: 'Close periods' }).click();
      const dialog = finance.getByRole('dialog');
      const after = new Date(Date.now() + 35 * 86_400_000).toISOString().slice(0, 16);
      await dialog.getByLabel('Ended by (UTC)').fill(after);
      await dialog.getByRole('button', { name: 'Close periods' }).click();
      await dialog.getByText(/periods? closed/).waitFor({ timeout: 40_000 });
      await dialog.getByText('Analytical Engines').waitFor();

      await page.goto('/dashboard/billing');
      await page.getByRole('link', { name: /^ATLAS-/ }).click();
      await eventually('the invoice is paid', async () => {
        await page.reload();
        await page.getByTestId('invoice-total').waitFor();
        return (await page.getByText('Paid', { exact: true }).count()) > 0;
      });
      expect(await page.getByTestId('invoice-total').textContent()).toContain('29.00');
    });

    it('gives the invoice as PDF, and finance the CSV with its lines', async () => {
      const href = await page.getByRole('link', { name: 'Download PDF' }).getAttribute('href');
      const pdf = await consumer.request.get(href!);
      expect(pdf.headers()['content-type']).toContain('application/pdf');
      expect((await pdf.body()).subarray(0, 5).toString()).toBe('%PDF-');

      await finance.goto('/finance');
      await finance.getByRole('link', { name: 'Reports and exports' }).click();
      await finance.getByRole('row', { name: /atlas \/ pro .*\$29\.00/ }).waitFor();
      await finance.getByRole('button', { name: 'Change 1200 Accounts receivable' }).click();
      const dialog = finance.getByRole('dialog');
      await dialog.getByLabel('Number').fill('1400');
      await dialog.getByRole('button', { name: 'Save' }).click();
      await dialog.waitFor({ state: 'hidden' });
      await finance.goto('/finance/reports?report=journal-entries');
      await finance
        .getByRole('row', { name: /1400 Accounts receivable .*Analytical Engines .*\$29\.00/ })
        .first()
        .waitFor();
      const [workbook] = await Promise.all([
        finance.waitForEvent('download'),
        finance.getByRole('link', { name: 'Invoices as Excel' }).click(),
      ]);
      expect(workbook.suggestedFilename()).toBe('invoices.xlsx');

      await finance.goto('/finance');
      const [download] = await Promise.all([
        finance.waitForEvent('download'),
        finance.getByRole('link', { name: 'Export CSV' }).click(),
      ]);
      const file = path.join(installation.home, 'export.csv');
      await download.saveAs(file);
      const csv = fs.readFileSync(file, 'utf8');
      expect(csv).toContain('Analytical Engines');
      expect(csv).toContain('29.00');
    });

    it('leads finance from the board to an invoice, its lines and the calls behind one, which come to its quantity', async () => {
      const board = finance.getByRole('group', { name: 'Where periods stand' });
      await board.getByRole('button', { name: /^Open/ }).click();
      await finance.getByRole('table', { name: 'Open periods' }).getByText('Analytical Engines').first().waitFor();
      await finance
        .getByRole('row', { name: /Analytical Engines/ })
        .getByRole('link', { name: /^ATLAS-/ })
        .first()
        .click();
      await finance.getByRole('link', { name: 'Calls behind line 2' }).click();
      const verdict = finance.getByText(/calls?, added up, come to/);
      const [, calls, units] = /^(\d+) calls, added up, come to (\d+): the/.exec((await verdict.textContent())!)!;
      expect([units, Number(calls) >= CALLS]).toEqual([calls, true]);
      await finance.getByText(`${calls} calls shown`).waitFor();
      await finance.goto('/finance');

      // Its payer gets there too, and from a call to what is kept of it.
      await page.getByRole('link', { name: 'Calls behind line 2' }).click();
      await page.getByText(`${calls} calls, added up, come to ${units}: the quantity of the line.`).waitFor();
      await page.getByText(`${calls} calls shown`).waitFor();
      expect(await violationsOf(page)).toEqual([]);
      await page.getByRole('link', { name: /^ATLAS-/ }).click();
      await page.getByTestId('invoice-total').waitFor();
    });

    it('lets finance give the invoice back, and its payer sees the credit note and the balance', async () => {
      await finance
        .getByRole('row', { name: /Analytical Engines/ })
        .getByRole('link', { name: /^ATLAS-/ })
        .first()
        .click();
      await finance.getByRole('button', { name: 'Credit', exact: true }).click();
      const dialog = finance.getByRole('dialog');
      await dialog.getByRole('radio', { name: 'Parts of its lines' }).click();
      await dialog.getByLabel('Fixed fee').fill('9.50');
      await dialog.getByLabel('Reason').fill('An hour without answers');
      await dialog.getByRole('button', { name: 'Issue credit note' }).click();
      await finance.getByRole('link', { name: 'ATLAS-CN-000001 (PDF)' }).waitFor();
      expect(await finance.getByTestId('balance').textContent()).toContain('9.50');
      await finance.getByRole('button', { name: 'Adjust balance' }).click();
      await dialog.getByLabel(/^Amount in/).fill('5');
      await dialog.getByLabel('Reason').fill('With our apologies');
      await dialog.getByRole('button', { name: 'Propose' }).click();
      await dialog.waitFor({ state: 'hidden' });
      await finance.getByRole('main').getByRole('link', { name: 'Analytical Engines' }).click();
      await finance.getByRole('button', { name: 'Give a further trial' }).click();
      await dialog.getByLabel('Reason').fill('The first one was lost to the outage');
      await dialog.getByRole('button', { name: 'Give the trial' }).click();
      await dialog.waitFor({ state: 'hidden' });
      await finance.goto('/finance');
      await finance
        .getByRole('row', { name: /With our apologies/ })
        .getByRole('button', { name: 'Take back' })
        .waitFor();

      await page.reload();
      const note = page.getByRole('link', { name: 'ATLAS-CN-000001 (PDF)' });
      const pdf = await consumer.request.get((await note.getAttribute('href'))!);
      expect((await pdf.body()).subarray(0, 5).toString()).toBe('%PDF-');
      await page.goto('/dashboard/billing');
      expect(await page.getByTestId('balance').textContent()).toContain('9.50');
    });

    it('counts usage by the clock of the server, which is months ahead, from the first drawing on', async () => {
      const until: number[] = [];
      const note = (request: Request) => {
        const { pathname, searchParams } = new URL(request.url());
        if (/\/usage\/(series|breakdown|operations)$/.test(pathname)) until.push(Date.parse(searchParams.get('to')!));
      };
      page.on('request', note);
      for (const address of ['/dashboard', '/dashboard/usage']) {
        await page.goto(address);
        await page.getByRole('main').locator('figure [role="img"]').waitFor();
      }
      page.off('request', note);
      expect(Math.min(...until)).toBeGreaterThan(Date.now() + 34 * 86_400_000);
    });

    it('proves that everything agrees, on the page and at the command line', async () => {
      await finance.getByRole('button', { name: 'Run verify' }).click();
      await finance.getByLabel('Agrees').first().waitFor();
      expect(await finance.getByLabel('Differs').count()).toBe(0);
      const { code, stdout, stderr } = await installation.tollgate('verify');
      expect(code, stdout + stderr).toBe(0);
    });

    it('shows the docs of each version in Redoc, with nothing from outside', async () => {
      const outside: string[] = [];
      page.on('request', (request) => {
        const { hostname } = new URL(request.url());
        if (!['localhost', '127.0.0.1', ''].includes(hostname)) outside.push(request.url());
      });
      // Redoc draws what is in sight: the operation of the address.
      await page.goto('/docs/atlas/v1#operation/listCountries');
      await page.getByText('List countries').first().waitFor();
      expect(page.url()).toContain('/docs/atlas/v1');
      await page.goto('/docs/tollgate/v1#operation/signUp');
      await page.getByText('/api/v1/sign-up').first().waitFor();
      expect(outside).toEqual([]);
    });

    it('prints all of a reference, not only what is open', async () => {
      await page.goto('/docs/atlas/v2');
      const href = await page.getByRole('link', { name: 'JSON' }).first().getAttribute('href');
      const { paths } = (await (await consumer.request.get(href!)).json()) as {
        paths: Record<string, Record<string, { summary?: string }>>;
      };
      const summaries = Object.values(paths).flatMap((item) =>
        Object.values(item).flatMap(({ summary }) => (summary === undefined ? [] : [summary])),
      );
      expect(summaries.length).toBeGreaterThan(1);
      await consumer.addInitScript('window.print = () => { window.isPrinted = true; }');
      const opening = page.waitForEvent('popup');
      await page.getByRole('link', { name: 'Print' }).first().click();
      const paper = await opening;
      await paper.waitForFunction(() => Reflect.get(globalThis, 'isPrinted') === true, null, { timeout: 20_000 });
      const headings = await paper.locator('#reference :is(h1, h2, h3)').allTextContents();
      expect(headings.map((heading) => heading.trim())).toEqual(
        expect.arrayContaining([...summaries, 'Getting started']),
      );
      await paper.close();
    });

    it('turns on two-factor authentication, signs in with it on a phone, and ends the session there', async () => {
      await page.goto('/dashboard');
      await button('Account menu').click();
      await page.getByRole('menuitem', { name: 'Settings' }).click();
      await button('Save name').waitFor();
      await link('Security').click();
      await button('Set up').click();
      const dialog = page.getByRole('dialog');
      await dialog.getByLabel('Your password').fill(PASSWORD);
      await dialog.getByRole('button', { name: 'Continue' }).click();
      const secret = (await dialog.getByTestId('two-factor-secret').textContent())!;
      expect(await violationsOf(page)).toEqual([]);
      await dialog.getByLabel('Code of the app').fill(totpOf(secret));
      await dialog.getByRole('button', { name: 'Turn on' }).click();
      await dialog.getByRole('button', { name: 'I have stored them' }).waitFor();
      expect(await dialog.getByTestId('recovery-codes').getByRole('listitem').count()).toBe(10);
      expect(await violationsOf(page)).toEqual([]);
      await dialog.getByRole('button', { name: 'I have stored them' }).click();
      await page.getByText('You have 10 unused recovery codes.').waitFor();

      const context = await browser!.newContext({
        baseURL: installation.ready.portalUrl,
        viewport: PHONE,
        colorScheme: 'dark',
      });
      const phone = await openPage(context);
      await phone.goto('/sign-in');
      await sendSignIn(phone, { email: EMAIL, password: PASSWORD });
      await phone.getByLabel('Code of the app').fill(totpOf(secret));
      expect(await violationsOf(phone)).toEqual([]);
      await phone.getByRole('button', { name: 'Sign in', exact: true }).click();
      await phone.waitForURL('**/dashboard');
      await phone.goto('/settings/security');
      await phone.getByText('This one').waitFor();
      expect(await violationsOf(phone)).toEqual([]);

      await page.reload();
      await page.getByRole('button', { name: /^End the session of / }).click();
      await page.getByText('Signed out there.').waitFor();
      await phone.reload();
      await phone.waitForURL('**/sign-in?**');
      await context.close();
    });

    it('changes its e-mail address with the link that goes to the new one', async () => {
      const newEmail = 'ada@byron.example';
      await link('Profile').click();
      await page.getByLabel('New e-mail address').fill(newEmail);
      await page.getByLabel('Your password').fill(PASSWORD);
      await button('Send the link').click();
      await page.getByText(`We sent a link to ${newEmail}.`).waitFor();
      expect(await violationsOf(page)).toEqual([]);
      await link('Open the inbox').click();
      await page
        .getByRole('link', { name: new RegExp(newEmail) })
        .first()
        .click();
      await page.locator('article a[href*="confirm-email"]').first().click();
      await button('Confirm the address').waitFor();
      expect(await violationsOf(page)).toEqual([]);
      await button('Confirm the address').click();
      await page.getByRole('heading', { name: 'Your e-mail address is changed' }).waitFor();
      await link('Go to your settings').click();
      await page.getByText(`You sign in with ${newEmail}.`).waitFor();
    });

    it('has lost its second factor, which an admin resets, and signs in with the password alone, above what it had typed', async () => {
      await page.getByLabel('Your name').fill('Ada of Lovelace');
      const context = await browser!.newContext({ baseURL: installation.ready.portalUrl, ...SCREEN });
      const operator = await openPage(context);
      await signIn(operator, accountOf(installation.ready.signIns, 'operator'));
      await operator.goto('/operator/users');
      const person = operator.getByRole('row', { name: /ada@byron\.example/ });
      await person.getByRole('button', { name: 'Reset the second factor of ada@byron.example' }).click();
      const dialog = operator.getByRole('dialog');
      await dialog.getByLabel('Reason').fill('She called, and we called her back');
      await dialog.getByRole('button', { name: 'Reset second factor' }).click();
      await dialog.waitFor({ state: 'hidden' });
      await person.getByText('None', { exact: true }).waitFor();
      await context.close();
      await button('Save name').click();
      const above = page.getByRole('dialog', { name: 'You are signed out' });
      await above.getByLabel('Your password').fill(PASSWORD);
      expect(await violationsOf(page)).toEqual([]);
      await above.getByRole('button', { name: 'Sign in' }).click();
      await above.waitFor({ state: 'hidden' });
      expect(await page.getByLabel('Your name').inputValue()).toBe('Ada of Lovelace');
      await button('Save name').click();
      await page.getByText('Your name is saved.').waitFor();
    });

    it('logged no error in the browser', () => {
      expect(faults).toEqual([]);
    });

    it('binds the key to an address and frees it again, and decides what happens to leaked keys', async () => {
      await page.goto('/dashboard/applications');
      await page.getByRole('radio', { name: 'Only tell us' }).click();
      await page.getByText('Leaked keys are only reported.').waitFor();
      await link('Difference engine').click();
      const edit = async (change: (dialog: ReturnType<Page['getByRole']>) => Promise<void>) => {
        await page.getByRole('button', { name: /^Edit key / }).click();
        const dialog = page.getByRole('dialog');
        await change(dialog);
        await dialog.getByRole('button', { name: 'Save key' }).click();
        await dialog.waitFor({ state: 'hidden' });
      };
      await edit(async (dialog) => {
        await dialog.getByLabel('Key name').fill('Office');
        await dialog.getByLabel('Expires').click();
        await page.getByRole('option', { name: 'In 90 days' }).click();
        await dialog.getByLabel('Restrict this key').press('Space');
        await dialog.getByLabel('Allowed addresses').fill('203.0.113.0/24');
        await page.keyboard.press('Enter');
      });
      await page.getByText('Only 1 address').waitFor();
      await page.getByText('Office').first().waitFor();
      await statusIs(403);
      await edit((dialog) => dialog.getByLabel('Restrict this key').press('Space'));
      await page.getByText('Only 1 address').waitFor({ state: 'detached' });
      await statusIs(200);
    });
  },
);
