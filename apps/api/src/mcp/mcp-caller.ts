import type { IncomingHttpHeaders } from 'node:http';
import { ForbiddenError, InvalidError, type Pepper, TollgateError, networkOf } from '#domain';
import { type OpenedApiKey, type ServiceContext, openApiKey } from '#services';

/** Who asks: somebody with a key that opens, or anybody. */
export interface McpCaller {
  /** Null without a key. */
  readonly key: { readonly text: string; readonly opened: OpenedApiKey } | null;
  readonly address: string;
  /** Whose share of requests this one is of. */
  readonly rateKey: string;
}

/** A key came with the request that opens nothing. */
export class ApiKeyInvalidError extends TollgateError {
  override readonly kind = 'unauthenticated';

  constructor() {
    super(
      'api_key_invalid',
      'This API key does not work: it is unknown, expired or revoked. Send one of an application’s keys as "Authorization: Bearer tg_…", or none to read only.',
    );
  }
}

const MAX_KEY_LENGTH = 512;

/**
 * The caller of a request, by its API key in `Authorization: Bearer` or `x-api-key`.
 * @throws InvalidError `conflicting_keys`; ApiKeyInvalidError; ForbiddenError where the key is not for this address
 */
export async function findCaller(
  context: ServiceContext,
  { headers, address }: { readonly headers: IncomingHttpHeaders; readonly address: string },
  peppers: readonly Pepper[],
): Promise<McpCaller> {
  const text = presentedKey(headers);
  const network = networkOf(address);
  if (text === null) return { key: null, address, rateKey: `address ${network}` };
  const opened = text.length > MAX_KEY_LENGTH ? null : await openApiKey(context, text, peppers);
  if (!opened) throw new ApiKeyInvalidError();
  if (!opened.allowsAddress(address)) {
    throw new ForbiddenError(`The owner of the key ${opened.display} does not allow it from this address.`);
  }
  return { key: { text, opened }, address, rateKey: `key ${opened.credentialId}` };
}

function presentedKey(headers: IncomingHttpHeaders): string | null {
  const field = headers['x-api-key'];
  const { authorization } = headers;
  const bearer = authorization === undefined ? null : (/^Bearer +([!-~]+) *$/i.exec(authorization)?.[1] ?? '');
  // A credential of another kind is not overlooked: who sends one expects to be known.
  if (bearer === '') throw new ApiKeyInvalidError();
  const keys = [field, bearer].flat().filter((key) => key !== undefined && key !== null);
  if (new Set(keys).size > 1)
    throw new InvalidError('conflicting_keys', 'The request carries different keys. Send one.');
  return keys[0] ?? null;
}
