export { deleteApiVersionDraft, publishApiVersion, retireApiVersion } from './api-version-life.js';
export { listApiVersionCallers } from './api-version-callers.js';
export {
  type ApiVersionView,
  findPublisherApiVersion,
  findPublisherDocument,
  listPublisherApis,
} from './api-version-view.js';
export { type CheckedDocument, type CheckDocumentInput, checkDocument } from './check-document.js';
export { createApiVersion } from './create-api-version.js';
export { deprecateApiVersion } from './deprecate-api-version.js';
export { type RetirementMails, type RetirementNotice, retireOnSunset } from './retire-on-sunset.js';
export type { DeprecationNotice } from './tell-callers.js';
export { type CreateApiInput, type RenameApiInput, createApi, renameApi } from './edit-api.js';
export {
  type SharesToSet,
  type VersionSplits,
  changeShares,
  everythingTo,
  findVersionSplits,
} from './version-splits.js';
export { findPoliciesToEdit, replacePolicies } from './edit-policies.js';
export type { PoliciesToEdit } from './policies-to-edit.js';
export { type UpstreamToEdit, findUpstreamToEdit, replaceUpstream } from './edit-upstream.js';
export { replaceApiDocument } from './replace-api-document.js';
