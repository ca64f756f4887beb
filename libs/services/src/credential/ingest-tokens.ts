import {
  ConflictError,
  NotFoundError,
  type Pepper,
  generateIngestToken,
  hashApiKeySecret,
  matchesApiKeySecret,
  parseIngestToken,
} from '#domain';
import {
  type Actor,
  appendToAuditLog,
  findIngestToken,
  findPublisherTeam,
  insertIngestToken,
  listIngestTokens as readIngestTokens,
  revokeIngestToken as revokeRow,
} from '#persistence';
import type { ServiceContext } from '../context.js';

/** Who may report usage: a token of a publisher team, without its secret. */
export interface IngestToken {
  readonly id: string;
  /** Public: `tgi_` and this is how the token is written in logs. */
  readonly tokenId: string;
  readonly publisher: string;
  readonly name: string;
  readonly createdAt: Date;
  /** To the minute. */
  readonly lastUsedAt: Date | null;
  readonly revokedAt: Date | null;
}

export interface CreateIngestTokenInput {
  /** The team's slug. */
  readonly publisher: string;
  readonly name: string;
  readonly peppers: readonly Pepper[];
  readonly actor: Actor;
}

/**
 * Makes a token with which a publisher team's systems report usage for its products, and nothing else. Only here is it
 * whole.
 * @throws NotFoundError `publisher_not_found`
 */
export function createIngestToken(
  context: ServiceContext,
  { publisher, name, peppers, actor }: CreateIngestTokenInput,
): Promise<{ readonly token: string; readonly tokenId: string }> {
  const [pepper] = peppers;
  if (!pepper) throw new ConflictError('pepper_missing', 'KEY_PEPPERS has no pepper.');
  const { token, parsed } = generateIngestToken(context.fillRandom);
  const createdAt = context.clock.now();
  return context.unitOfWork.inSystem(async (transaction) => {
    const team = await findPublisherTeam(transaction, publisher);
    if (!team) throw new NotFoundError('publisher', `There is no publisher team "${publisher}".`);
    const id = context.ids.next();
    const secretHash = hashApiKeySecret(parsed.secret, pepper);
    const row = {
      id,
      publisherTeamId: team.id,
      name: name.trim(),
      tokenId: parsed.tokenId,
      secretHash,
      pepperId: pepper.id,
      createdAt,
    };
    await insertIngestToken(transaction, row);
    await audit(context, transaction, actor, 'created', id, { publisher, tokenId: parsed.tokenId });
    return { token, tokenId: parsed.tokenId };
  });
}

/** All tokens, the newest first, without their secrets. */
export async function listIngestTokens(context: ServiceContext): Promise<IngestToken[]> {
  const rows = await context.unitOfWork.inSystem(readIngestTokens);
  return rows.map(({ id, tokenId, publisher, name, createdAt, lastUsedAt, revokedAt }) => ({
    id,
    tokenId,
    publisher,
    name,
    createdAt,
    lastUsedAt,
    revokedAt,
  }));
}

/**
 * Ends a token at once.
 * @throws NotFoundError `ingest_token_not_found`
 */
export function revokeIngestToken(
  context: ServiceContext,
  { tokenId, actor }: { readonly tokenId: string; readonly actor: Actor },
): Promise<void> {
  return context.unitOfWork.inSystem(async (transaction) => {
    const id = await revokeRow(transaction, tokenId, context.clock.now());
    if (id === null) {
      throw new NotFoundError('ingest token', `There is no token tgi_${tokenId} that could be revoked.`);
    }
    await audit(context, transaction, actor, 'revoked', id, { tokenId });
  });
}

/** Whose token this is; null for anything that opens nothing. What has no token's form costs no look-up. */
export async function openIngestToken(
  context: ServiceContext,
  token: string,
  peppers: readonly Pepper[],
): Promise<{ readonly id: string; readonly publisherTeamId: string } | null> {
  const parsed = parseIngestToken(token);
  if (!parsed) return null;
  const row = await context.unitOfWork.inSystem((transaction) => findIngestToken(transaction, parsed.tokenId));
  const pepper = row && peppers.find(({ id }) => id === row.pepperId);
  if (!row || !pepper || !matchesApiKeySecret(parsed.secret, pepper, row.secretHash)) return null;
  return { id: row.id, publisherTeamId: row.publisherTeamId };
}

async function audit(
  context: ServiceContext,
  transaction: Parameters<typeof appendToAuditLog>[0],
  actor: Actor,
  action: string,
  id: string,
  details: Readonly<Record<string, unknown>>,
): Promise<void> {
  await appendToAuditLog(transaction, {
    id: context.ids.next(),
    organizationId: null,
    actor,
    action,
    noun: 'ingest_token',
    nounId: id,
    details,
    createdAt: context.clock.now(),
  });
}
