import { type ClientWritableStream, Client, Metadata, type ServiceError, credentials } from '@grpc/grpc-js';
import protobuf from 'protobufjs';

/*
 * What Envoy sends and reads, written down anew from its API (version 3) with more than Tollgate looks at: what a gateway must
 * skip is there as well, so that a wrong number of a field is seen.
 */
const ENVOY = `
syntax = "proto3";
package envoy;

message Timestamp { int64 seconds = 1; int32 nanos = 2; }
message Duration { int64 seconds = 1; int32 nanos = 2; }
message UInt32Value { uint32 value = 1; }
message BoolValue { bool value = 1; }
message ListValue { repeated Value values = 1; }
message Value {
  oneof kind {
    int32 null_value = 1; double number_value = 2; string string_value = 3; bool bool_value = 4;
    Struct struct_value = 5; ListValue list_value = 6;
  }
}
message Struct { map<string, Value> fields = 1; }
message SocketAddress {
  int32 protocol = 1; string address = 2;
  oneof port_specifier { uint32 port_value = 3; string named_port = 4; }
  string resolver_name = 5; bool ipv4_compat = 6;
}
message Pipe { string path = 1; uint32 mode = 2; }
message Address { oneof address { SocketAddress socket_address = 1; Pipe pipe = 2; } }
message HeaderValue { string key = 1; string value = 2; bytes raw_value = 3; }
message HeaderMap { repeated HeaderValue headers = 1; }
message HeaderValueOption { HeaderValue header = 1; BoolValue append = 2; int32 append_action = 3; bool keep_empty_value = 4; }
message Metadata { map<string, Struct> filter_metadata = 1; }

message Peer {
  Address address = 1; string service = 2; map<string, string> labels = 3; string principal = 4; string certificate = 5;
}
message HttpRequest {
  string id = 1; string method = 2; map<string, string> headers = 3; string path = 4; string host = 5; string scheme = 6;
  string query = 7; string fragment = 8; int64 size = 9; string protocol = 10; string body = 11; bytes raw_body = 12;
  HeaderMap header_map = 13;
}
message Request { Timestamp time = 1; HttpRequest http = 2; }
message TLSSession { string sni = 1; }
message AttributeContext {
  Peer source = 1; Peer destination = 2; Request request = 4; map<string, string> context_extensions = 10;
  Metadata metadata_context = 11; TLSSession tls_session = 12; Metadata route_metadata_context = 13;
}
message CheckRequest { AttributeContext attributes = 1; }
message Status { int32 code = 1; string message = 2; }
message HttpStatus { int32 code = 1; }
message DeniedHttpResponse { HttpStatus status = 1; repeated HeaderValueOption headers = 2; string body = 3; }
message QueryParameter { string key = 1; string value = 2; }
message OkHttpResponse {
  repeated HeaderValueOption headers = 2; Struct dynamic_metadata = 3; repeated string headers_to_remove = 5;
  repeated HeaderValueOption response_headers_to_add = 6; repeated QueryParameter query_parameters_to_set = 7;
  repeated string query_parameters_to_remove = 8;
}
message CheckResponse {
  Status status = 1;
  oneof http_response { DeniedHttpResponse denied_response = 2; OkHttpResponse ok_response = 3; }
  Struct dynamic_metadata = 4;
}

message Unauthorized { int32 reason = 1; }
message ResponseFlags {
  bool failed_local_healthcheck = 1; bool no_healthy_upstream = 2; bool upstream_request_timeout = 3; bool local_reset = 4;
  bool upstream_remote_reset = 5; bool upstream_connection_failure = 6; bool upstream_connection_termination = 7;
  bool upstream_overflow = 8; bool no_route_found = 9; bool delay_injected = 10; bool fault_injected = 11;
  bool rate_limited = 12; Unauthorized unauthorized_details = 13; bool rate_limit_service_error = 14;
  bool downstream_connection_termination = 15; bool upstream_retry_limit_exceeded = 16; bool stream_idle_timeout = 17;
  bool invalid_envoy_request_headers = 18; bool downstream_protocol_error = 19;
  bool upstream_max_stream_duration_reached = 20; bool response_from_cache_filter = 21; bool no_filter_config_found = 22;
  bool duration_timeout = 23; bool upstream_protocol_error = 24; bool no_cluster_found = 25; bool overload_manager = 26;
  bool dns_resolution_failure = 27;
}
message AccessLogCommon {
  double sample_rate = 1; Address downstream_remote_address = 2; Address downstream_local_address = 3;
  Timestamp start_time = 5; Duration time_to_last_rx_byte = 6; Duration time_to_first_upstream_tx_byte = 7;
  Duration time_to_last_upstream_tx_byte = 8; Duration time_to_first_upstream_rx_byte = 9;
  Duration time_to_last_upstream_rx_byte = 10; Duration time_to_first_downstream_tx_byte = 11;
  Duration time_to_last_downstream_tx_byte = 12; Address upstream_remote_address = 13; Address upstream_local_address = 14;
  string upstream_cluster = 15; ResponseFlags response_flags = 16; Metadata metadata = 17;
  string upstream_transport_failure_reason = 18; string route_name = 19; Address downstream_direct_remote_address = 20;
  map<string, string> custom_tags = 22; Duration duration = 23; uint32 upstream_request_attempt_count = 24;
  string connection_termination_details = 25; bool intermediate_log_entry = 26;
}
message HTTPRequestProperties {
  int32 request_method = 1; string scheme = 2; string authority = 3; UInt32Value port = 4; string path = 5;
  string user_agent = 6; string referer = 7; string forwarded_for = 8; string request_id = 9; string original_path = 10;
  uint64 request_headers_bytes = 11; uint64 request_body_bytes = 12; map<string, string> request_headers = 13;
}
message HTTPResponseProperties {
  UInt32Value response_code = 1; uint64 response_headers_bytes = 2; uint64 response_body_bytes = 3;
  map<string, string> response_headers = 4; map<string, string> response_trailers = 5; string response_code_details = 6;
}
message HTTPAccessLogEntry {
  AccessLogCommon common_properties = 1; int32 protocol_version = 2; HTTPRequestProperties request = 3;
  HTTPResponseProperties response = 4;
}
message TCPAccessLogEntry { AccessLogCommon common_properties = 1; }
message Node { string id = 1; string cluster = 2; }
message Identifier { Node node = 1; string log_name = 2; }
message HTTPAccessLogEntries { repeated HTTPAccessLogEntry log_entry = 1; }
message TCPAccessLogEntries { repeated TCPAccessLogEntry log_entry = 1; }
message StreamAccessLogsMessage {
  Identifier identifier = 1;
  oneof log_entries { HTTPAccessLogEntries http_logs = 2; TCPAccessLogEntries tcp_logs = 3; }
}
message StreamAccessLogsResponse {}
`;

