import { FaultPlan, type FaultShares } from '../http/fault-plan.js';
import type { StripeEvent } from '../resources/event.js';
import { createDispute, decideDispute, disputeOf, isOpen } from '../resources/dispute.js';
import { formatAmount } from '../resources/currency.js';
import { StripeFault, noSuch } from '../http/stripe-fault.js';
import type { Call, Sandbox } from '../sandbox.js';
import { escapeHtml, page, redirect, type PageAnswer } from './html.js';

const eventsShown = 50;
const disputesShown = 10;
const minuteMs = 60_000;
const steps: readonly { readonly label: string; readonly ms: number }[] = [
  { label: 'An hour later', ms: 60 * minuteMs },
  { label: 'A day later', ms: 24 * 60 * minuteMs },
  { label: 'A week later', ms: 7 * 24 * 60 * minuteMs },
];

const faultLabels: readonly { readonly kind: keyof FaultShares; readonly label: string }[] = [
  { kind: 'error', label: 'Answered with 500, not done (%)' },
  { kind: 'rate_limit', label: 'Answered with 429, not done (%)' },
  { kind: 'timeout', label: 'Done, but never answered (%)' },
];

/** Where whoever tries things out moves the clock, sends events again, and lets things go wrong. */
export function showControl(sandbox: Sandbox, _id: string, query: URLSearchParams): PageAnswer {
  const now = new Date(sandbox.clock.nowMs());
  const problem = query.get('problem');
  const error = problem === null ? '' : `<p class="error" role="alert">${escapeHtml(problem)}</p>`;
  const main = `<main>
<h1>Stripe sandbox</h1>
<p class="soft">What Stripe's dashboard and the world would do, done by hand.</p>
${error}
${clockSection(now)}
${webhookSection(sandbox)}
${faultSection(sandbox)}
${disputeSection(sandbox)}
${eventSection(sandbox)}
</main>`;
  return page(200, 'Stripe sandbox', main);
}

/** What the page shows of clock, webhooks and faults, for programs. */
export function controlState({ clock, webhooks, faults }: Sandbox): PageAnswer {
  const state = {
    now: new Date(clock.nowMs()).toISOString(),
    webhooks: webhooks.disturbance,
    faults: { ...faults.shares, happened: faults.happened },
  };
  return { status: 200, headers: { 'content-type': 'application/json' }, body: JSON.stringify(state) };
}

/** Does what a form asks for, by its name; forms without a page behind them are for tests. */
export function submitControl(sandbox: Sandbox, action: string, form: URLSearchParams): PageAnswer {
  const problem = act(sandbox, action, form);
  return redirect(problem === undefined ? '/control' : `/control?problem=${encodeURIComponent(problem)}`);
}

function act(sandbox: Sandbox, action: string, form: URLSearchParams): string | undefined {
  switch (action) {
    case 'clock':
      return advance(sandbox, form);
    case 'resend':
      sandbox.webhooks.resend(form.get('event') ?? '');
      return undefined;
    case 'webhooks': {
      const delayMs = Number(form.get('delay') ?? 0) * 1000;
      if (!(delayMs >= 0 && delayMs <= 24 * 60 * minuteMs)) return 'A delay is from 0 to 86400 seconds.';
      sandbox.webhooks.disturbance = { duplicate: form.has('duplicate'), shuffle: form.has('shuffle'), delayMs };
      return undefined;
    }
    case 'faults':
      return plan(sandbox, form);
    case 'dispute':
      return attempt(sandbox, (call) => {
        const id = form.get('charge') ?? '';
        const charge = call.store.get('charges', id);
        if (charge === undefined) throw noSuch('charge', id, 'charge');
        createDispute(call, charge, { reason: 'fraudulent', isInquiry: form.has('inquiry') });
      });
    case 'decide':
      return attempt(sandbox, (call) => {
        const outcome = form.get('outcome') === 'won' ? 'won' : 'lost';
        decideDispute(call, disputeOf(call, form.get('dispute') ?? '', 'dispute'), outcome);
      });
    default:
      return `There is nothing called ${action} here.`;
  }
}

function advance(sandbox: Sandbox, form: URLSearchParams): string | undefined {
  const by = Number(form.get('by') ?? NaN);
  const to = Number.isNaN(by) ? Date.parse(`${form.get('to') ?? ''}Z`) : sandbox.clock.nowMs() + by;
  if (Number.isNaN(new Date(to).getTime())) return 'Give the time to move to.';
  if (to <= sandbox.clock.nowMs()) return 'The clock never goes back: choose a later time.';
  sandbox.moveClock(to);
  return undefined;
}

function plan(sandbox: Sandbox, form: URLSearchParams): string | undefined {
  const share = (kind: string): number => Number(form.get(kind) ?? 0);
  const shares = { error: share('error'), rate_limit: share('rate_limit'), timeout: share('timeout') };
  const values = Object.values(shares);
  const sum = values.reduce((total, value) => total + value, 0);
  if (!values.every((value) => value >= 0) || !(sum <= 100))
    return 'Shares are percentages that add up to at most 100.';
  sandbox.faults = new FaultPlan(shares, Number(form.get('seed') ?? 1));
  return undefined;
}

/** What a bank does: the reason why it cannot be, when it cannot. */
function attempt(sandbox: Sandbox, work: (call: Call) => void): string | undefined {
  try {
    sandbox.perform({ id: null, idempotencyKey: null }, work);
    return undefined;
  } catch (error) {
    if (error instanceof StripeFault) return error.message;
    throw error;
  }
}

