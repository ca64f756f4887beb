import { InvalidError } from '#domain';
import type { KeyToImport } from '#services';
import { z } from 'zod';
import { parseCsv } from './parse-csv.js';

const text = (max: number) => z.string().trim().min(1).max(max);

const rowSchema = z
  .strictObject({
    application: text(120),
    organization: text(120).optional(),
    plan: z
      .string()
      .regex(/^[a-z0-9-]+\/[a-z0-9-]+$/, 'expected PRODUCT/PLAN, such as atlas/free')
      .optional(),
    key: z.string().min(1).max(1_000).optional(),
    hash: z
      .string()
      .regex(/^[0-9A-Fa-f]{64}$/, 'expected the 64 hex digits of a SHA-256')
      .optional(),
    algorithm: z.literal('sha256', 'only sha256 is supported').optional(),
    salt: z.string().min(1).max(200).optional(),
    prefix: z.string().min(1).max(12).optional(),
    name: text(120).optional(),
    mode: z.enum(['live', 'test']).default('live'),
    expires: z.iso.datetime({ offset: true, error: 'expected an instant such as 2027-01-31T00:00:00Z' }).optional(),
  })
  .refine(({ key, hash }) => (key === undefined) !== (hash === undefined), 'give one of key and hash')
  .refine(({ key, salt }) => key === undefined || salt === undefined, 'a salt goes with a hash');

interface RawRow {
  readonly row: string;
  readonly value: unknown;
}

/**
 * The keys in a file: CSV with a line of names on top, or one JSON object a line.
 * @throws InvalidError `import_refused`, naming every row that is not as expected; values are not repeated
 */
export function parseKeyFile(content: string): KeyToImport[] {
  const rows = content.trimStart().startsWith('{') ? jsonRows(content) : csvRows(content);
  const faults: string[] = [];
  const keys = rows.flatMap(({ row, value }) => {
    const parsed = rowSchema.safeParse(value);
    if (parsed.success) return [toKey(row, parsed.data)];
    const { path, message } = parsed.error.issues[0]!;
    faults.push(`${row}: ${path.length > 0 ? `${path.join('.')}: ` : ''}${message}`);
    return [];
  });
  if (faults.length > 0) refuse(faults);
  return keys;
}

function toKey(row: string, found: z.output<typeof rowSchema>): KeyToImport {
  const { application, organization = application, plan, key, hash, salt = null, prefix = null, mode, expires } = found;
  const [productSlug, planSlug] = plan?.split('/') ?? [];
  return {
    row,
    organization,
    application,
    plan: productSlug && planSlug ? { productSlug, planSlug } : null,
    secret: key !== undefined ? { kind: 'plain', key } : { kind: 'sha256', hash: Buffer.from(hash!, 'hex'), salt },
    prefix,
    name: found.name ?? 'Imported',
    mode,
    expiresAt: expires === undefined ? null : new Date(expires),
  };
}

function jsonRows(content: string): RawRow[] {
  return content.split('\n').flatMap((line, index) => {
    if (line.trim() === '') return [];
    const row = `line ${index + 1}`;
    try {
      return [{ row, value: JSON.parse(line) as unknown }];
    } catch {
      return refuse([`${row}: not JSON`]);
    }
  });
}

/** Empty fields are as if they were absent. */
function csvRows(content: string): RawRow[] {
  const rows = parseCsv(content);
  if (!rows) return refuse(['the file: a quote is never closed']);
  const [head, ...body] = rows;
  const names = head?.fields.map((name) => name.trim()) ?? [];
  return body.map(({ line, fields }) => {
    const row = `line ${line}`;
    if (fields.length !== names.length) refuse([`${row}: ${fields.length} fields, but ${names.length} names on top`]);
    const value = Object.fromEntries(
      names.map((name, index) => [name, fields[index]!] as const).filter(([, field]) => field !== ''),
    );
    return { row, value };
  });
}

function refuse(faults: readonly string[]): never {
  throw new InvalidError('import_refused', `Nothing was imported:\n  ${faults.slice(0, 20).join('\n  ')}`);
}
