import { linearPattern } from '#openapi';
import { slugOf } from '#domain';
import { shown } from '../import-report.js';
import { InputPart } from '../input-part.js';

/** Which paths an alternative is for. */
export interface UriMatch {
  /** Without a slash at its end, but for the root. */
  readonly path: string;
  readonly isExact: boolean;
}

/** One alternative of a match. */
export interface IstioMatch {
  /** Null for every path. */
  readonly uri: UriMatch | null;
  /** As a rule of traffic has it; empty when every call matches. */
  readonly conditions: Readonly<Record<string, unknown>>;
}

export interface MatchOptions {
  /** Slug of the organization that the applications of sourceLabels are of; default: one named as the application. */
  readonly organization: string | undefined;
}

const APP_LABELS = ['app', 'app.kubernetes.io/name'];
const BASE_PATH = /^\/([A-Za-z0-9._~-]+(\/[A-Za-z0-9._~-]+)*)?$/;
const NOT_MATCHED = ['method', 'port', 'authority', 'scheme', 'queryParams', 'gateways', 'sourceNamespace'];

/** An alternative of a route; null for one that would match more without what cannot be carried over, which is told. */
export function readMatch(part: InputPart, options: MatchOptions): IstioMatch | null {
  const { report } = part;
  const leaveOut = (key: string, why: string): null => {
    report.leftOut(part.at(key), `${why} The alternative is left out, as it would match more without it.`);
    return null;
  };
  part.ignore('name', 'statPrefix', 'ignoreUriCase');
  const unmatched = NOT_MATCHED.filter((key) => part.any(key) !== undefined);
  const uri = part.part('uri');
  const place = uri === undefined ? null : uriOf(uri);
  const headers = { ...headersIn(part, 'headers'), ...headersIn(part, 'withoutHeaders') };
  const labels = part.part('sourceLabels');
  const applications = labels === undefined ? [] : applicationsOf(labels, options);
  part.leaveRest();
  if (place === 'none')
    return leaveOut('uri', 'a path is exact or prefix, of letters, digits and . _ ~ - between slashes.');
  if (unmatched.length > 0) return leaveOut(unmatched[0]!, `calls are not told apart by ${unmatched.join(' and ')}.`);
  if (applications === null)
    return leaveOut('sourceLabels', 'of the labels only app is known: it is the name of an application.');
  if (Object.values(headers).includes(null)) return null;
  return {
    uri: place,
    conditions: {
      ...(Object.keys(headers).length > 0 && { headers }),
      ...(applications.length > 0 && { applications }),
    },
  };
}

function uriOf(uri: InputPart): UriMatch | 'none' {
  const [exact, prefix] = [uri.text('exact'), uri.text('prefix')];
  const text = exact ?? prefix;
  if (text === undefined || uri.any('regex') !== undefined) return 'none';
  const path = text.replace(/\/+$/, '') || '/';
  if (!BASE_PATH.test(path)) return 'none';
  if (exact === undefined && path !== '/')
    uri.report.changed(uri.place, `${shown(text)}: paths are matched by whole segments, not ${path}-and-more.`);
  return { path, isExact: exact !== undefined };
}

/** Matches by field; null for one that cannot be, which is told. */
function headersIn(part: InputPart, key: 'headers' | 'withoutHeaders'): Record<string, object | null> {
  const fields = part.part(key);
  if (!fields) return {};
  return Object.fromEntries(
    fields.entries().map(([name, value]) => {
      const match = InputPart.of(value ?? {}, fields.at(name), part.report);
      return [name, key === 'headers' ? headerMatch(match) : absence(match)];
    }),
  );
}

function headerMatch(part: InputPart): object | null {
  const [exact, prefix, regex] = [part.text('exact'), part.text('prefix'), part.text('regex')];
  part.leaveRest();
  if (exact !== undefined) return { exact };
  if (prefix !== undefined) return prefix === '' ? { present: true } : { prefix };
  if (regex === undefined) return { present: true };
  if (linearPattern(regex) !== null && regex !== '') return { regex };
  part.report.leftOut(
    part.place,
    'a pattern that is not of RE2. The alternative is left out, as it would match more without it.',
  );
  return null;
}

function absence(part: InputPart): object | null {
  if (part.entries().length === 0) return { present: false };
  part.report.leftOut(
    part.place,
    'a field is absent or not. The alternative is left out, as it would match more without it.',
  );
  return null;
}

/** Null for labels that no application can have. */
function applicationsOf(labels: InputPart, { organization }: MatchOptions): readonly string[] | null {
  const entries = labels.entries();
  if (!entries.every(([key]) => APP_LABELS.includes(key))) return null;
  const names = [...new Set(entries.map(([key]) => labels.text(key) ?? ''))];
  if (names.length !== 1 || names[0]!.trim() === '') return null;
  const application = names[0]!.trim();
  const owner = organization ?? slugOf(application);
  labels.report.toDo(
    labels.place,
    `there is no mesh that vouches for workloads here: calls with a key of the application ${shown(application)} of the organization ${shown(owner)} match. ` +
      `Make it with "tollgate keys create --application ${shown(application)} --organization ${shown(owner)} --plan PRODUCT/PLAN".`,
  );
  return [`${owner}/${application}`];
}
