import type { UpstreamInFile } from './catalog-file.js';
import type { PlacedFault } from './refused-in-places-error.js';
import { upstreamFault, upstreamTlsFault } from './upstream-faults.js';

/** What the operator lets publishers do with upstreams. */
export interface UpstreamRules {
  /** By UPSTREAM_ALLOW_PRIVATE. */
  readonly allowsPrivateUpstreams: boolean;
  /** By UPSTREAM_ALLOW_UNVERIFIED_TLS; default false. */
  readonly allowsUnverifiedUpstreams?: boolean;
  /** By UPSTREAM_TARGETS_DIR; default false. */
  readonly allowsTargetFiles?: boolean;
}

/** What the schema of an upstream cannot see: places where none can be, and what the operator does not allow. */
export function upstreamInFileFaults(
  { url, targets = [], discovery, token, credential, tls }: UpstreamInFile,
  { allowsPrivateUpstreams, allowsUnverifiedUpstreams = false, allowsTargetFiles = false }: UpstreamRules,
): readonly PlacedFault[] {
  const { dns, file } = discovery ?? {};
  const first = url ?? targets[0]?.url;
  const places = [
    { path: 'discovery.dns.name', address: dns && `http://${dns.name}` },
    { path: 'url', address: url },
    ...targets.map((target, index) => ({ path: `targets.${index}.url`, address: target.url })),
  ];
  const found: readonly { readonly path: string; readonly message: string | null | undefined }[] = [
    {
      path: 'token.header',
      message:
        token && token.header.toLowerCase() === credential?.header.toLowerCase()
          ? 'this header carries the credential.'
          : null,
    },
    { path: 'tls', message: tls && first && upstreamTlsFault(first, tls.verify, allowsUnverifiedUpstreams) },
    {
      path: 'discovery.file',
      message:
        file && !allowsTargetFiles
          ? 'an operator can allow files of targets by UPSTREAM_TARGETS_DIR, the folder that they are in.'
          : null,
    },
    ...places.map(({ path, address }) => ({
      path,
      message: address && upstreamFault(address, allowsPrivateUpstreams),
    })),
  ];
  return found.flatMap(({ path, message }) => (message ? [{ path, message }] : []));
}
