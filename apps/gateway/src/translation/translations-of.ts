import type { Route, TranslationPolicy } from '#domain';
import { type CompiledOperations, compileGraphql, compileGrpc, compileSoap } from '#translation';
import { GraphqlFormat } from './graphql/graphql-format.js';
import { GrpcTranslation } from './grpc/grpc-translation.js';
import { SoapFormat } from './soap/soap-format.js';
import type { Translation } from './translation.js';
import { WholeAnswerTranslation } from './whole-answer-translation.js';

/** The translation of each operation. @throws Error where one cannot be made, which is checked when a catalogue is applied */
export function translationsOf(policy: TranslationPolicy, routes: readonly Route[]): ReadonlyMap<string, Translation> {
  const { grpc, graphql, soap } = policy;
  if (grpc) return made(compileGrpc(grpc, routes), (operation) => new GrpcTranslation(operation, grpc));
  if (graphql)
    return made(
      // What the schema says of the documents was checked when they were applied.
      compileGraphql({ ...graphql, schema: undefined }, routes),
      (operation) => new WholeAnswerTranslation(new GraphqlFormat(operation), graphql),
    );
  if (soap)
    return made(compileSoap(soap, routes), (operation) => new WholeAnswerTranslation(new SoapFormat(operation), soap));
  throw new Error('the translation names no protocol that is known here');
}

function made<Operation>(
  { operations, faults: [fault] }: CompiledOperations<Operation>,
  make: (operation: Operation) => Translation,
): ReadonlyMap<string, Translation> {
  if (fault) throw new Error(`the translation cannot be made: ${fault.path.join('.')}: ${fault.message}`);
  return new Map([...operations].map(([name, operation]) => [name, make(operation)]));
}
