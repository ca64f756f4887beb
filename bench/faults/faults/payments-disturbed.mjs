import { withClient } from '../../../scripts/launcher/database.mjs';
import { eventually, pause } from '../pause.mjs';

/** Of all requests to the payment provider, in percent. */
const shares = { error: 12, rate_limit: 8, timeout: 12 };
const secretKey = 'sk_test_faults';
const collectedWithinMs = 240_000;
const usedForMs = 5_000;
const killsAMonth = 6;

/**
 * H12: requests to the payment provider fail, are refused for their number, or are done and never answered; webhooks come
 * twice and in any order; the worker is killed again and again while it collects.
 */
export const paymentsDisturbed = {
  id: 'H12',
  title: 'payments: 5xx, 429, lost answers, webhooks twice and shuffled, worker killed',
  minutes: 9,
  figure: 'each invoice charged exactly once',
  hasPayments: true,
  hasLoad: false,
  async run({ installation, random, isQuick, seed }) {
    const sandbox = new SandboxOf(installation.sandboxUrl);
    const organizations = await query(installation, 'SELECT id, name, billing_email FROM organization');
    for (const organization of organizations) await sandbox.createCustomer(organization);
    await sandbox.control('webhooks', { duplicate: 'on', shuffle: 'on' });
    await sandbox.control('faults', { ...shares, seed });
    const calls = [];
    let kills = 0;
    const months = isQuick ? 1 : 3;
    for (let month = 1; month <= months; month++) {
      calls.push(...(await useForAWhile(installation)));
      await closePeriods(installation, month);
      kills += await killWhileCollecting(installation, random);
    }
    const { faults } = await sandbox.request('GET', '/control/state');
    await sandbox.control('faults', {});
    await eventually('all webhooks are acknowledged', () => sandbox.hasToldAll(), collectedWithinMs);
    const invoices = await query(
      installation,
      'SELECT number, provider_invoice_id, total_minor FROM invoice WHERE total_minor > 0',
    );
    const wrong = await sandbox.wronglyCharged(invoices);
    return { calls, kills, invoices: invoices.length, happened: faults.happened, wrong };
  },
  judge({ outcome: { kills, invoices, happened, wrong } }) {
    const { error, rate_limit: limited, timeout: lost } = happened;
    return {
      measured: `${invoices} invoices, ${kills} kills, ${error} × 500, ${limited} × 429, ${lost} answers lost, ${wrong.length} not charged exactly once`,
      reached: invoices > 0 && wrong.length === 0,
      holds: wrong.length === 0,
    };
  },
};

/** What Stripe's dashboard would show, read over the sandbox's own API. */
class SandboxOf {
  constructor(url) {
    this.url = url;
  }

  async request(method, path, form) {
    const response = await fetch(`${this.url}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${secretKey}`,
        ...(form && { 'content-type': 'application/x-www-form-urlencoded' }),
      },
      ...(form && { body: new URLSearchParams(form).toString() }),
    });
    const body = await response.json();
    if (!response.ok) throw new Error(`${method} ${path}: ${JSON.stringify(body)}`);
    return body;
  }

  async control(action, form) {
    const body = new URLSearchParams(Object.entries(form).map(([name, value]) => [name, String(value)]));
    const response = await fetch(`${this.url}/control/${action}`, { method: 'POST', body, redirect: 'manual' });
    if (response.headers.get('location') !== '/control') throw new Error(`the sandbox refused ${action}`);
  }

  /** As the organization would save its card before anything is due. */
  async createCustomer({ id, name, billing_email: email }) {
    if (email === null) return;
    await this.request('POST', '/v1/customers', {
      name,
      email,
      'metadata[organization_id]': id,
      payment_method: 'pm_card_visa',
    });
  }

  async all(path) {
    const found = [];
    for (;;) {
      const last = found.at(-1)?.id;
      const page = await this.request('GET', `${path}?limit=100${last ? `&starting_after=${last}` : ''}`);
      found.push(...page.data);
      if (!page.has_more) return found;
    }
  }

  async hasToldAll() {
    return (await this.all('/v1/events')).every(({ pending_webhooks: pending }) => pending === 0);
  }

  /** Invoices of ours without exactly one charge over their amount, and charges of no invoice of ours. */
  async wronglyCharged(invoices) {
    const charges = (await this.all('/v1/charges')).filter(({ status }) => status === 'succeeded');
    const payments = await this.all('/v1/invoice_payments');
    const invoiceOf = new Map(payments.map(({ payment, invoice }) => [payment.payment_intent, invoice]));
    const byInvoice = Map.groupBy(charges, ({ payment_intent: intent }) => invoiceOf.get(intent));
    const wrong = invoices.filter(({ provider_invoice_id: id, total_minor: total }) => {
      const own = byInvoice.get(id) ?? [];
      return own.length !== 1 || String(own[0].amount) !== String(total);
    });
    const ours = new Set(invoices.map(({ provider_invoice_id: id }) => id));
    return [...wrong.map(({ number }) => number), ...[...byInvoice.keys()].filter((id) => !ours.has(id))];
  }
}

/** Calls with four keys, which cost some dollars each; resolves to them once they are billed. */
async function useForAWhile(installation) {
  const load = await installation.startLoad();
  await pause(usedForMs);
  await load.stop();
  await installation.settled();
  return load.calls;
}

/** Moves the clock to where the month is over, and closes it. A gateway may be slow to say that it has nothing more. */
async function closePeriods(installation, month) {
  const at = new Date(Date.now());
  at.setUTCMonth(at.getUTCMonth() + month);
  at.setUTCHours(at.getUTCHours() + 2);
  for (let attempt = 1; ; attempt++) {
    try {
      return await installation.command('period', 'close', '--at', at.toISOString());
    } catch (error) {
      if (attempt === 5) throw error;
    }
  }
}

/** Kills the worker at moments that nobody chose, a few times, and waits until it has collected everything; resolves to how often. */
async function killWhileCollecting(installation, random) {
  const deadline = performance.now() + collectedWithinMs;
  let kills = 0;
  while (await countUnpaid(installation)) {
    if (performance.now() > deadline) throw new Error(`${await countUnpaid(installation)} invoices are not collected`);
    await pause(random.between(300, 2_500));
    if (kills === killsAMonth) continue;
    await installation.worker.kill();
    kills++;
  }
  return kills;
}

async function countUnpaid(installation) {
  const open = "state NOT IN ('paid', 'void', 'uncollectible') AND total_minor > 0";
  const [{ count }] = await query(installation, `SELECT count(*)::int AS count FROM invoice WHERE ${open}`);
  return count;
}

function query(installation, sql) {
  return withClient(installation.superuserUrl, async (client) => (await client.query(sql)).rows);
}