function clockSection(now: Date): string {
  const iso = now.toISOString();
  const buttons = steps.map(
    ({ label, ms }) => `<button type="submit" class="plain" name="by" value="${ms}">${label}</button>`,
  );
  return `<section class="panel"><h2>Advance time</h2>
<p>It is <strong>${iso.slice(0, 10)} ${iso.slice(11, 19)}</strong> UTC. Everything goes by this clock, and it never goes back.</p>
<form class="inline" method="post" action="/control/clock">${buttons.join('')}</form>
<form class="inline" method="post" action="/control/clock">
<div class="field"><label for="to">Move to (UTC)</label>
<input id="to" name="to" type="datetime-local" min="${iso.slice(0, 16)}" required></div>
<button type="submit">Advance</button>
</form></section>`;
}

function webhookSection({ webhooks }: Sandbox): string {
  const { duplicate, shuffle, delayMs } = webhooks.disturbance;
  const box = (name: string, label: string, on: boolean): string =>
    `<label class="check"><input type="checkbox" name="${name}"${on ? ' checked' : ''}> ${label}</label>`;
  const endpoints = webhooks
    .endpoints()
    .map(({ url, status }) => `<li><code>${escapeHtml(url)}</code><span class="status">${status}</span></li>`);
  return `<section class="panel"><h2>Webhooks</h2>
<ul class="rows">${endpoints.length === 0 ? '<li class="soft">There is no endpoint.</li>' : endpoints.join('\n')}</ul>
<form class="inline" method="post" action="/control/webhooks">
${box('duplicate', 'Send twice', duplicate)}
${box('shuffle', 'In random order', shuffle)}
<div class="field"><label for="delay">Delay (seconds)</label>
<input id="delay" name="delay" type="number" min="0" max="86400" step="any" value="${delayMs / 1000}"></div>
<button type="submit">Apply</button>
</form></section>`;
}

function faultSection({ faults }: Sandbox): string {
  const fields = faultLabels.map(
    ({ kind, label }) => `<div class="field"><label for="${kind}">${label}</label>
<input id="${kind}" name="${kind}" type="number" min="0" max="100" step="any" value="${faults.shares[kind]}"></div>`,
  );
  return `<section class="panel"><h2>Faults of the API</h2>
<form class="inline" method="post" action="/control/faults">${fields.join('\n')}
<button type="submit">Apply</button>
</form></section>`;
}

function disputeSection({ store }: Sandbox): string {
  const disputes = store.all('disputes').slice(0, disputesShown);
  const charges = store
    .all('charges')
    .filter(({ captured, disputed, refunded }) => captured && !disputed && !refunded)
    .slice(0, disputesShown);
  if (disputes.length + charges.length === 0)
    return '<section class="panel"><h2>Disputes</h2><p class="soft">There is no payment to dispute.</p></section>';
  const disputed = disputes.map((dispute) => {
    const decide = (outcome: 'lost' | 'won') => `<form method="post" action="/control/decide">
<input type="hidden" name="dispute" value="${dispute.id}"><input type="hidden" name="outcome" value="${outcome}">
<button type="submit" class="plain">Decide: ${outcome}</button></form>`;
    return `<li><span><strong>${formatAmount(dispute.amount, dispute.currency)}</strong> ${dispute.status.replaceAll('_', ' ')}
<small><code>${dispute.id}</code> · ${dispute.reason.replaceAll('_', ' ')}</small></span>
<span class="inline">${isOpen(dispute) ? decide('won') + decide('lost') : ''}</span></li>`;
  });
  const payments = charges.map(
    (charge) => `<li><span><strong>${formatAmount(charge.amount, charge.currency)}</strong>
<small><code>${charge.id}</code></small></span><span class="inline"><form method="post" action="/control/dispute">
<input type="hidden" name="charge" value="${charge.id}"><button type="submit" class="plain">Dispute</button></form></span></li>`,
  );
  return `<section class="panel"><h2>Disputes</h2><ul class="rows">${[...disputed, ...payments].join('\n')}</ul></section>`;
}

function eventSection(sandbox: Sandbox): string {
  const events = sandbox.store.all('events').slice(0, eventsShown);
  if (events.length === 0)
    return '<section class="panel"><h2>Events</h2><p class="soft">There are none yet.</p></section>';
  const rows = events.map(
    (event) => `<li><span><strong>${escapeHtml(event.type)}</strong>
<small><code>${event.id}</code> · ${new Date(event.created * 1000).toISOString().slice(0, 19).replace('T', ' ')}</small></span>
<span class="inline">${statusOf(sandbox, event)}
<form method="post" action="/control/resend"><input type="hidden" name="event" value="${event.id}">
<button type="submit" class="plain">Send again</button></form></span></li>`,
  );
  return `<section class="panel"><h2>Events</h2><ul class="rows">${rows.join('\n')}</ul></section>`;
}

function statusOf(sandbox: Sandbox, event: StripeEvent): string {
  const result = sandbox.webhooks.resultOf(event.id);
  if (event.pending_webhooks > 0) {
    const last = result === undefined ? '' : `, last ${result.status ?? 'no answer'}`;
    return `<span class="status open">pending${last}</span>`;
  }
  return `<span class="status${result === undefined ? '' : ' paid'}">${result === undefined ? 'not sent' : 'delivered'}</span>`;
}
