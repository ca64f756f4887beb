import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import { type JsonValue, loadOpenApiDocument, type OpenApiDocument, resolveReference } from '#openapi';

const FOLDER = path.resolve(import.meta.dirname, '../../../apps/demo-api/openapi');

export type AtlasVersion = 'v1' | 'v2';

export function atlasDocumentPath(version: AtlasVersion): string {
  return path.join(FOLDER, `atlas-${version}.yaml`);
}

export async function loadAtlasDocument(version: AtlasVersion): Promise<OpenApiDocument> {
  return loadOpenApiDocument(readFileSync(atlasDocumentPath(version)));
}

/** Checks values against the schemas at places of one document. */
export class SchemaChecker {
  private readonly ajv = new Ajv2020({ strict: false, validateFormats: false, allErrors: true });
  private readonly validators = new Map<string, ValidateFunction>();

  constructor(private readonly document: OpenApiDocument) {
    this.ajv.addSchema({ ...document.document, $id: 'atlas' });
  }

  /** What is wrong with `value`, as text; empty if it fits the schema at `pointer` ("#/components/schemas/Country"). */
  faults(value: unknown, pointer: string): string {
    const validate = this.validators.get(pointer) ?? this.ajv.compile({ $ref: `atlas${pointer}` });
    this.validators.set(pointer, validate);
    return validate(value) ? '' : this.ajv.errorsText(validate.errors);
  }

  /** The place of the media type object that documents this answer, if one does. */
  answerPointer(route: { readonly method: string; readonly template: string }, status: number): string | undefined {
    const responses = `#/paths/${escapeToken(route.template)}/${route.method.toLowerCase()}/responses`;
    return [`${responses}/${status}`, `${responses}/${Math.floor(status / 100)}XX`]
      .map((pointer) => this.follow(pointer))
      .find((pointer) => this.at(pointer) !== undefined);
  }

  at(pointer: string): JsonValue | undefined {
    return resolveReference(this.document.document, pointer);
  }

  private follow(pointer: string): string {
    const value = this.at(pointer);
    const reference = typeof value === 'object' && value !== null && '$ref' in value ? value.$ref : undefined;
    return typeof reference === 'string' ? reference : pointer;
  }
}

/** `name` as one token of a JSON pointer in a URI fragment. */
export function escapeToken(name: string): string {
  return encodeURIComponent(name.replaceAll('~', '~0').replaceAll('/', '~1'));
}
