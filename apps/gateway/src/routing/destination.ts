import type { Mode } from '#domain';
import type { ApiVersionEntry, UpstreamEntry } from '../snapshot/catalog.js';

/** Where a call goes: to an upstream, to the version's mock, or nowhere, as its upstream cannot be used. */
export type Destination = UpstreamEntry | 'mock' | 'nowhere';

/** Calls with test keys go to the test upstream, to the mock, or else to the live upstream, which is told the mode. */
export function destinationOf(
  { upstream, testUpstream, mock, isMockedForAll }: ApiVersionEntry,
  mode: Mode,
): Destination {
  if (mode === 'test' && testUpstream !== null) return testUpstream;
  if (mock !== null && (isMockedForAll || mode === 'test')) return 'mock';
  return upstream ?? 'nowhere';
}
