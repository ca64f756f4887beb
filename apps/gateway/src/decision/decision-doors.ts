import type { Server } from 'node:http';
import type { GatewayCore } from '../gateway-core.js';
import { listen, stopListening } from '../server/listen.js';
import { decide } from './decide.js';
import type { DecisionBook } from './decision-book.js';
import type { GrpcServer } from './grpc/grpc-server.js';
import { createDecisionServer } from './http/decision-server.js';
import { SyslogSocket } from './reports/syslog-socket.js';

/** Where other proxies reach the gateway: by HTTP, gRPC and syslog, as far as they are switched on. */
export class DecisionDoors {
  port: number | null = null;
  grpcPort: number | null = null;
  syslogPort: number | null = null;
  private server: Server | null = null;
  private grpcServer: GrpcServer | null = null;
  private syslogSocket: SyslogSocket | null = null;

  constructor(
    private readonly gateway: GatewayCore,
    private readonly book: DecisionBook,
  ) {}

  /** @throws GatewayStartError `port_unavailable`; then nothing listens. */
  async open(): Promise<void> {
    const { gateway, book } = this;
    const { host, port, grpcPort, syslogPort } = book.options;
    try {
      if (port !== null) {
        this.server = createDecisionServer(gateway, book);
        this.port = await listen(this.server, host, port, 'DECISION_PORT', true);
      }
      if (grpcPort !== null) {
        // Loaded by those only who use it.
        const { GrpcServer } = await import('./grpc/grpc-server.js');
        this.grpcServer = new GrpcServer(gateway, book, decide);
        this.grpcPort = await this.grpcServer.listen(host, grpcPort);
      }
      if (syslogPort !== null) {
        this.syslogSocket = new SyslogSocket(book, gateway.log, host);
        this.syslogPort = await this.syslogSocket.listen(syslogPort);
      }
    } catch (error) {
      this.close();
      throw error;
    }
  }

  /** Takes no new connections, and tells those that are there to go elsewhere; reports still come in by them. */
  drain(): void {
    if (this.server !== null) stopListening(this.server);
    this.grpcServer?.drain();
  }

  close(): void {
    if (this.server !== null) {
      stopListening(this.server);
      this.server.closeAllConnections();
    }
    this.grpcServer?.close();
    this.syslogSocket?.close();
    [this.server, this.grpcServer, this.syslogSocket] = [null, null, null];
  }
}
