import type { CodeOption } from '../components/code-choice.js';
import { slugOf } from '../components/slug-of.js';

const KEY = 'tg_test_…';

/**
 * How common clients are told of an MCP server at `url`, under the portal's name, with a key where theirs is a place for
 * secrets.
 */
export function agentSnippets(url: string, portalName: string): [CodeOption, ...CodeOption[]] {
  // Of a name in other letters nothing may be left.
  const name = slugOf(portalName) || 'portal';
  const keyVariable = `${name.replaceAll('-', '_').toUpperCase()}_KEY`.replace(/^(?=\d)/, '_');
  return [
    {
      name: 'Claude Code',
      code: [
        `claude mcp add --transport http ${name} ${shellQuoted(url)} \\`,
        `  --header 'Authorization: Bearer ${KEY}'`,
      ].join('\n'),
      copyLabel: 'Copy command',
    },
    {
      name: 'VS Code',
      code: json({
        inputs: [{ type: 'promptString', id: `${name}-key`, description: 'API key', password: true }],
        servers: {
          [name]: { type: 'http', url, headers: { Authorization: `Bearer \${input:${name}-key}` } },
        },
      }),
      copyLabel: 'Copy .vscode/mcp.json',
    },
    {
      name: 'Cursor',
      code: json({
        mcpServers: { [name]: { url, headers: { Authorization: `Bearer \${env:${keyVariable}}` } } },
      }),
      copyLabel: 'Copy .cursor/mcp.json',
    },
    {
      name: 'JavaScript',
      code: [
        `import { Client } from '@modelcontextprotocol/sdk/client/index.js';`,
        `import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';`,
        '',
        `const client = new Client({ name: 'my-agent', version: '1.0.0' });`,
        `const headers = { Authorization: \`Bearer \${process.env.${keyVariable}}\` };`,
        `const url = new URL(${JSON.stringify(url)});`,
        'await client.connect(new StreamableHTTPClientTransport(url, { requestInit: { headers } }));',
        'console.log(await client.listTools());',
      ].join('\n'),
      copyLabel: 'Copy code',
    },
    {
      name: 'curl',
      code: [
        `curl ${shellQuoted(url)} \\`,
        `  --header 'content-type: application/json' \\`,
        `  --header 'accept: application/json, text/event-stream' \\`,
        `  --data '{"jsonrpc":"2.0","id":1,"method":"tools/list"}'`,
      ].join('\n'),
      copyLabel: 'Copy command',
    },
  ];
}

function json(value: object): string {
  return JSON.stringify(value, null, 2);
}

function shellQuoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
