import { createPublicKey } from 'node:crypto';
import { isIP } from 'node:net';
import { z } from 'zod';

/** `id:base64 of 32 bytes`, the current key first, apart by commas. */
export const keyRing = z.string().transform((text, context) => {
  const keys = text.split(',').map((part) => {
    const [id = '', base64 = ''] = part.split(':', 2);
    return { id, secret: Buffer.from(base64, 'base64') };
  });
  if (keys.some((key) => !/^[A-Za-z0-9]{1,16}$/.test(key.id) || key.secret.length !== 32)) {
    context.addIssue({
      code: 'custom',
      message: 'expected "id:base64 of 32 bytes", the current key first, separated by commas',
    });
    return z.NEVER;
  }
  return keys;
});

/** Texts apart by commas. */
export const list = z.string().transform((text) => text.split(',').map((part) => part.trim()));

/** Name servers as `node:dns` takes them: addresses, with a port where it is not 53, apart by commas. */
export const nameServers = list.refine(
  (servers) => servers.every(isNameServer),
  'expected addresses of name servers such as 10.0.0.2 or 127.0.0.1:8600, separated by commas',
);

function isNameServer(text: string): boolean {
  const [, six, four, port] = /^(?:\[([0-9A-Fa-f:.]+)\]|([0-9.]+))(?::([0-9]{1,5}))?$/.exec(text) ?? [];
  return isIP(six ?? four ?? text) !== 0 && Number(port ?? 53) <= 65_535;
}

/** `identifier:PEM`, apart by commas; a PEM may be on one line, with or without its first and last line. */
export const publicKeys = z.string().transform((text, context) => {
  try {
    return text.split(',').map((part) => {
      const [, id, pem] = /^\s*([A-Za-z0-9_-]{1,128}):(.+)$/s.exec(part)!;
      const base64 = pem!.replaceAll('\\n', '').replace(/-----[A-Z ]+-----/g, '');
      return { id: id!, key: createPublicKey({ key: Buffer.from(base64, 'base64'), format: 'der', type: 'spki' }) };
    });
  } catch {
    context.addIssue({ code: 'custom', message: 'expected "identifier:public key in PEM", separated by commas' });
    return z.NEVER;
  }
});

/** `CUR=minor units`, apart by commas. */
export const minimumCharges = z.string().transform((text, context) => {
  const parts = text.split(',').map((part) => /^\s*([A-Z]{3})=([0-9]{1,9})\s*$/.exec(part));
  if (parts.every((part) => part !== null))
    return Object.fromEntries(parts.map(([, currency, minor]) => [currency!, BigInt(minor!)] as const));
  context.addIssue({ code: 'custom', message: 'expected amounts in minor units by currency, such as KWD=150,USD=100' });
  return z.NEVER;
});

/** A URL of one of these schemes, each with its colon. */
export const url = (...schemes: string[]) =>
  z
    .string()
    .refine(
      (text) => URL.canParse(text) && schemes.includes(new URL(text).protocol),
      `expected a URL that begins with ${schemes.map((scheme) => `${scheme}//`).join(' or ')}`,
    );

/** Without the slashes that it ends in. */
export const httpUrl = url('http:', 'https:').transform((text) => text.replace(/\/+$/, ''));

/** Where people are led: a page, or a mailbox. */
export const linkUrl = z
  .string()
  .refine(
    (text) => /^mailto:[^\s@]+@[^\s@]+$/.test(text) || (/^https?:/i.test(text) && URL.canParse(text)),
    'expected a URL that begins with https:// or http://, or mailto: and an address',
  );

/** A line that people read. */
export const line = (max: number) =>
  z
    .string()
    .trim()
    .min(1)
    .max(max)
    .refine((text) => !/[\p{Cc}\p{Zl}\p{Zp}]/u.test(text), 'expected one line without control characters');

/** A colour of CSS as `#rrggbb`, in lower case. */
export const hexColor = z
  .string()
  .regex(/^#[0-9a-f]{6}$/i, 'expected a colour as #rrggbb, such as #17697e')
  .transform((text) => text.toLowerCase());

/** Of Postgres. */
export const postgresUrl = url('postgres:', 'postgresql:');

/** 0 for any that is free. */
export const port = z.coerce.number().int().min(0).max(65535);

/** A whole number, from `min` to `max`. */
export const whole = (min: number, max: number) => z.coerce.number().int().min(min).max(max);

/** Days from 0 to `max`, parts of one too. */
export const days = (max: number) => z.coerce.number().min(0).max(max);

/** Ascending days above 0, apart by commas, or `none`. */
export const retryDays = z.string().transform((text, context) => {
  const numbers = text.split(',').map((part) => (part.trim() === '' ? NaN : Number(part)));
  if (text === 'none') return [];
  const ascends = numbers.every((number, index) => number > (numbers[index - 1] ?? 0) && number <= 365);
  if (ascends && numbers.length <= 20) return numbers;
  context.addIssue({ code: 'custom', message: 'expected up to 20 ascending days above 0, such as 1,3,5,7, or none' });
  return z.NEVER;
});

/** `true` or `false`. */
export const flag = z.enum(['true', 'false']).transform((text) => text === 'true');
