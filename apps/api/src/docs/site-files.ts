import type { CatalogProduct } from '#persistence';
import { calledAt } from './called-at.js';
import { plainText } from './html.js';

/** What language models read first (llmstxt.org): the products, and where their documents are. */
export function renderLlmsText(
  products: readonly CatalogProduct[],
  {
    portalName,
    origin,
    gatewayUrl,
  }: { readonly portalName: string; readonly origin: string; readonly gatewayUrl: string },
): string {
  const sections = products.map((product) => {
    const documents = product.apis.flatMap((api) =>
      api.versions.map((version) => {
        const { name, state } = version;
        const document = `${origin}/api/v1/apis/${encodeURIComponent(api.slug)}/versions/${encodeURIComponent(name)}/openapi.json`;
        return `- [${line(api.title)} ${line(name)}](${document}): OpenAPI document${state === 'published' ? '' : `, ${state}`}; called at ${calledAt(gatewayUrl, version)}${versionHint(version)}`;
      }),
    );
    return `## ${line(product.title)}\n\n${line(product.summary)}\n\n${documents.join('\n')}\n`;
  });
  return `# ${line(portalName)}

> A developer portal: API products with plans, keys and usage. Calls go to the gateway with the header \`x-api-key\`.

- [Plans and prices](${origin}/plans.json): every product with its plans, as JSON
- [MCP endpoint](${origin}/mcp): tools for agents that read all of this and call operations with an API key; [how to connect](${origin}/agents)
- [Search](${origin}/api/v1/search?q=): operations and guides by words, as JSON
- [This portal's own API](${origin}/api/openapi.json): sign-up, applications, keys, usage, invoices

${sections.join('\n')}`;
}

function versionHint({ versionHeader }: CatalogProduct['apis'][number]['versions'][number]): string {
  return versionHeader === null ? '' : ` with the header \`${versionHeader.name}: ${versionHeader.value}\``;
}

/** Text of others on one line, without what Markdown would take for a link. */
function line(text: string): string {
  return plainText(text, 300).replace(/[[\]<>]/g, '');
}
