/**
 * Where a version of an API is called: at the gateway's public address and its base path; at its own host where it takes
 * requests for no other, with scheme, port and path of the gateway's address.
 */
export function calledAt(
  gatewayUrl: string,
  { host, basePath }: { readonly host: string | null; readonly basePath: string },
): string {
  if (host === null) return gatewayUrl + basePath;
  const url = new URL(gatewayUrl);
  url.hostname = host;
  return url.href.replace(/\/+$/, '') + basePath;
}
