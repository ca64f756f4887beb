import type { VersionPolicies } from '#domain';
import { type PoliciesInFile, policiesInFile } from '../catalog/catalog-file.js';
import { withoutDefaults } from '../catalog/export/without-defaults.js';
import type { PlacedFault } from '../catalog/refused-in-places-error.js';
import { withoutCredentials } from './api-version-view.js';
import { storedPasswords } from './stored-passwords.js';

/** The policies of a version as its publisher edits them. */
export interface PoliciesToEdit {
  /** In the words of the catalogue file, without what goes without saying and passwords within addresses. */
  readonly policies: Readonly<Record<string, unknown>>;
}

/** What of the policies of a version its publisher may see, as a file has it. */
export function policiesToEdit(policies: VersionPolicies): PoliciesToEdit {
  const shown = withAddresses(policies, withoutCredentials);
  return { policies: withoutDefaults(policiesInFile, shown) as PoliciesToEdit['policies'] };
}

/** Policies that came back from whoever edits them: an address that is what was shown of the stored one has its password again. */
export function withStoredPasswords(policies: PoliciesInFile, stored: VersionPolicies): PoliciesInFile {
  return withAddresses(policies, storedPasswords(addressesIn(stored)));
}

/** Texts that stand for files, which there are none of beside what is sent. */
export function fileFaults({ translation }: PoliciesInFile): readonly PlacedFault[] {
  const { grpc, graphql, soap } = translation ?? {};
  const texts: readonly (readonly [path: string, text: string | undefined])[] = [
    ['grpc.descriptors', grpc?.descriptors],
    ['graphql.schema', graphql?.schema],
    ...Object.entries(soap?.operations ?? {}).map(
      ([operation, { envelope }]) => [`soap.operations.${operation}.envelope`, envelope] as const,
    ),
  ];
  return texts
    .filter(([, text]) => text?.startsWith('file:'))
    .map(([path]) => ({
      path: `translation.${path}`,
      message: 'files are read beside a catalogue file only: send what is in it',
    }));
}

function addressesIn({ testUpstream, authentication }: VersionPolicies): string[] {
  const { issuer, jwksUrl } = authentication?.jwt ?? {};
  return [testUpstream?.url, issuer, jwksUrl].filter((address) => typeof address === 'string');
}

/** The same policies with each address as `change` has it. */
function withAddresses<Policies extends VersionPolicies>(
  policies: Policies,
  change: (address: string) => string,
): Policies {
  const { testUpstream, authentication } = policies;
  const { jwt } = authentication ?? {};
  return {
    ...policies,
    ...(testUpstream && { testUpstream: { ...testUpstream, url: change(testUpstream.url) } }),
    ...(jwt && {
      authentication: {
        ...authentication,
        jwt: { ...jwt, issuer: change(jwt.issuer), jwksUrl: jwt.jwksUrl === null ? null : change(jwt.jwksUrl) },
      },
    }),
  };
}
