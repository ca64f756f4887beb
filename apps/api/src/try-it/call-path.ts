import { InvalidError } from '#domain';

const VISIBLE = /^[!-~]*$/;

/**
 * The path and query of a call in the one form in which they are sent on: exactly what was given. Whatever another reader
 * could take for something else is refused: another host, dot segments (encoded ones too), backslashes, a fragment, raw
 * characters that no address has.
 * @throws InvalidError `path_not_canonical`
 */
export function canonicalCallPath(path: string): string {
  const isOne = VISIBLE.test(path) && path.startsWith('/') && !path.startsWith('//') && !/[\\#]/.test(path);
  const url = isOne ? URL.parse(path, 'http://gateway.invalid') : null;
  if (url?.host === 'gateway.invalid' && url.pathname + url.search === path) return path;
  throw new InvalidError(
    'path_not_canonical',
    'path: expected what follows the API’s base path, such as "/countries/NZ?limit=2": it begins with one slash, has no host, ' +
      'no "." or ".." as a segment and no fragment, and other characters are percent-encoded.',
  );
}
