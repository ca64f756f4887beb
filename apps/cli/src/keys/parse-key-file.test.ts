import { describe, expect, it } from 'vitest';
import { parseKeyFile } from './parse-key-file.js';

const hash = 'ab'.repeat(32);

describe('a file of keys', () => {
  it('is CSV with names on top, in any order and quoted where needed', () => {
    const keys = parseKeyFile(
      `key,application,plan,name,expires\r\n` +
        `kong-0123456789abcdef,Shop,atlas/free,"Till, ""one""",2027-01-31T00:00:00Z\r\n\r\n` +
        `kong-fedcba9876543210,Shop,,,\r\n`,
    );
    expect(keys).toEqual([
      {
        row: 'line 2',
        organization: 'Shop',
        application: 'Shop',
        plan: { productSlug: 'atlas', planSlug: 'free' },
        secret: { kind: 'plain', key: 'kong-0123456789abcdef' },
        prefix: null,
        name: 'Till, "one"',
        mode: 'live',
        expiresAt: new Date('2027-01-31T00:00:00Z'),
      },
      expect.objectContaining({ row: 'line 4', plan: null, name: 'Imported', expiresAt: null }),
    ]);
  });

  it('or JSON lines', () => {
    const line = JSON.stringify({
      organization: 'Ada',
      application: 'Shop',
      hash,
      algorithm: 'sha256',
      salt: 's',
      prefix: 'zpka',
    });
    expect(parseKeyFile(`${line}\n\n`)).toMatchObject([
      { organization: 'Ada', secret: { kind: 'sha256', hash: Buffer.from(hash, 'hex'), salt: 's' }, prefix: 'zpka' },
    ]);
  });

  it('names every row that is not as expected, and repeats no key', () => {
    const lines = [
      { application: 'Shop', key: 'secret-1', hash },
      { application: 'Shop' },
      { application: 'Shop', hash: 'xyz' },
      { application: 'Shop', key: 'secret-2', salt: 's' },
      { application: 'Shop', key: 'secret-3', algorithm: 'bcrypt' },
      { application: 'Shop', key: 'secret-4', colour: 'red' },
      { key: 'secret-5' },
    ];
    let message = '';
    try {
      parseKeyFile(lines.map((line) => JSON.stringify(line)).join('\n'));
    } catch (error) {
      message = (error as Error).message;
    }
    for (let row = 1; row <= lines.length; row++) expect(message).toContain(`line ${row}: `);
    expect(message).not.toContain('secret-');
  });

  it.each([
    ['application,key\nShop', /line 2: 1 fields, but 2 names/],
    ['application,key\n"Shop,x', /a quote is never closed/],
    ['{"application"', /line 1: not JSON/],
  ])('is refused when it is damaged', (content, message) => {
    expect(() => parseKeyFile(content)).toThrow(message);
  });
});
