import type { ApplicationIdentity } from '#domain';
import { addIdentity, listIdentities, removeIdentity } from '#services';
import { idFrom, parseOptions, required } from '../arguments.js';
import { EXIT, UsageError } from '../exit.js';
import { print, printJson, remark } from '../output.js';
import { CLI_ACTOR, withSession } from '../session.js';

/** `tollgate identities add`: lets a claim of an issuer's tokens, or a client certificate, stand for an application. */
export async function identitiesAdd(words: readonly string[]): Promise<number> {
  const options = parseOptions(words, {
    application: { type: 'string' },
    kind: { type: 'string' },
    issuer: { type: 'string' },
    value: { type: 'string' },
    json: { type: 'boolean' },
  });
  const { kind } = options;
  if (kind !== 'jwt' && kind !== 'mtls') throw new UsageError(`--kind ${kind ?? ''}: expected jwt or mtls`);
  const added = await withSession(({ context }) =>
    addIdentity(context, {
      applicationId: idFrom(options.application, '--application'),
      kind,
      issuer: options.issuer ?? null,
      value: required(options.value, '--value'),
      actor: CLI_ACTOR,
    }),
  );
  if (options.json) await printJson(added);
  else await print(`${line(added)}\n`);
  return EXIT.ok;
}

/** `tollgate identities list` */
export async function identitiesList(words: readonly string[]): Promise<number> {
  const options = parseOptions(words, { application: { type: 'string' }, json: { type: 'boolean' } });
  const applicationId = options.application === undefined ? null : idFrom(options.application, '--application');
  const identities = await withSession(({ context }) => listIdentities(context, applicationId));
  if (options.json) await printJson(identities);
  else await print(identities.map((identity) => `${line(identity)}\n`).join('') || 'no identities\n');
  return EXIT.ok;
}

/** `tollgate identities remove` */
export async function identitiesRemove(words: readonly string[]): Promise<number> {
  const options = parseOptions(words, { id: { type: 'string' } });
  const identityId = idFrom(options.id, '--id');
  const removed = await withSession(({ context }) => removeIdentity(context, { identityId, actor: CLI_ACTOR }));
  remark(`"${removed.value}" no longer stands for application ${removed.applicationId}.`);
  return EXIT.ok;
}

function line({ id, applicationId, kind, issuer, value }: ApplicationIdentity): string {
  return [id, applicationId, kind, issuer || '-', value].join('\t');
}
