import type { JwtPolicy } from './jwt-policy.js';
import type { MtlsPolicy } from './mtls-policy.js';

/** How the callers of an API version say who they are. */
export interface AuthenticationPolicy {
  /** Absent: the usual places. */
  readonly keys?: KeyPlaces | undefined;
  readonly jwt?: JwtPolicy | undefined;
  readonly mtls?: MtlsPolicy | undefined;
}

/** Where a request may carry its API key. */
export interface KeyPlaces {
  /** Name of the header field that holds the key and nothing else; lower case. */
  readonly header: string;
  /** `Authorization: Bearer KEY` (RFC 6750 §2.1). */
  readonly bearer: boolean;
  /** The user name of `Authorization: Basic` (RFC 7617); the password is not looked at. */
  readonly basicUser: boolean;
  /** Null for none: addresses end up in logs and histories that are not ours. */
  readonly queryParameter: string | null;
}

/** Where keys are looked for unless the publisher says otherwise. */
export const USUAL_KEY_PLACES: KeyPlaces = { header: 'x-api-key', bearer: true, basicUser: true, queryParameter: null };
