import { invalidRequest } from './stripe-fault.js';

/** What a field that can be searched holds. */
type Held = boolean | number | string | null | undefined;

type Kind = 'numeric' | 'string' | 'token';
/** The fields that can be searched, by what they are: tokens are compared whole, strings also by a part. */
export type SearchFields = Readonly<Record<string, Kind>>;
/** Whether an object is what was searched for. */
export type Matches = (object: object) => boolean;

const clause = /^(-)?(\w+)(?:\["([^"]+)"\])?(:|~|<=|>=|<|>)("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|[\w.-]+)/;
const longestQuery = 500;
const mostClauses = 10;

/**
 * Reads a query of Stripe's search language: clauses of `field:value`, `field~part`, or comparisons of numbers, each negated by
 * a minus, all joined by AND (or a space) or all by OR.
 */
export function parseSearch(query: string, fields: SearchFields): Matches {
  if (query.length > longestQuery) throw refused(`The query can have at most ${longestQuery} characters.`);
  const tests: Matches[] = [];
  const joins = new Set<string>();
  let rest = query.trim();
  while (rest !== '') {
    const found = clause.exec(rest);
    if (found === null) throw refused(`The query is not understood from "${rest.slice(0, 40)}" on.`);
    tests.push(testOf(found, fields));
    rest = rest.slice(found[0].length);
    const join = /^\s+(?:(AND|OR)\s+)?(?=\S)/i.exec(rest);
    if (join === null && rest.trim() !== '')
      throw refused(`The query is not understood from "${rest.slice(0, 40)}" on.`);
    if (join) joins.add((join[1] ?? 'AND').toUpperCase());
    rest = join ? rest.slice(join[0].length) : '';
  }
  if (tests.length === 0) throw refused('The query is empty.');
  if (tests.length > mostClauses) throw refused(`A query can have at most ${mostClauses} clauses.`);
  if (joins.size > 1) throw refused('AND and OR cannot be in one query.');
  return (object) => (joins.has('OR') ? tests.some((test) => test(object)) : tests.every((test) => test(object)));
}

function testOf([, minus, field = '', key, operator = '', raw = '']: RegExpExecArray, fields: SearchFields): Matches {
  const kind = field === 'metadata' ? 'string' : Object.hasOwn(fields, field) ? fields[field]! : undefined;
  if (kind === undefined || (field === 'metadata') !== (key !== undefined)) {
    const known = [...Object.keys(fields), 'metadata["key"]'].join(', ');
    throw refused(`The field ${field} cannot be searched. These can: ${known}.`);
  }
  if (/^[<>]/.test(operator) && kind !== 'numeric') throw refused(`The field ${field} has no order.`);
  if (operator === '~' && kind !== 'string') throw refused(`The field ${field} cannot be searched by a part.`);
  const isNull = raw === 'null';
  const value = raw.replaceAll(/^["']|["']$/g, '').replaceAll(/\\(.)/g, '$1');
  if (operator === '~' && value.length < 3) throw refused('A part must have at least three characters.');
  if (kind === 'numeric' && !isNull && !/^-?\d+(\.\d+)?$/.test(value)) throw refused(`${field} needs a number.`);
  const test = (object: object): boolean => {
    const own = (object as Record<string, Held | Record<string, Held>>)[field];
    const held = key === undefined ? (own as Held) : (own as Record<string, Held>)[key];
    if (isNull) return held === null || held === undefined;
    if (held === null || held === undefined) return false;
    if (kind === 'numeric') return compare(Number(held), operator, Number(value));
    const [text, sought] = [String(held).toLowerCase(), value.toLowerCase()];
    return operator === '~' ? text.includes(sought) : text === sought;
  };
  return minus === undefined ? test : (object) => !test(object);
}

function compare(held: number, operator: string, value: number): boolean {
  switch (operator) {
    case '<':
      return held < value;
    case '<=':
      return held <= value;
    case '>':
      return held > value;
    case '>=':
      return held >= value;
    default:
      return held === value;
  }
}

function refused(message: string): Error {
  return invalidRequest(message, 'query');
}
