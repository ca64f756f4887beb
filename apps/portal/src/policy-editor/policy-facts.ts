import type { BillableRuleWords, PolicyWords, TransformationWords } from './policy-words.js';

/** A policy that a version has, in a line. */
export interface PolicyFact {
  readonly label: string;
  readonly value: string;
}

/** What each section says in a line; every section of the file has one. */
const factOf: { readonly [Section in keyof PolicyWords]-?: (words: NonNullable<PolicyWords[Section]>) => PolicyFact } =
  {
    authentication: ({ keys, jwt, mtls }) => ({
      label: 'How callers say who they are',
      value: [
        keys ? keyPlaces(keys) : !jwt && !mtls ? 'API keys in the usual places' : 'API keys',
        jwt && `tokens of ${jwt.issuer}`,
        mtls && (mtls.isRequired ? 'client certificates, which are required' : 'client certificates'),
      ]
        .filter(Boolean)
        .join(', '),
    }),
    cache: ({ routes = [] }) => ({
      label: 'Response cache',
      value: listed(routes.map(({ selector = '' }) => selector)),
    }),
    billableWhen: (rules) => ({
      label: 'Errors in truth',
      value: listed((rules as readonly BillableRuleWords[]).map(({ header, pointer }) => header ?? pointer ?? '')),
    }),
    cors: ({ allowOrigins = [], allowCredentials }) => ({
      label: 'Pages that may read answers',
      value: `${allowOrigins.includes('*') ? 'All' : listed(allowOrigins)}${allowCredentials ? ', with credentials' : ''}`,
    }),
    idempotency: ({ operations = ['*'], isRequired }) => ({
      label: 'Made once with a key',
      value: `${operations.includes('*') ? 'Every POST and PATCH' : listed(operations)}${isRequired ? ', key required' : ''}`,
    }),
    origins: ({ allow = [] }) => ({ label: 'Allowed origins', value: listed(allow) }),
    limits: ({ classicHeaders }) => ({ label: 'X-RateLimit headers', value: classicHeaders ? 'Added' : 'Not added' }),
    sizes: ({ maxBodyBytes = 10_485_760 }) => ({
      label: 'Largest request body',
      value: `${maxBodyBytes.toLocaleString('en')} bytes`,
    }),
    addresses: ({ allow = [], deny = [] }) => ({
      label: 'Network addresses',
      value:
        [allow.length > 0 && `only ${listed(allow)}`, deny.length > 0 && `not ${listed(deny)}`]
          .filter(Boolean)
          .join(', ') || 'All',
    }),
    transformations: (all) => ({ label: 'Changed on the way', value: listed(all.map(transformationWords)) }),
    translation: (words) => ({
      label: 'Translated to',
      value: 'grpc' in words ? 'gRPC' : 'graphql' in words ? 'GraphQL' : 'SOAP',
    }),
    transport: ({ plainHttp = 'refuse' }) => ({
      label: 'HTTPS only',
      value: plainHttp === 'refuse' ? 'Plain HTTP is refused' : 'Plain HTTP is redirected',
    }),
    validation: ({ mode = 'enforce', parameters = true, body = true }) => ({
      label: 'Checked against the document',
      value: `${[parameters && 'parameters', body && 'bodies'].filter(Boolean).join(' and ') || 'nothing'}, ${
        mode === 'enforce' ? 'and refused' : 'only counted'
      }`,
    }),
    mock: ({ for: whom = 'test' }) => ({
      label: 'Answered from the document',
      value: whom === 'all' ? 'All calls' : 'Calls with test keys',
    }),
    testUpstream: ({ url = '' }) => ({ label: 'Upstream for test keys', value: url }),
  };

/** The policies that are on, each in a line, in the order of the file. */
export function policyFacts(words: PolicyWords): PolicyFact[] {
  return Object.entries(words).flatMap(([section, value]) => {
    const toFact = factOf[section as keyof PolicyWords] as ((value: unknown) => PolicyFact) | undefined;
    return toFact && value !== undefined ? [toFact(value)] : [];
  });
}

function keyPlaces({
  header = 'x-api-key',
  bearer = true,
  basicUser = true,
  queryParameter,
}: NonNullable<NonNullable<PolicyWords['authentication']>['keys']>): string {
  const places = [header, bearer && 'Bearer', basicUser && 'Basic', queryParameter && `?${queryParameter}=`];
  return `API keys in ${places.filter(Boolean).join(', ')}`;
}

/** "getNow: request" */
function transformationWords({ selector = '', request, response }: TransformationWords): string {
  const sides = [request && 'request', response && 'response'].filter(Boolean).join(' and ');
  return sides === '' ? selector : `${selector} (${sides})`;
}

/** The first four, and how many more there are. */
function listed(items: readonly string[]): string {
  if (items.length === 0) return 'None';
  const shown = items.slice(0, 4).join(', ');
  return items.length > 4 ? `${shown} and ${items.length - 4} more` : shown;
}
