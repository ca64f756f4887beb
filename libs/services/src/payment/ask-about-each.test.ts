import { PaymentProviderError } from '#domain';
import { expect, it } from 'vitest';
import { askAboutEach } from './ask-about-each.js';

async function* pages() {
  yield ['a', 'b'];
  yield ['c'];
}

/** Asks about all of them; returns which it came to, and what was thrown. */
async function asking(errors: Readonly<Record<string, Error>>) {
  const asked: string[] = [];
  const thrown: unknown = await askAboutEach(pages(), async (row) => {
    asked.push(row);
    if (errors[row]) throw errors[row];
  }).catch((error: unknown) => error);
  return { asked, thrown };
}

it('asks about all rows, also after those that are refused, and names the first of these', async () => {
  const refused = new PaymentProviderError('no such invoice', false);
  expect(await asking({})).toEqual({ asked: ['a', 'b', 'c'], thrown: undefined });
  const { asked, thrown } = await asking({ a: refused, b: new PaymentProviderError('nor this one', false) });
  expect([asked, thrown]).toEqual([['a', 'b', 'c'], refused]);
});

it('stops where the provider is away, and at a fault of ours', async () => {
  const away = new PaymentProviderError('away', true);
  expect(await asking({ a: new PaymentProviderError('refused', false), b: away })).toEqual({
    asked: ['a', 'b'],
    thrown: away,
  });
  const fault = new TypeError('a fault');
  expect(await asking({ a: fault })).toEqual({ asked: ['a'], thrown: fault });
});
