import { DEFAULT_BODY_BYTES, DEFAULT_MESSAGE_BYTES, isProtectedInRequests, isProtectedInResponses } from '#domain';
import { z } from 'zod';

const MAX_BYTES = 10_485_760;
/** Of a FileDescriptorSet in base64. */
export const MAX_DESCRIPTORS = 4_000_000;
/** Of a schema or an envelope in a file of its own. */
export const MAX_TRANSLATION_TEXT = 1_000_000;
/** What gRPC says by fields of its own, or the gateway does. */
const OF_THE_PROTOCOL = /^(?:grpc-.*|content-type|accept|accept-encoding|user-agent|soapaction)$/;

const fieldNames = (isProtected: (name: string) => boolean) =>
  z
    .array(
      z
        .string()
        .regex(/^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,64}$/, 'expected the name of a header field')
        .transform((name) => name.toLowerCase())
        .refine((name) => !isProtected(name) && !OF_THE_PROTOCOL.test(name), 'this field is not passed on as it is'),
    )
    .max(50)
    .default([]);

const crossingFields = z
  .strictObject({
    request: fieldNames(isProtectedInRequests).describe(
      'Of clients; the upstream gets no others but the gateway’s own.',
    ),
    response: fieldNames(isProtectedInResponses).describe('Of the upstream; clients get no others.'),
  })
  .prefault({});

const bytes = z.number().int().min(1_024).max(MAX_BYTES);

const grpcOperation = z.strictObject({
  method: z
    .string()
    .regex(/^(?:[A-Za-z_][\w.]*\/)?[A-Za-z_]\w*$/, 'expected package.Service/Method')
    .describe('package.Service/Method, or Method of the service above.'),
  body: z
    .string()
    .max(200)
    .optional()
    .describe(
      'What the JSON body is: "*" for the whole message, a field of it, or "" for nothing. Default: * for POST, PUT and PATCH.',
    ),
  responseBody: z
    .string()
    .min(1)
    .max(200)
    .optional()
    .describe('The field of the response that is the answer. Default: all of it.'),
  fields: z
    .record(z.string().min(1).max(200), z.string().min(1).max(200))
    .optional()
    .describe('Field paths by path and query parameters that are not called as their field: { id: user.id }.'),
});

const grpc = z
  .strictObject({
    descriptors: z
      .string()
      .regex(/^(?:file:.+|[A-Za-z0-9+/]+={0,2})$/, 'expected base64, or file:PATH of a FileDescriptorSet')
      .max(MAX_DESCRIPTORS)
      .describe(
        'A FileDescriptorSet with all imports, in base64; "file:users.pb" stands for a file, relative to this one.',
      ),
    service: z
      .string()
      .min(1)
      .max(200)
      .optional()
      .describe('Full name of the service. Default: all of the descriptors.'),
    operations: z
      .record(z.string().min(1).max(200), grpcOperation)
      .optional()
      .describe('By operation id. Operations that are not here have the method whose google.api.http is theirs.'),
    unknownFields: z
      .enum(['refuse', 'ignore'])
      .default('refuse')
      .describe('What becomes of query parameters and members of bodies that the message does not have.'),
    emitsDefaults: z.boolean().default(false).describe('Answers have fields with their default value too.'),
    fieldNames: z.enum(['camelCase', 'proto']).default('camelCase').describe('How members of answers are called.'),
    metadata: crossingFields.describe('Header fields that become metadata, and metadata that become header fields.'),
    maxRequestBytes: bytes.default(DEFAULT_BODY_BYTES),
    maxMessageBytes: bytes.default(DEFAULT_MESSAGE_BYTES).describe('Of a message of the answer.'),
  })
  .describe('JSON by HTTP to gRPC: unary methods and streams of the server. The upstream’s protocol is h2.');

const operationId = z.string().min(1).max(200);
const status = z.number().int().min(400).max(599);
const nullStatus = z
  .union([z.literal(200), z.number().int().min(400).max(499)])
  .default(200)
  .describe('The status of an answer whose result is null: 200, or one such as 404.');

