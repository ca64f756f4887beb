import type { JsonObject } from '#openapi';
import { objectOf, textOf } from './json-tree.js';

/** What a document is about, before any of it is rendered. */
export interface Outline {
  readonly title: string;
  /** Markdown. */
  readonly description: string;
  readonly operations: readonly { readonly method: string; readonly template: string; readonly summary: string }[];
}

const METHODS = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace'];

export function outlineOf(document: JsonObject): Outline {
  const info = objectOf(document['info']);
  const operations = Object.entries(objectOf(document['paths'])).flatMap(([template, item]) =>
    METHODS.flatMap((method) => {
      const operation = objectOf(item)[method];
      if (operation === undefined) return [];
      const summary = textOf(objectOf(operation)['summary']);
      return [{ method: method.toUpperCase(), template, summary }];
    }),
  );
  return { title: textOf(info['title']), description: textOf(info['description']), operations };
}
