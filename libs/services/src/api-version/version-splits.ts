import {
  type ApiVersion,
  ConflictError,
  InvalidError,
  NotFoundError,
  type SubsetShare,
  type TrafficPolicy,
  type TrafficSplit,
  type Upstream,
  areSameShares,
  splitsOf,
  withShares,
} from '#domain';
import { type Actor, appendChange, appendToAuditLog, lockCatalog, saveApiVersion } from '#persistence';
import type { ServiceContext } from '../context.js';
import { type EditedApiVersion, findOwnApiVersion } from './own-api.js';
import { withoutCredentials } from './api-version-view.js';

/** How the calls of a version are shared out among the subsets of its upstream. */
export interface VersionSplits {
  /** In the order of the upstream's targets. */
  readonly subsets: readonly { readonly name: string; readonly targets: readonly string[] }[];
  /** In the order in which they decide, that of all other calls last. */
  readonly splits: readonly TrafficSplit[];
}

/** Other shares of a rule's calls, or of those that none matches. */
export interface SharesToSet {
  /** Null for the calls that no rule matches. */
  readonly rule: string | null;
  /** Null for what the version was written with. */
  readonly shares: readonly SubsetShare[] | null;
}

export interface ChangeSharesInput extends EditedApiVersion {
  readonly splits: readonly SharesToSet[];
  readonly actor: Actor;
  /** Looks at what is there, locked; throws to refuse the change. */
  readonly check?: (current: VersionSplits) => void;
}

/** The splits of a version; none where its upstream has no subsets. @throws NotFoundError `api_not_found`, `api_version_not_found` */
export async function findVersionSplits(context: ServiceContext, edited: EditedApiVersion): Promise<VersionSplits> {
  const { version } = await context.unitOfWork.inSystem((transaction) => findOwnApiVersion(transaction, edited));
  return version.upstream?.traffic ? splitsOfVersion(version.upstream) : { subsets: [], splits: [] };
}

/**
 * Gives rules other shares, all of them or none; gateways go by them within a second, and a file that is applied later leaves them until it says
 * others than before. Nothing happens where they are what they were. What the rules match, and the subsets, stay.
 * @throws NotFoundError `api_not_found`, `api_version_not_found`, `traffic_rule_not_found`; ConflictError `no_subsets`, `calls_refused` for calls that the
 *   traffic refuses; InvalidError `shares_invalid`; what `check` throws
 */
export function changeShares(context: ServiceContext, input: ChangeSharesInput): Promise<VersionSplits> {
  return context.unitOfWork.inSystem(async (transaction) => {
    await lockCatalog(transaction);
    const { api, version } = await findOwnApiVersion(transaction, input);
    const { upstream } = version;
    if (!upstream?.traffic)
      throw new ConflictError(
        'no_subsets',
        'The upstream of the version has no subsets: name some in its targets, and say by "traffic" which calls they get.',
      );
    const before = splitsOfVersion(upstream);
    input.check?.(before);
    const traffic = input.splits.reduce((all, split) => changed(all, before, split), upstream.traffic);
    const after: ApiVersion = { ...version, upstream: { ...upstream, traffic } };
    const result = splitsOfVersion({ ...upstream, traffic });
    const changes = result.splits.flatMap(({ rule, shares }, index) => {
      const { shares: was } = before.splits[index]!;
      return areSameShares(was, shares) ? [] : [{ rule, from: was, to: shares }];
    });
    if (changes.length === 0) return before;
    const createdAt = context.clock.now();
    await saveApiVersion(transaction, after);
    await appendToAuditLog(transaction, {
      id: context.ids.next(),
      organizationId: null,
      actor: input.actor,
      action: 'split',
      noun: 'API version',
      nounId: `${api.slug}/${version.name}`,
      details: { splits: changes },
      createdAt,
    });
    await appendChange(transaction, 'catalog', 'all', createdAt);
    return result;
  });
}

/** All calls of all rules to one subset, but for those that the traffic refuses; the others stay in the splits with no share. */
export function everythingTo(subset: string, { subsets, splits }: VersionSplits): SharesToSet[] {
  const shares = subsets.map(({ name }) => ({ subset: name, weight: name === subset ? 1 : 0 }));
  return splits.flatMap(({ rule, shares: now }) => (now.length === 0 ? [] : [{ rule, shares }]));
}

function splitsOfVersion({ targets: all = [], traffic }: Upstream): VersionSplits {
  const targets = Map.groupBy(all, ({ subset }) => subset);
  return {
    subsets: [...targets].flatMap(([name, own]) =>
      name === undefined ? [] : [{ name, targets: own.map(({ url }) => withoutCredentials(url)) }],
    ),
    splits: traffic ? splitsOf(traffic) : [],
  };
}

function changed(traffic: TrafficPolicy, before: VersionSplits, { rule, shares }: SharesToSet): TrafficPolicy {
  const split = before.splits.find((one) => one.rule === rule);
  if (!split) throw new NotFoundError('traffic rule', `There is no rule "${rule}": ${rulesOf(before)}.`);
  if (split.shares.length === 0)
    throw new ConflictError(
      'calls_refused',
      'Calls that no rule matches are refused: only the catalogue file lets them in.',
    );
  const wanted = shares ?? split.writtenShares ?? split.shares;
  requireShares(wanted, before);
  return withShares(traffic, rule, wanted);
}

function requireShares(shares: readonly SubsetShare[], { subsets }: VersionSplits): void {
  const known = subsets.map(({ name }) => name);
  for (const [index, { subset }] of shares.entries()) {
    if (!known.includes(subset))
      throw new InvalidError('shares_invalid', `There is no subset "${subset}": there are ${known.join(', ')}.`);
    if (shares.findIndex((other) => other.subset === subset) !== index)
      throw new InvalidError('shares_invalid', `The subset "${subset}" has two shares: give it one.`);
  }
  if (!shares.some(({ weight }) => weight > 0))
    throw new InvalidError('shares_invalid', 'The weights are 0 in sum: somebody must get the calls.');
}

function rulesOf({ splits }: VersionSplits): string {
  const names = splits.flatMap(({ rule }) => rule ?? []);
  return names.length === 0 ? 'there are no rules, only the calls that none matches' : `there are ${names.join(', ')}`;
}