/** What GraphQL and SOAP have in common. */
const wholeAnswer = {
  path: z
    .string()
    .regex(/^\/[A-Za-z0-9\-._~!$&'()*+,;=:@/%]*$/, 'expected a path such as /graphql/')
    .max(512)
    .optional()
    .describe('After the upstream’s URL. Default: nothing.'),
  unknownFields: z
    .enum(['refuse', 'ignore'])
    .default('refuse')
    .describe('What becomes of query parameters that nothing takes.'),
  headers: crossingFields.describe('Header fields that cross the translation, beside the gateway’s own.'),
  maxRequestBytes: bytes.default(DEFAULT_BODY_BYTES),
  maxResponseBytes: bytes.default(DEFAULT_MESSAGE_BYTES),
};

const graphql = z
  .strictObject({
    ...wholeAnswer,
    schema: z
      .string()
      .min(1)
      .max(MAX_TRANSLATION_TEXT)
      .optional()
      .describe('In GraphQL’s schema language, to check the queries by; "file:PATH" stands for a file.'),
    operations: z
      .record(
        operationId,
        z.strictObject({
          query: z.string().min(1).max(50_000).describe('A document with one query or mutation.'),
          variables: z
            .record(z.string().regex(/^[_A-Za-z]\w*$/, 'expected the name of a variable'), z.string().min(1).max(512))
            .default({})
            .describe('By their name: path.NAME, query.NAME, body or body/json/pointer.'),
          result: z.string().max(512).default('').describe('JSON pointer into data. Default: all of it.'),
          nullStatus,
        }),
      )
      .describe('By operation id: all of the document’s.'),
    statuses: z
      .record(z.string().min(1).max(100), status)
      .default({})
      .describe(
        'Of answers without a result, by extensions.code of their errors. UNAUTHENTICATED, NOT_FOUND and such are known; others are 502.',
      ),
  })
  .describe('REST to GraphQL: a query or mutation for each operation.');

const elementPaths = z.array(z.string().max(512)).max(200).default([]);

const soap = z
  .strictObject({
    ...wholeAnswer,
    version: z.enum(['1.1', '1.2']).default('1.1'),
    operations: z
      .record(
        operationId,
        z.strictObject({
          action: z
            .string()
            .regex(/^[\x21\x23-\x5b\x5d-\x7e]{0,500}$/, 'expected a URI')
            .default('')
            .describe('SOAPAction, or the parameter action of SOAP 1.2.'),
          envelope: z
            .string()
            .min(1)
            .max(MAX_TRANSLATION_TEXT)
            .describe(
              'XML with ${path.NAME}, ${query.NAME} and ${body/json/pointer} in texts and attribute values; "file:PATH" stands for a file.',
            ),
          result: z
            .string()
            .regex(
              /^[^/\s:]+(?:\/[^/\s:]+)*$/,
              'expected names of elements without prefix, such as GetRateResponse/Rate',
            )
            .max(512)
            .describe('Names of elements below Body: GetRateResponse/Rate.'),
          lists: elementPaths.describe(
            'Elements that are lists however many there are, by their path below the result: rows/row.',
          ),
          numbers: elementPaths.describe('Elements that are numbers; "" is the result itself.'),
          booleans: elementPaths.describe('Elements that are true or false.'),
          nullStatus,
        }),
      )
      .describe('By operation id: all of the document’s.'),
    faultStatuses: z
      .record(z.string().min(1).max(100), status)
      .default({})
      .describe(
        'By the name of the element in a fault’s detail, or its code or subcode. Client and Sender are 400, others 502.',
      ),
  })
  .describe('REST to SOAP: an envelope for each operation.');

export const translationSchema = z
  .strictObject({ grpc: grpc.optional(), graphql: graphql.optional(), soap: soap.optional() })
  .refine((policy) => Object.values(policy).filter((one) => one !== undefined).length === 1, 'name one protocol')
  .describe('The upstream speaks another protocol than the document: calls are translated.');
