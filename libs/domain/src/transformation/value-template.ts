/** What a template can name, beside the parameters of the path. */
export const TEMPLATE_VARIABLES = ['request.id', 'consumer.id', 'application.id', 'plan', 'mode'] as const;

export type TemplateVariable = (typeof TEMPLATE_VARIABLES)[number];

export type TemplatePart =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'variable'; readonly name: TemplateVariable }
  | { readonly kind: 'path_parameter'; readonly name: string };

const VARIABLE = /\$\{([^{}]*)\}/g;

/** The parts of a text with variables (`${request.id}`, `${path.NAME}`), or what is wrong with it. */
export function parseValueTemplate(text: string): readonly TemplatePart[] | string {
  const parts: TemplatePart[] = [];
  let copied = 0;
  for (const match of text.matchAll(VARIABLE)) {
    if (match.index > copied) parts.push({ kind: 'text', text: text.slice(copied, match.index) });
    const part = variablePart(match[1]!);
    if (part === null) {
      return `there is no variable "${match[0]}": ${TEMPLATE_VARIABLES.join(', ')} and path.NAME can be used`;
    }
    parts.push(part);
    copied = match.index + match[0].length;
  }
  const rest = text.slice(copied);
  if (rest.includes('${')) return 'a variable has no closing brace';
  if (rest !== '') parts.push({ kind: 'text', text: rest });
  return parts;
}

function variablePart(name: string): TemplatePart | null {
  const known = TEMPLATE_VARIABLES.find((variable) => variable === name);
  if (known) return { kind: 'variable', name: known };
  const parameter = name.startsWith('path.') ? name.slice(5) : '';
  return parameter === '' ? null : { kind: 'path_parameter', name: parameter };
}
