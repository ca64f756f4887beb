import { type ApiVersion, NotFoundError, type Route } from '#domain';
import { type DocumentDiff, type DocumentRemarks, type JsonObject, lintDocument, loadOpenApiDocument } from '#openapi';
import { type Transaction, findApiVersion, listApiVersionNames } from '#persistence';
import { compareInSlices } from '../catalog/compare-versions.js';
import { routesOf } from '../catalog/write-api-version.js';
import type { ServiceContext } from '../context.js';
import { findOwnApi } from './own-api.js';

export interface CheckDocumentInput {
  /** Slug of the API. */
  readonly api: string;
  /** The document as YAML or JSON. */
  readonly source: string;
  /** The name of the version to compare with; null for the newest one that callers have, else the newest draft. */
  readonly against: string | null;
  readonly publisherUserId: string;
}

export interface CheckedDocument {
  readonly info: { readonly title: string; readonly version: string; readonly openapi: string };
  readonly routes: readonly Route[];
  readonly remarks: DocumentRemarks;
  /** Null for an API without versions. */
  readonly compared: (DocumentDiff & { readonly with: Pick<ApiVersion, 'name' | 'state'> }) | null;
}

/**
 * Reads a document as publishing it would, and says what could be better about it and what it changes for callers. Saves nothing.
 * @throws OpenApiDocumentError for a document that cannot be published; NotFoundError `api_not_found`, `api_version_not_found`
 */
export async function checkDocument(
  context: ServiceContext,
  { api: slug, source, against, publisherUserId }: CheckDocumentInput,
): Promise<CheckedDocument> {
  const before = await context.unitOfWork.inSystem(async (transaction) => {
    const api = await findOwnApi(transaction, { api: slug, publisherUserId });
    return findVersionBefore(transaction, api.id, against);
  });
  const document = await loadOpenApiDocument(source);
  const { openapi, info } = document;
  const checked = {
    info: { title: info.title, version: info.version, openapi },
    routes: routesOf(document),
    remarks: await lintDocument(document),
  };
  if (before === null) return { ...checked, compared: null };
  const diff = await compareInSlices(before.document as JsonObject, document.document);
  return { ...checked, compared: { ...diff, with: { name: before.name, state: before.state } } };
}

async function findVersionBefore(
  transaction: Transaction,
  apiId: string,
  name: string | null,
): Promise<ApiVersion | null> {
  const versions = name === null ? await listApiVersionNames(transaction, apiId) : [];
  const newest = versions.find(({ state }) => state === 'published' || state === 'deprecated') ?? versions[0];
  const wanted = name ?? newest?.name;
  if (wanted === undefined) return null;
  const version = await findApiVersion(transaction, apiId, wanted);
  if (!version) throw new NotFoundError('API version');
  return version;
}
