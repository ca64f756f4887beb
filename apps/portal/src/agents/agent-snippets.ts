import type { CodeOption } from '../components/code-choice.js';

const NAME = 'tollgate';
const KEY = 'tg_test_…';

/** How common clients are told of an MCP server at `url`, with a key where theirs is a place for secrets. */
export function agentSnippets(url: string): [CodeOption, ...CodeOption[]] {
  return [
    {
      name: 'Claude Code',
      code: [
        `claude mcp add --transport http ${NAME} ${shellQuoted(url)} \\`,
        `  --header 'Authorization: Bearer ${KEY}'`,
      ].join('\n'),
      copyLabel: 'Copy command',
    },
    {
      name: 'VS Code',
      code: json({
        inputs: [{ type: 'promptString', id: 'tollgate-key', description: 'API key', password: true }],
        servers: {
          [NAME]: { type: 'http', url, headers: { Authorization: 'Bearer ${input:tollgate-key}' } },
        },
      }),
      copyLabel: 'Copy .vscode/mcp.json',
    },
    {
      name: 'Cursor',
      code: json({
        mcpServers: { [NAME]: { url, headers: { Authorization: 'Bearer ${env:TOLLGATE_KEY}' } } },
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
        `const headers = { Authorization: \`Bearer \${process.env.TOLLGATE_KEY}\` };`,
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
