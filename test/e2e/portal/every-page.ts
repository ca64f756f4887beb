import fs from 'node:fs';
import path from 'node:path';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { violationsOf } from '../../support/axe.js';
import { type Installation, eventually } from '../../support/installation.js';
import { portalRoutes } from '../../support/portal-routes.js';
import { accountOf, signIn } from '../../support/sign-in.js';
import type { SharedPortal } from './shared-portal.js';

type Person = 'visitor' | 'consumer' | 'publisher' | 'finance' | 'operator';

/** What stands in the addresses of pages. */
interface Places {
  readonly organizationId: string;
  readonly applicationId: string;
  readonly subscriptionId: string;
  readonly planVersionId: string;
  readonly planId: string;
  readonly webhookEndpointId: string;
  readonly invoiceId: string;
}

interface MadeKey {
  readonly key: string;
  readonly organizationId: string;
  readonly applicationId: string;
  readonly subscriptionId: string;
}

interface ClosedPeriods {
  readonly closed: readonly { readonly subscriptionId: string; readonly invoiceId: string }[];
}

interface Catalog {
  readonly products: readonly {
    readonly plans: readonly {
      readonly id: string;
      readonly slug: string;
      readonly version: { readonly id: string };
    }[];
  }[];
}

interface Visit {
  readonly as: Person;
  /** The address, where it is not the route itself. */
  readonly at?: (places: Places) => string;
}

/** Who opens each page of the portal's router, and where; a route that is not here fails the test. */
const ROUTES: Readonly<Record<string, readonly Visit[]>> = {
  '/': [{ as: 'visitor' }],
  '/products/$slug': [{ as: 'visitor', at: () => '/products/atlas' }],
  '/products/$slug/terms': [{ as: 'visitor', at: () => '/products/atlas/terms' }],
  '/status': [{ as: 'visitor' }],
  '/docs': [{ as: 'visitor' }],
  '/agents': [{ as: 'visitor' }],
  '/sign-up': [{ as: 'visitor' }],
  '/sign-in': [{ as: 'visitor' }],
  '/accept-terms': [{ as: 'consumer' }],
  '/invitation': [{ as: 'visitor', at: () => '/invitation?token=unknown' }],
  '/forgot-password': [{ as: 'visitor' }],
  '/reset-password': [{ as: 'visitor', at: () => '/reset-password?token=unknown' }],
  '/confirm-email': [{ as: 'visitor', at: () => '/confirm-email?token=unknown' }],
  '/inbox': [{ as: 'visitor' }],
  '/dashboard': [{ as: 'consumer' }],
  '/dashboard/applications': [{ as: 'consumer' }],
  '/dashboard/applications/$applicationId': [
    { as: 'consumer', at: ({ applicationId }) => `/dashboard/applications/${applicationId}` },
  ],
  '/dashboard/subscriptions/$subscriptionId': [
    { as: 'consumer', at: ({ subscriptionId }) => `/dashboard/subscriptions/${subscriptionId}` },
  ],
  '/dashboard/subscribe': [
    { as: 'consumer' },
    { as: 'consumer', at: ({ planVersionId }) => `/dashboard/subscribe?plan=${planVersionId}` },
  ],
  '/dashboard/usage': [{ as: 'consumer' }],
  '/dashboard/billing': [{ as: 'consumer' }],
  '/dashboard/billing/budget': [{ as: 'consumer' }],
  '/dashboard/webhooks': [{ as: 'consumer' }],
  '/dashboard/webhooks/$webhookEndpointId': [
    { as: 'consumer', at: ({ webhookEndpointId }) => `/dashboard/webhooks/${webhookEndpointId}` },
  ],
  '/dashboard/team': [{ as: 'consumer' }],
  '/dashboard/audit-log': [{ as: 'consumer' }],
  '/dashboard/billing/invoices/$invoiceId': [
    { as: 'consumer', at: ({ invoiceId }) => `/dashboard/billing/invoices/${invoiceId}` },
  ],
  '/dashboard/billing/invoices/$invoiceId/lines/$position': [
    { as: 'consumer', at: ({ invoiceId }) => `/dashboard/billing/invoices/${invoiceId}/lines/2` },
  ],
  '/settings': [{ as: 'consumer' }],
  '/settings/security': [{ as: 'consumer' }],
  '/settings/tokens': [{ as: 'consumer' }],
  '/settings/data': [{ as: 'consumer' }],
  '/publisher': [{ as: 'publisher' }],
  '/publisher/coupons': [{ as: 'publisher' }],
  '/publisher/catalog-file': [{ as: 'publisher' }],
  '/publisher/apis': [{ as: 'publisher' }],
  '/publisher/apis/$api/new-version': [{ as: 'publisher', at: () => '/publisher/apis/atlas/new-version' }],
  '/publisher/apis/$api/versions/$version': [{ as: 'publisher', at: () => '/publisher/apis/atlas/versions/v2' }],
  '/publisher/apis/$api/versions/$version/upstream': [
    { as: 'publisher', at: () => '/publisher/apis/atlas/versions/v2/upstream' },
  ],
  '/publisher/apis/$api/versions/$version/policies': [
    { as: 'publisher', at: () => '/publisher/apis/atlas/versions/v2/policies' },
  ],
  '/publisher/apis/$api/versions/$version/traffic-rules': [
    { as: 'publisher', at: () => '/publisher/apis/atlas/versions/v2/traffic-rules' },
  ],
  '/publisher/products/new': [{ as: 'publisher' }],
  '/publisher/products/$slug/edit': [{ as: 'publisher', at: () => '/publisher/products/atlas/edit' }],
  '/publisher/apis/$api/versions/$version/canary': [
    { as: 'publisher', at: () => '/publisher/apis/atlas/versions/v2/canary' },
  ],
  '/publisher/products/$slug/usage': [{ as: 'publisher', at: () => '/publisher/products/atlas/usage' }],
  '/publisher/products/$slug/revenue': [{ as: 'publisher', at: () => '/publisher/products/atlas/revenue' }],
  '/publisher/plans/$planId': [{ as: 'publisher', at: ({ planId }) => `/publisher/plans/${planId}` }],
  '/publisher/subscriptions/$subscriptionId': [
    { as: 'publisher', at: ({ subscriptionId }) => `/publisher/subscriptions/${subscriptionId}` },
  ],
  '/finance': [{ as: 'finance' }],
  '/finance/transfers': [{ as: 'finance' }],
  '/finance/organizations': [{ as: 'finance' }],
  '/finance/organizations/$organizationId': [
    { as: 'finance', at: ({ organizationId }) => `/finance/organizations/${organizationId}` },
  ],
  '/finance/tax': [{ as: 'finance' }],
  '/finance/reports': [{ as: 'finance' }],
  '/finance/invoices/$invoiceId': [{ as: 'finance', at: ({ invoiceId }) => `/finance/invoices/${invoiceId}` }],
  '/finance/invoices/$invoiceId/lines/$position': [
    { as: 'finance', at: ({ invoiceId }) => `/finance/invoices/${invoiceId}/lines/1` },
    { as: 'finance', at: ({ invoiceId }) => `/finance/invoices/${invoiceId}/lines/2` },
  ],
  '/operator': [{ as: 'operator' }],
  '/operator/queues': [{ as: 'operator' }],
  '/operator/settings': [{ as: 'operator' }],
  '/operator/users': [{ as: 'operator' }],
};

