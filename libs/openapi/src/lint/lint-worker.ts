import { parentPort, workerData } from 'node:worker_threads';
import { createConfig, lintFromString } from '@redocly/openapi-core';

// Runs in a worker thread, straight from TypeScript when not built: only types may be imported from beside it, and only
// syntax that can be stripped may be used.

export interface LintRequest {
  /** JSON. */
  readonly text: string;
  readonly rules: Readonly<Record<string, 'off' | 'warn' | 'error'>>;
  readonly maxProblems: number;
}

export interface LintReply {
  readonly problems: readonly {
    readonly rule: string;
    readonly severity: 'error' | 'warn';
    readonly message: string;
    /** A JSON pointer into the document: "#/paths/~1now/get". */
    readonly pointer: string;
  }[];
  readonly isCutShort: boolean;
}

const { text, rules, maxProblems } = workerData as LintRequest;
const config = await createConfig({ extends: ['recommended'], rules });
const found = await lintFromString({ source: text, absoluteRef: '/openapi.json', config });
const bySeverity = found
  .filter(({ ignored }) => ignored !== true)
  .toSorted((left, right) => Number(left.severity === 'warn') - Number(right.severity === 'warn'));
const reply: LintReply = {
  problems: bySeverity.slice(0, maxProblems).map(({ ruleId, severity, message, location }) => ({
    rule: ruleId,
    severity: severity === 'error' ? 'error' : 'warn',
    message,
    pointer: location[0]?.pointer ?? '#/',
  })),
  isCutShort: bySeverity.length > maxProblems,
};
parentPort?.postMessage(reply);
