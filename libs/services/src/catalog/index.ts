export { type ApplyCatalogInput, applyCatalog } from './apply-catalog.js';
export { type CatalogChange, type FieldChange } from './catalog-change.js';
export { type CatalogToApply, catalogDigest } from './catalog-digest.js';
export { CatalogRefusedError } from './catalog-refused-error.js';
export { countUnchanged } from './count-unchanged.js';
export { type ChangeInPlaces, inPlaces } from './change-in-places.js';
export {
  type CatalogFile,
  apiInFile,
  apiVersionInFile,
  catalogFileSchema,
  catalogJsonSchema,
  policiesInFile,
  publisherInFile,
  upstreamInFile,
  upstreamUrl,
} from './catalog-file.js';
export {
  type ComparisonCache,
  type VersionComparison,
  compareVersions,
  countBySeverity,
  listReleases,
} from './compare-versions.js';
export { couponBounds, couponTerms, toCouponTerms } from './coupon-in-file.js';
export { type TextOptions, catalogText, variablesOf, variablesText } from './export/catalog-text.js';
export { type ExportScope, exportCatalog } from './export/export-catalog.js';
export type { ExportedCatalog, ExportedVariable } from './export/exported-catalog.js';
export { type LoadedCatalog, type ReadCatalogFile, loadCatalog, readDocument } from './load/load-catalog.js';
export { type OperationCost, findOperationCosts } from './operation-costs.js';
export { type OverrideTerms, overrideTerms } from './override-in-file.js';
export { definitionOf, planTerms } from './plan-in-file.js';
export { type PlanInFile, type PlanTerms, plan as planInFile, termsOf } from './plan-in-file.js';
export { countPublicPages, listPublicPages } from './list-public-pages.js';
export { RefusedInPlacesError } from './refused-in-places-error.js';
export { type PurgeResponseCacheInput, purgeResponseCache } from './purge-response-cache.js';
export {
  type ApiVersionPage,
  findApiVersionPage,
  findPlanVersion,
  findProduct,
  findProductTerms,
  listOfferedProducts,
  listProducts,
} from './read-catalog.js';
export { type SetTaxCodeInput, setTaxCode } from './set-tax-code.js';
export { versionHeaderInFile, versionHeaderOf } from './version-header-in-file.js';
export { type DocumentationHit, findInDocumentation } from './search-documentation.js';
