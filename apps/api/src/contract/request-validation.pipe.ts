import { NotFoundError } from '#domain';
import { type ArgumentMetadata, Injectable, type PipeTransform } from '@nestjs/common';
import { unstorableTextIn } from './unstorable-text.js';
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
    const issues = result.issues ?? unstorableTextIn(result.value);
    if (!result.issues && issues.length === 0) return result.value;
    if (type === 'param') throw new NotFoundError(nounOf(data));
    throw new RequestInvalidError(
      issues.flatMap((issue): RequestFault[] => {
        const path = [type, ...keysOf(issue.path)];
        const unknown = unknownFieldsOf(issue);
        if (unknown.length === 0) return [{ path: path.join('.'), message: issue.message }];
        return unknown.map((key) => ({ path: [...path, key].join('.'), message: 'there is no such field' }));
      }),
    );
  }
}

/** Zod gives the fields that it does not know in one issue of what they are in. */
function unknownFieldsOf(issue: object): readonly string[] {
  return 'code' in issue && issue.code === 'unrecognized_keys' && 'keys' in issue ? (issue.keys as string[]) : [];
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
