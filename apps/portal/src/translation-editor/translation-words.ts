import type { SectionWords } from '../policy-editor/policy-words.js';

/** A translation in the words of the catalogue file: one protocol, with all that it says. */
export type TranslationWords = SectionWords<'translation'>;
export type Protocol = keyof TranslationWords;
export type GrpcWords = NonNullable<TranslationWords['grpc']>;
export type GraphqlWords = NonNullable<TranslationWords['graphql']>;
export type SoapWords = NonNullable<TranslationWords['soap']>;
type Named<Of> = NonNullable<NonNullable<Of>[keyof NonNullable<Of>]>;
export type GrpcOperation = Named<GrpcWords['operations']>;
export type GraphqlOperation = Named<GraphqlWords['operations']>;
export type SoapOperation = Named<SoapWords['operations']>;
/** Names of header fields that cross a translation, each way. */
export type CrossingWords = NonNullable<GraphqlWords['headers']>;

/** What stands for nothing in the file. */
export const USUAL_TRANSLATION = {
  requestBytes: 1_048_576,
  messageBytes: 4_194_304,
  nullStatus: 200,
} as const;

/** The largest descriptors that can be sent, before they are base64. */
export const MAX_DESCRIPTOR_BYTES = 3_000_000;

/** A translation that says nothing yet but its protocol. */
export const FRESH: { readonly [Of in Protocol]-?: TranslationWords } = {
  grpc: { grpc: { descriptors: '' } },
  graphql: { graphql: { operations: {} } },
  soap: { soap: { operations: {} } },
};

/** The protocol that calls are translated to. */
export function protocolOf({ grpc, soap }: TranslationWords): Protocol {
  if (grpc) return 'grpc';
  return soap ? 'soap' : 'graphql';
}

/** How many bytes a text in base64 stands for. */
export function bytesIn(base64: string): number {
  return Math.floor((base64.replace(/=+$/, '').length * 3) / 4);
}

/** What crosses with other names on one of its ways; undefined for nothing. */
export function withCrossing(
  words: CrossingWords | undefined,
  way: 'request' | 'response',
  names: readonly string[],
): CrossingWords | undefined {
  const { [way]: _before, ...others } = words ?? {};
  if (names.length > 0) return { ...others, [way]: names };
  return Object.keys(others).length === 0 ? undefined : others;
}
