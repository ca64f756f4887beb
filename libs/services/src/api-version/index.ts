export { listApiVersionCallers } from './api-version-callers.js';
export { type CheckedDocument, type CheckDocumentInput, checkDocument } from './check-document.js';
export {
  type ApiVersionView,
  type DeprecationNotice,
  createApiVersion,
  deleteApiVersionDraft,
  deprecateApiVersion,
  findPublisherApiVersion,
  findPublisherDocument,
  listPublisherApis,
  publishApiVersion,
  replaceApiDocument,
  retireApiVersion,
} from './edit-api-version.js';
