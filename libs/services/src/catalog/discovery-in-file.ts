import { isIP } from 'node:net';
import { z } from 'zod';

/** A whole name at a name server; those of services have underscores (RFC 2782). */
const DNS_NAME =
  /^(?=.{1,253}$)[A-Za-z0-9_]([A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?(\.[A-Za-z0-9_]([A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?)*\.?$/;

const refresh = z.number().int().min(1).max(3_600);

const dns = z
  .strictObject({
    type: z
      .enum(['a', 'srv'])
      .default('a')
      .describe(
        'a: the addresses of a name, A and AAAA. srv: the places of a service, with priority, weight and port (RFC 2782).',
      ),
    name: z
      .string()
      .regex(DNS_NAME, 'expected the whole name that is asked for, such as _http._tcp.orders.example.com')
      .refine(
        (name) => isIP(name) === 0,
        'this is an address, which leads to nothing but itself: give it as url or in targets',
      )
      .optional()
      .describe('The whole name: no search domain is added. Default for a: the host of url.'),
    port: z.number().int().min(1).max(65_535).optional().describe('At each address, for a. Default: that of url.'),
    minRefreshSeconds: refresh
      .default(5)
      .describe('It is not asked for more often than that, however short its time to live is.'),
    maxRefreshSeconds: refresh.default(60).describe('It is asked for at least as often.'),
  })
  .refine(({ minRefreshSeconds, maxRefreshSeconds }) => minRefreshSeconds <= maxRefreshSeconds, {
    error: 'expected no less than minRefreshSeconds',
    path: ['maxRefreshSeconds'],
  })
  .superRefine(({ type, name, port }, context) => {
    if (type === 'srv' && name === undefined)
      context.addIssue({
        code: 'custom',
        path: ['name'],
        message: 'srv needs the name of the service, such as _http._tcp.orders.example.com',
      });
    if (type === 'srv' && port !== undefined)
      context.addIssue({ code: 'custom', path: ['port'], message: 'the ports of a service are in its answer' });
  });

/** The section `discovery` of an upstream. */
export const discoveryInFile = z
  .strictObject({
    dns: dns.optional(),
    file: z
      .string()
      .regex(
        /^[A-Za-z0-9][A-Za-z0-9._-]{0,100}\.(json|ya?ml)$/,
        'expected the name of a .yaml or .json file, without a folder',
      )
      .optional()
      .describe('A file in the folder UPSTREAM_TARGETS_DIR of the gateways: targets, each with host, port and weight.'),
  })
  .refine(({ dns: one, file }) => (one === undefined) !== (file === undefined), 'give either dns or file')
  .describe(
    'Where the gateways find out which places to connect to. What is asked for there is what url says: scheme, Host, name in the certificate and path.',
  );

type DiscoveryInFile = z.output<typeof discoveryInFile>;

/** A fault of an upstream's discovery, at a path below the upstream. */
export interface DiscoveryFault {
  readonly path: readonly string[];
  readonly message: string;
}

/** What is wrong with the discovery of an upstream that has this beside it; empty when it is sound. */
export function discoveryFaults(
  discovery: DiscoveryInFile | undefined,
  {
    url,
    targets,
    traffic,
  }: { readonly url?: string | undefined; readonly targets?: unknown; readonly traffic?: unknown },
): readonly DiscoveryFault[] {
  if (!discovery) return [];
  if (targets !== undefined || url === undefined || traffic !== undefined)
    return [
      { path: ['discovery'], message: 'it finds the targets of one url: give url, and neither targets nor traffic' },
    ];
  const { dns: asked } = discovery;
  if (!asked || asked.name !== undefined || !URL.canParse(url)) return [];
  if (isIP(new URL(url).hostname.replace(/^\[|\]$/g, '')) === 0) return [];
  return [
    { path: ['discovery', 'dns', 'name'], message: 'the host of url is an address: say which name is asked for' },
  ];
}
