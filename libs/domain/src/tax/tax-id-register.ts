import { TollgateError } from '../problem/tollgate-error.js';
import type { TaxId } from './tax-id.js';

/** What a register of tax offices says of a number. */
export interface TaxIdAnswer {
  readonly isRegistered: boolean;
  /** To whom it was given; null where the tax office does not say. */
  readonly name: string | null;
  /** The number of the consultation, which proves it; null where none is given. */
  readonly reference: string | null;
}

/** Where it is asked whether a tax office has given a number. */
export interface TaxIdRegister {
  /** @throws TaxIdRegisterError when it does not answer now */
  ask(taxId: TaxId): Promise<TaxIdAnswer>;
}

/** The register, or the tax office behind it, does not answer now. */
export class TaxIdRegisterError extends TollgateError {
  override readonly kind = 'unavailable';

  constructor(message: string, options?: { readonly cause?: unknown }) {
    super('tax_id_register_unavailable', message, options);
  }
}

/** `waiting`: nobody has answered yet. `unknown`: no tax office has given it. */
export type TaxIdCheckState = 'waiting' | 'registered' | 'unknown';

/** What is known of a number of an organization. */
export interface TaxIdCheck extends TaxId {
  readonly state: TaxIdCheckState;
  /** To whom it was given, as the register says; null where it does not, and while it waits. */
  readonly name: string | null;
  /** When it was answered; null while it waits. */
  readonly checkedAt: Date | null;
}

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
/** Numbers are given up, and taken away: what was answered is asked again after so long, in milliseconds. */
export const TAX_ID_CHECKED_FOR_MS = 90 * DAY_MS;

/** How long after so many tries without an answer, 1 for the first, the next one comes: five minutes, doubled up to a day. */
export function nextTryMs(tries: number): number {
  return Math.min(5 * MINUTE_MS * 2 ** Math.min(tries - 1, 20), DAY_MS);
}
