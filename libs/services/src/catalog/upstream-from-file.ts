import { type ApiVersion, CLIENT_KEY_PURPOSE, UPSTREAM_SECRET_PURPOSE, type Upstream } from '#domain';
import type { ApplyWork } from './apply-catalog.js';
import type { FieldChange } from './catalog-change.js';
import type { UpstreamInFile } from './catalog-file.js';
import { applyOrKeepSecret } from './keep-secret.js';
import { trafficOf } from './traffic-in-file.js';
import { tlsOf } from './upstream-tls-in-file.js';
import { tokenOf } from './upstream-token-in-file.js';

/** An upstream as a file says it, without the values of its secrets. */
export function upstreamOf(upstream: UpstreamInFile): Upstream {
  const { url, targets, traffic, credential, token, tls, retries, circuitBreaker, ...timeouts } = upstream;
  const place = {
    url: (url ?? targets![0]!.url).replace(/\/+$/, ''),
    ...(targets && { targets: targets.map((target) => ({ ...target, url: target.url.replace(/\/+$/, '') })) }),
    ...(traffic && { traffic: trafficOf(traffic) }),
    ...timeouts,
    ...(retries && { retries }),
    ...(circuitBreaker && { circuitBreaker }),
    ...(token && { token: tokenOf(token) }),
    ...(tls && { tls: tlsOf(tls) }),
  };
  return credential ? { ...place, credentialHeader: credential.header.toLowerCase() } : place;
}

interface UpstreamSecrets {
  readonly upstreamSecretId: string | null;
  readonly clientKeySecretId: string | null;
  readonly secretChanges: readonly FieldChange[];
}

/**
 * Seals the secrets of an upstream, or keeps the stored ones where `file` does not say them; see `applyOrKeepSecret`. `name` is the
 * version, as "api/version".
 * @throws InvalidError `secret_missing`
 */
export async function applyUpstreamSecrets(
  work: Pick<ApplyWork, 'context' | 'transaction' | 'encryptionKeys' | 'unsetSecrets'>,
  version: { readonly name: string; readonly current: ApiVersion | null; readonly desired: Upstream | null },
  file: UpstreamInFile | undefined,
): Promise<UpstreamSecrets> {
  const { current } = version;
  const { credential: sent, tls } = file ?? {};
  const keeps = { work, ...version };
  const credential = await applyOrKeepSecret(
    keeps,
    {
      currentId: current?.upstreamSecretId ?? null,
      value: sent?.value ?? null,
      purpose: UPSTREAM_SECRET_PURPOSE,
      field: 'upstream.credential',
    },
    sent !== undefined && sent.value === undefined ? 'upstream.credential.value' : null,
  );
  const clientKey = await applyOrKeepSecret(
    keeps,
    {
      currentId: current?.clientKeySecretId ?? null,
      value: tls?.clientCertificate?.key ?? null,
      purpose: CLIENT_KEY_PURPOSE,
      field: 'upstream.tls.clientCertificate.key',
    },
    tls?.clientCertificate && tls.clientCertificate.key === undefined ? 'upstream.tls.clientCertificate.key' : null,
  );
  return {
    upstreamSecretId: credential.id,
    clientKeySecretId: clientKey.id,
    secretChanges: [...credential.changes, ...clientKey.changes],
  };
}
