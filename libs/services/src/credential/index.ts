export {
  createAccessToken,
  grantableScopes,
  listAccessTokens,
  openAccessToken,
  revokeAccessToken,
} from './access-tokens.js';
export { type EditCredentialInput, editCredential } from './edit-credential.js';
export { findApplicationNamed, findCredential } from './find-credential.js';
export { type ImportResult, type KeyToImport, importCredentials } from './import-credentials.js';
export {
  type IngestToken,
  createIngestToken,
  listIngestTokens,
  openIngestToken,
  revokeIngestToken,
} from './ingest-tokens.js';
export { type IssueCredentialInput, issueCredential } from './issue-credential.js';
export { MAX_TRY_IT_KEYS, TRY_IT_KEY_SECONDS, issueTryItKey } from './issue-try-it-key.js';
export { decideLeakPolicy, readLeakPolicy } from './leak-policy.js';
export { listCredentials } from './list-credentials.js';
export { type IssuedCredential } from './make-key.js';
export { type OpenedApiKey, openApiKey } from './open-api-key.js';
export { type ProvisionKeyInput, type ProvisionedKey, offerNamed, provisionKey } from './provision-key.js';
export { type KeyLeakNotice, type SuspectedKey, reportKeyLeaks } from './report-key-leaks.js';
export { type RevokeCredentialInput, revokeCredential } from './revoke-credential.js';
export {
  MAX_OVERLAP_SECONDS,
  type RotateCredentialInput,
  type RotatedCredential,
  rotateCredential,
} from './rotate-credential.js';
export { type PepperSummary, summarizePeppers } from './summarize-peppers.js';
export { type KeyExpiryNotice, tellExpiringKey } from './tell-expiring-keys.js';
