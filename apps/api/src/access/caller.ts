import type { Actor } from '#persistence';
import { type ExecutionContext, createParamDecorator } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { SignedInUser } from '../auth/authentication.js';

/** The signed-in person behind a request, once the guard has let it pass. */
export interface Caller {
  readonly userId: string;
  readonly user: SignedInUser;
  /** For the audit log. */
  readonly actor: Actor;
}

const callers = new WeakMap<FastifyRequest, Caller>();

/** Remembers who is behind a request; only the guard does. */
export function rememberCaller(request: FastifyRequest, user: SignedInUser, tokenId?: string): void {
  const actor = { kind: 'user', id: user.id, ...(tokenId !== undefined && { tokenId }) } as const;
  callers.set(request, { userId: user.id, user, actor });
}

/** The person behind a request; null on public routes and for systems. */
export function callerOf(request: FastifyRequest): Caller | null {
  return callers.get(request) ?? null;
}

/** Handler parameter: the signed-in person. Only on routes that are not public. */
export const CurrentCaller = createParamDecorator((_data: unknown, context: ExecutionContext): Caller => {
  const caller = callers.get(context.switchToHttp().getRequest<FastifyRequest>());
  if (!caller) throw new Error('a public route has no caller');
  return caller;
});

/** The systems of a publisher team that report usage. */
export interface Reporter {
  /** The token's row. */
  readonly id: string;
  readonly publisherTeamId: string;
}

const reporters = new WeakMap<FastifyRequest, Reporter>();

/** Remembers whose token came with a request; only the guard does. */
export function rememberReporter(request: FastifyRequest, reporter: Reporter): void {
  reporters.set(request, reporter);
}

/** Handler parameter: whose token it is. Only on routes for such tokens. */
export const CurrentReporter = createParamDecorator((_data: unknown, context: ExecutionContext): Reporter => {
  const reporter = reporters.get(context.switchToHttp().getRequest<FastifyRequest>());
  if (!reporter) throw new Error('only a route for ingest tokens has a reporter');
  return reporter;
});
