import { type ApiContract, MockAnswers } from '#openapi';
import type { ApiVersionRecord } from '#persistence';
import type { RequestChecks } from '../policies/validate-request.js';
import type { Translation } from '../translation/translation.js';
import type { CatalogOptions } from './catalog.js';
import type { ValidatorBook } from './validator-book.js';

const untranslated: ReadonlyMap<string, Translation> = new Map();

/** How operations are asked in another protocol, by operation; null while that cannot be read. */
export function translationsOf(
  version: ApiVersionRecord,
  { translations, onFault }: Pick<CatalogOptions, 'translations' | 'onFault'>,
): ReadonlyMap<string, Translation> | null {
  if (!version.policies.translation) return untranslated;
  try {
    return translations.of(version.id, version.policies.translation, version.routes);
  } catch (error) {
    onFault(version, error as Error);
    return null;
  }
}

/** Answers from the version's document; null without it, or where none are wanted. */
export function mockOf({ policies, contract }: ApiVersionRecord): MockAnswers | null {
  return policies.mock && contract !== null ? new MockAnswers(contract as unknown as ApiContract) : null;
}

/** What requests are held against; null where nothing is. */
export function checksOf(
  { id, policies, contract }: ApiVersionRecord,
  validators: ValidatorBook,
): RequestChecks | null {
  if (!policies.validation || contract === null) return null;
  return { policy: policies.validation, validators: validators.of(id, contract as unknown as ApiContract) };
}
