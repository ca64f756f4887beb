import type { ApiVersion } from '#domain';
import { type ListedApiVersion, type PublisherApi, type Slice, listPublisherApis as listApis } from '#persistence';
import type { ServiceContext } from '../context.js';
import { type EditedApiVersion, type OwnApiVersion, findOwnApiVersion } from './own-api.js';

/** A version as its publisher sees it: without its document, and without anything that is secret. */
export interface ApiVersionView extends ListedApiVersion, Pick<ApiVersion, 'documentHash' | 'routes' | 'createdAt'> {
  readonly api: Pick<PublisherApi, 'slug' | 'title'>;
  /** Of the document. */
  readonly info: { readonly title: string; readonly version: string };
  /** Null where the document answers in its place. */
  readonly upstream: {
    readonly urls: readonly string[];
    readonly hasCredential: boolean;
    /** Named parts of its targets, in their order; empty for none. */
    readonly subsets: readonly string[];
  } | null;
  /** The sections of its policies that are on. */
  readonly policies: readonly string[];
  readonly guides: readonly { readonly slug: string; readonly title: string }[];
}

/** The APIs of a person's publisher teams by slug, from after one, with all their versions. */
export function listPublisherApis(
  context: ServiceContext,
  publisherUserId: string,
  slice: Slice<string> = {},
): Promise<PublisherApi[]> {
  return context.unitOfWork.inSystem((transaction) => listApis(transaction, publisherUserId, slice));
}

/** @throws NotFoundError `api_not_found`, `api_version_not_found` */
export async function findPublisherApiVersion(
  context: ServiceContext,
  edited: EditedApiVersion,
): Promise<ApiVersionView> {
  return viewOf(await context.unitOfWork.inSystem((transaction) => findOwnApiVersion(transaction, edited)));
}

/** The document of a version, a draft's too. @throws NotFoundError `api_not_found`, `api_version_not_found` */
export async function findPublisherDocument(
  context: ServiceContext,
  edited: EditedApiVersion,
): Promise<ApiVersion['document']> {
  const { version } = await context.unitOfWork.inSystem((transaction) => findOwnApiVersion(transaction, edited));
  return version.document;
}

/** What a publisher may see of a version. */
export function viewOf({ api, version, retiresAtSunset }: OwnApiVersion): ApiVersionView {
  const { id, name, state, host, basePath, versionHeader, sunsetOn, publishedAt, createdAt } = version;
  const { documentHash, routes, upstream } = version;
  const info = version.document['info'] as { readonly title: string; readonly version: string };
  return {
    id,
    name,
    state,
    host,
    basePath,
    versionHeader,
    sunsetOn,
    retiresAtSunset,
    publishedAt,
    createdAt,
    documentHash,
    routes,
    operationCount: routes.length,
    api: { slug: api.slug, title: api.title },
    info: { title: String(info.title), version: String(info.version) },
    upstream: upstream && {
      urls: (upstream.targets ?? [upstream]).map(({ url }) => withoutCredentials(url)),
      hasCredential: version.upstreamSecretId !== null,
      subsets: [...new Set((upstream.targets ?? []).flatMap(({ subset }) => subset ?? []))],
    },
    policies: Object.keys(version.policies),
    guides: version.guides.map(({ slug, title }) => ({ slug, title })),
  };
}

/** Whoever wrote a password into an address has written it for the gateway. */
export function withoutCredentials(address: string): string {
  const url = new URL(address);
  if (url.username === '' && url.password === '') return address;
  url.username = '';
  url.password = '';
  return url.href;
}
