import type { Call } from '../sandbox.js';

/** What a client has to do before an intent goes on: send the cardholder to a page of the bank. */
export type NextAction =
  | {
      readonly type: 'redirect_to_url';
      readonly redirect_to_url: { readonly return_url: string; readonly url: string };
    }
  | {
      readonly type: 'use_stripe_sdk';
      readonly use_stripe_sdk: { readonly type: 'three_d_secure_redirect'; readonly stripe_js: string };
    };

/** The page on which the cardholder says yes or no. */
export function authenticationUrl(call: Call, intentId: string): string {
  return `${call.baseUrl}/3ds/${intentId}`;
}

export function nextActionFor(url: string, returnUrl: string | null): NextAction {
  return returnUrl === null
    ? { type: 'use_stripe_sdk', use_stripe_sdk: { type: 'three_d_secure_redirect', stripe_js: url } }
    : { type: 'redirect_to_url', redirect_to_url: { return_url: returnUrl, url } };
}

/** Where the browser goes from the page of the bank. */
export function returnUrlOf(action: NextAction | null): string | null {
  return action?.type === 'redirect_to_url' ? action.redirect_to_url.return_url : null;
}

/** The page on which the cardholder is asked. */
export function nextActionUrl(action: NextAction): string {
  return action.type === 'redirect_to_url' ? action.redirect_to_url.url : action.use_stripe_sdk.stripe_js;
}
