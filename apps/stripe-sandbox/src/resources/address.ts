import { clearable, hash, text } from '../http/params.js';

export interface Address {
  readonly city: string | null;
  readonly country: string | null;
  readonly line1: string | null;
  readonly line2: string | null;
  readonly postal_code: string | null;
  readonly state: string | null;
}

const line = clearable(text());

export const address = hash({ city: line, country: line, line1: line, line2: line, postal_code: line, state: line });

export const emptyAddress: Address = {
  city: null,
  country: null,
  line1: null,
  line2: null,
  postal_code: null,
  state: null,
};
