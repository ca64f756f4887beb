import { ApiProblem } from './api-problem.js';

/** Reads typed query parameters; each throws a 400 that names the parameter and what it accepts. */
export function readInteger(
  query: URLSearchParams,
  name: string,
  bounds: { readonly min: number; readonly max: number; readonly fallback: number },
): number {
  const text = readOnce(query, name);
  if (text === null) return bounds.fallback;
  const value = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
  if (!(value >= bounds.min && value <= bounds.max)) {
    throw invalid(name, `must be a whole number from ${bounds.min} to ${bounds.max}`);
  }
  return value;
}

/** One of `choices`, or `null` when the parameter is not given. */
export function readChoice<Choice extends string>(
  query: URLSearchParams,
  name: string,
  choices: readonly Choice[],
): Choice | null {
  const text = readOnce(query, name);
  if (text === null) return null;
  const choice = choices.find((candidate) => candidate.toLowerCase() === text.toLowerCase());
  if (choice === undefined) throw invalid(name, `must be one of ${choices.join(', ')}`);
  return choice;
}

/** A text that matches `pattern`, or `null` when the parameter is not given. */
export function readText(query: URLSearchParams, name: string, pattern: RegExp, expectation: string): string | null {
  const text = readOnce(query, name);
  if (text !== null && !pattern.test(text)) throw invalid(name, `must be ${expectation}`);
  return text;
}

/** As `readText`, for a parameter that must be given. */
export function readRequiredText(query: URLSearchParams, name: string, pattern: RegExp, expectation: string): string {
  const text = readText(query, name, pattern, expectation);
  if (text === null) throw invalid(name, `is required: give ${expectation}`);
  return text;
}

/** `true`, `false`, or `null` when the parameter is not given. */
export function readFlag(query: URLSearchParams, name: string): boolean | null {
  const choice = readChoice(query, name, ['true', 'false']);
  return choice === null ? null : choice === 'true';
}

function readOnce(query: URLSearchParams, name: string): string | null {
  const values = query.getAll(name);
  if (values.length > 1) throw invalid(name, 'must be given once');
  return values[0] ?? null;
}

/** The 400 for one parameter. */
export function invalid(parameter: string, message: string): ApiProblem {
  const detail = `The parameter "${parameter}" ${message}.`;
  return new ApiProblem(400, 'invalid_parameter', detail, [{ parameter, message }]);
}
