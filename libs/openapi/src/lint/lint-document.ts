import { OpenApiDocumentError } from '../document/open-api-document-error.js';
import type { OpenApiDocument } from '../document/open-api-document.js';
import { runInBounds } from '../source/run-in-bounds.js';
import type { LintReply, LintRequest } from './lint-worker.js';

/** What a document could say better, as the rules of Redocly have it. */
export type DocumentRemarks = LintReply;
export type DocumentRemark = LintReply['problems'][number];

const maxProblems = 200;
const defaultTimeoutMs = 10_000;

/**
 * Rules that are about the place of an API and its credentials: callers have the gateway's. And of the licence: the terms of a product
 * say more.
 */
const rules: LintRequest['rules'] = {
  'security-defined': 'off',
  'no-empty-servers': 'off',
  'no-server-example.com': 'off',
  'no-server-trailing-slash': 'off',
  'no-server-variables-empty-enum': 'off',
  'no-undefined-server-variable': 'off',
  'info-license': 'off',
  'info-license-strict': 'off',
};

/**
 * Holds a document that was read against Redocly's recommended rules (https://redocly.com/docs/cli/rules), errors first; at most 200
 * of its faults. Runs in a thread of its own, in the bounds of memory that reading has, and for 10 s at most: what is not found by then,
 * such as by a pattern that takes for ever, is left out, and the answer cut short.
 */
export async function lintDocument(
  { document }: Pick<OpenApiDocument, 'document'>,
  { timeoutMs = defaultTimeoutMs }: { readonly timeoutMs?: number } = {},
): Promise<DocumentRemarks> {
  const request: LintRequest = { text: JSON.stringify(document), rules, maxProblems };
  try {
    return await runInBounds(new URL('./lint-worker', import.meta.url), request, timeoutMs);
  } catch (error) {
    if (!(error instanceof OpenApiDocumentError)) throw error;
    return { problems: [], isCutShort: true };
  }
}
