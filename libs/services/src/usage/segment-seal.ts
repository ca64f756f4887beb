import { createHash } from 'node:crypto';

/** What a manifest says of a segment, under its seal. */
export interface SealedSegment {
  readonly gatewayId: string;
  readonly epoch: number;
  readonly segment: number;
  readonly eventCount: number;
  readonly quantitySums: Readonly<Record<string, string>>;
  /** SHA-256, in hex. */
  readonly contentHash: string;
  readonly digests: Buffer;
}

/** SHA-256 over everything that the manifest says: a manifest that was changed no longer fits its seal. */
export function segmentSeal(manifest: SealedSegment): Buffer {
  const sums = Object.entries(manifest.quantitySums).toSorted(([a], [b]) => (a < b ? -1 : 1));
  const head = [manifest.gatewayId, manifest.epoch, manifest.segment, manifest.eventCount, sums, manifest.contentHash];
  return createHash('sha256').update(JSON.stringify(head)).update('\n').update(manifest.digests).digest();
}
