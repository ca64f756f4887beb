import type { Route, SoapTranslationPolicy } from '#domain';
import { type CompiledOperations, compileEachOperation } from '../each-operation.js';
import { EnvelopeTemplate } from './envelope-template.js';
import { ENVELOPES, SoapOperation } from './soap-operation.js';

/** Checks the envelope of each operation. */
export function compileSoap(
  policy: SoapTranslationPolicy,
  routes: readonly Route[],
): CompiledOperations<SoapOperation> {
  return compileEachOperation(policy.operations, routes, 'envelope', (definition, route) => {
    const parsed = EnvelopeTemplate.parse(definition.envelope, route);
    const message = typeof parsed === 'string' ? parsed : rootFault(parsed.root, policy);
    if (typeof parsed === 'string' || message !== null) return [{ path: ['envelope'], message: message ?? '' }];
    return new SoapOperation(parsed.template, definition, policy);
  });
}

function rootFault(
  {
    name,
    uri,
    children,
  }: {
    readonly name: string;
    readonly uri: string;
    readonly children: readonly { readonly name: string; readonly uri: string }[];
  },
  { version }: SoapTranslationPolicy,
): string | null {
  if (name !== 'Envelope' || uri !== ENVELOPES[version])
    return `expected an Envelope of SOAP ${version}: its namespace is ${ENVELOPES[version]}`;
  return children.some((child) => child.name === 'Body' && child.uri === uri) ? null : 'the envelope has no Body';
}
