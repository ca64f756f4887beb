import 'reflect-metadata';
import type { webcrypto } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {
  BasicConstraintsExtension,
  type JsonGeneralName,
  SubjectAlternativeNameExtension,
  type X509Certificate,
  X509CertificateGenerator,
} from '@peculiar/x509';

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
const notBefore = new Date('2020-01-01T00:00:00Z');
const notAfter = new Date('2099-01-01T00:00:00Z');
let serial = 1;

/** A certificate and its key, as PEM. */
export interface CertificatePair {
  readonly cert: string;
  readonly key: string;
}

export interface CertificateRequest {
  /** As "CN=…, O=…". */
  readonly subject?: string;
  readonly dns?: readonly string[];
  readonly uris?: readonly string[];
  readonly notAfter?: Date;
}

/** A certificate authority of a test. */
export class TestAuthority {
  private constructor(
    private readonly certificate: X509Certificate,
    private readonly keys: webcrypto.CryptoKeyPair,
  ) {}

  static async create(name = 'Test Authority'): Promise<TestAuthority> {
    const keys = await newKeys();
    const certificate = await X509CertificateGenerator.createSelfSigned({
      serialNumber: nextSerial(),
      name: `CN=${name}`,
      notBefore,
      notAfter,
      signingAlgorithm: algorithm,
      keys,
      extensions: [new BasicConstraintsExtension(true, undefined, true)],
    });
    return new TestAuthority(certificate, keys);
  }

  get pem(): string {
    return this.certificate.toString('pem');
  }

  async issue({ subject = 'CN=test', dns = [], uris = [], ...request }: CertificateRequest): Promise<CertificatePair> {
    const keys = await newKeys();
    const names: JsonGeneralName[] = [
      ...dns.map((value) => ({ type: 'dns' as const, value })),
      ...uris.map((value) => ({ type: 'url' as const, value })),
    ];
    const certificate = await X509CertificateGenerator.create({
      serialNumber: nextSerial(),
      subject,
      issuer: this.certificate.subject,
      notBefore,
      notAfter: request.notAfter ?? notAfter,
      signingAlgorithm: algorithm,
      publicKey: keys.publicKey,
      signingKey: this.keys.privateKey,
      extensions: names.length > 0 ? [new SubjectAlternativeNameExtension(names)] : [],
    });
    return { cert: certificate.toString('pem'), key: await pemOf(keys.privateKey) };
  }
}

/** A folder with these pairs. */
export function makeCertificateFolder(pairs: Readonly<Record<string, CertificatePair>>): string {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'tollgate-tls-'));
  for (const [name, pair] of Object.entries(pairs)) writePair(folder, name, pair);
  return folder;
}

export function writePair(folder: string, name: string, { cert, key }: CertificatePair): void {
  fs.writeFileSync(path.join(folder, `${name}.key`), key);
  fs.writeFileSync(path.join(folder, `${name}.crt`), cert);
}

function newKeys(): Promise<webcrypto.CryptoKeyPair> {
  return crypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
}

async function pemOf(key: CryptoKey): Promise<string> {
  const der = Buffer.from(await crypto.subtle.exportKey('pkcs8', key)).toString('base64');
  return `-----BEGIN PRIVATE KEY-----\n${der}\n-----END PRIVATE KEY-----\n`;
}

function nextSerial(): string {
  return (serial++).toString(16).padStart(2, '0');
}
