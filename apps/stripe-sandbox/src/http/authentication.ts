import { StripeFault } from './stripe-fault.js';

const howToAuthenticate =
  "You need to provide your API key in the Authorization header, using Bearer auth (e.g. 'Authorization: Bearer " +
  "YOUR_SECRET_KEY'). See https://stripe.com/docs/api#authentication for details.";

/** Accepts any test key, as a bearer token or as the user of basic authentication; everything else is a 401. */
export function authenticate(authorization: string | undefined): void {
  const key = keyOf(authorization);
  if (key === undefined) throw unauthorized(`You did not provide an API key. ${howToAuthenticate}`);
  if (/^sk_test_[A-Za-z0-9_]+$/.test(key)) return;
  if (/^[sr]k_live_/.test(key)) {
    throw unauthorized('This is a simulation of Stripe: it takes no live key. Use any key that begins with sk_test_.');
  }
  throw unauthorized(`Invalid API Key provided: ${masked(key)}`);
}

/** Accepts the token of a meter event session that has not expired; everything else is a 401. */
export function authenticateSession(
  authorization: string | undefined,
  sessions: readonly { readonly authentication_token: string; readonly expires: number }[],
  now: number,
): void {
  const token = keyOf(authorization);
  const session = sessions.find(({ authentication_token: own }) => own === token);
  if (session === undefined) throw unauthorized('The authentication token of a meter event session is needed.');
  if (session.expires <= now) throw unauthorized('The meter event session has expired. Create another.');
}

function keyOf(authorization: string | undefined): string | undefined {
  const [scheme, value] = (authorization ?? '').split(' ');
  if (value === undefined || value === '') return undefined;
  if (scheme?.toLowerCase() === 'bearer') return value;
  if (scheme?.toLowerCase() !== 'basic') return undefined;
  return Buffer.from(value, 'base64').toString('utf8').split(':')[0] || undefined;
}

function masked(key: string): string {
  return key.length <= 12 ? '*'.repeat(key.length) : `${key.slice(0, 8)}${'*'.repeat(key.length - 12)}${key.slice(-4)}`;
}

function unauthorized(message: string): StripeFault {
  return new StripeFault(401, { type: 'invalid_request_error', message });
}
