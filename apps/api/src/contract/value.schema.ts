import { formatMoney, isCurrency, isDecimal } from '#domain';
import { z } from 'zod';

/** The id of something that Tollgate made. */
export const id = z.uuid();

/** What names something of the catalogue in a path. */
export const slug = z.string().min(1).max(63);

/** An instant on the way out: a `Date` inside, ISO 8601 in UTC on the wire. */
export const instant = z
  .date()
  .transform((at) => at.toISOString())
  .pipe(z.iso.datetime());

/** An instant on the way in: ISO 8601 with an offset or Z, a `Date` inside. */
export const instantInput = z.iso.datetime({ offset: true }).transform((text) => new Date(text));

/** An exact decimal in digits ("1234.5"). Never a JSON number, which would lose digits. */
export const decimal = z.string();

export const decimalInput = z.string().refine(isDecimal, {
  message: 'expected a decimal such as "1000" or "12.5": not negative, no exponent, at most 12 places',
});

/** Line breaks and other control characters, and what turns the direction of all text that follows. */
const UNSEEN = /[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]/u;
const SEEN = /[\p{L}\p{N}\p{P}\p{S}]/u;

/** A name that a person gives to something: one line with something to see, in any script. */
export const nameInput = z
  .string()
  .trim()
  .min(1)
  .max(120)
  .refine((name) => name === '' || (SEEN.test(name) && !UNSEEN.test(name)), {
    message: 'expected a name in one line, without control characters',
  });

/** A part of what is looked for in a list. */
export const searchInput = z.string().trim().min(1).max(120);

export const money = z
  .object({
    amountMinor: z.string().describe('The amount in minor units of the currency, a whole number in digits.'),
    currency: z.string().describe('ISO 4217 code.'),
    formatted: z.string().describe('The amount for people, such as "$12.34".'),
  })
  .meta({ id: 'Money', description: 'An exact amount of money.' });

/** An amount as the API shows it. */
export function toMoney(amountMinor: bigint, currency: string): z.input<typeof money> {
  return {
    amountMinor: amountMinor.toString(),
    currency,
    formatted: isCurrency(currency) ? formatMoney(amountMinor, currency) : '',
  };
}

/** What an organization, an API product or a plan is called, where it is only mentioned. */
export const organizationReference = z.object({ id, name: z.string() }).meta({ id: 'OrganizationReference' });
export const productReference = z.object({ slug: z.string(), title: z.string() }).meta({ id: 'ProductReference' });

/** The portal's own terms. */
export const portalTerms = z
  .object({ url: z.string().describe('Where they are.'), version: z.string() })
  .meta({ id: 'PortalTerms' });
