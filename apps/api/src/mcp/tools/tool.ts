import { TollgateError } from '#domain';
import type { CallToolResult, Tool as ToolDescription } from '@modelcontextprotocol/sdk/types.js';
import { z } from 'zod';
import { cleanTree } from '../clean-text.js';
import type { McpCaller } from '../mcp-caller.js';

/** What a tool knows of the request that calls it. */
export interface ToolContext {
  readonly caller: McpCaller;
  /** Aborts when nobody waits for the answer any more. */
  readonly signal: AbortSignal;
}

/** Something that an agent can do. */
export interface Tool {
  readonly description: ToolDescription;
  /** Errors that are ours to explain are thrown as TollgateErrors. */
  call(given: unknown, context: ToolContext): Promise<CallToolResult>;
}

/** More than this is too much for a model to read at once. */
const MAX_ANSWER_LENGTH = 150_000;

/** Reads nothing but what is published here. */
export const READS_PORTAL = { readOnlyHint: true, openWorldHint: false } as const;

/** A tool whose arguments are those of the schema; others are refused with a list of what is wrong. */
export function defineTool<Schema extends z.ZodObject>(
  description: Omit<ToolDescription, 'inputSchema'>,
  schema: Schema,
  run: (given: z.output<Schema>, context: ToolContext) => Promise<CallToolResult>,
): Tool {
  const { $schema: _dialect, ...inputSchema } = z.toJSONSchema(schema, { io: 'input' });
  return {
    description: { ...description, inputSchema: inputSchema as ToolDescription['inputSchema'] },
    call: async (given, context) => {
      const parsed = schema.safeParse(given ?? {});
      if (parsed.success) return run(parsed.data, context);
      const faults = parsed.error.issues.map(({ path, message }) => `${path.join('.') || 'arguments'}: ${message}`);
      return refusal(`The arguments are not as expected. ${faults.slice(0, 10).join('; ')}`);
    },
  };
}

/** What a tool found: as text, and as data for programs. */
export function answer(value: Readonly<Record<string, unknown>>): CallToolResult {
  const shown = cleanTree(value) as Record<string, unknown>;
  const text = JSON.stringify(shown);
  if (text.length > MAX_ANSWER_LENGTH) {
    return refusal('The answer would be too long to read. Ask for less: a smaller limit, one operation, or one guide.');
  }
  return { content: [{ type: 'text', text }], structuredContent: shown };
}

/** Why a tool did nothing, and what to do about it. */
export function refusal(message: string, details: Readonly<Record<string, unknown>> = {}): CallToolResult {
  const shown = cleanTree({ error: message, ...details }) as Record<string, unknown>;
  return {
    isError: true,
    content: [
      { type: 'text', text: Object.keys(details).length === 0 ? String(shown['error']) : JSON.stringify(shown) },
    ],
    structuredContent: shown,
  };
}

/** An error of ours as an answer that a model can act on; null for one that is a fault on our side. */
export function refusalOf(error: unknown): CallToolResult | null {
  if (!(error instanceof TollgateError) || error.kind === 'internal') return null;
  return refusal(error.message, { code: error.code });
}

/** A page of a list, with where the next one begins. */
export function pageOf<Item>(
  items: readonly Item[],
  { cursor, limit }: { readonly cursor: number; readonly limit: number },
): { readonly items: readonly Item[]; readonly total: number; readonly nextCursor: number | null } {
  const end = cursor + limit;
  return { items: items.slice(cursor, end), total: items.length, nextCursor: end < items.length ? end : null };
}

/** Arguments of tools that list. */
export const page = (defaultLimit: number, maxLimit: number) => ({
  cursor: z.int().min(0).default(0).describe('The `nextCursor` of the page before.'),
  limit: z.int().min(1).max(maxLimit).default(defaultLimit),
});

export const apiName = z.string().min(1).max(63).describe('The slug of the API, as list_products names it.');
export const versionName = z.string().min(1).max(63).default('latest').describe('The name of a version, or "latest".');
export const operationName = z
  .string()
  .min(1)
  .max(300)
  .describe('The operationId, or "METHOD /template", as list_operations names it.');
