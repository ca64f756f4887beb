import { loadSettings } from '#config';
import { UnavailableError, UsageError } from './exit.js';

export interface RemoteCall {
  readonly method: string;
  /** From the root of the portal. */
  readonly path: string;
  /** JSON. */
  readonly body?: string | undefined;
  /** What the change is a change of: an ETag in its quotes, or *. */
  readonly ifMatch?: string | undefined;
}

/**
 * One call of the control-plane API at PORTAL_URL with the personal access token of TOLLGATE_TOKEN. Redirects are not followed:
 * the token is for this server.
 * @throws UsageError without a token, or for a path that leads to another server; UnavailableError when there is no connection
 */
export async function callRemote({ method, path, body, ifMatch }: RemoteCall): Promise<Response> {
  const { PORTAL_URL, TOLLGATE_TOKEN } = loadSettings('remote');
  if (!TOLLGATE_TOKEN) throw new UsageError('TOLLGATE_TOKEN is not set: create a token in the portal, under Settings.');
  const url = new URL(path, PORTAL_URL);
  // A path such as "//host/…" names another server, which must not get the token.
  if (url.origin !== new URL(PORTAL_URL).origin) throw new UsageError(`${path}: expected a path of ${PORTAL_URL}`);
  try {
    return await fetch(url, {
      method,
      redirect: 'manual',
      headers: {
        authorization: `Bearer ${TOLLGATE_TOKEN}`,
        accept: 'application/json',
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...(ifMatch !== undefined && { 'if-match': ifMatch }),
      },
      ...(body !== undefined && { body }),
    });
  } catch (error) {
    throw new UnavailableError(`${url.origin} does not answer. Check PORTAL_URL.`, { cause: error });
  }
}
