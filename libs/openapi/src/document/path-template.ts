const PARAMETER = /\{([^{}]*)\}/g;

/**
 * What is wrong with an OpenAPI path template, as the end of a sentence; `null` if nothing is. A template begins with
 * a slash, holds no query, fragment, white space, backslash or empty or dot segment, and names each parameter once.
 */
export function pathTemplateFault(template: string): string | null {
  if (!template.startsWith('/')) return 'must begin with "/"';
  if (/[?#]/.test(template)) return 'must not contain "?" or "#": describe queries as parameters';
  if (/[\p{Cc}\s\\]/u.test(template)) return 'must not contain white space, control characters or backslashes';
  const names = [...template.matchAll(PARAMETER)].map((match) => match[1] ?? '');
  if (/[{}]/.test(template.replace(PARAMETER, ''))) return 'has a brace without its partner';
  const faultyName = names.find((name) => name === '' || name.includes('/'));
  if (faultyName !== undefined) return `has a parameter with the unusable name "${faultyName}"`;
  const repeated = names.find((name, index) => names.indexOf(name) !== index);
  if (repeated !== undefined) return `names the parameter "${repeated}" twice`;
  const segments = template.slice(1).split('/');
  const last = segments.length - 1;
  if (segments.some((segment, index) => segment === '' && index !== last)) return 'has an empty segment ("//")';
  if (segments.some((segment) => /^(\.|%2e){1,2}$/i.test(segment))) return 'has a "." or ".." segment';
  return null;
}

/** The same for every template that matches the same requests: parameter names do not matter. */
export function pathTemplateShape(template: string): string {
  return template.replace(PARAMETER, '{}');
}
