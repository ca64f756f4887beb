import { expect, it } from 'vitest';
import { agentSnippets } from './agent-snippets.js';

const codesOf = (portalName: string) =>
  Object.fromEntries(agentSnippets('https://sky.test/mcp', portalName).map(({ name, code }) => [name, code]));

it('tells clients of the portal under its own name', () => {
  const codes = codesOf('Sky & Co Developers');
  expect(codes['Claude Code']).toContain("claude mcp add --transport http sky-co-developers 'https://sky.test/mcp'");
  expect(JSON.parse(codes['VS Code']!)).toEqual({
    inputs: [{ type: 'promptString', id: 'sky-co-developers-key', description: 'API key', password: true }],
    servers: {
      'sky-co-developers': {
        type: 'http',
        url: 'https://sky.test/mcp',
        headers: { Authorization: 'Bearer ${input:sky-co-developers-key}' },
      },
    },
  });
  expect(codes['Cursor']).toContain('Bearer ${env:SKY_CO_DEVELOPERS_KEY}');
  expect(codes['JavaScript']).toContain('`Bearer ${process.env.SKY_CO_DEVELOPERS_KEY}`');
  expect(Object.values(codes).join()).not.toMatch(/tollgate/i);
});

it('has a name for programs where the portal’s is in other letters, or begins with a digit', () => {
  expect(codesOf('天気')['Cursor']).toContain('${env:PORTAL_KEY}');
  expect(codesOf('42 APIs')['JavaScript']).toContain('process.env._42_APIS_KEY');
});
