import fs from 'node:fs/promises';
import net, { type Server, type Socket } from 'node:net';
import path from 'node:path';
import tls, { type TLSSocket } from 'node:tls';
import type { Logger } from '#observability';
import { GatewayStartError } from '../gateway-start-error.js';
import { rememberClientCertificate } from './client-certificate.js';
import { peekServerName } from './peek-server-name.js';
import { CertificateChoice, type ServerCertificate, readCertificates } from './tls-certificates.js';

const handshakeTimeoutMs = 10_000;
const defaultWatchMs = 2_000;

export interface TlsListenerOptions {
  /** With pairs `NAME.crt`, `NAME.key`. */
  readonly folder: string;
  readonly log: Logger;
  /** How often the folder is looked at for changes. Default 2 s. */
  readonly watchMs?: number;
  /** Connections at once; further ones are closed as they come. */
  readonly maxConnections: number;
  readonly onHttp1: (socket: TLSSocket) => void;
  readonly onHttp2: (socket: TLSSocket) => void;
}

/**
 * Takes TLS connections and hands them on by the protocol that was agreed on (ALPN). Certificates are read anew when their
 * files change: new connections get the new ones, those that are there stay as they are.
 */
export class TlsListener {
  /** The listening one; it lives as long as the process, while what it hands its connections to is replaced. */
  readonly server: Server;
  private accept: ((socket: Socket) => void) | null = null;
  private certificates: readonly ServerCertificate[] = [];
  private state = '';
  private reading: Promise<void> = Promise.resolve();
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly options: TlsListenerOptions) {
    this.server = net.createServer({ noDelay: true }, (socket) => this.accept?.(socket));
    this.server.maxConnections = options.maxConnections;
  }

  /** @throws GatewayStartError `tls_certificate_missing` when there is no pair that can be used. */
  async load(): Promise<void> {
    await this.read();
    if (!this.accept) {
      const { folder } = this.options;
      const message = `No certificate in ${folder} can be used. Put NAME.crt and NAME.key there (PEM), or unset GATEWAY_TLS_DIR.`;
      throw new GatewayStartError('tls_certificate_missing', message);
    }
    const check = async (): Promise<void> => {
      if ((await this.readState()) !== this.state) await this.reload();
      this.timer = setTimeout(() => void check(), this.options.watchMs ?? defaultWatchMs).unref();
    };
    this.timer = setTimeout(() => void check(), this.options.watchMs ?? defaultWatchMs).unref();
  }

  /** Reads the folder anew. What cannot be used is logged, and what was there goes on. One reading at a time. */
  reload(): Promise<void> {
    this.reading = this.reading.then(() => this.read());
    return this.reading;
  }

  stopWatching(): void {
    clearTimeout(this.timer);
  }

  private async read(): Promise<void> {
    const { folder, log } = this.options;
    try {
      const state = await this.readState();
      const { certificates, faults } = await readCertificates(folder, this.certificates);
      this.state = state;
      for (const { name, message } of faults)
        log.error({ certificate: name, reason: message }, 'a certificate cannot be used; the one before it stays');
      const [first, ...others] = certificates;
      if (!first) return log.error({ folder }, 'there is no certificate; what was there stays');
      this.certificates = certificates;
      this.accept = this.acceptance(new CertificateChoice([first, ...others]));
      const loaded = certificates.map(({ name, hosts, validTo }) => ({ name, hosts, validTo: validTo.toISOString() }));
      log.info({ certificates: loaded }, 'certificates are read');
    } catch (error) {
      log.error({ err: error, folder }, 'certificates cannot be read; what was there stays');
    }
  }

  /**
   * Asks for certificates of clients only under the names that have authorities for them: browsers show a dialog when they
   * are asked. OpenSSL is told so before it knows the name; where names differ in it, that is read first.
   */
  private acceptance(choice: CertificateChoice): (socket: Socket) => void {
    const asks = new Set(this.certificates.map((certificate) => certificate.clientAuthorities !== null));
    const hand = (server: tls.Server, socket: Socket): void => void server.emit('connection', socket);
    if (asks.size === 1) {
      const server = this.createTlsServer(choice, asks.has(true));
      return (socket) => hand(server, socket);
    }
    const [asking, silent] = [this.createTlsServer(choice, true), this.createTlsServer(choice, false)];
    return (socket) =>
      peekServerName(socket, handshakeTimeoutMs, (serverName) =>
        hand(choice.for(serverName).clientAuthorities !== null ? asking : silent, socket),
      );
  }

  private createTlsServer(choice: CertificateChoice, asksForCertificate: boolean): tls.Server {
    const { log, onHttp1, onHttp2 } = this.options;
    const server = tls.createServer({
      ...choice.default.options,
      ALPNProtocols: ['h2', 'http/1.1'],
      SNICallback: (serverName, done) => done(null, choice.for(serverName).context),
      handshakeTimeout: handshakeTimeoutMs,
      requestCert: asksForCertificate,
      // Whether a certificate is needed is said by each API version; one that is not verified counts for nothing.
      rejectUnauthorized: false,
    });
    server.on('secureConnection', (socket: TLSSocket) => {
      const chosen = choice.for(socket.servername);
      if (chosen.clientAuthorities !== null && socket.authorized)
        rememberClientCertificate(socket, {
          isShownTo: (host) => choice.for(host) === chosen,
          isOfOnlyAuthorities: choice.hasOnlyAuthorities,
        });
      if (socket.alpnProtocol === 'h2') onHttp2(socket);
      else onHttp1(socket);
    });
    server.on('tlsClientError', (error: Error, socket: Socket) => {
      log.debug({ reason: error.message }, 'a TLS handshake failed');
      socket.destroy();
    });
    return server;
  }

  /** Changes whenever a file of the folder does, links followed; orchestrators replace secrets by changing a link. */
  private async readState(): Promise<string> {
    const { folder } = this.options;
    try {
      const files = (await fs.readdir(folder)).filter((file) => /\.(crt|key|ca)$/.test(file)).toSorted();
      const states = files.map(async (file) => {
        const { ino, size, mtimeMs } = await fs.stat(path.join(folder, file));
        return `${file} ${ino} ${size} ${mtimeMs}`;
      });
      return (await Promise.all(states)).join('\n');
    } catch {
      return '';
    }
  }
}
