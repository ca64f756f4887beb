import { type Guide, NotFoundError } from '#domain';
import { type JsonObject, sanitizeForDisplay } from '#openapi';
import { type ApiVersionPage, type ServiceContext, findApiVersionPage } from '#services';
import { Inject, Injectable } from '@nestjs/common';
import type { OpenAPIObject } from '@nestjs/swagger';
import { stringify } from 'yaml';
import { type StaticFile, toStaticFile } from '../static/static-files.js';
import { type ApiSettings, SERVICE_CONTEXT, SETTINGS } from '../tokens.js';
import { calledAt } from './called-at.js';
import { forReaders } from './for-readers.js';

/** A version of an API as its readers see it. */
export interface ReadableVersion {
  /** This portal's own API, which no gateway serves. */
  readonly isOwn: boolean;
  readonly api: { readonly slug: string; readonly title: string };
  readonly name: string;
  readonly state: ApiVersionPage['state'];
  readonly sunsetOn: string | null;
  readonly versions: ApiVersionPage['versions'];
  /** As publishers wrote them. */
  readonly guides: readonly Guide[];
  /** Sanitised, and with the gateway's address. */
  readonly document: JsonObject;
}

/** A document in the two forms that it is downloaded in. */
export interface DocumentFiles {
  readonly json: StaticFile;
  readonly yaml: StaticFile;
}

/** Our own API beside the published ones; the portal's name is its title. */
const OWN = {
  slug: 'tollgate',
  name: 'v1',
  state: 'published',
  sunsetOn: null,
  guides: [],
  isOwn: true,
} as const;
const CACHE_SIZE = 20;

/** Where the documentation's documents come from. */
@Injectable()
export class DocumentSource {
  private makeOwn: () => OpenAPIObject = () => {
    throw new Error('The routes of this API are not known yet.');
  };
  private ownDocument: JsonObject | null = null;
  /** By what it is made of, the one used last at the end. */
  private readonly sanitized = new Map<string, JsonObject>();
  private readonly files = new WeakMap<JsonObject, Promise<DocumentFiles>>();

  constructor(
    @Inject(SERVICE_CONTEXT) private readonly context: ServiceContext,
    @Inject(SETTINGS) private readonly settings: ApiSettings,
  ) {}

  /** How our own document is made once all routes are known; not before somebody reads it, as that takes longer than the rest of a start. */
  describe(makeOwn: () => OpenAPIObject): void {
    this.makeOwn = makeOwn;
    this.ownDocument = null;
  }

  own(): JsonObject {
    return (this.ownDocument ??= JSON.parse(JSON.stringify(this.makeOwn())) as JsonObject);
  }

  /**
   * The version `name` of the API, or the latest one for "latest".
   * @throws NotFoundError `api_version_not_found`
   */
  async find(apiSlug: string, name: string): Promise<ReadableVersion> {
    if (apiSlug === OWN.slug) return this.findOwn(name);
    const found = await findApiVersionPage(this.context, apiSlug, name);
    return { ...found, isOwn: false, document: this.readable(found) };
  }

  /** The document of `find` as files, made once. */
  filesOf({ document }: ReadableVersion): Promise<DocumentFiles> {
    const known = this.files.get(document);
    if (known) return known;
    const making = makeFiles(document);
    this.files.set(document, making);
    return making;
  }

  private findOwn(name: string): ReadableVersion {
    if (name !== OWN.name && name !== 'latest') throw new NotFoundError('API version');
    const { slug, ...own } = OWN;
    const api = { slug, title: `${this.settings.PORTAL_NAME} API` };
    const versions = [{ name: own.name, state: own.state, latest: true }];
    return { ...own, api, versions, document: this.own() };
  }

  private readable(found: ApiVersionPage): JsonObject {
    const { documentHash, document, plansOfOperations, guides, versionHeader } = found;
    const gatewayUrl = calledAt(this.settings.GATEWAY_URL, found);
    const key = JSON.stringify([documentHash, gatewayUrl, versionHeader, guides, ...plansOfOperations]);
    const known = this.sanitized.get(key);
    const shown =
      known ??
      forReaders(sanitizeForDisplay(document as JsonObject), {
        gatewayUrl,
        versionHeader,
        plansOfOperations,
        guides,
      });
    this.sanitized.delete(key);
    this.sanitized.set(key, shown);
    const [oldest] = this.sanitized.keys();
    if (this.sanitized.size > CACHE_SIZE && oldest !== undefined) this.sanitized.delete(oldest);
    return shown;
  }
}

async function makeFiles(document: JsonObject): Promise<DocumentFiles> {
  return {
    json: await toStaticFile(Buffer.from(JSON.stringify(document)), '.json'),
    yaml: await toStaticFile(Buffer.from(stringify(document, { aliasDuplicateObjects: false })), '.yaml'),
  };
}
