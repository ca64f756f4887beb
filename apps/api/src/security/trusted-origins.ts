const LOOPBACK_HOSTS = ['localhost', '127.0.0.1', '[::1]'];

/**
 * The origins whose pages may change something: the portal's own. One that runs on this machine may be opened by any
 * of the machine's own names.
 */
export function trustedOrigins(portalUrl: string): string[] {
  const url = new URL(portalUrl);
  if (!LOOPBACK_HOSTS.includes(url.hostname)) return [url.origin];
  const others = LOOPBACK_HOSTS.filter((host) => host !== url.hostname);
  return [url.origin, ...others.map((host) => `${url.protocol}//${host}${url.port && `:${url.port}`}`)];
}
