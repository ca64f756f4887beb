import { describe, expect, it } from 'vitest';
import type { ApiAnswer, ApiRequest } from '../../../apps/stripe-sandbox/src/http/api.js';
import { QuickShapes } from '../../support/stripe-sandbox/exchange-check.js';
import { aSandbox, idOf } from '../../support/stripe-sandbox/sandbox-client.js';
import { StripeSchemas } from '../../support/stripe-sandbox/stripe-schemas.js';

type Body = Record<string, unknown>;

/** The last exchange with a sandbox whose own check is off. */
async function anExchange(path: string, form: Record<string, string>) {
  let last: { request: ApiRequest; answer: ApiAnswer } | undefined;
  await using sandbox = await aSandbox({ onAnswer: (request, answer) => (last = { request, answer }) });
  const product = idOf(await sandbox.client.post('/v1/products', { name: 'Plan' }));
  await sandbox.client.post(path, path === '/v1/prices' ? { product, ...form } : form);
  return last!;
}

describe('the check of each exchange with the sandbox', () => {
  const price = { currency: 'usd', unit_amount: '5', 'recurring[interval]': 'month' };

  it('finds nothing where both sides are right, or where the request was refused', async () => {
    const shapes = new QuickShapes();
    const { request, answer } = await anExchange('/v1/prices', price);
    expect(shapes.exchangeFaults(request, answer)).toEqual([]);
    const refused = await anExchange('/v1/prices', { ...price, colour: 'red' });
    expect(refused.answer.status).toBe(400);
    expect(shapes.exchangeFaults(refused.request, refused.answer)).toEqual([]);
  });

  it.each([
    ['a parameter of another name', { body: 'colour=red' }, {}, 'has colour'],
    ['a parameter of another kind', { body: 'unit_amount=five' }, {}, '/unit_amount'],
    ['a value that is not of the enumeration', { body: 'recurring[interval]=decade' }, {}, '/recurring/interval'],
    ['a field too many', {}, { colour: 'red' }, 'has colour'],
    ['a field too few', {}, { currency: undefined }, 'has no currency'],
    ['a fraction of a minor unit', {}, { unit_amount: 5.5 }, '/unit_amount'],
    ['another type', {}, { active: 'yes' }, '/active'],
    ['an unknown value', {}, { type: 'sometimes' }, '/type'],
    ['a wrong object inside', {}, { recurring: { interval: 'month' } }, '/recurring'],
  ] as const)('finds %s', async (_name, asked, answered, fault) => {
    const { request, answer } = await anExchange('/v1/prices', price);
    const body = { ...(JSON.parse(answer.body) as Body), ...answered };
    const changed = { ...request, body: `${request.body}${'body' in asked ? `&${asked.body}` : ''}` };
    const faults = new QuickShapes().exchangeFaults(changed, { ...answer, body: JSON.stringify(body) });
    expect(faults.join('\n')).toContain(fault);
  });

  it('finds an endpoint that Stripe does not have, and an error of another form', async () => {
    const { request, answer } = await anExchange('/v1/prices', price);
    const shapes = new QuickShapes();
    expect(() => shapes.exchangeFaults({ ...request, path: '/v1/bananas' }, answer)).toThrow(
      'Stripe has no POST /v1/bananas',
    );
    expect(shapes.exchangeFaults(request, { ...answer, status: 500, body: '{"error":"no"}' })).toHaveLength(1);
  });

  it('agrees with ajv on each field of an answer that is missing or wrong', async () => {
    const { request, answer } = await anExchange('/v1/prices', price);
    const [quick, strict] = [new QuickShapes(), StripeSchemas.shared];
    const endpoint = strict.endpoint(request.method, request.path);
    const body = JSON.parse(answer.body) as Body;
    for (const [name, wrong] of Object.keys(body).flatMap((each) =>
      [undefined, 7.5, 'x', [], {}].map((value) => [each, value] as const),
    )) {
      const changed = JSON.parse(JSON.stringify({ ...body, [name]: wrong })) as Body;
      const [one, other] = [quick.answerFaults(endpoint, changed), strict.answerFaults(endpoint, changed)];
      expect(one.length > 0, `${name} = ${JSON.stringify(wrong)}: ${other.join()}`).toBe(other.length > 0);
    }
  }, 60_000);
});
