/** The targets of an upstream are the answer of a name server. */
export interface DnsDiscovery {
  /** `a`: its addresses, A and AAAA; `srv`: the places of a service (RFC 2782), with priorities, weights and ports. */
  readonly type: 'a' | 'srv';
  /** Whole name that is asked for; default for `a`: the host of the upstream's url. */
  readonly name?: string | undefined;
  /** At each address, for `a`; default: that of the url. */
  readonly port?: number | undefined;
  /** It is asked again when the time to live of the answer is over, but no sooner and no later than after so long. */
  readonly minRefreshSeconds: number;
  readonly maxRefreshSeconds: number;
}

/** Where gateways find out which places to connect to. Scheme, Host, the name in the certificate and path are always those of the url. */
export interface UpstreamDiscovery {
  readonly dns?: DnsDiscovery | undefined;
  /** Name of a file in the folder that the operator has for these. */
  readonly file?: string | undefined;
}

/** More targets of one upstream are not used, however many are found. */
export const MAX_UPSTREAM_TARGETS = 100;
