export * from './context.js';
export { type ApplyCatalogInput, applyCatalog } from './catalog/apply-catalog.js';
export { type CatalogChange, type FieldChange } from './catalog/catalog-change.js';
export { type CatalogFile, catalogFileSchema, catalogJsonSchema } from './catalog/catalog-file.js';
export { rotateSecrets } from './secret/rotate-secrets.js';
