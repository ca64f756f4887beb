import fs from 'node:fs';
import { EXIT, UsageError } from '../exit.js';
import { print, remark } from '../output.js';
import { type RemoteCall, callRemote } from '../remote.js';

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'];
const USAGE = 'expected METHOD PATH, such as: tollgate api GET /api/v1/organizations/ID/applications';

/**
 * `tollgate api`: one call of the control-plane API with a personal access token, for people and CI without access to
 * the database. The answer goes to standard output, its ETag to standard error; exit 3 when it is a refusal.
 */
export async function api(words: readonly string[]): Promise<number> {
  const [method = '', path = '', ...rest] = words;
  if (!METHODS.includes(method) || !path.startsWith('/')) throw new UsageError(USAGE);
  const { body, ifMatch } = optionsFrom(rest);
  const response = await callRemote({ method, path, body, ifMatch });
  await printBody(response);
  const etag = response.headers.get('etag');
  if (etag !== null) remark(`ETag: ${etag}`);
  if (response.ok) return EXIT.ok;
  remark(`${method} ${path}: ${response.status}`);
  return EXIT.refused;
}

/** Texts end their line; files such as PDFs are printed to the byte. */
async function printBody(response: Response): Promise<void> {
  const body = Buffer.from(await response.arrayBuffer());
  if (body.length === 0) return;
  const isText = /^(text\/|application\/([\w.-]+\+)?json\b)/.test(response.headers.get('content-type') ?? '');
  const text = body.toString('utf8');
  if (isText) await print(text.endsWith('\n') ? text : `${text}\n`);
  else await print(body);
}

function optionsFrom(words: readonly string[]): Pick<RemoteCall, 'body' | 'ifMatch'> {
  let body: string | undefined;
  let ifMatch: string | undefined;
  for (let index = 0; index < words.length; index += 2) {
    const [option, text] = words.slice(index, index + 2);
    if (text === undefined) throw new UsageError(`${option}: expected a value after it`);
    if (option === '--data' || option === '-d') body = bodyFrom(text);
    else if (option === '--if-match') ifMatch = text;
    else throw new UsageError(`${option}: expected --data JSON, --data @FILE, or --if-match ETAG`);
  }
  return { body, ifMatch };
}

function bodyFrom(text: string): string {
  const json = text.startsWith('@') ? fs.readFileSync(text.slice(1), 'utf8') : text;
  try {
    JSON.parse(json);
  } catch {
    throw new UsageError('--data: expected JSON');
  }
  return json;
}
