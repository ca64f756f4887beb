import fs from 'node:fs';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import type { Installation } from './installation.js';

export interface SamplePlan {
  readonly fixedFee?: string;
  readonly price: object;
  readonly included?: string;
  readonly rating?: 'stripe';
}

/** Header in which a caller may name its call, for `SampleApi.served`. */
export const CALL_HEADER = 'x-call';

/** An API of one operation, `GET /sample/items`, sold as `sample/plan` and maybe others, with an upstream in this process. */
export class SampleApi {
  private constructor(
    private readonly upstream: http.Server,
    /** Request ids as the upstream saw them, by the name that the caller gave to its call. */
    readonly served: ReadonlyMap<string, readonly string[]>,
  ) {}

  /** Starts the upstream and applies a catalogue with the API, a product and a plan of these prices and no rate limit. */
  static async publish(
    installation: Installation,
    plan: SamplePlan,
    others: Readonly<Record<string, SamplePlan>> = {},
  ): Promise<SampleApi> {
    const served = new Map<string, string[]>();
    const upstream = http.createServer(({ headers }, response) => {
      const call = headers[CALL_HEADER];
      if (typeof call === 'string') {
        const ids = served.get(call) ?? [];
        served.set(call, [...ids, String(headers['x-tollgate-request-id'])]);
      }
      response.end(JSON.stringify({ data: 'x'.repeat(180) }));
    });
    await new Promise<void>((resolve) => upstream.listen(0, '127.0.0.1', resolve));
    const { port } = upstream.address() as AddressInfo;
    const file = path.join(installation.home, 'sample.yaml');
    fs.writeFileSync(path.join(installation.home, 'sample-openapi.json'), JSON.stringify(OPENAPI));
    fs.writeFileSync(file, JSON.stringify(catalog(`http://127.0.0.1:${port}`, { plan, ...others })));
    const { code, stderr } = await installation.tollgate('apply', '-f', file);
    if (code !== 0) throw new Error(stderr);
    return new SampleApi(upstream, served);
  }

  close(): void {
    this.upstream.close();
    this.upstream.closeAllConnections();
  }
}

const OPENAPI = {
  openapi: '3.1.0',
  info: { title: 'Sample', version: '1' },
  paths: { '/items': { get: { operationId: 'listItems', responses: { 200: { description: 'ok' } } } } },
};

const catalog = (url: string, plans: Readonly<Record<string, SamplePlan>>) => ({
  tollgate: 1,
  publishers: [{ slug: 'sample', name: 'Sample' }],
  apis: [
    {
      slug: 'sample',
      title: 'Sample',
      publisher: 'sample',
      versions: [{ name: 'v1', document: 'sample-openapi.json', basePath: '/sample', upstream: { url } }],
    },
  ],
  products: [
    {
      slug: 'sample',
      title: 'Sample',
      publisher: 'sample',
      apis: ['sample'],
      meters: [{ slug: 'requests', title: 'Requests', unit: 'request', bindings: [{ selector: '*' }] }],
      plans: Object.entries(plans).map(([slug, { fixedFee = '0', included = '0', price, rating }]) => ({
        slug,
        title: 'Plan',
        currency: 'USD',
        fixedFee,
        prices: [{ meter: 'requests', included, price }],
        quotas: [{ name: 'monthly', meter: 'requests', limit: 100_000_000, enforcement: 'hard' }],
        ...(rating && { rating }),
      })),
    },
  ],
});
