import type { DocumentDiff } from '#openapi';
import { type ComparisonCache, type ServiceContext, type VersionComparison, compareVersions } from '#services';
import { Inject, Injectable } from '@nestjs/common';
import { SERVICE_CONTEXT } from '../tokens.js';

const CACHE_SIZE = 40;

/** What changed between versions; what was compared last is remembered. */
@Injectable()
export class VersionChanges {
  /** By both documents, the one used last at the end. */
  private readonly compared = new Map<string, Promise<DocumentDiff>>();

  readonly cache: ComparisonCache = {
    get: (key) => this.compared.get(key),
    set: (key, diff) => this.remember(key, diff),
  };

  constructor(@Inject(SERVICE_CONTEXT) private readonly context: ServiceContext) {}

  /**
   * What changed from one version to another, or from the one before it for null.
   * @throws NotFoundError `api_version_not_found`
   */
  async find(api: string, from: string | null, to: string): Promise<VersionComparison> {
    return compareVersions(this.context, { api, from, to }, this.cache);
  }

  private remember(key: string, diff: Promise<DocumentDiff>): void {
    this.compared.delete(key);
    this.compared.set(key, diff);
    const [oldest] = this.compared.keys();
    if (this.compared.size > CACHE_SIZE && oldest !== undefined) this.compared.delete(oldest);
    diff.catch(() => this.compared.delete(key));
  }
}
