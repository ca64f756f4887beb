import type { ApiContract } from '#openapi';
import { describe, expect, it } from 'vitest';
import { ValidatorBook } from './validator-book.js';

/** An operation whose body leads from each of so many schemas to the next. */
function contractOf(schemaCount: number): ApiContract {
  const schemas = Object.fromEntries(
    Array.from({ length: schemaCount }, (_, index) => [
      `/S${index}`,
      JSON.stringify({
        type: 'object',
        properties: Object.fromEntries(
          Array.from({ length: 30 }, (__, property) => [`p${property}`, { type: 'string', maxLength: 100 + property }]),
        ),
      }),
    ]),
  );
  return { operations: { op: JSON.stringify({ parameters: [], body: null }) }, schemas } as unknown as ApiContract;
}

describe('the validators of the versions that are served', () => {
  it('are the same from catalogue to catalogue while their contract is', () => {
    const book = new ValidatorBook();
    const first = book.of('v1', contractOf(3));
    expect(book.of('v1', contractOf(3))).toBe(first);
    expect(book.of('v2', contractOf(3))).not.toBe(first);
    expect(book.of('v1', contractOf(4))).not.toBe(first);
  });

  it('are forgotten with their version, prepared or not', () => {
    const book = new ValidatorBook();
    const first = book.of('v1', contractOf(3));
    book.of('v2', contractOf(3));
    book.keepOnly(['v2']);
    expect(book.unprepared).toBe(1);
    expect(book.of('v1', contractOf(3))).not.toBe(first);
  });

  it('are prepared while nobody asks, and let others have their turn meanwhile', async () => {
    const book = new ValidatorBook();
    book.of('v1', contractOf(4));
    book.of('v2', contractOf(4));
    expect(book.unprepared).toBe(2);
    let turns = 0;
    while (book.unprepared > 0) {
      await new Promise(setImmediate);
      turns++;
    }
    expect(turns).toBeGreaterThan(10);
  });

  it('leave to the request that needs it what cannot be prepared, and harm no other version', async () => {
    const book = new ValidatorBook();
    const broken = book.of('v1', { operations: { op: '{' }, schemas: {} } as unknown as ApiContract);
    const sound = book.of('v2', contractOf(1));
    while (book.unprepared > 0) await new Promise(setImmediate);
    expect(() => broken.of('op')).toThrow(SyntaxError);
    expect(sound.of('op')).not.toBeNull();
  });
});
