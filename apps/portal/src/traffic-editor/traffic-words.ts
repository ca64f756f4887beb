import type { RetryWords, TargetWords, UpstreamWords } from '../upstream-editor/upstream-words.js';

/** Where calls go: all to a subset, in shares to several, or nowhere. */
export interface ChoiceWords {
  readonly subset?: string;
  readonly split?: readonly ShareWords[];
  readonly refuse?: true;
}

export interface ShareWords {
  readonly subset: string;
  readonly weight: number;
}

/** What one of the values of a header field must be: one of these. */
export interface HeaderMatchWords {
  readonly exact?: string;
  readonly prefix?: string;
  readonly regex?: string;
  readonly present?: boolean;
}

/** What calls match, with all that it says. */
export interface MatchWords {
  readonly headers?: Readonly<Record<string, HeaderMatchWords>>;
  readonly organizations?: readonly string[];
  readonly applications?: readonly string[];
  readonly plans?: readonly string[];
}

export interface RuleWords extends ChoiceWords {
  readonly name: string;
  readonly match: readonly MatchWords[];
  readonly responseTimeoutMs?: number;
  /** In the place of the upstream's. */
  readonly retries?: RetryWords;
}

/** The traffic of an upstream in the words of the catalogue file. */
export interface TrafficWords {
  readonly rules?: readonly RuleWords[];
  readonly default: ChoiceWords;
}

/** The traffic of an upstream; undefined for one without. */
export function trafficIn(words: UpstreamWords): TrafficWords | undefined {
  return words['traffic'] as TrafficWords | undefined;
}

/** The subsets that targets are in, each once. */
export function subsetsOf({ targets = [] }: UpstreamWords): string[] {
  return [...new Set(targets.flatMap(({ subset }) => subset || []))];
}

/**
 * An upstream one of whose targets is in another subset. What named a subset that is gone by it names the new one; the first subset gets all
 * calls, and with the last one the rules go.
 */
export function withSubset(words: UpstreamWords, index: number, subset: string): UpstreamWords {
  const before = words.targets?.[index]?.subset ?? '';
  const targets = (words.targets ?? []).map((target, position): TargetWords => {
    if (position !== index) return target;
    const { subset: _before, ...others } = target;
    return subset === '' ? others : { ...others, subset };
  });
  const { traffic: _traffic, ...others } = words;
  const next = { ...others, targets };
  const [first] = subsetsOf(next);
  if (first === undefined) return next;
  const traffic = trafficIn(words) ?? { default: { subset: first } };
  const isRenamed = before !== '' && subset !== '' && !subsetsOf(next).includes(before);
  return { ...next, traffic: isRenamed ? withRenamed(traffic, before, subset) : traffic };
}

function withRenamed({ rules, default: rest, ...others }: TrafficWords, from: string, to: string): TrafficWords {
  const renamed = <Choice extends ChoiceWords>(choice: Choice): Choice => ({
    ...choice,
    ...(choice.subset === from && { subset: to }),
    ...(choice.split && {
      split: choice.split.map((share) => (share.subset === from ? { ...share, subset: to } : share)),
    }),
  });
  return { ...others, ...(rules && { rules: rules.map(renamed) }), default: renamed(rest) };
}

/** What a choice is called in a list of choices: "subset:NAME", "split" or "refuse". */
export function choiceValue({ subset, split, refuse }: ChoiceWords): string {
  if (refuse) return 'refuse';
  return split ? 'split' : `subset:${subset ?? ''}`;
}

/** The same with another choice; shares begin with all of it where it went. */
export function withChoice<Whole extends ChoiceWords>(whole: Whole, value: string, subsets: readonly string[]): Whole {
  const { subset, split, refuse: _refuse, ...others } = whole;
  const choice = (): ChoiceWords => {
    if (value === 'refuse') return { refuse: true };
    if (value !== 'split') return { subset: value.slice('subset:'.length) };
    const all = subset ?? subsets[0] ?? '';
    return { split: split ?? subsets.map((name) => ({ subset: name, weight: name === all ? 100 : 0 })) };
  };
  return { ...others, ...choice() } as Whole;
}

/** Shares with another one for a subset; without it for undefined. */
export function withShare(split: readonly ShareWords[], subset: string, weight: number | undefined): ShareWords[] {
  if (weight === undefined) return split.filter((share) => share.subset !== subset);
  return split.some((share) => share.subset === subset)
    ? split.map((share) => (share.subset === subset ? { subset, weight } : share))
    : [...split, { subset, weight }];
}

/** A rule that is new: of testers who say so by a header. */
export function newRule(rules: readonly RuleWords[], subset: string): RuleWords {
  const taken = new Set(rules.map(({ name }) => name));
  let name = 'testers';
  for (let number = 2; taken.has(name); number += 1) name = `testers-${number}`;
  return { name, match: [{ headers: { 'x-canary': { exact: 'yes' } } }], subset };
}

/** A header field of a match as a row of the page. */
export interface HeaderRow {
  readonly name: string;
  readonly how: 'exact' | 'prefix' | 'regex' | 'present' | 'absent';
  /** Empty for what is present or absent. */
  readonly value: string;
}

export function headerRows(headers: MatchWords['headers'] = {}): HeaderRow[] {
  return Object.entries(headers).map(([name, { exact, prefix, regex, present }]): HeaderRow => {
    if (present !== undefined) return { name, how: present ? 'present' : 'absent', value: '' };
    if (prefix !== undefined) return { name, how: 'prefix', value: prefix };
    return regex === undefined ? { name, how: 'exact', value: exact ?? '' } : { name, how: 'regex', value: regex };
  });
}

/** The rows as a match says them; undefined for none. Of two with one name the last one is left. */
export function headersOf(rows: readonly HeaderRow[]): MatchWords['headers'] {
  if (rows.length === 0) return undefined;
  return Object.fromEntries(
    rows.map(({ name, how, value }) => [
      name,
      how === 'present' || how === 'absent' ? { present: how === 'present' } : { [how]: value },
    ]),
  );
}
