import { InvalidError, NotFoundError, type Pepper, USUAL_KEY_PLACES, type VersionHeader, parseApiKey } from '#domain';
import { findApplication, findCalledApiVersion } from '#persistence';
import type { ServiceContext } from '../context.js';
import { findByKey } from '../credential/find-by-key.js';

export interface OpenCallInput {
  readonly organizationId: string;
  readonly applicationId: string;
  /** Slug and name of the version, or `latest`. */
  readonly api: string;
  readonly version: string;
  /** The whole key that the call is to be made with. */
  readonly key: string;
  readonly peppers: readonly Pepper[];
}

/** Where at the gateway a call of an API version goes. */
export interface CallDestination {
  /** Without a slash at its end. */
  readonly basePath: string;
  /** Null: any. */
  readonly host: string | null;
  /** What tells the version apart from others there; null for nothing. */
  readonly versionHeader: VersionHeader | null;
  /** The header field for the key. */
  readonly keyHeader: string;
}

/**
 * Lets a call be tried out for an application: with a test key of its own and no other. Whether the key still works, and may
 * call this, is for the gateway to say.
 * @throws NotFoundError `application_not_found`, `api_version_not_found`
 * @throws InvalidError `live_key_refused`, `key_not_of_application`
 */
export async function openCall(context: ServiceContext, input: OpenCallInput): Promise<CallDestination> {
  const { organizationId, applicationId, api, version, peppers } = input;
  if (parseApiKey(input.key)?.mode === 'live') {
    throw new InvalidError(
      'live_key_refused',
      'Calls are tried out with test keys only, so that they are never billed.',
    );
  }
  return context.unitOfWork.inOrganization(organizationId, async (transaction) => {
    if (!(await findApplication(transaction, applicationId))) throw new NotFoundError('application');
    const credential = await findByKey(transaction, input.key, peppers, []);
    const isOwn = credential?.applicationId === applicationId && credential.mode === 'test';
    if (!isOwn) {
      throw new InvalidError(
        'key_not_of_application',
        'This is no test key of the application: make one for this page.',
      );
    }
    const found = await findCalledApiVersion(transaction, api, version);
    if (!found) throw new NotFoundError('API version');
    const { basePath, host, versionHeader, keyHeader } = found;
    return {
      basePath: basePath.replace(/\/+$/, ''),
      host,
      versionHeader,
      keyHeader: keyHeader ?? USUAL_KEY_PLACES.header,
    };
  });
}
