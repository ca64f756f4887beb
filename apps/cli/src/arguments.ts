import { type ParseArgsConfig, parseArgs } from 'node:util';
import { isUuid } from '#domain';
import { parseDuration } from './duration.js';
import { UsageError } from './exit.js';

type Options = NonNullable<ParseArgsConfig['options']>;
type Values<Some extends Options> = ReturnType<typeof parseArgs<{ options: Some }>>['values'];

/** The options of a command; unknown ones and stray words are refused with the name that was wrong. */
export function parseOptions<const Some extends Options>(words: readonly string[], options: Some): Values<Some> {
  try {
    return parseArgs({ args: [...words], options, allowPositionals: false, strict: true }).values as Values<Some>;
  } catch (error) {
    throw new UsageError(`${(error as Error).message} (--help shows how)`);
  }
}

/** The value of an option that the command cannot do without. */
export function required(value: string | undefined, option: string): string {
  if (value === undefined || value.trim() === '') throw new UsageError(`${option} is needed (--help shows how)`);
  return value;
}

/** The id that an option names, in lower case. */
export function idFrom(text: string | undefined, option: string): string {
  const id = required(text, option);
  if (!isUuid(id.toLowerCase())) throw new UsageError(`${option} ${id}: expected an id`);
  return id.toLowerCase();
}

/** The id of a subscription, which stands before the options. */
export function subscriptionId(word: string | undefined): string {
  const id = word?.toLowerCase() ?? '';
  if (!isUuid(id)) throw new UsageError('expected the id of a subscription; subscription list shows them');
  return id;
}

/** The slug, name or id of an organization, which stands before the options. */
export function organizationWord(word: string | undefined): string {
  return leadingWord(word, 'the slug, name or id of an organization');
}

/** The number or id of an invoice, which stands before the options. */
export function invoiceWord(word: string | undefined): string {
  return leadingWord(word, 'the number or id of an invoice');
}

function leadingWord(word: string | undefined, what: string): string {
  if (word !== undefined && word.trim() !== '' && !word.startsWith('-')) return word;
  throw new UsageError(`${what} is needed (--help shows how)`);
}

/** A plan by the names of its product and its own, such as weather/pro. */
export function planNamed(text: string, option: string): { readonly productSlug: string; readonly planSlug: string } {
  const [, productSlug, planSlug] = /^([^/@]+)\/([^/@]+)$/.exec(text) ?? [];
  if (productSlug && planSlug) return { productSlug, planSlug };
  throw new UsageError(`${option} ${text}: expected PRODUCT/PLAN, such as weather/pro`);
}

/** An instant in ISO 8601; without a zone it is UTC, without a time the start of that UTC day. */
export function parseInstant(text: string, option: string): Date {
  const zoned = /^\d{4}-\d{2}-\d{2}$/.test(text) || /(Z|[+-]\d{2}:?\d{2})$/.test(text) ? text : `${text}Z`;
  const instant = new Date(zoned);
  if (!/^\d{4}-\d{2}-\d{2}/.test(text) || Number.isNaN(instant.getTime())) {
    throw new UsageError(`${option} ${text}: expected an instant such as 2026-12-01 or 2026-12-01T00:00:00Z`);
  }
  return instant;
}

/** An instant, or a duration from now on by the installation's clock, such as +65d. */
export function parseInstantFrom(text: string, option: string): (now: Date) => Date {
  if (!text.startsWith('+')) {
    const instant = parseInstant(text, option);
    return () => instant;
  }
  const seconds = parseDuration(text.slice(1), option);
  return (now) => new Date(now.getTime() + seconds * 1_000);
}
