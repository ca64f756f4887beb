import type { Api, ApiVersion } from '#domain';
import { apiVersionInFile } from '../catalog-file.js';
import { upstreamToFile } from './upstream-to-file.js';
import type { ExportedPart, ExportedVariable, FilePath, InFile, SideFile } from './exported-catalog.js';
import type { VariableNames } from './variable-names.js';
import { withoutDefaults } from './without-defaults.js';

/** An API with its versions, the oldest first, as a catalogue file has it; `retiring` are switched off by themselves on their day. */
export function apiToFile(
  { slug, title }: Api,
  publisher: string,
  versions: readonly ApiVersion[],
  retiring: readonly string[],
  names: VariableNames,
): ExportedPart {
  const parts = versions.map((version, index) =>
    versionToFile(slug, version, index, { names, isRetiring: retiring.includes(version.name) }),
  );
  const below = <Item extends { readonly path: FilePath }>(items: readonly Item[], index: number): Item[] =>
    items.map((item) => ({ ...item, path: ['versions', index, ...item.path] }));
  return {
    part: { slug, title, publisher, versions: parts.map(({ part }) => part) },
    sideFiles: parts.flatMap(({ sideFiles = [] }, index) => below(sideFiles, index)),
    variables: parts.flatMap(({ variables = [] }, index) => below(variables, index)),
  };
}

function versionToFile(
  api: string,
  version: ApiVersion,
  index: number,
  { names, isRetiring }: { readonly names: VariableNames; readonly isRetiring: boolean },
): ExportedPart {
  const { name, versionHeader, guides } = version;
  const whole = {
    name,
    state: version.state,
    ...(version.position === index ? {} : { position: version.position }),
    sunset: version.sunsetOn,
    retireAtSunset: isRetiring,
    guides: guides.map(({ slug, title, markdown }) => ({ slug, title, text: markdown })),
    document: '',
    host: version.host,
    basePath: version.basePath,
    ...(versionHeader && { versionHeader: headerToFile(name, versionHeader) }),
    ...(version.upstream && { upstream: upstreamToFile(version.upstream) }),
    policies: version.policies,
  };
  return {
    part: withoutDefaults(apiVersionInFile, whole) as InFile,
    sideFiles: sideFilesOf(api, version),
    variables: [...secretsOf(api, version, names), ...placesOf(api, version, names)],
  };
}

function headerToFile(name: string, { name: header, value, isDefault }: NonNullable<ApiVersion['versionHeader']>) {
  return { name: header, ...(value === name ? {} : { value }), default: isDefault };
}

/** The document, guides and descriptions of other protocols, which are no matter of the file itself. */
function sideFilesOf(api: string, { name, document, guides, policies }: ApiVersion): SideFile[] {
  const place = `${api}/${name}`;
  const { grpc, graphql } = policies.translation ?? {};
  return [
    {
      path: ['document'],
      name: `documents/${place}.json`,
      prefix: '',
      content: `${JSON.stringify(document, null, 2)}\n`,
    },
    ...guides.map(({ slug, markdown }, index): SideFile => ({
      path: ['guides', index, 'text'],
      name: `guides/${place}/${slug}.md`,
      prefix: 'file:',
      content: markdown,
    })),
    ...(grpc
      ? [
          {
            path: ['policies', 'translation', 'grpc', 'descriptors'],
            name: `translation/${place}.pb`,
            prefix: 'file:' as const,
            content: Buffer.from(grpc.descriptors, 'base64'),
          },
        ]
      : []),
    ...(graphql?.schema === undefined
      ? []
      : [
          {
            path: ['policies', 'translation', 'graphql', 'schema'],
            name: `translation/${place}.graphql`,
            prefix: 'file:' as const,
            content: graphql.schema,
          },
        ]),
  ];
}

function secretsOf(api: string, { name, upstream }: ApiVersion, names: VariableNames): ExportedVariable[] {
  const secrets: ExportedVariable[] = [];
  if (upstream?.credentialHeader !== undefined)
    secrets.push({
      path: ['upstream', 'credential', 'value'],
      name: names.of(api, name, 'credential'),
      value: null,
      what: `the credential for the upstream of ${api}/${name}, in the header ${upstream.credentialHeader}`,
    });
  if (upstream?.tls?.clientCertificate !== undefined)
    secrets.push({
      path: ['upstream', 'tls', 'clientCertificate', 'key'],
      name: names.of(api, name, 'client_key'),
      value: null,
      what: `the private key of the client certificate for the upstream of ${api}/${name}, as PEM`,
    });
  return secrets;
}

/** What is usually another in another installation. */
function placesOf(
  api: string,
  { name, host, upstream, policies }: ApiVersion,
  names: VariableNames,
): ExportedVariable[] {
  const { targets, url, discovery, tls } = upstream ?? {};
  const jwt = policies.authentication?.jwt;
  const places: readonly (readonly [FilePath, string | null | undefined, string])[] = [
    [['host'], host, 'host'],
    ...(targets ?? []).map(
      (target, index) => [['upstream', 'targets', index, 'url'], target.url, `target_${index + 1}`] as const,
    ),
    [['upstream', 'url'], targets ? null : url, 'upstream_url'],
    [['upstream', 'discovery', 'dns', 'name'], discovery?.dns?.name, 'upstream_name'],
    [['upstream', 'tls', 'ca'], tls?.ca, 'upstream_ca'],
    [['upstream', 'tls', 'clientCertificate', 'certificate'], tls?.clientCertificate, 'client_certificate'],
    [['policies', 'testUpstream', 'url'], policies.testUpstream?.url, 'test_upstream_url'],
    [['policies', 'authentication', 'jwt', 'issuer'], jwt?.issuer, 'jwt_issuer'],
    [['policies', 'authentication', 'jwt', 'jwksUrl'], jwt?.jwksUrl, 'jwks_url'],
  ];
  return places.flatMap(([path, value, word]) =>
    value === null || value === undefined
      ? []
      : [
          {
            path,
            name: names.of(api, name, word),
            value: hasPassword(value) ? null : value,
            what: `${path.join('.')} of ${api}/${name}`,
          },
        ],
  );
}

/** Whoever wrote a password into an address has written it for the gateway. */
function hasPassword(value: string): boolean {
  const url = URL.canParse(value) ? new URL(value) : null;
  return url !== null && `${url.username}${url.password}` !== '';
}
