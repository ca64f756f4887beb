import { type DescField, type DescMessage, ScalarType } from '@bufbuild/protobuf';

/** Fields from the outside in; each but the last holds one message. */
export type FieldPath = readonly DescField[];

/** Messages whose JSON is a text. */
const AS_TEXT = new Set([
  'google.protobuf.Timestamp',
  'google.protobuf.Duration',
  'google.protobuf.FieldMask',
  'google.protobuf.Value',
]);

/** The field that is called so, in the .proto file or in JSON. */
export function fieldNamed(message: DescMessage, name: string): DescField | undefined {
  return message.fields.find((field) => field.name === name || field.jsonName === name);
}

/** The fields of a dotted path; what is wrong with it where there are none. */
export function fieldPathIn(message: DescMessage, path: string): FieldPath | string {
  const fields: DescField[] = [];
  let holder: DescMessage | null = message;
  for (const name of path.split('.')) {
    const field: DescField | undefined = holder === null ? undefined : fieldNamed(holder, name);
    if (field === undefined) return `${message.typeName} has no field "${path}"`;
    fields.push(field);
    holder = field.fieldKind === 'message' ? field.message : null;
  }
  return fields;
}

/** What a field of a path or query is, when it can be none; null when it can. */
export function parameterFault(path: FieldPath): string | null {
  const last = path.at(-1)!;
  if (last.fieldKind === 'map') return `the field "${last.name}" is a map, which a parameter cannot be`;
  const { message } = last;
  if (message === undefined || AS_TEXT.has(message.typeName) || wrappedIn(message) !== undefined) return null;
  return `the field "${last.name}" is a ${message.typeName}, which a parameter cannot be: name a field of it`;
}

/** JSON with the values of a parameter at its path; what is wrong with them where it is a text. */
export function jsonAt(path: FieldPath, texts: readonly string[]): object | string {
  const last = path.at(-1)!;
  if (last.fieldKind !== 'list' && texts.length > 1) return 'expected one value';
  const values = texts.map((text) => jsonOf(last, text));
  if (values.includes(undefined)) return 'expected true or false';
  let json: unknown = last.fieldKind === 'list' ? values : values[0];
  for (const field of path.toReversed()) json = { [field.jsonName]: json };
  return json as object;
}

/** The text of a parameter as JSON, which takes numbers in quotes but not truth values; `undefined` for what is none of these. */
function jsonOf(field: DescField, text: string): unknown {
  const scalar = field.scalar ?? (field.message && wrappedIn(field.message));
  if (scalar === ScalarType.BOOL) return text === 'true' ? true : text === 'false' ? false : undefined;
  return field.enum !== undefined && /^-?\d{1,10}$/.test(text) ? Number(text) : text;
}

/** What a wrapper (google/protobuf/wrappers.proto) holds. */
function wrappedIn({ typeName, fields }: DescMessage): ScalarType | undefined {
  return /^google\.protobuf\.[A-Za-z0-9]+Value$/.test(typeName) && fields.length === 1 ? fields[0]!.scalar : undefined;
}
