import type { Route, TranslationPolicy } from '#domain';
import type { Translation } from '../translation/translation.js';

type MakeTranslations = (policy: TranslationPolicy, routes: readonly Route[]) => ReadonlyMap<string, Translation>;

interface Page {
  /** What they were made of. */
  readonly source: string;
  readonly translations: ReadonlyMap<string, Translation>;
}

/** The translations of all versions that have some. They outlive a catalogue as long as their version says the same. */
export class TranslationBook {
  private readonly byVersion = new Map<string, Page>();
  private make: MakeTranslations | null = null;

  /** Loads what makes translations, which gateways without any need not hold. Once for all. */
  async load(): Promise<void> {
    this.make ??= (await import('../translation/translations-of.js')).translationsOf;
  }

  /** Those of a version by operation, after `load`. @throws Error for a policy that does not fit the operations */
  of(versionId: string, policy: TranslationPolicy, routes: readonly Route[]): ReadonlyMap<string, Translation> {
    const source = JSON.stringify([policy, routes]);
    const known = this.byVersion.get(versionId);
    if (known?.source === source) return known.translations;
    if (this.make === null) throw new Error('translations are not loaded yet');
    const translations = this.make(policy, routes);
    this.byVersion.set(versionId, { source, translations });
    return translations;
  }

  /** Forgets the versions that are not served any more. */
  keepOnly(versionIds: readonly string[]): void {
    const served = new Set(versionIds);
    for (const versionId of this.byVersion.keys()) if (!served.has(versionId)) this.byVersion.delete(versionId);
  }
}
