import type { JsonValue } from '#openapi';
import type { Tool as ToolDescription } from '@modelcontextprotocol/sdk/types.js';
import { z } from 'zod';
import type { ReadableVersion } from '../../docs/document-source.js';
import { plainText } from '../../docs/html.js';
import { objectOf, textOf } from '../../docs/json-tree.js';
import { cleanText, cleanTree } from '../clean-text.js';
import {
  type DescribedBody,
  type DescribedOperation,
  type DescribedParameter,
  bodyOf,
  operationsOf,
  parametersOf,
} from '../document-operations.js';
import type { OperationCaller } from '../operation-caller.js';
import { type Tool, refusal } from './tool.js';

/** More tools than this no client can offer to a model. */
const MAX_TOOLS = 300;
const MAX_NAME_LENGTH = 64;
const MAX_SCHEMA_LENGTH = 12_000;

const given = z.strictObject({
  path: z.record(z.string(), z.unknown()).default({}),
  query: z.record(z.string(), z.unknown()).default({}),
  headers: z.record(z.string(), z.unknown()).default({}),
  body: z.unknown().optional(),
});

/** A tool for each operation of an API version, at most 300, with the operation's own parameters and what its method means. */
export function operationTools(version: ReadableVersion, operations: OperationCaller): Tool[] {
  const taken = new Set<string>();
  return operationsOf(version.document)
    .slice(0, MAX_TOOLS)
    .map((described) => operationTool(version, described, toolName(described, taken), operations));
}

/** The operation's name in the letters that tools may have, at most 64, and no other tool's. */
function toolName({ name }: DescribedOperation, taken: Set<string>): string {
  const plain = name.replace(/[^a-zA-Z0-9_-]+/g, '_').replace(/^_+|_+$/g, '') || 'operation';
  for (let number = 1; ; number++) {
    const suffix = number === 1 ? '' : `_${number}`;
    const candidate = plain.slice(0, MAX_NAME_LENGTH - suffix.length) + suffix;
    if (taken.has(candidate)) continue;
    taken.add(candidate);
    return candidate;
  }
}

function operationTool(
  version: ReadableVersion,
  described: DescribedOperation,
  name: string,
  operations: OperationCaller,
): Tool {
  const { api } = version;
  return {
    description: {
      name,
      ...describe(described),
      inputSchema: inputSchemaOf(version, described),
      annotations: annotationsOf(described.method),
    },
    call: async (values, context) => {
      const parsed = given.safeParse(values ?? {});
      if (!parsed.success) {
        const words = parsed.error.issues.map(({ path, message }) => `${path.join('.') || 'arguments'}: ${message}`);
        return refusal(`Give the parameters as objects named path, query, headers and body. ${words.join('; ')}`);
      }
      return operations.call(
        { api: api.slug, version: version.name, operation: described.name, ...parsed.data },
        context,
      );
    },
  };
}

function describe({ method, template, operation }: DescribedOperation): Pick<ToolDescription, 'title' | 'description'> {
  const summary = cleanText(textOf(operation['summary']), 120);
  const description = cleanText(plainText(textOf(operation['description']), 600), 600);
  const words = [`${method} ${cleanText(template, 200)}.`, summary, description === summary ? '' : description];
  return {
    ...(summary !== '' && { title: summary }),
    description: `${words.filter((part) => part !== '').join(' ')} Counts under the plan of the key; billed with a live key.`,
  };
}

/** What the method promises (RFC 9110 §9.2); what it says of POST and PATCH is the worst that can be. */
function annotationsOf(method: string): NonNullable<ToolDescription['annotations']> {
  const isRead = method === 'GET' || method === 'HEAD' || method === 'OPTIONS';
  return {
    readOnlyHint: isRead,
    destructiveHint: !isRead,
    idempotentHint: isRead || method === 'PUT' || method === 'DELETE',
    openWorldHint: true,
  };
}

type InputSchema = ToolDescription['inputSchema'];

function inputSchemaOf({ document }: ReadableVersion, described: DescribedOperation): InputSchema {
  const parameters = parametersOf(document, described);
  const body = bodyOf(document, described);
  const schema = schemaOf(parameters, body, true);
  return JSON.stringify(schema).length <= MAX_SCHEMA_LENGTH ? schema : schemaOf(parameters, body, false);
}

/** Without details only the names: get_operation has the rest. */
function schemaOf(
  parameters: readonly DescribedParameter[],
  body: DescribedBody | null,
  detailed: boolean,
): InputSchema {
  const properties: Record<string, JsonValue> = {};
  const required: string[] = [];
  for (const [place, key] of [
    ['path', 'path'],
    ['query', 'query'],
    ['header', 'headers'],
  ] as const) {
    const own = parameters.filter((one) => one.in === place).slice(0, 100);
    if (own.length === 0) continue;
    const needed = own.filter((one) => one.required).map(({ name }) => name);
    properties[key] = {
      type: 'object',
      properties: Object.fromEntries(own.map((one) => [one.name, detailed ? describedSchema(one) : {}])),
      ...(needed.length > 0 && { required: needed }),
      additionalProperties: false,
    };
    if (needed.length > 0) required.push(key);
  }
  if (body) {
    const [schema = {}] = Object.values(body.content);
    properties['body'] = detailed ? schema : { description: 'See the documentation of the operation.' };
    if (body.required) required.push('body');
  }
  const shown = cleanTree({
    type: 'object',
    properties,
    ...(required.length > 0 && { required }),
    additionalProperties: false,
  });
  return shown as InputSchema;
}

function describedSchema({ description, schema }: DescribedParameter): JsonValue {
  if (description === '' || schema === true || schema === false) return schema;
  return { ...objectOf(schema), description: cleanText(description, 500) };
}
