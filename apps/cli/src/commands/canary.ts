import { type SubsetShare, sharesInWords } from '#domain';
import { type SharesToSet, type VersionSplits, changeShares, everythingTo, findVersionSplits } from '#services';
import { parseOptions, required } from '../arguments.js';
import { EXIT, UsageError } from '../exit.js';
import { print, printJson } from '../output.js';
import { CLI_ACTOR, withSession } from '../session.js';

const OPTIONS = {
  api: { type: 'string' },
  version: { type: 'string' },
  json: { type: 'boolean' },
} as const;

/** `tollgate canary show`: which subsets of its upstream the calls of a version go to. */
export async function canaryShow(words: readonly string[]): Promise<number> {
  const { json = false, ...which } = parseOptions(words, OPTIONS);
  return show(await withSession(({ context }) => findVersionSplits(context, versionOf(which))), json);
}

/** `tollgate canary set`: other shares for a rule, or for the calls that none matches. */
export async function canarySet(words: readonly string[]): Promise<number> {
  const options = parseOptions(words, {
    ...OPTIONS,
    rule: { type: 'string' },
    share: { type: 'string', multiple: true },
  });
  const { share = [] } = options;
  if (share.length === 0) throw new UsageError('--share SUBSET=WEIGHT is needed, once for each subset');
  const splits = [{ rule: options.rule ?? null, shares: share.map(shareFrom) }];
  return change(options, () => splits);
}

/** `tollgate canary send-all`: all calls of all rules to one subset. */
export async function canarySendAll(words: readonly string[]): Promise<number> {
  const options = parseOptions(words, { ...OPTIONS, to: { type: 'string' } });
  const to = required(options.to, '--to SUBSET');
  return change(options, (current) => {
    const names = current.subsets.map(({ name }) => name);
    if (names.length > 0 && !names.includes(to)) throw new UsageError(`--to ${to}: expected ${names.join(', ')}`);
    return everythingTo(to, current);
  });
}

/** `tollgate canary reset`: the shares that the version was written with. */
export async function canaryReset(words: readonly string[]): Promise<number> {
  const options = parseOptions(words, { ...OPTIONS, rule: { type: 'string' } });
  return change(options, ({ splits }) =>
    options.rule === undefined
      ? splits.filter(({ writtenShares }) => writtenShares !== null).map(({ rule }) => ({ rule, shares: null }))
      : [{ rule: options.rule, shares: null }],
  );
}

interface Which {
  readonly api?: string | undefined;
  readonly version?: string | undefined;
  readonly json?: boolean | undefined;
}

function versionOf({ api, version }: Which) {
  return { api: required(api, '--api'), version: required(version, '--version'), publisherUserId: null };
}

async function change(which: Which, splitsFor: (current: VersionSplits) => readonly SharesToSet[]): Promise<number> {
  const edited = versionOf(which);
  const changed = await withSession(async ({ context }) => {
    const splits = splitsFor(await findVersionSplits(context, edited));
    return changeShares(context, { ...edited, splits, actor: CLI_ACTOR });
  });
  return show(changed, which.json ?? false);
}

function shareFrom(text: string): SubsetShare {
  const [, subset, weight] = /^([^=]+)=(\d{1,7})$/.exec(text) ?? [];
  if (subset === undefined || Number(weight) > 1_000_000)
    throw new UsageError(`--share ${text}: expected SUBSET=WEIGHT, such as canary=5; a weight is 0 to 1000000`);
  return { subset, weight: Number(weight) };
}

async function show(found: VersionSplits, json: boolean): Promise<number> {
  if (json) await printJson(found);
  else await print(describe(found));
  return EXIT.ok;
}

function describe({ subsets, splits }: VersionSplits): string {
  if (subsets.length === 0) return 'Its upstream has no subsets: all calls go to the same targets.\n';
  const targets = subsets.map((subset) => `${subset.name}: ${subset.targets.join(', ')}\n`);
  const rules = splits.map(({ rule, shares, writtenShares }) => {
    const name = rule === null ? 'all other calls' : `rule ${rule}`;
    const written = writtenShares === null ? '' : ` (written with ${sharesInWords(writtenShares)})`;
    return `${name}: ${sharesInWords(shares)}${written}\n`;
  });
  return `${targets.join('')}\n${rules.join('')}`;
}
