import { InvalidError } from '#domain';
import {
  type JsonObject,
  type OperationContract,
  type Violation,
  type WrittenRequest,
  operationContract,
  writeRequest,
} from '#openapi';
import { type ApiVersionPage, type ServiceContext, findApiVersionPage } from '#services';
import type { CallToolResult } from '@modelcontextprotocol/sdk/types.js';
import { CallSlots } from '../gateway-call/call-slots.js';
import { versionFields } from '../gateway-call/version-fields.js';
import { type GatewayClient, GatewayUnreachedError } from '../gateway-call/gateway-client.js';
import { toCallResult } from './call-answer.js';
import { OperationContracts } from './operation-contracts.js';
import { type ToolContext, refusal } from './tools/tool.js';

/** An operation, and what goes into its parameters. */
export interface OperationCall {
  readonly api: string;
  readonly version: string;
  /** The operationId, or "METHOD /template". */
  readonly operation: string;
  readonly path: Readonly<Record<string, unknown>>;
  readonly query: Readonly<Record<string, unknown>>;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body?: unknown;
  readonly contentType?: string | undefined;
  readonly idempotencyKey?: string | undefined;
}

interface Body {
  readonly contentType: string;
  readonly bytes: Buffer;
}

const NO_KEY =
  'Calls need an API key of an application, and this connection has none. Add it to the settings of this MCP server as the header "Authorization: Bearer tg_test_…" (test keys cost nothing) or "tg_live_…".';
const SLOTS = { perCaller: 8, inAll: 128 };
const FORM = 'application/x-www-form-urlencoded';

/** Calls operations at the gateway with the caller's own key, so that all that its plan says holds as for any call. */
export class OperationCaller {
  private readonly contracts = new OperationContracts();
  private readonly slots = new CallSlots(SLOTS);

  constructor(
    private readonly context: ServiceContext,
    private readonly gateway: GatewayClient,
  ) {}

  async call(call: OperationCall, { caller, signal }: ToolContext): Promise<CallToolResult> {
    if (!caller.key) return refusal(NO_KEY, { code: 'api_key_needed' });
    if (call.api === 'tollgate') {
      return refusal('The portal’s own API is not behind the gateway, and an API key does not open it.');
    }
    const version = await findApiVersionPage(this.context, call.api, call.version);
    const route = findRoute(version, call.operation);
    if (!route) return refusal(`${call.api} ${version.name} has no such operation. list_operations names them.`);
    const document = this.contracts.of(version.documentHash, version.document as JsonObject);
    const contract = operationContract(document.contract, route.operation)!;
    const written = writeRequest(contract, route.template, call);
    if (isFaulty(written)) return refused(written);
    const body = bodyOf(contract, call);
    const validator = document.validators.of(route.operation)!;
    const violations = [...validator.checkParameters(written), ...validator.checkBody(body)];
    if (violations.length > 0) return refused(violations);
    const headers = {
      ...Object.fromEntries(written.headerFields),
      ...(body && { 'content-type': body.contentType }),
      ...(call.idempotencyKey !== undefined && { 'idempotency-key': call.idempotencyKey }),
      ...versionFields(version),
      ...(version.host !== null && { host: version.host }),
      accept: 'application/json, */*;q=0.5',
      'accept-encoding': 'identity',
      'user-agent': 'Tollgate-MCP/1',
      // Counts only where the gateway trusts this process as a proxy.
      'x-forwarded-for': caller.address,
      [version.keyHeader]: caller.key.text,
    };
    const path =
      version.basePath.replace(/\/+$/, '') + written.path + (written.query === '' ? '' : `?${written.query}`);
    const result = await this.slots.run(caller.rateKey, async () => {
      try {
        const call = { method: route.method, path, headers, body: body?.bytes ?? null, signal };
        const answer = await this.gateway.call(call);
        return answer.cut === 'time' || answer.cut === 'broken' ? unanswered() : toCallResult(answer);
      } catch (error) {
        if (error instanceof GatewayUnreachedError) return error.reason === 'absent' ? unreached() : unanswered();
        throw error;
      }
    });
    return result ?? refusal('Too many calls are under way at once. Wait for their answers, then go on.');
  }
}

function findRoute({ routes }: ApiVersionPage, name: string) {
  return (
    routes.find(({ operation }) => operation === name) ??
    routes.find(({ method, template }) => `${method} ${template}` === name)
  );
}

function isFaulty(written: WrittenRequest | readonly Violation[]): written is readonly Violation[] {
  return Array.isArray(written);
}

function refused(violations: readonly Violation[]): CallToolResult {
  const words = violations.map(({ in: place, name, pointer, message }) => {
    return `${place}${name === undefined ? '' : ` ${name}`}${pointer ?? ''}: ${message}`;
  });
  return refusal(
    `Nothing was sent: the request does not fit the document of the API. ${words.slice(0, 10).join('; ')}`,
    {
      code: 'request_invalid',
      violations: violations.slice(0, 20),
    },
  );
}

/** The body in the media type that is asked for, else as JSON where the operation takes it. */
function bodyOf({ body }: OperationContract, { body: value, contentType }: OperationCall): Body | null {
  if (value === undefined || value === null) return null;
  if (!body) throw new InvalidError('body_unexpected', 'body: this operation takes none.');
  const types = body.content.map(({ type }) => type);
  const type = contentType?.trim().toLowerCase() ?? types.find(isJson) ?? types[0] ?? 'application/json';
  if (!/^[a-z0-9!#$&^_.+-]+\/[a-z0-9!#$&^_.+-]+$/.test(type)) {
    throw new InvalidError('content_type_invalid', `contentType: one of these: ${types.join(', ')}.`);
  }
  if (isJson(type)) return { contentType: type, bytes: Buffer.from(jsonOf(value)) };
  if (type === FORM && typeof value === 'object') return { contentType: type, bytes: Buffer.from(formOf(value)) };
  if (typeof value === 'string') return { contentType: type, bytes: Buffer.from(value) };
  throw new InvalidError('body_unexpected', `body: give it as text for ${type}.`);
}

/** Models often write JSON into a text; then that is meant. */
function jsonOf(value: unknown): string {
  if (typeof value === 'string' && /^\s*[[{]/.test(value)) {
    try {
      return JSON.stringify(JSON.parse(value));
    } catch {
      // A text that only begins so.
    }
  }
  return JSON.stringify(value);
}

function formOf(value: object): string {
  const pairs = Object.entries(value).flatMap(([name, one]: [string, unknown]) =>
    [one].flat().map((item): [string, string] => [name, typeof item === 'string' ? item : JSON.stringify(item)]),
  );
  return new URLSearchParams(pairs).toString();
}

function isJson(type: string): boolean {
  return /^[^/]+\/([^/]+\+)?json$/.test(type);
}

function unreached(): CallToolResult {
  return refusal('The gateway cannot be reached at the moment; nothing was sent. Try again later.', {
    code: 'gateway_unreachable',
  });
}

function unanswered(): CallToolResult {
  return refusal(
    'No answer came in 50 seconds, or the connection broke. The call may have been carried out and counted: look with get_usage or in the request log before you repeat it.',
    { code: 'no_answer' },
  );
}
