import type { Sandbox } from '../sandbox.js';
import { controlState, showControl, submitControl } from './control-page.js';
import { showAuthentication, submitAuthentication } from './authentication-page.js';
import { showCheckout, submitCheckout } from './checkout-page.js';
import { notice, type PageAnswer } from './html.js';
import { downloadInvoice, showInvoice, submitInvoice } from './invoice-page.js';
import { showPortal, submitPortal } from './portal-page.js';

export interface PageRequest {
  readonly method: string;
  readonly path: string;
  /** Without the question mark. */
  readonly query: string;
  readonly body: string;
}

interface HostedPage {
  readonly pattern: RegExp;
  readonly show: (sandbox: Sandbox, id: string, query: URLSearchParams) => PageAnswer;
  readonly submit?: (sandbox: Sandbox, id: string, form: URLSearchParams) => PageAnswer;
}

const pages: readonly HostedPage[] = [
  { pattern: /^\/c\/pay\/(cs_test_\w+)$/, show: showCheckout, submit: submitCheckout },
  { pattern: /^\/i\/(in_\w+)$/, show: showInvoice, submit: submitInvoice },
  { pattern: /^\/i\/(in_\w+)\/pdf$/, show: (sandbox, id) => downloadInvoice(sandbox.store, id) },
  { pattern: /^\/p\/session\/(bps_\w+)$/, show: showPortal, submit: submitPortal },
  { pattern: /^\/3ds\/((?:pi|seti)_\w+)$/, show: showAuthentication, submit: submitAuthentication },
  { pattern: /^\/control\/state$/, show: controlState },
  { pattern: /^\/control(?:\/([a-z]+))?$/, show: showControl, submit: submitControl },
  {
    pattern: /^\/healthz$/,
    show: () => ({ status: 200, headers: { 'content-type': 'application/json' }, body: '{"status":"ok"}' }),
  },
  {
    pattern: /^\/$/,
    show: () => {
      const link = { href: '/control', label: 'Controls' };
      return notice(200, 'Stripe sandbox', 'A local simulation of Stripe is running here.', link);
    },
  },
];

/** The page that is asked for; undefined for what is none, which is left to the API. */
export async function hostedPage(sandbox: Sandbox, request: PageRequest): Promise<PageAnswer | undefined> {
  for (const { pattern, show, submit } of pages) {
    const match = pattern.exec(request.path);
    if (match === null) continue;
    const id = match[1] ?? '';
    if (request.method === 'GET') {
      const answer = show(sandbox, id, new URLSearchParams(request.query));
      await sandbox.store.flushed();
      return answer;
    }
    if (request.method !== 'POST' || submit === undefined) return undefined;
    const answer = submit(sandbox, id, new URLSearchParams(request.body));
    await sandbox.store.flushed();
    return answer;
  }
  return undefined;
}
