import { type TemplatePart, type TemplateVariable, parseValueTemplate } from '#domain';
import type { Exchange } from '../exchange.js';

/** What the templates of one request can name. */
export interface Variables extends Readonly<Record<TemplateVariable, string>> {
  /** As they are in the canonical path. */
  readonly pathParameters: ReadonlyMap<string, string>;
}

/** The variables of an admitted request. */
export function variablesOf({ requestId, account, operation, path }: Exchange): Variables {
  const { application, terms, mode } = account!;
  const { version, pathParameters } = operation!;
  return {
    'request.id': requestId,
    'consumer.id': application.organizationId,
    'application.id': application.id,
    plan: terms === null ? 'test' : terms.planSlug,
    mode,
    pathParameters: pathParameters.valuesIn(version.basePath === '/' ? path : path.slice(version.basePath.length)),
  };
}

/** How the value of a path parameter is written where it is put. */
export type ParameterForm = 'as_in_path' | 'decoded';

/** A text with variables, taken apart once. */
export class ValueTemplate {
  private readonly parts: readonly TemplatePart[];

  /** @throws TypeError for what `parseValueTemplate` objects to. */
  constructor(text: string) {
    const parts = parseValueTemplate(text);
    if (typeof parts === 'string') throw new TypeError(parts);
    this.parts = parts;
  }

  /** Parameters that the path does not have are empty. */
  render(variables: Variables, form: ParameterForm): string {
    let text = '';
    for (const part of this.parts) {
      switch (part.kind) {
        case 'text':
          text += part.text;
          break;
        case 'variable':
          text += variables[part.name];
          break;
        case 'path_parameter':
          text += inForm(variables.pathParameters.get(part.name) ?? '', form);
      }
    }
    return text;
  }
}

/** A canonical path is valid UTF-8, so that decoding cannot fail. */
function inForm(value: string, form: ParameterForm): string {
  return form === 'decoded' ? decodeURIComponent(value) : value;
}
