import protobuf from 'protobufjs';

/**
 * The messages of Envoy's external authorization and access-log services, as far as they are read or written here. What
 * counts on the wire are numbers and types of fields, which are those of Envoy's API, version 3:
 * envoy/service/auth/v3/{external_auth,attribute_context}.proto, envoy/service/accesslog/v3/als.proto,
 * envoy/data/accesslog/v3/accesslog.proto, envoy/config/core/v3/{base,address}.proto, envoy/type/v3/http_status.proto,
 * google/rpc/status.proto, google/protobuf/{struct,duration,wrappers}.proto. Fields that are not here are skipped.
 */
const DEFINITIONS = `
syntax = "proto3";
package tollgate.envoy;

message CheckRequest { AttributeContext attributes = 1; }

message AttributeContext {
  message Peer { Address address = 1; }
  message HttpRequest {
    string method = 2;
    map<string, string> headers = 3;
    string path = 4;
    string host = 5;
    string scheme = 6;
    int64 size = 9;
    HeaderMap header_map = 13;
  }
  message Request { HttpRequest http = 2; }
  Peer source = 1;
  Request request = 4;
}

message Address { SocketAddress socket_address = 1; }
message SocketAddress { string address = 2; }
message HeaderMap { repeated HeaderValue headers = 1; }
message HeaderValue { string key = 1; string value = 2; bytes raw_value = 3; }
message HeaderValueOption { HeaderValue header = 1; BoolValue append = 2; }
message BoolValue { bool value = 1; }
message UInt32Value { uint32 value = 1; }

message CheckResponse {
  Status status = 1;
  oneof http_response {
    DeniedHttpResponse denied_response = 2;
    OkHttpResponse ok_response = 3;
  }
  Struct dynamic_metadata = 4;
}
message Status { int32 code = 1; string message = 2; }
message HttpStatus { int32 code = 1; }
message DeniedHttpResponse {
  HttpStatus status = 1;
  repeated HeaderValueOption headers = 2;
  string body = 3;
}
message OkHttpResponse {
  repeated HeaderValueOption headers = 2;
  repeated string headers_to_remove = 5;
  repeated HeaderValueOption response_headers_to_add = 6;
  repeated string query_parameters_to_remove = 8;
}
message Struct { map<string, Value> fields = 1; }
message Value { oneof kind { string string_value = 3; Struct struct_value = 5; } }

message StreamAccessLogsMessage {
  message HTTPAccessLogEntries { repeated HTTPAccessLogEntry log_entry = 1; }
  HTTPAccessLogEntries http_logs = 2;
}
message StreamAccessLogsResponse {}
message HTTPAccessLogEntry {
  AccessLogCommon common_properties = 1;
  HTTPRequestProperties request = 3;
  HTTPResponseProperties response = 4;
}
message AccessLogCommon {
  Duration time_to_first_upstream_tx_byte = 7;
  Duration time_to_first_upstream_rx_byte = 9;
  Duration time_to_last_downstream_tx_byte = 12;
  Address upstream_remote_address = 13;
  ResponseFlags response_flags = 16;
  Metadata metadata = 17;
  Duration duration = 23;
  uint32 upstream_request_attempt_count = 24;
  bool intermediate_log_entry = 26;
}
message Duration { int64 seconds = 1; int32 nanos = 2; }
message Metadata { map<string, Struct> filter_metadata = 1; }
message ResponseFlags {
  bool no_healthy_upstream = 2;
  bool upstream_request_timeout = 3;
  bool local_reset = 4;
  bool upstream_remote_reset = 5;
  bool upstream_connection_failure = 6;
  bool upstream_connection_termination = 7;
  bool upstream_overflow = 8;
  bool no_route_found = 9;
  bool downstream_connection_termination = 15;
  bool upstream_max_stream_duration_reached = 20;
  bool upstream_protocol_error = 24;
  bool no_cluster_found = 25;
  bool dns_resolution_failure = 27;
}
message HTTPRequestProperties { uint64 request_body_bytes = 12; }
message HTTPResponseProperties {
  UInt32Value response_code = 1;
  uint64 response_body_bytes = 3;
  map<string, string> response_headers = 4;
}
`;

