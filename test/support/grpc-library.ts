import fs from 'node:fs';
import path from 'node:path';
import {
  type GrpcObject,
  Metadata,
  Server,
  ServerCredentials,
  type ServerUnaryCall,
  type ServerWritableStream,
  type ServiceClientConstructor,
  type UntypedServiceImplementation,
  loadPackageDefinition,
  type sendUnaryData,
  status,
} from '@grpc/grpc-js';
import { loadFileDescriptorSetFromBuffer } from '@grpc/proto-loader';
import type { GrpcTranslationPolicy, Route, Upstream, VersionPolicies } from '#domain';
import type { GatewayUnderTest } from './gateway.js';
import { makeVersion } from './translated-version.js';

const DESCRIPTORS = fs.readFileSync(path.join(import.meta.dirname, 'grpc/library.binpb'));

/** Those of `grpc/library.proto`, in base64, as protoc made them. */
export const LIBRARY_DESCRIPTORS = DESCRIPTORS.toString('base64');

/** How protobufjs, which knows nothing of ours, reads and writes the same messages. */
export const libraryPackage = loadFileDescriptorSetFromBuffer(DESCRIPTORS, {
  longs: String,
  enums: String,
  bytes: String,
  oneofs: false,
});

const operation = (method: string, template: string, name: string): Route => ({
  method,
  template,
  operation: name,
  tags: [],
});

/** The operations of the document that stands before the service. */
export const libraryRoutes: readonly Route[] = [
  operation('GET', '/shelves/{shelf}/books/{book}', 'getBook'),
  operation('POST', '/shelves/{shelf}/books', 'createBook'),
  operation('GET', '/shelves/{shelf}/books', 'listBooks'),
  operation('GET', '/shelves/{shelf}/books/{book}:cover', 'getCover'),
  operation('POST', '/tags:count', 'countTags'),
  operation('PATCH', '/books/{id}', 'updateBook'),
  operation('DELETE', '/books/{name}', 'deleteBook'),
];

/** A policy under which each of them has its method. */
export function libraryPolicy(changes: Partial<GrpcTranslationPolicy> = {}): GrpcTranslationPolicy {
  return {
    descriptors: LIBRARY_DESCRIPTORS,
    operations: {
      updateBook: {
        method: 'library.v1.Library/UpdateBook',
        body: 'book',
        fields: { id: 'book.name', mask: 'update_mask' },
      },
      deleteBook: { method: 'library.v1.Library/DeleteBook' },
    },
    unknownFields: 'refuse',
    emitsDefaults: false,
    fieldNames: 'camelCase',
    metadata: { request: [], response: [] },
    maxRequestBytes: 1_048_576,
    maxMessageBytes: 4_194_304,
    ...changes,
  };
}

type Unary = (call: ServerUnaryCall<Record<string, unknown>, object>, answer: sendUnaryData<object>) => void;
type Streaming = (call: ServerWritableStream<Record<string, unknown>, object>) => void;

export interface LibraryServer {
  readonly url: string;
  /** What the next calls are answered with, by method. */
  handlers: {
    GetBook?: Unary;
    CreateBook?: Unary;
    UpdateBook?: Unary;
    CountTags?: Unary;
    GetCover?: Unary;
    ListBooks?: Streaming;
  };
  close(): void;
}

/** A real server of the service, by grpc-js and protobufjs. */
export async function startLibrary(): Promise<LibraryServer> {
  const server = new Server();
  const library: LibraryServer = { url: '', handlers: {}, close: () => server.forceShutdown() };
  const { service } = (loadPackageDefinition(libraryPackage)['library'] as { v1: GrpcObject }).v1[
    'Library'
  ] as ServiceClientConstructor;
  const unary =
    (name: Exclude<keyof LibraryServer['handlers'], 'ListBooks'>): Unary =>
    (call, answer) => {
      const handler = library.handlers[name];
      if (handler) handler(call, answer);
      else answer({ code: status.UNIMPLEMENTED, details: `no ${name}` });
    };
  const list: Streaming = (call) => {
    if (library.handlers.ListBooks) library.handlers.ListBooks(call);
    else call.end();
  };
  const implementation: UntypedServiceImplementation = {
    GetBook: unary('GetBook') as never,
    CreateBook: unary('CreateBook') as never,
    UpdateBook: unary('UpdateBook') as never,
    CountTags: unary('CountTags') as never,
    GetCover: unary('GetCover') as never,
    ListBooks: list as never,
  };
  server.addService(service, implementation);
  const port = await new Promise<number>((resolve, reject) =>
    server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, bound) =>
      error ? reject(error) : resolve(bound),
    ),
  );
  return Object.assign(library, { url: `http://127.0.0.1:${port}` });
}

/** What a test wants otherwise: of the translation, of the upstream, and policies beside the translation. */
export type LibraryChanges = readonly [Partial<GrpcTranslationPolicy>?, Partial<Upstream>?, VersionPolicies?];

/** Puts the server behind a gateway's only version, with no handlers yet. */
export async function serveLibrary(
  under: GatewayUnderTest,
  library: LibraryServer,
  ...[grpc, upstream, policies]: LibraryChanges
): Promise<void> {
  library.handlers = {};
  await makeVersion(under, {
    routes: libraryRoutes,
    policies: { ...policies, translation: { grpc: libraryPolicy(grpc) } },
    upstream: { url: library.url, protocol: 'h2', ...upstream },
  });
}

export { Metadata, status };
