import { type ApiVersion, InvalidError, type Upstream } from '#domain';
import type { ApplyWork } from './apply-catalog.js';
import { type SecretToApply, applySecret } from './apply-secret.js';
import { canonicalJson } from './catalog-change.js';

interface Keeping {
  readonly work: Pick<ApplyWork, 'context' | 'transaction' | 'encryptionKeys' | 'unsetSecrets'>;
  /** The version, as "api/version". */
  readonly name: string;
  readonly current: ApiVersion | null;
  readonly desired: Upstream | null;
}

/**
 * Seals a secret of a version, or keeps the stored one for a file that does not say it (`unsaid`: where it would). One is kept only for
 * the places that it was given for, so that it is never sent anywhere new, and a key only for its certificate.
 * @throws InvalidError `secret_missing` where there is none to keep
 */
export async function applyOrKeepSecret(
  { work, name, current, desired }: Keeping,
  secret: SecretToApply,
  unsaid: string | null,
): ReturnType<typeof applySecret> {
  if (unsaid === null) return applySecret(work, secret);
  const isKept =
    secret.currentId !== null && canonicalJson(shownTo(current!.upstream)) === canonicalJson(shownTo(desired));
  if (isKept) return { id: secret.currentId, changes: [] };
  const place = `${name}.${unsaid}`;
  const variable = work.unsetSecrets.get(place);
  const how =
    variable === undefined
      ? 'as a variable of the file'
      : `as the variable ${variable}, by --set ${variable}=… or TOLLGATE_VAR_${variable}`;
  const why =
    secret.currentId === null
      ? 'no secret is stored here that could stay'
      : 'the stored secret does not go with an upstream that is elsewhere, or has another certificate';
  throw new InvalidError('secret_missing', `${place}: ${why}. Give it ${how}.`);
}

/** Where a secret of an upstream goes to, and the certificate that a key is of. */
function shownTo(upstream: Upstream | null) {
  const { url, targets = [], discovery, tls } = upstream ?? {};
  return {
    places: [...new Set([url ?? '', ...targets.map((target) => target.url)])].toSorted(),
    discovery,
    certificate: tls?.clientCertificate,
  };
}
