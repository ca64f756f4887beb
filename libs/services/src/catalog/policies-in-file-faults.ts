import type { PoliciesInFile } from './catalog-file.js';
import type { PlacedFault } from './refused-in-places-error.js';
import { upstreamFault, upstreamTlsFault } from './upstream-faults.js';
import type { UpstreamRules } from './upstream-in-file-faults.js';

/** What the schema of policies cannot see: places where no upstream for test keys can be, and what the operator does not allow. */
export function policiesInFileFaults(
  { testUpstream }: PoliciesInFile,
  { allowsPrivateUpstreams, allowsUnverifiedUpstreams = false }: UpstreamRules,
): readonly PlacedFault[] {
  if (!testUpstream) return [];
  const { url, tls } = testUpstream;
  const found = [
    { path: 'testUpstream.tls', message: tls && upstreamTlsFault(url, tls.verify, allowsUnverifiedUpstreams) },
    { path: 'testUpstream.url', message: upstreamFault(url, allowsPrivateUpstreams) },
  ];
  return found.flatMap(({ path, message }) => (message ? [{ path, message }] : []));
}
