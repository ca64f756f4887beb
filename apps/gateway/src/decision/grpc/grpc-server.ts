import {
  Server,
  ServerCredentials,
  type ServerReadableStream,
  type ServerUnaryCall,
  type sendUnaryData,
  status,
} from '@grpc/grpc-js';
import type { GatewayCore } from '../../gateway-core.js';
import { GatewayStartError } from '../../gateway-start-error.js';
import type { decide } from '../decide.js';
import type { DecisionBook } from '../decision-book.js';
import { DoorSecret, SECRET_FIELD } from '../door-secret.js';
import { takeAccessLogs } from './access-logs.js';
import { checkWaiter, readCheck } from './check.js';
import {
  type AccessLogsMessage,
  type CheckRequestMessage,
  type CheckResponseMessage,
  accessLogs,
  accessLogsResponse,
  checkRequest,
  checkResponse,
} from './envoy-messages.js';

/** Where Envoy asks by gRPC whether calls may pass (ext_authz), and says how they ended (access-log service). Without TLS: h2c. */
export class GrpcServer {
  private readonly server = new Server({ 'grpc.max_receive_message_length': 4 * 1024 * 1024 });
  private readonly secret: DoorSecret;

  constructor(
    private readonly gateway: GatewayCore,
    private readonly book: DecisionBook,
    /** Given, as what is loaded later must not import the pipeline: the bundler would take all of it out of the gateway's own file. */
    private readonly ask: typeof decide,
  ) {
    this.secret = new DoorSecret(book.options.secret);
    this.server.addService(
      {
        Check: {
          path: '/envoy.service.auth.v3.Authorization/Check',
          requestStream: false,
          responseStream: false,
          requestSerialize: checkRequest.encode,
          requestDeserialize: checkRequest.decode,
          responseSerialize: checkResponse.encode,
          responseDeserialize: checkResponse.decode,
        },
      },
      { Check: this.check },
    );
    this.server.addService(
      {
        StreamAccessLogs: {
          path: '/envoy.service.accesslog.v3.AccessLogService/StreamAccessLogs',
          requestStream: true,
          responseStream: false,
          requestSerialize: accessLogs.encode,
          requestDeserialize: accessLogs.decode,
          responseSerialize: accessLogsResponse.encode,
          responseDeserialize: accessLogsResponse.decode,
        },
      },
      { StreamAccessLogs: this.streamAccessLogs },
    );
  }

  /** Returns the port. @throws GatewayStartError `port_unavailable` */
  listen(host: string, port: number): Promise<number> {
    const address = host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
    return new Promise((resolve, reject) => {
      this.server.bindAsync(address, ServerCredentials.createInsecure(), (error, bound) => {
        if (error === null) return resolve(bound);
        const message = `${address} cannot be used (gRPC). Free it, or set DECISION_GRPC_PORT to another port.`;
        reject(new GatewayStartError('port_unavailable', message, { cause: error }));
      });
    });
  }

  /** Takes no new connections and no new calls; streams of access logs go on. */
  drain(): void {
    this.server.tryShutdown(() => undefined);
  }

  /** Ends what is open: streams of access logs have no end of their own. */
  close(): void {
    this.server.forceShutdown();
  }

  private readonly check = (
    call: ServerUnaryCall<CheckRequestMessage, CheckResponseMessage>,
    answer: sendUnaryData<CheckResponseMessage>,
  ): void => {
    if (!this.opens(call)) return answer(refused());
    const described = readCheck(call.request);
    if (described === null) {
      const details = 'Ask about an HTTP request, with the address that it comes from.';
      return answer({ code: status.INVALID_ARGUMENT, details });
    }
    const waiter = checkWaiter((response) => answer(null, response));
    const question = this.ask(this.gateway, this.book, described, waiter);
    call.on('cancelled', () => question.giveUp());
  };

  /** Needs no secret, for which not every configuration of an access log has a place: nobody but the proxy has tickets. */
  private readonly streamAccessLogs = (
    call: ServerReadableStream<AccessLogsMessage, object>,
    answer: sendUnaryData<object>,
  ): void => {
    call.on('data', (message: AccessLogsMessage) => {
      try {
        takeAccessLogs(this.book, message);
      } catch (error) {
        this.gateway.log.error({ err: error }, 'a message of an access log could not be taken');
      }
    });
    call.on('error', () => undefined);
    call.on('end', () => answer(null, {}));
  };

  private opens({ metadata }: { readonly metadata: ServerUnaryCall<unknown, unknown>['metadata'] }): boolean {
    return this.secret.opens(metadata.get(SECRET_FIELD)[0]?.toString());
  }
}

function refused() {
  return {
    code: status.UNAUTHENTICATED,
    details: `Show the secret (DECISION_SECRET) in the metadata ${SECRET_FIELD}.`,
  };
}
