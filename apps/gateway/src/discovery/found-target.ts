import { MAX_UPSTREAM_TARGETS } from '#domain';

/** Where a target of an upstream is, as a source tells: what is asked for there is what the upstream's url says. */
export interface FoundTarget {
  /** An IP address, or from a file a name: to connect to. */
  readonly host: string;
  /** Null for that of the upstream. */
  readonly port: number | null;
  readonly weight: number;
  /** Those of the lowest number are asked as long as one of them is free (RFC 2782). */
  readonly priority: number;
}

/** What a source has answered. */
export interface Finding {
  /** Each place once, in an order that does not depend on that of the answer; never empty. */
  readonly targets: readonly FoundTarget[];
  /** How long it holds, as the source says. */
  readonly validForMs: number;
  /** Places that are not among the targets, and why; empty for none. */
  readonly remarks: readonly string[];
}

/** A source that does not answer, or with nothing that can be used. */
export class DiscoveryError extends Error {}

/** A finding of these targets, of which there may be too many. @throws DiscoveryError for none */
export function findingOf(found: readonly FoundTarget[], validForMs: number, remarks: readonly string[]): Finding {
  const byPlace = new Map(found.toReversed().map((target) => [nameOf(target), target]));
  const targets = [...byPlace.values()].toSorted(
    (one, other) => one.priority - other.priority || (nameOf(one) < nameOf(other) ? -1 : 1),
  );
  if (targets.length === 0) throw new DiscoveryError(['the answer is empty', ...remarks].join('; '));
  const left = targets.length - MAX_UPSTREAM_TARGETS;
  return {
    targets: targets.slice(0, MAX_UPSTREAM_TARGETS),
    validForMs,
    remarks: left <= 0 ? remarks : [...remarks, `${left} of ${targets.length} targets are too many, and left out`],
  };
}

/** What no two targets of a source have in common. */
export function nameOf({ host, port }: FoundTarget): string {
  return `${host} ${port ?? ''}`;
}
