import { type JwtPolicy, type PublishedKey, readJwkSet } from '#domain';
import type { Logger } from '#observability';
import { KeySet } from './key-set.js';

const defaultRefreshMs = 600_000;
const defaultMinRefreshMs = 10_000;

/** Where the keys of an issuer are. */
export type KeySetPlace = Pick<JwtPolicy, 'issuer' | 'jwksUrl'>;

export interface KeySetsOptions {
  /** The JSON document at an address; rejects for every other answer. */
  readonly fetchJson: (url: string) => Promise<unknown>;
  readonly log: Logger;
  /** Default ten minutes. */
  readonly refreshMs?: number;
  /** Default ten seconds. */
  readonly minRefreshMs?: number;
}

/** The keys of all issuers whose tokens some API version takes. */
export class KeySets {
  private sets = new Map<string, KeySet>();

  constructor(private readonly options: KeySetsOptions) {}

  /** These issuers are needed from now on: the keys of new ones are read at once, others are forgotten. */
  keep(places: readonly KeySetPlace[]): void {
    const kept = new Map<string, KeySet>();
    for (const place of places) {
      const id = idOf(place);
      const known = kept.get(id) ?? this.sets.get(id);
      kept.set(id, known ?? this.begin(place));
    }
    for (const [id, set] of this.sets) if (!kept.has(id)) set.stop();
    this.sets = kept;
  }

  /** The keys of an issuer that was kept. */
  of(place: KeySetPlace): KeySet {
    return this.sets.get(idOf(place))!;
  }

  stop(): void {
    this.keep([]);
  }

  private begin(place: KeySetPlace): KeySet {
    const { log, refreshMs = defaultRefreshMs, minRefreshMs = defaultMinRefreshMs } = this.options;
    const set = new KeySet({
      read: () => this.read(place),
      onError: (error) => log.error({ issuer: place.issuer, err: error }, 'the keys of an issuer cannot be read'),
      refreshMs,
      minRefreshMs,
    });
    set.refresh(null);
    return set;
  }

  private async read({ issuer, jwksUrl }: KeySetPlace): Promise<readonly PublishedKey[]> {
    const { fetchJson } = this.options;
    const keys = readJwkSet(await fetchJson(jwksUrl ?? (await this.discover(issuer))));
    if (!keys) throw new Error(`the keys of ${issuer} are not a JWK set`);
    return keys;
  }

  /** OpenID Connect Discovery 1.0 §4: the document must name the issuer that it was asked of. */
  private async discover(issuer: string): Promise<string> {
    const document = await this.options.fetchJson(`${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`);
    const { issuer: named, jwks_uri: url } = document as Readonly<Record<string, unknown>>;
    if (named !== issuer || typeof url !== 'string') throw new Error(`${issuer} has no discovery document of its own`);
    return url;
  }
}

function idOf({ issuer, jwksUrl }: KeySetPlace): string {
  return jwksUrl ?? `discovery ${issuer}`;
}
