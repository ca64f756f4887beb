import type { ApiContract, OperationContract, ResponseMedia } from '../contract/api-contract.js';
import { isJsonMedia } from '../contract/contract-from-document.js';
import type { JsonValue } from '../document/json-value.js';
import { schemaReader } from '../validation/request-validator.js';
import { sampleValue } from './sample-value.js';

/** What the client wishes (RFC 7240, RFC 9110 §12.5.1); null where it says nothing. */
export interface MockWishes {
  /** `Prefer: code=404, example=name`. */
  readonly prefer: string | null;
  readonly accept: string | null;
}

export type MockAnswer =
  | { readonly kind: 'answer'; readonly status: number; readonly contentType: string | null; readonly body: Buffer }
  | { readonly kind: 'not_described' | 'not_acceptable' };

/** Answers in the place of an upstream, from what the document says of each operation. The same question, the same answer. */
export class MockAnswers {
  private readonly operations = new Map<string, OperationContract>();
  private readonly bodies = new WeakMap<ResponseMedia, Map<string, Buffer>>();
  private readonly schemaAt: (pointer: string) => JsonValue;

  constructor(private readonly contract: ApiContract) {
    this.schemaAt = schemaReader(contract);
  }

  answer(operation: string, { prefer, accept }: MockWishes): MockAnswer {
    const { responses } = this.operationOf(operation);
    const code = preference(prefer, 'code');
    const response = code === null ? byDefault(responses) : byCode(responses, code);
    if (!response) return { kind: 'not_described' };
    const status = statusOf(response.status, code);
    if (response.content.length === 0) return { kind: 'answer', status, contentType: null, body: Buffer.alloc(0) };
    const media = chosenMedia(response.content, accept);
    if (!media) return { kind: 'not_acceptable' };
    const example = preference(prefer, 'example');
    if (example !== null && !Object.hasOwn(media.examples, example)) return { kind: 'not_described' };
    const contentType = media.type.includes('*') ? 'application/json' : media.type;
    return { kind: 'answer', status, contentType, body: this.bodyOf(media, example ?? '') };
  }

  private operationOf(name: string): OperationContract {
    const known = this.operations.get(name);
    if (known) return known;
    const text = Object.hasOwn(this.contract.operations, name) ? this.contract.operations[name]! : null;
    const operation: OperationContract =
      text === null ? { parameters: [], body: null, responses: [] } : (JSON.parse(text) as OperationContract);
    this.operations.set(name, operation);
    return operation;
  }

  private bodyOf(media: ResponseMedia, example: string): Buffer {
    const made = this.bodies.get(media) ?? new Map<string, Buffer>();
    this.bodies.set(media, made);
    const known = made.get(example);
    if (known) return known;
    const first = Object.values(media.examples)[0];
    const value = example === '' ? (first ?? sampleValue(media.schema, this.schemaAt)) : media.examples[example]!;
    const isText = typeof value === 'string' && !isJsonMedia(media.type) && !media.type.includes('*');
    const body = Buffer.from(isText ? value : JSON.stringify(value));
    made.set(example, body);
    return body;
  }
}

type Responses = OperationContract['responses'];

/** The first 2xx of the document, else the default, else the first. */
function byDefault(responses: Responses): Responses[number] | undefined {
  const success = responses.find(({ status }) => status.startsWith('2'));
  return success ?? responses.find(({ status }) => status === 'default') ?? responses[0];
}

function byCode(responses: Responses, code: string): Responses[number] | undefined {
  if (!/^[2-5]\d\d$/.test(code)) return undefined;
  const exact = responses.find(({ status }) => status === code);
  const range = responses.find(({ status }) => status === `${code[0]}XX`);
  return exact ?? range ?? responses.find(({ status }) => status === 'default');
}

function statusOf(status: string, code: string | null): number {
  if (code !== null) return Number(code);
  if (status === 'default') return 200;
  return Math.max(200, Number(status.replace('XX', '00')));
}

/** The value of a preference; quotes around it do not matter. */
function preference(prefer: string | null, name: string): string | null {
  if (prefer === null) return null;
  for (const part of prefer.split(/[,;]/)) {
    const match = /^\s*([a-z-]+)\s*=\s*"?([^"]*?)"?\s*$/i.exec(part);
    if (match && match[1]!.toLowerCase() === name) return match[2]!;
  }
  return null;
}

/** The media type that the client likes best; of those that it likes alike, the first of the document. */
function chosenMedia(content: readonly ResponseMedia[], accept: string | null): ResponseMedia | null {
  if (accept === null) return content[0]!;
  const ranges = accept.split(',').map(readRange);
  let best: ResponseMedia | null = null;
  let bestQuality = 0;
  for (const media of content) {
    const quality = qualityOf(media.type, ranges);
    if (quality <= bestQuality) continue;
    best = media;
    bestQuality = quality;
  }
  return best;
}

interface MediaRange {
  readonly range: string;
  readonly quality: number;
}

function readRange(text: string): MediaRange {
  const [range = '', ...parameters] = text.split(';').map((part) => part.trim().toLowerCase());
  const quality = parameters.find((parameter) => parameter.startsWith('q='));
  return { range, quality: quality === undefined ? 1 : Number(quality.slice(2)) || 0 };
}

/** The quality of the most specific range that holds the type; 0 when none does. */
function qualityOf(type: string, ranges: readonly MediaRange[]): number {
  const exact = ranges.find(({ range }) => range === type);
  const family = ranges.find(({ range }) => range === `${type.split('/', 1)[0]}/*`);
  const found = exact ?? family ?? ranges.find(({ range }) => range === '*/*');
  return type.includes('*') ? Math.max(0, ...ranges.map(({ quality }) => quality)) : (found?.quality ?? 0);
}
