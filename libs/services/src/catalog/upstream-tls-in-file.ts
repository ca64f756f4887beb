import { X509Certificate, createPrivateKey } from 'node:crypto';
import type { UpstreamTls } from '#domain';
import { z } from 'zod';

const BLOCK = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;

const certificates = z
  .string()
  .max(200_000)
  .refine((pem) => isReadable(() => (pem.match(BLOCK) ?? ['']).map((block) => new X509Certificate(block))), {
    error: 'expected certificates in PEM',
  });

const clientCertificate = z
  .strictObject({
    certificate: certificates.describe('PEM, followed by those between it and its authority.'),
    key: z
      .string()
      .max(20_000)
      .refine((pem) => isReadable(() => createPrivateKey(pem)), { error: 'expected a private key in PEM' })
      .optional()
      .describe(
        'PEM; stored sealed and never shown. Give it as a variable. Absent, or a variable without a value: the stored one stays.',
      ),
  })
  .refine(
    ({ certificate, key }) =>
      key === undefined ||
      !isReadable(() => createPrivateKey(key)) ||
      !isReadable(() => new X509Certificate(certificate)) ||
      new X509Certificate(certificate).checkPrivateKey(createPrivateKey(key)),
    { error: 'the key is not that of the certificate', path: ['key'] },
  );

export const testUpstreamTls = z.strictObject({
  verify: z
    .boolean()
    .default(true)
    .describe('false: any certificate will do; only where the operator sets UPSTREAM_ALLOW_UNVERIFIED_TLS=true.'),
  ca: certificates.optional().describe('Authorities in PEM that count in the place of the public ones.'),
});

export const upstreamTls = testUpstreamTls
  .extend({
    clientCertificate: clientCertificate.optional().describe('What the gateway shows to the upstream (mTLS).'),
  })
  .describe('For an https upstream.');

/** The TLS settings of an upstream as they are stored, without the key. */
export function tlsOf({ verify, ca, clientCertificate: client }: z.output<typeof upstreamTls>): UpstreamTls {
  return { verify, ...(ca && { ca }), ...(client && { clientCertificate: client.certificate }) };
}

function isReadable(read: () => unknown): boolean {
  try {
    read();
    return true;
  } catch {
    return false;
  }
}
