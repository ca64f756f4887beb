import { X509Certificate, constants, createPrivateKey } from 'node:crypto';
import fs from 'node:fs/promises';
import path from 'node:path';
import { type SecureContext, type SecureContextOptions, createSecureContext } from 'node:tls';

const DEFAULT_NAME = 'default';
/** Ciphers for TLS 1.2 with forward secrecy and authenticated encryption; those of TLS 1.3 are all sound. */
const CIPHERS = [
  'TLS_AES_128_GCM_SHA256',
  'TLS_AES_256_GCM_SHA384',
  'TLS_CHACHA20_POLY1305_SHA256',
  'ECDHE-ECDSA-AES128-GCM-SHA256',
  'ECDHE-RSA-AES128-GCM-SHA256',
  'ECDHE-ECDSA-AES256-GCM-SHA384',
  'ECDHE-RSA-AES256-GCM-SHA384',
  'ECDHE-ECDSA-CHACHA20-POLY1305',
  'ECDHE-RSA-CHACHA20-POLY1305',
].join(':');

/** A certificate with its key, and whom it is for. */
export interface ServerCertificate {
  /** Of its files, without extension. */
  readonly name: string;
  /** Lower case; a wildcard begins with "*.". */
  readonly hosts: readonly string[];
  readonly validTo: Date;
  /** The bundle of authorities whose client certificates count for these hosts; null for none. */
  readonly clientAuthorities: string | null;
  readonly options: SecureContextOptions;
  readonly context: SecureContext;
}

/** A pair of files that cannot be used, and why. */
export interface CertificateFault {
  readonly name: string;
  readonly message: string;
}

/** What is in the folder, as it was read at once. */
export interface CertificateFolder {
  readonly certificates: readonly ServerCertificate[];
  readonly faults: readonly CertificateFault[];
}

/**
 * Reads all pairs `NAME.crt`, `NAME.key`, with `NAME.ca` where there is one, in the order of their names. A pair that cannot
 * be used is a fault, and the one of that name that `previous` knows goes on in its place.
 */
export async function readCertificates(
  folder: string,
  previous: readonly ServerCertificate[],
): Promise<CertificateFolder> {
  const files = await fs.readdir(folder);
  const names = files.filter((file) => file.endsWith('.crt')).map((file) => file.slice(0, -'.crt'.length));
  const certificates: ServerCertificate[] = [];
  const faults: CertificateFault[] = [];
  const hasTickets = !files.some((file) => file.endsWith('.ca'));
  for (const name of names.toSorted()) {
    try {
      certificates.push(await readCertificate(folder, name, files.includes(`${name}.ca`), hasTickets));
    } catch (error) {
      faults.push({ name, message: (error as Error).message });
      const known = previous.find((certificate) => certificate.name === name);
      if (known) certificates.push(known);
    }
  }
  return { certificates, faults };
}

async function readCertificate(
  folder: string,
  name: string,
  hasClientAuthorities: boolean,
  hasTickets: boolean,
): Promise<ServerCertificate> {
  const read = (extension: string): Promise<string> => fs.readFile(path.join(folder, name + extension), 'utf8');
  const [cert, key] = [await read('.crt'), await read('.key')];
  const leaf = new X509Certificate(cert);
  if (!leaf.checkPrivateKey(createPrivateKey(key))) throw new Error('the key is not that of the certificate');
  const options: SecureContextOptions = {
    cert,
    key,
    minVersion: 'TLSv1.2',
    ciphers: CIPHERS,
    honorCipherOrder: true,
    // A session remembers that its client was verified, but not by whose authorities: with client certificates every
    // connection shows its own.
    secureOptions: constants.SSL_OP_NO_RENEGOTIATION | (hasTickets ? 0 : constants.SSL_OP_NO_TICKET),
  };
  const clientAuthorities = hasClientAuthorities ? await read('.ca') : null;
  if (clientAuthorities !== null) options.ca = clientAuthorities;
  const context = createSecureContext(options);
  return { name, hosts: hostsOf(leaf), validTo: leaf.validToDate, clientAuthorities, options, context };
}

/** The DNS names and addresses that a certificate is for; its common name does not count (RFC 9525 §2). */
function hostsOf(certificate: X509Certificate): string[] {
  return (certificate.subjectAltName ?? '').split(', ').flatMap((name) => {
    const match = /^(?:DNS|IP Address):(.+)$/.exec(name);
    return match ? [match[1]!.toLowerCase()] : [];
  });
}

/** Finds the certificate for a name that a client asks for. */
export class CertificateChoice {
  /** For clients that ask for no name, or for one that none is for: that of "default", else the first. */
  readonly default: ServerCertificate;
  /** True unless two names have different bundles of authorities. */
  readonly hasOnlyAuthorities: boolean;
  private readonly byHost = new Map<string, ServerCertificate>();

  /** `certificates` has at least one. Where two are for the same host, that with the later end is taken. */
  constructor(certificates: readonly [ServerCertificate, ...ServerCertificate[]]) {
    this.default = certificates.find(({ name }) => name === DEFAULT_NAME) ?? certificates[0];
    const bundles = certificates.flatMap(({ clientAuthorities }) => clientAuthorities?.trim() ?? []);
    this.hasOnlyAuthorities = new Set(bundles).size <= 1;
    for (const certificate of certificates) {
      for (const host of certificate.hosts) {
        const other = this.byHost.get(host);
        if (!other || other.validTo < certificate.validTo) this.byHost.set(host, certificate);
      }
    }
  }

  /** An exact name goes before a wildcard, which stands for one label (RFC 9525 §6.3). */
  for(serverName: string | false | null | undefined): ServerCertificate {
    if (!serverName) return this.default;
    const host = serverName.toLowerCase();
    const wildcard = `*${host.slice(host.indexOf('.'))}`;
    return this.byHost.get(host) ?? this.byHost.get(wildcard) ?? this.default;
  }
}