/** Pages that the API writes, and the one for addresses that lead nowhere. */
const OTHERS: readonly Visit[] = [
  { as: 'visitor', at: () => '/docs/atlas/v1' },
  { as: 'consumer', at: () => '/docs/atlas/v2' },
  { as: 'visitor', at: () => '/docs/atlas/v2#operation/getCountry' },
  { as: 'visitor', at: () => '/docs/atlas/changes?from=v1&to=v2' },
  { as: 'visitor', at: () => '/nowhere' },
];

/** Where pictures of the pages go, for whoever wants to look at them. */
const pictures = process.env['PICTURES_DIR'];

/** How pages are looked at: in turn in the first two ways, each in all four when there are pictures to look at. */
const LOOKS: readonly (readonly [number, 'light' | 'dark'])[] = [
  [1280, 'light'],
  [360, 'dark'],
  [1280, 'dark'],
  [360, 'light'],
];

export function everyPage(portal: SharedPortal): void {
  describe('every page', () => {
    it('is visited', async () => {
      expect(Object.keys(ROUTES).toSorted()).toEqual((await portalRoutes()).toSorted());
    });

    it('is at no fault for axe, no wider than the screen, and not in error', async () => {
      const walk = new Walk(portal.installation, portal.browser);
      try {
        expect(await walk.faults()).toEqual([]);
      } finally {
        await walk.end();
      }
    });
  });
}

/**
 * What is wrong with the pages of the portal, as the person who has business there sees each, light and dark, wide and
 * narrow: what axe finds, what is wider than the page, and what the browser logs as an error.
 */

class Walk {
  private readonly contexts: BrowserContext[] = [];
  private readonly found: string[] = [];
  private seen = 0;

  constructor(
    private readonly installation: Installation,
    private readonly browser: Browser,
  ) {}

  async faults(): Promise<string[]> {
    const places = await this.furnish();
    const visits = Object.entries(ROUTES).flatMap(([route, list]) =>
      list.map((visit) => ({ as: visit.as, at: visit.at?.(places) ?? route })),
    );
    const others = OTHERS.map((visit) => ({ as: visit.as, at: visit.at!(places) }));
    for (const [person, list] of Map.groupBy([...visits, ...others], ({ as }) => as)) {
      const page = await this.open(person);
      for (const { at } of list) await this.inspect(page, at);
      await page.context().close();
    }
    return this.found;
  }

  async end(): Promise<void> {
    for (const context of this.contexts) await context.close();
  }