const { root } = protobuf.parse(ENVOY, { keepCase: true });

/** Messages as plain objects, with the names of fields that Envoy's API has. */
type Message = Readonly<Record<string, unknown>>;

const encode = (name: string) => (message: Message) => {
  const type = root.lookupType(`envoy.${name}`);
  return Buffer.from(type.encode(type.fromObject(message)).finish());
};
const decode = (name: string) => (bytes: Buffer) => {
  const type = root.lookupType(`envoy.${name}`);
  return type.toObject(type.decode(bytes), { longs: Number, arrays: true }) as Message;
};

/** What Envoy would do with a call after its question. */
export interface Verdict {
  readonly code: number;
  /** For the upstream, or for the caller when the call is denied. */
  readonly headers: Readonly<Record<string, string>>;
  readonly removed: readonly string[];
  readonly removedParameters: readonly string[];
  readonly clientHeaders: Readonly<Record<string, string>>;
  /** Of a denied call; null for one that passes. */
  readonly status: number | null;
  readonly body: string;
  /** As the access log has it afterwards. */
  readonly metadata: Message;
}

export interface AskedCall {
  readonly method?: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly address?: string;
  readonly size?: number;
}

/** Speaks to a gateway as Envoy does: a real gRPC client, without the rest of Envoy. */
export class EnvoyClient {
  private readonly client: Client;

  constructor(
    port: number,
    private readonly secret: string,
  ) {
    this.client = new Client(`127.0.0.1:${port}`, credentials.createInsecure());
  }

  /** Rejects with gRPC's error, as when the secret is wrong. */
  async check({ method = 'GET', path, headers = {}, address = '203.0.113.9', size = -1 }: AskedCall): Promise<Verdict> {
    const socket = (of: string) => ({ address: { socket_address: { address: of, port_value: 50_123 } } });
    const request: Message = {
      attributes: {
        source: { ...socket(address), principal: 'spiffe://mesh/caller' },
        destination: socket('10.0.0.2'),
        request: {
          time: { seconds: 1_800_000_000, nanos: 5 },
          http: {
            id: '1234567',
            method,
            path,
            host: 'api.test',
            scheme: 'https',
            size,
            protocol: 'HTTP/2',
            headers: { ':method': method, ':path': path, ':authority': 'api.test', 'x-request-id': 'r-1', ...headers },
          },
        },
        context_extensions: { route: 'api' },
      },
    };
    const answer = await new Promise<Message>((resolve, reject) => {
      this.client.makeUnaryRequest(
        '/envoy.service.auth.v3.Authorization/Check',
        encode('CheckRequest'),
        decode('CheckResponse'),
        request,
        this.metadata(),
        (error: ServiceError | null, value) => (error ? reject(error) : resolve(value!)),
      );
    });
    return verdictOf(answer);
  }

