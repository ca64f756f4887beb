import dgram from 'node:dgram';
import { isIPv6 } from 'node:net';
import type { Logger } from '#observability';
import { GatewayStartError } from '../../gateway-start-error.js';
import type { DecisionBook } from '../decision-book.js';
import { readReport } from './report-schema.js';

/**
 * Takes reports as nginx sends them: each a line of its access log, in JSON, in one datagram of syslog (RFC 3164). Nobody answers, and
 * datagrams may be lost. They need no secret, as none but the proxy has the tickets.
 */
export class SyslogSocket {
  private readonly socket: dgram.Socket;
  private hasTold = false;

  constructor(
    private readonly book: DecisionBook,
    private readonly log: Logger,
    private readonly host: string,
  ) {
    this.socket = dgram.createSocket({ type: isIPv6(host) ? 'udp6' : 'udp4', recvBufferSize: 4 * 1024 * 1024 });
    this.socket.on('message', (message) => this.take(message.toString('utf8')));
  }

  /** Returns the port. @throws GatewayStartError `port_unavailable` */
  listen(port: number): Promise<number> {
    return new Promise((resolve, reject) => {
      this.socket.once('error', (error) => {
        const message = `${this.host}:${port} (UDP) cannot be used. Free it, or set DECISION_SYSLOG_PORT to another port.`;
        reject(new GatewayStartError('port_unavailable', message, { cause: error }));
      });
      this.socket.bind(port, this.host, () => {
        this.socket
          .removeAllListeners('error')
          .on('error', (error) => this.log.error({ err: error }, 'the socket for reports'));
        resolve(this.socket.address().port);
      });
    });
  }

  close(): void {
    this.socket.close();
  }

  private take(message: string): void {
    const begin = message.indexOf('{');
    const read = begin === -1 ? null : readReport(parse(message.slice(begin)));
    if (read !== null) return void this.book.report(read.ticket, read.report);
    this.book.counts.reports.invalid++;
    if (this.hasTold) return;
    this.hasTold = true;
    this.log.warn('a message of syslog is no report: is log_format as docs/guides/mesh.md has it?');
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