const { root } = protobuf.parse(DEFINITIONS, { keepCase: true });

/** The codec of one message. */
export interface MessageType<Message> {
  readonly encode: (message: Message) => Buffer;
  readonly decode: (bytes: Buffer) => Message;
}

function typeOf<Message extends object>(name: string): MessageType<Message> {
  const type = root.lookupType(`tollgate.envoy.${name}`);
  return {
    encode: (message) => Buffer.from(type.encode(message).finish()),
    decode: (bytes) => type.decode(bytes) as unknown as Message,
  };
}

/** 64 bits: a number, or what `long` has made of it. */
export type Integer = number | { toNumber(): number };

export function numberOf(integer: Integer | null | undefined): number {
  if (integer === null || integer === undefined) return 0;
  return typeof integer === 'number' ? integer : integer.toNumber();
}

export interface AddressMessage {
  readonly socket_address?: { readonly address?: string } | null;
}

export interface HeaderValue {
  readonly key: string;
  readonly value: string;
  readonly raw_value?: Uint8Array;
}

export interface HeaderValueOption {
  readonly header: HeaderValue;
  readonly append: { readonly value: boolean };
}

export interface StructMessage {
  readonly fields?: Readonly<Record<string, { readonly string_value?: string; readonly struct_value?: StructMessage }>>;
}

export interface HttpRequestMessage {
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly path: string;
  readonly host: string;
  readonly scheme: string;
  readonly size: Integer;
  readonly header_map?: { readonly headers?: readonly HeaderValue[] } | null;
}

export interface CheckRequestMessage {
  readonly attributes?: {
    readonly source?: { readonly address?: AddressMessage | null } | null;
    readonly request?: { readonly http?: HttpRequestMessage | null } | null;
  } | null;
}

export interface CheckResponseMessage {
  readonly status: { readonly code: number; readonly message?: string };
  readonly denied_response?: {
    readonly status: { readonly code: number };
    readonly headers: readonly HeaderValueOption[];
    readonly body: string;
  };
  readonly ok_response?: {
    readonly headers: readonly HeaderValueOption[];
    readonly headers_to_remove: readonly string[];
    readonly response_headers_to_add: readonly HeaderValueOption[];
    readonly query_parameters_to_remove: readonly string[];
  };
  readonly dynamic_metadata?: StructMessage;
}

export interface DurationMessage {
  readonly seconds: Integer;
  readonly nanos: number;
}

export interface ResponseFlagsMessage {
  readonly [flag: string]: boolean | undefined;
}

export interface AccessLogEntryMessage {
  readonly common_properties?: {
    readonly time_to_first_upstream_tx_byte?: DurationMessage | null;
    readonly time_to_first_upstream_rx_byte?: DurationMessage | null;
    readonly time_to_last_downstream_tx_byte?: DurationMessage | null;
    readonly upstream_remote_address?: AddressMessage | null;
    readonly response_flags?: ResponseFlagsMessage | null;
    readonly metadata?: { readonly filter_metadata?: Readonly<Record<string, StructMessage>> } | null;
    readonly duration?: DurationMessage | null;
    readonly upstream_request_attempt_count?: number;
    readonly intermediate_log_entry?: boolean;
  } | null;
  readonly request?: { readonly request_body_bytes?: Integer } | null;
  readonly response?: {
    readonly response_code?: { readonly value: number } | null;
    readonly response_body_bytes?: Integer;
    readonly response_headers?: Readonly<Record<string, string>>;
  } | null;
}

export interface AccessLogsMessage {
  readonly http_logs?: { readonly log_entry?: readonly AccessLogEntryMessage[] } | null;
}

export const checkRequest = typeOf<CheckRequestMessage>('CheckRequest');
export const checkResponse = typeOf<CheckResponseMessage>('CheckResponse');
export const accessLogs = typeOf<AccessLogsMessage>('StreamAccessLogsMessage');
export const accessLogsResponse = typeOf<object>('StreamAccessLogsResponse');
