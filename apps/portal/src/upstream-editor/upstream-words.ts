/** A place with the same API as the others. */
export interface TargetWords {
  readonly url: string;
  readonly weight?: number;
  readonly subset?: string;
}

/** When and how often a call goes to an upstream again. */
export interface RetryWords {
  readonly attempts?: number;
  readonly retryOn?: readonly string[];
  /** Numbers, and what was typed in the place of one. */
  readonly retriableStatusCodes?: readonly (number | string)[];
  readonly methods?: readonly string[];
  readonly perTryTimeoutMs?: number | null;
  readonly backOffMs?: number;
  readonly maxReplayBytes?: number;
  readonly budgetPercent?: number;
}

/** An upstream in the words of the catalogue file, as far as the page edits it; all else goes back as it came. */
export interface UpstreamWords {
  readonly url?: string;
  readonly targets?: readonly TargetWords[];
  readonly balancing?: string;
  readonly connectTimeoutMs?: number;
  readonly responseTimeoutMs?: number;
  readonly idleTimeoutMs?: number;
  readonly retries?: RetryWords;
  readonly circuitBreaker?: { readonly consecutiveFailures?: number | null; readonly openMs?: number };
  readonly healthCheck?: { readonly path: string; readonly intervalSeconds?: number; readonly timeoutSeconds?: number };
  readonly credential?: { readonly header: string; readonly value?: string };
  readonly [other: string]: unknown;
}

/** What stands for nothing in the file. */
export const USUAL = {
  connectTimeoutMs: 2_000,
  responseTimeoutMs: 30_000,
  idleTimeoutMs: 300_000,
  attempts: 2,
  retryOn: ['connect-failure', 'reset', 'gateway-error'],
  methods: ['GET', 'HEAD', 'OPTIONS', 'PUT', 'DELETE'],
  backOffMs: 25,
  replayBytes: 65_536,
  budgetPercent: 20,
  consecutiveFailures: 5,
  openMs: 30_000,
  intervalSeconds: 10,
  timeoutSeconds: 2,
} as const;

const onThePage = [
  'url',
  'targets',
  'balancing',
  'connectTimeoutMs',
  'responseTimeoutMs',
  'idleTimeoutMs',
  'retries',
  'circuitBreaker',
  'healthCheck',
  'credential',
];

/** The sections that the page leaves as they are. */
export function keptSections(words: UpstreamWords): string[] {
  return Object.keys(words).filter((key) => !onThePage.includes(key));
}

/** The same upstream at several targets: at first the place that it has. */
export function atTargets({ url, ...words }: UpstreamWords): UpstreamWords {
  return { ...words, targets: words.targets ?? [{ url: url ?? '' }] };
}

/** The same upstream at one place: the first of its targets. What chooses among several goes with them. */
export function atOnePlace({ targets, ...words }: UpstreamWords): UpstreamWords {
  const others = Object.entries(words).filter(([key]) => !['balancing', 'hashBy', 'traffic'].includes(key));
  return { ...Object.fromEntries(others), url: words.url ?? targets?.[0]?.url ?? '' };
}

/** The same with another way to share calls out; what calls are hashed by goes with its own only. */
export function withBalancing(words: UpstreamWords, balancing: string): UpstreamWords {
  const others = Object.entries(words).filter(([key]) => key !== 'balancing' && key !== 'hashBy');
  if (balancing === 'round-robin') return Object.fromEntries(others);
  return balancing === 'consistent-hash' ? { ...words, balancing } : { ...Object.fromEntries(others), balancing };
}

/** Statuses out of what was typed; what is no number stays, to be told of at its field. */
export function statusCodes(typed: readonly string[]): (number | string)[] {
  return typed.map((text) => (/^\d+$/.test(text) ? Number(text) : text));
}

/** What is sent: an empty secret says nothing, and a weight of 1 goes without saying. */
export function asSent(words: UpstreamWords): UpstreamWords {
  const { credential, targets, ...others } = words;
  return {
    ...others,
    ...(targets && {
      targets: targets.map(({ weight, ...target }) =>
        weight === 1 ? target : { ...target, ...(weight !== undefined && { weight }) },
      ),
    }),
    ...(credential && {
      credential: { header: credential.header, ...(credential.value && { value: credential.value }) },
    }),
  };
}

/** What is to be known of the field for a secret: whether it has to be filled in. */
export function secretHint(before: UpstreamWords | null, after: UpstreamWords): string {
  if (before?.credential === undefined) return 'As the upstream wants it, such as “Bearer …”.';
  return isElsewhere(before, after) ? 'Needed again, as it goes elsewhere.' : 'Empty: it stays as it is.';
}

/** True where the places differ, so that a credential has to be given again. */
export function isElsewhere(before: UpstreamWords | null, after: UpstreamWords): boolean {
  return placesOf(before).join(' ') !== placesOf(after).join(' ');
}

function placesOf(words: UpstreamWords | null): string[] {
  const urls = words?.targets ? words.targets.map(({ url }) => url) : [words?.url ?? ''];
  return urls.map((url) => url.replace(/\/+$/, '')).toSorted();
}
