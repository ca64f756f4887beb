import {
  type ApiContract,
  type JsonObject,
  RequestValidators,
  contractFromDocument,
  readOpenApiDocument,
} from '#openapi';

const CACHE_SIZE = 20;

/** What requests of a document must be like. */
export interface DocumentContract {
  readonly contract: ApiContract;
  readonly validators: RequestValidators;
}

/** Contracts of documents, those that were asked for last. */
export class OperationContracts {
  private readonly made = new Map<string, DocumentContract>();

  /** The contract of a document, which `hash` tells from all others. */
  of(hash: string, document: JsonObject): DocumentContract {
    const found = this.made.get(hash) ?? make(document);
    this.made.delete(hash);
    this.made.set(hash, found);
    const [oldest] = this.made.keys();
    if (this.made.size > CACHE_SIZE && oldest !== undefined) this.made.delete(oldest);
    return found;
  }
}

function make(document: JsonObject): DocumentContract {
  const { contract } = contractFromDocument(readOpenApiDocument(document), { isMocked: false });
  return { contract, validators: new RequestValidators(contract) };
}
