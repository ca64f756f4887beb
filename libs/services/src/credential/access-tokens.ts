import {
  ACCESS_TOKEN_RULES,
  type AccessToken,
  type AccessTokenScope,
  ConflictError,
  ForbiddenError,
  InvalidError,
  NotFoundError,
  type Pepper,
  generateAccessToken,
  hashApiKeySecret,
  matchesApiKeySecret,
  parseAccessToken,
  scopesWithin,
} from '#domain';
import {
  type Actor,
  type LiveAccessToken,
  type Transaction,
  appendToAuditLog,
  countLiveAccessTokens,
  findLiveAccessToken,
  insertAccessToken,
  listAccessTokens as readAccessTokens,
  lockUser,
  markAccessTokenUsed,
  revokeAccessToken as revokeRow,
} from '#persistence';
import type { ServiceContext } from '../context.js';
import { findStanding } from '../session/find-standing.js';

export interface CreateAccessTokenInput {
  readonly userId: string;
  readonly name: string;
  readonly scopes: readonly AccessTokenScope[];
  readonly expiresAt: Date;
  readonly peppers: readonly Pepper[];
  readonly actor: Actor;
}

/**
 * Makes a token with which a person's programs do what its scopes say, as far as the person may at the time of each call.
 * Only here is it whole.
 * @throws ForbiddenError for scopes beyond the person's own rights; InvalidError `expiry_out_of_range`; ConflictError
 *   `too_many_tokens`
 */
export async function createAccessToken(
  context: ServiceContext,
  { userId, name, scopes, expiresAt, peppers, actor }: CreateAccessTokenInput,
): Promise<{ readonly token: string; readonly accessToken: AccessToken }> {
  const [pepper] = peppers;
  if (!pepper) throw new ConflictError('pepper_missing', 'KEY_PEPPERS has no pepper.');
  const now = context.clock.now();
  requireExpiry(expiresAt, now);
  requireScopes(scopes, await grantableScopes(context, userId));
  const { token, parsed } = generateAccessToken(context.fillRandom);
  return context.unitOfWork.inSystem(async (transaction) => {
    await lockUser(transaction, userId);
    const { maxLive } = ACCESS_TOKEN_RULES;
    if ((await countLiveAccessTokens(transaction, userId, now)) >= maxLive) {
      throw new ConflictError('too_many_tokens', `You have ${maxLive} tokens that work. Revoke one first.`);
    }
    const accessToken: AccessToken = {
      id: context.ids.next(),
      userId,
      name: name.trim(),
      tokenId: parsed.tokenId,
      scopes: [...new Set(scopes)],
      createdAt: now,
      expiresAt,
      lastUsedAt: null,
      revokedAt: null,
    };
    const secretHash = hashApiKeySecret(parsed.secret, pepper);
    await insertAccessToken(transaction, { ...accessToken, secretHash, pepperId: pepper.id });
    await audit(context, transaction, accessToken.id, 'created', actor, { tokenId: parsed.tokenId, scopes });
    return { token, accessToken };
  });
}

/** The scopes that a token of the person can have: what they may do themselves, in any of their organizations. */
export async function grantableScopes(context: ServiceContext, userId: string): Promise<readonly AccessTokenScope[]> {
  const { memberships, staffRoles, publisherTeams } = await findStanding(context, userId);
  return scopesWithin({
    memberships: memberships.map(({ role }) => role),
    staffRoles,
    isPublisher: publisherTeams.length > 0,
  });
}

function requireExpiry(expiresAt: Date, now: Date): void {
  const lifeMs = expiresAt.getTime() - now.getTime();
  if (lifeMs > 0 && lifeMs <= ACCESS_TOKEN_RULES.maxLifeMs) return;
  throw new InvalidError('expiry_out_of_range', 'body.expiresAt: a token ends in the future, within 366 days.');
}

function requireScopes(scopes: readonly AccessTokenScope[], grantable: readonly AccessTokenScope[]): void {
  const beyond = scopes.filter((scope) => !grantable.includes(scope));
  if (beyond.length > 0) throw new ForbiddenError(`A token may do what you may. You may not: ${beyond.join(', ')}.`);
}

/** A page of the person's tokens that are not revoked, expired ones too, the newest first. */
export async function listAccessTokens(
  context: ServiceContext,
  userId: string,
  { before, limit }: { readonly before?: string | undefined; readonly limit: number },
): Promise<{ readonly tokens: readonly AccessToken[]; readonly next: string | null }> {
  const found = await context.unitOfWork.inSystem((transaction) =>
    readAccessTokens(transaction, userId, { before, limit: limit + 1 }),
  );
  const tokens = found.slice(0, limit);
  return { tokens, next: found.length > limit ? tokens.at(-1)!.id : null };
}

/**
 * Ends a token of the person at once.
 * @throws NotFoundError `access_token_not_found`
 */
export function revokeAccessToken(
  context: ServiceContext,
  { userId, id, actor }: { readonly userId: string; readonly id: string; readonly actor: Actor },
): Promise<void> {
  return context.unitOfWork.inSystem(async (transaction) => {
    const at = context.clock.now();
    if (!(await revokeRow(transaction, { userId, id, at }))) throw new NotFoundError('access token');
    await audit(context, transaction, id, 'revoked', actor, {});
  });
}

/** The token, and whose it is; null for anything that opens nothing. What has no token's form costs no look-up. */
export async function openAccessToken(
  context: ServiceContext,
  token: string,
  peppers: readonly Pepper[],
): Promise<LiveAccessToken | null> {
  const parsed = parseAccessToken(token);
  if (!parsed) return null;
  const now = context.clock.now();
  return context.unitOfWork.inSystem(async (transaction) => {
    const found = await findLiveAccessToken(transaction, parsed.tokenId, now);
    const pepper = found && peppers.find(({ id }) => id === found.pepperId);
    if (!found || !pepper || !matchesApiKeySecret(parsed.secret, pepper, found.secretHash)) return null;
    await markAccessTokenUsed(transaction, found.id, now);
    return found;
  });
}

async function audit(
  context: ServiceContext,
  transaction: Transaction,
  id: string,
  action: string,
  actor: Actor,
  details: Readonly<Record<string, unknown>>,
): Promise<void> {
  await appendToAuditLog(transaction, {
    id: context.ids.next(),
    organizationId: null,
    actor,
    action,
    noun: 'access token',
    nounId: id,
    details,
    createdAt: context.clock.now(),
  });
}
