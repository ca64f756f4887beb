import { Worker } from 'node:worker_threads';
import { OpenApiDocumentError } from '../document/open-api-document-error.js';

const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
const defaultTimeoutMs = 20_000;
/** Others wait: each may take all the memory that one may. */
const maxAtOnce = 2;
/** A document of 3 MB with 70 000 values needs about a fifth of it. */
const MEMORY = { maxOldGenerationSizeMb: 512, maxYoungGenerationSizeMb: 64, stackSizeMb: 4 };

/**
 * What the worker in a file posts that was given the data; the file is named without its extension, and imports nothing of ours, so that
 * Node can run it as TypeScript when not built. It runs in a thread of its own with bounds on memory and time, so that a hostile
 * document can neither block nor exhaust the process; two at a time.
 * @throws OpenApiDocumentError `openapi_too_complex` at a bound
 */
export async function runInBounds<Reply>(file: URL, workerData: unknown, timeoutMs = defaultTimeoutMs): Promise<Reply> {
  const runnable = new URL(`${file.href}.${extension}`);
  return inTurn(() => runWorker<Reply>(runnable, workerData, timeoutMs));
}

async function runWorker<Reply>(file: URL, workerData: unknown, timeoutMs: number): Promise<Reply> {
  const worker = new Worker(file, { workerData, resourceLimits: MEMORY, execArgv: [], env: {} });
  try {
    return await new Promise<Reply>((resolve, reject) => {
      const timer = setTimeout(() => reject(tooComplex(`took longer than ${timeoutMs / 1000} s to read`)), timeoutMs);
      worker.once('message', resolve);
      worker.once('exit', () => {
        clearTimeout(timer);
        // Of no consequence after a message.
        reject(tooComplex('could not be read to its end'));
      });
      worker.once('error', (error: Error & { readonly code?: string }) => {
        reject(error.code === 'ERR_WORKER_OUT_OF_MEMORY' ? tooComplex('needs too much memory to read', error) : error);
      });
    });
  } finally {
    await worker.terminate();
  }
}

let running = 0;
const waiting: (() => void)[] = [];

async function inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
  if (running === maxAtOnce) await new Promise<void>((resolve) => waiting.push(resolve));
  else running++;
  try {
    return await work();
  } finally {
    // Whoever waits takes the place over.
    const next = waiting.shift();
    if (next) next();
    else running--;
  }
}

function tooComplex(fault: string, cause?: unknown): OpenApiDocumentError {
  return new OpenApiDocumentError('openapi_too_complex', `The document ${fault}. Make it smaller.`, { cause });
}
