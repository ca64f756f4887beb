import { clearable, hash, text, type ParamReader } from '../http/params.js';
import { invalidRequest } from '../http/stripe-fault.js';

export interface Address {
  readonly city: string | null;
  readonly country: string | null;
  readonly line1: string | null;
  readonly line2: string | null;
  readonly postal_code: string | null;
  readonly state: string | null;
}

const line = clearable(text());

const countries = new Intl.DisplayNames('en', { type: 'region', fallback: 'none' });

const country: ParamReader<string> = (node, path) => {
  const value = text()(node, path);
  if (/^[A-Z]{2}$/i.test(value) && countries.of(value.toUpperCase()) !== undefined) return value.toUpperCase();
  throw invalidRequest(
    `Country '${value}' is unknown. Try using a 2-character alphanumeric country code instead, such as 'US', 'EG', or 'GB'.`,
    path,
  );
};

export const address = hash({
  city: line,
  country: clearable(country),
  line1: line,
  line2: line,
  postal_code: line,
  state: line,
});

export const emptyAddress: Address = {
  city: null,
  country: null,
  line1: null,
  line2: null,
  postal_code: null,
  state: null,
};