  /** A stream as Envoy opens one, whose first message says who sends. */
  openAccessLog(): ClientWritableStream<Message> {
    const stream = this.client.makeClientStreamRequest(
      '/envoy.service.accesslog.v3.AccessLogService/StreamAccessLogs',
      encode('StreamAccessLogsMessage'),
      decode('StreamAccessLogsResponse'),
      this.metadata(),
      () => undefined,
    );
    stream.on('error', () => undefined);
    stream.write({ identifier: { node: { id: 'envoy-1', cluster: 'edge' }, log_name: 'tollgate' }, http_logs: {} });
    return stream;
  }

  close(): void {
    this.client.close();
  }

  private metadata(): Metadata {
    const metadata = new Metadata();
    metadata.set('tollgate-secret', this.secret);
    return metadata;
  }
}

export interface LoggedCall {
  /** What the verdict has put into the dynamic metadata. */
  readonly metadata: Message;
  readonly status?: number;
  readonly flags?: Readonly<Record<string, boolean>>;
  readonly bytesIn?: number;
  readonly bytesOut?: number;
  readonly responseHeaders?: Readonly<Record<string, string>>;
  readonly isIntermediate?: boolean;
  readonly attempts?: number;
}

/** One message of the access log, as Envoy sends it when calls have ended. */
export function loggedCalls(...calls: readonly LoggedCall[]): Message {
  return { http_logs: { log_entry: calls.map(entryOf) } };
}

function entryOf(call: LoggedCall): Message {
  const { metadata, status = 200, flags = {}, bytesIn = 0, bytesOut = 0, responseHeaders = {}, attempts = 1 } = call;
  const reached = attempts > 0;
  return {
    protocol_version: 3,
    common_properties: {
      downstream_remote_address: { socket_address: { address: '203.0.113.9', port_value: 1 } },
      start_time: { seconds: 1_800_000_000, nanos: 5 },
      time_to_last_rx_byte: { nanos: 1_000 },
      ...(reached && {
        time_to_first_upstream_tx_byte: { nanos: 2_000_000 },
        time_to_first_upstream_rx_byte: { nanos: 12_000_000 },
        upstream_remote_address: { socket_address: { address: '10.0.0.3', port_value: 80 } },
        upstream_request_attempt_count: attempts,
      }),
      duration: { seconds: 1, nanos: 500_000_000 },
      upstream_cluster: 'api',
      response_flags: flags,
      metadata: {
        filter_metadata: {
          'envoy.filters.http.cors': { fields: { other: { bool_value: true } } },
          'envoy.filters.http.ext_authz': metadata,
        },
      },
      route_name: 'api',
      intermediate_log_entry: call.isIntermediate ?? false,
    },
    request: { request_method: 1, scheme: 'https', authority: 'api.test', path: '/', request_body_bytes: bytesIn },
    response: {
      ...(status > 0 && { response_code: { value: status } }),
      response_headers_bytes: 120,
      response_body_bytes: bytesOut,
      response_headers: responseHeaders,
    },
  };
}

interface Option {
  readonly header: { readonly key: string; readonly value: string };
}

function verdictOf(answer: Message): Verdict {
  const fieldsOf = (options: unknown): Record<string, string> =>
    Object.fromEntries(((options ?? []) as Option[]).map(({ header: { key, value } }) => [key, value]));
  const ok = (answer['ok_response'] ?? {}) as Message;
  const denied = answer['denied_response'] as Message | undefined;
  return {
    code: (answer['status'] as { code?: number }).code ?? 0,
    headers: fieldsOf((denied ?? ok)['headers']),
    removed: (ok['headers_to_remove'] ?? []) as string[],
    removedParameters: (ok['query_parameters_to_remove'] ?? []) as string[],
    clientHeaders: fieldsOf(ok['response_headers_to_add']),
    status: denied ? (denied['status'] as { code: number }).code : null,
    body: (denied?.['body'] ?? '') as string,
    metadata: (answer['dynamic_metadata'] ?? {}) as Message,
  };
}
