import { NotFoundError } from '#domain';
import { type ArgumentMetadata, Injectable, type PipeTransform } from '@nestjs/common';
import { type RequestFault, RequestInvalidError } from '../problem/request-error.js';

/**
 * Parses each part of a request by the schema that its handler names. A path that does not fit names nothing that
 * exists, so it answers as an unknown id does. A part without a schema is refused: nothing reaches a handler unchecked.
 */
@Injectable()
export class RequestValidationPipe implements PipeTransform {
  async transform(value: unknown, { type, schema, data }: ArgumentMetadata): Promise<unknown> {
    if (type === 'custom') return value;
    if (!schema) throw new Error(`the ${type} ${data ?? ''} of a route has no schema`);
    const result = await schema['~standard'].validate(value);
    if (!result.issues) return result.value;
    if (type === 'param') throw new NotFoundError(nounOf(data));
    throw new RequestInvalidError(
      result.issues.map((issue): RequestFault => ({
        path: [type, ...keysOf(issue.path)].join('.'),
        message: issue.message,
      })),
    );
  }
}

type IssuePath = readonly (PropertyKey | { readonly key: PropertyKey })[];

function keysOf(path: IssuePath = []): string[] {
  return path.map((segment) => String(typeof segment === 'object' ? segment.key : segment));
}

/** "applicationId" names an application, "slug" just a thing. */
function nounOf(parameter: string | undefined): string {
  return (
    /^(\w+)Id$/.exec(parameter ?? '')?.[1]?.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`) ?? 'resource'
  );
}
