import { expect } from 'vitest';
import { dataOf, idOf, type SandboxClient, type StripeBody } from './sandbox-client.js';

export const day = 24 * 3600;
export const seconds = (iso: string): number => Date.parse(`${iso}Z`) / 1000;
export const startOfYear = seconds('2027-01-31T09:30:00');

export type Form = Record<string, string | number>;

export async function aPrice(client: SandboxClient, more: Form = {}): Promise<string> {
  const product = idOf(await client.post('/v1/products', { name: 'Plan' }));
  const plain = { product, currency: 'usd', unit_amount: 1500, 'recurring[interval]': 'month' };
  return idOf(await client.post('/v1/prices', { ...plain, ...more }));
}

export async function aClock(client: SandboxClient, at = startOfYear) {
  const id = idOf(await client.post('/v1/test_helpers/test_clocks', { frozen_time: at }));
  const advance = async (to: number): Promise<void> => {
    const path = `/v1/test_helpers/test_clocks/${id}`;
    expect((await client.post(`${path}/advance`, { frozen_time: to })).body).toMatchObject({ status: 'advancing' });
    expect((await client.get(path)).body).toMatchObject({ status: 'ready', frozen_time: to });
  };
  return { id, advance };
}

export async function aPayer(client: SandboxClient, clock: string, card = 'pm_card_visa'): Promise<string> {
  const saved = { payment_method: card, 'invoice_settings[default_payment_method]': card };
  return idOf(await client.post('/v1/customers', { email: 'a@b.test', test_clock: clock, ...saved }));
}

export async function subscribe(
  client: SandboxClient,
  customer: string,
  price: string,
  more: Form = {},
): Promise<StripeBody> {
  const answer = await client.post('/v1/subscriptions', { customer, 'items[0][price]': price, ...more });
  expect(answer.status, JSON.stringify(answer.body)).toBe(200);
  return answer.body;
}

export const periodOf = (subscription: StripeBody): readonly [number, number] => {
  const [item] = (subscription['items'] as { data: { current_period_start: number; current_period_end: number }[] })
    .data;
  return [item!.current_period_start, item!.current_period_end];
};

/** A subscription for a month of 30 days, of which ten are over. */
export async function aThirdOfAMonth(client: SandboxClient) {
  const start = seconds('2027-04-01T00:00:00');
  const clock = await aClock(client, start);
  const customer = await aPayer(client, clock.id);
  const subscription = await subscribe(client, customer, await aPrice(client));
  const [item] = (subscription['items'] as { data: { id: string }[] }).data;
  await clock.advance(start + 10 * day);
  return { start, clock, customer, path: `/v1/subscriptions/${String(subscription['id'])}`, item: item!.id };
}

export const invoicesOf = async (client: SandboxClient, customer: string): Promise<StripeBody[]> =>
  dataOf(await client.get(`/v1/invoices?customer=${customer}&limit=100`));
export const eventsOf = async (client: SandboxClient, type: string): Promise<StripeBody[]> =>
  dataOf(await client.get(`/v1/events?type=${type}&limit=100`));
