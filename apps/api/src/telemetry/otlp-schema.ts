import { type DescMessage, create, createFileRegistry } from '@bufbuild/protobuf';
import {
  type DescriptorProto,
  DescriptorProtoSchema,
  FieldDescriptorProtoSchema,
  FieldDescriptorProto_Label as Label,
  FieldDescriptorProto_Type as Type,
  FileDescriptorProtoSchema,
  OneofDescriptorProtoSchema,
} from '@bufbuild/protobuf/wkt';

type Scalar = 'string' | 'bool' | 'int32' | 'uint32' | 'int64' | 'fixed64' | 'sfixed64' | 'double' | 'bytes';

/** A field: its number and its type, a scalar or a message of this table. */
interface Field {
  readonly number: number;
  readonly type: string;
  readonly isList?: boolean;
  /** One of several of which only one is there. */
  readonly oneof?: string;
}

const one = (number: number, type: string): Field => ({ number, type });
const many = (number: number, type: string): Field => ({ number, type, isList: true });
const either = (number: number, type: string, oneof: string): Field => ({ number, type, oneof });

/**
 * The messages of OTLP 1.x (opentelemetry-proto: logs, metrics and their collector services; google.rpc.Status) as far as they are read
 * or written here. What is not in the table is skipped, as the protocol wants it of fields that are not known.
 */
const MESSAGES: Readonly<Record<string, Readonly<Record<string, Field>>>> = {
  ExportLogsServiceRequest: { resource_logs: many(1, 'ResourceLogs') },
  ResourceLogs: { resource: one(1, 'Resource'), scope_logs: many(2, 'ScopeLogs') },
  ScopeLogs: { scope: one(1, 'InstrumentationScope'), log_records: many(2, 'LogRecord') },
  LogRecord: {
    time_unix_nano: one(1, 'fixed64'),
    attributes: many(6, 'KeyValue'),
    observed_time_unix_nano: one(11, 'fixed64'),
    event_name: one(12, 'string'),
  },
  ExportMetricsServiceRequest: { resource_metrics: many(1, 'ResourceMetrics') },
  ResourceMetrics: { resource: one(1, 'Resource'), scope_metrics: many(2, 'ScopeMetrics') },
  ScopeMetrics: { scope: one(1, 'InstrumentationScope'), metrics: many(2, 'Metric') },
  Metric: {
    name: one(1, 'string'),
    unit: one(3, 'string'),
    gauge: either(5, 'OtherPoints', 'data'),
    sum: either(7, 'Sum', 'data'),
    histogram: either(9, 'OtherPoints', 'data'),
    exponential_histogram: either(10, 'OtherPoints', 'data'),
    summary: either(11, 'OtherPoints', 'data'),
  },
  Sum: {
    data_points: many(1, 'NumberDataPoint'),
    aggregation_temporality: one(2, 'int32'),
    is_monotonic: one(3, 'bool'),
  },
  NumberDataPoint: {
    start_time_unix_nano: one(2, 'fixed64'),
    time_unix_nano: one(3, 'fixed64'),
    as_double: either(4, 'double', 'value'),
    as_int: either(6, 'sfixed64', 'value'),
    attributes: many(7, 'KeyValue'),
    flags: one(8, 'uint32'),
  },
  /** Gauges, histograms and summaries are refused, so their points are only counted. */
  OtherPoints: { data_points: many(1, 'OtherPoint') },
  OtherPoint: {},
  Resource: { attributes: many(1, 'KeyValue') },
  InstrumentationScope: { name: one(1, 'string'), version: one(2, 'string'), attributes: many(3, 'KeyValue') },
  KeyValue: { key: one(1, 'string'), value: one(2, 'AnyValue') },
  AnyValue: {
    string_value: either(1, 'string', 'value'),
    bool_value: either(2, 'bool', 'value'),
    int_value: either(3, 'int64', 'value'),
    double_value: either(4, 'double', 'value'),
    array_value: either(5, 'ArrayValue', 'value'),
    kvlist_value: either(6, 'KeyValueList', 'value'),
    bytes_value: either(7, 'bytes', 'value'),
  },
  ArrayValue: { values: many(1, 'AnyValue') },
  KeyValueList: { values: many(1, 'KeyValue') },
  ExportLogsServiceResponse: { partial_success: one(1, 'LogsPartialSuccess') },
  LogsPartialSuccess: { rejected_log_records: one(1, 'int64'), error_message: one(2, 'string') },
  ExportMetricsServiceResponse: { partial_success: one(1, 'MetricsPartialSuccess') },
  MetricsPartialSuccess: { rejected_data_points: one(1, 'int64'), error_message: one(2, 'string') },
  Status: { code: one(1, 'int32'), message: one(2, 'string') },
};

const SCALARS: Readonly<Record<Scalar, Type>> = {
  string: Type.STRING,
  bool: Type.BOOL,
  int32: Type.INT32,
  uint32: Type.UINT32,
  int64: Type.INT64,
  fixed64: Type.FIXED64,
  sfixed64: Type.SFIXED64,
  double: Type.DOUBLE,
  bytes: Type.BYTES,
};

const registry = createFileRegistry(
  create(FileDescriptorProtoSchema, {
    name: 'otlp.proto',
    syntax: 'proto3',
    messageType: Object.entries(MESSAGES).map(([name, fields]) => messageOf(name, fields)),
  }),
  () => undefined,
);

/** A message of the table, for `@bufbuild/protobuf` to read and write. */
export function otlpMessage(name: string): DescMessage {
  const message = registry.getMessage(name);
  if (!message) throw new Error(`${name} is not in the table`);
  return message;
}

function messageOf(name: string, fields: Readonly<Record<string, Field>>): DescriptorProto {
  const oneofs = [...new Set(Object.values(fields).flatMap(({ oneof }) => oneof ?? []))];
  return create(DescriptorProtoSchema, {
    name,
    oneofDecl: oneofs.map((each) => create(OneofDescriptorProtoSchema, { name: each })),
    field: Object.entries(fields).map(([field, { number, type, isList, oneof }]) =>
      create(FieldDescriptorProtoSchema, {
        name: field,
        jsonName: field.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase()),
        number,
        label: isList ? Label.REPEATED : Label.OPTIONAL,
        ...(type in SCALARS ? { type: SCALARS[type as Scalar] } : { type: Type.MESSAGE, typeName: `.${type}` }),
        ...(oneof !== undefined && { oneofIndex: oneofs.indexOf(oneof) }),
      }),
    ),
  });
}