  /** What pages show: a subscription with calls, and an invoice of it that nothing has paid; a webhook endpoint; an invitation. */
  private async furnish(): Promise<Places> {
    const { ready } = this.installation;
    const words = [
      'keys',
      'create',
      '--organization',
      'Wayfarer Travel',
      '--application',
      'Trips',
      '--plan',
      'atlas/pro',
    ];
    const made = await this.installation.tollgateJson<MadeKey>(...words);
    const { applicationId, subscriptionId, organizationId } = made;
    const call = async (country: string) => {
      const url = `${ready.gatewayUrl}/atlas/v2/countries/${country}`;
      const answer = await fetch(url, { headers: { 'x-api-key': made.key } });
      await answer.arrayBuffer();
      return answer.status;
    };
    await eventually('the gateway knows the key', async () => (await call('NZ')) === 200);
    await call('XX');
    const at = new Date(Date.now() + 35 * 86_400_000).toISOString();
    const { closed } = await this.installation.tollgateJson<ClosedPeriods>('period', 'close', '--at', at);

    const { request } = (await this.open('consumer')).context();
    const organization = `/api/v1/organizations/${organizationId}`;
    const post = async <Answer>(url: string, data: object): Promise<Answer> => {
      const answer = await request.post(url, { data, headers: { origin: ready.portalUrl } });
      if (!answer.ok()) throw new Error(`${url}: ${await answer.text()}`);
      return (await answer.json()) as Answer;
    };
    const endpoint = { url: 'https://hooks.example/tollgate', eventTypes: ['key.leaked'] };
    const { id: webhookEndpointId } = await post<{ id: string }>(`${organization}/webhook-endpoints`, endpoint);
    await post(`${organization}/invitations`, { email: 'grace@demo.example', role: 'developer' });
    const catalog = (await (await request.get('/api/v1/catalog/products')).json()) as Catalog;
    const plan = catalog.products[0]!.plans.find(({ slug }) => slug === 'pro')!;
    return {
      organizationId,
      applicationId,
      subscriptionId,
      webhookEndpointId,
      invoiceId: closed.find((period) => period.subscriptionId === subscriptionId)!.invoiceId,
      planId: plan.id,
      planVersionId: plan.version.id,
    };
  }

  private async open(person: Person): Promise<Page> {
    const { portalUrl, signIns } = this.installation.ready;
    const context = await this.browser.newContext({ baseURL: portalUrl, reducedMotion: 'reduce' });
    this.contexts.push(context);
    const page = await context.newPage();
    page.setDefaultTimeout(20_000);
    page.on('pageerror', (error) => this.note(page, error.message));
    page.on('console', (message) => {
      // Redoc's own logo, which the policy keeps out; and answers that pages are made for.
      if (message.type() === 'error' && !/status of 4\d\d|cdn\.redoc\.ly/.test(message.text())) {
        this.note(page, message.text());
      }
    });
    if (person === 'visitor') return page;
    await signIn(page, accountOf(signIns, person));
    return page;
  }

  private async inspect(page: Page, at: string): Promise<void> {
    const looks = pictures ? LOOKS : [LOOKS[this.seen++ % 2]!];
    for (const [index, [width, colorScheme]] of looks.entries()) {
      await page.setViewportSize({ width, height: 900 });
      await page.emulateMedia({ colorScheme });
      // Pages of the API take the scheme as they load, those of the portal follow it.
      if (index === 0 || at.startsWith('/docs/')) await this.load(page, at);
      else await page.locator(`html[data-mantine-color-scheme="${colorScheme}"]`).waitFor({ state: 'attached' });
      const overflow = 'document.documentElement.scrollWidth - document.documentElement.clientWidth';
      const tooWide = Number(await page.evaluate(overflow));
      if (tooWide > 0) this.note(page, `${width} px: ${tooWide} px wider than the page`);
      for (const violation of await violationsOf(page)) {
        this.note(page, `${width} px, ${colorScheme}: ${violation}`);
      }
      await this.photograph(page, `${at} ${width} ${colorScheme}`);
    }
  }

  private async load(page: Page, at: string): Promise<void> {
    await page.goto(at);
    await page.getByRole('heading', { level: 1 }).first().waitFor({ state: 'attached' });
    await page.locator('.mantine-Skeleton-root').first().waitFor({ state: 'detached' });
    const { pathname } = new URL(page.url());
    // Who has accepted the terms is sent on from there.
    if (at !== '/accept-terms' && pathname !== at.replace(/[?#].*/, '')) this.note(page, `is where ${at} leads`);
    if (/^\/docs\/\w+\/v\d/.test(at))
      await page.locator('#reference .menu-content[role]').waitFor({ state: 'attached' });
  }

  private async photograph(page: Page, name: string): Promise<void> {
    if (!pictures) return;
    fs.mkdirSync(pictures, { recursive: true });
    await page.screenshot({ path: path.join(pictures, `${name.replaceAll(/\W+/g, '-')}.png`), fullPage: true });
  }

  private note(page: Page, fault: string): void {
    this.found.push(`${new URL(page.url()).pathname} ${fault}`);
  }
}
