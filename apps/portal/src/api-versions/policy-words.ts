/** The sections of a version's policies in words. */
const words: Readonly<Record<string, string>> = {
  authentication: 'authentication',
  cache: 'cache',
  billableWhen: 'what is billed',
  cors: 'CORS',
  idempotency: 'idempotency',
  origins: 'allowed origins',
  limits: 'limits',
  sizes: 'sizes',
  addresses: 'allowed addresses',
  transformations: 'transformations',
  transport: 'transport security',
  validation: 'validation',
  mock: 'mock answers',
  testUpstream: 'upstream for test keys',
};

/** "CORS, cache", in the order given; a section that is not known by its own name. */
export function policyWords(policies: readonly string[]): string {
  return policies.map((policy) => words[policy] ?? policy).join(', ');
}
