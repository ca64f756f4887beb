import { RequestMethod } from '@nestjs/common';
import { HTTP_CODE_METADATA, METHOD_METADATA, PATH_METADATA } from '@nestjs/common/constants.js';
import { ACCESS, type Access } from '../../../apps/api/src/access/access.js';
import { controllers } from '../../../apps/api/src/controllers.js';

export interface Route {
  readonly method: string;
  /** With `{parameters}`. */
  readonly path: string;
  readonly access: Access | undefined;
  readonly name: string;
  /** True when its result goes through a schema. */
  readonly serializes: boolean;
  /** True when it sends a file, or nothing. */
  readonly answersFile: boolean;
}

/** Every route of the API, from what its controllers declare. */
export const routes: readonly Route[] = controllers.flatMap((controller) => {
  const prefix = (Reflect.getMetadata(PATH_METADATA, controller) as string).replace(/^\/$/, '');
  const prototype = controller.prototype as unknown as Record<string, object>;
  return Object.getOwnPropertyNames(prototype)
    .filter((name) => Reflect.hasMetadata(METHOD_METADATA, prototype[name]!))
    .map((name) => {
      const handler = prototype[name]!;
      const own = Reflect.getMetadata(PATH_METADATA, handler) as string;
      const path = `/${[prefix, own.replace(/^\//, '')].filter(Boolean).join('/')}`;
      return {
        method: RequestMethod[Reflect.getMetadata(METHOD_METADATA, handler) as number]!,
        path: path.replace(/:(\w+)/g, '{$1}'),
        access: (Reflect.getMetadata(ACCESS, handler) ?? Reflect.getMetadata(ACCESS, controller)) as Access | undefined,
        name: `${controller.name}.${name}`,
        serializes: Reflect.hasMetadata('class_serializer:options', handler),
        answersFile:
          Reflect.getMetadata(HTTP_CODE_METADATA, handler) === 204 ||
          Reflect.hasMetadata('swagger/apiProduces', handler),
      };
    });
});
