import type { PathChange } from '#domain';
import { canonicalPath } from '../routing/canonical-path.js';
import { ValueTemplate, type Variables } from './variables.js';

/** A change of the path that the upstream is asked for, made once for each operation. */
export class PathRewrite {
  private readonly stripPrefix: string | null;
  private readonly template: ValueTemplate | null;

  constructor({ stripPrefix, rewrite }: PathChange) {
    this.stripPrefix = stripPrefix === undefined ? null : canonicalPath(stripPrefix);
    this.template = rewrite === undefined ? null : new ValueTemplate(rewrite);
  }

  /**
   * Changes a path that is relative to the version's base path. The result is canonical again: it begins with a slash and
   * has no dot segments, so that it stays below the upstream's own prefix.
   */
  applyTo(path: string, variables: Variables): string {
    if (this.template !== null) return canonicalPath(this.template.render(variables, 'as_in_path')) ?? path;
    const { stripPrefix } = this;
    if (stripPrefix === null || !path.startsWith(stripPrefix)) return path;
    if (path.length === stripPrefix.length) return '/';
    return path.charCodeAt(stripPrefix.length) === 47 ? path.slice(stripPrefix.length) : path;
  }
}
