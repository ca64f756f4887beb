import fs from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';

interface Operation {
  readonly operationId: string;
  readonly parameters?: readonly { readonly name: string }[];
}

const document = JSON.parse(fs.readFileSync(path.resolve(import.meta.dirname, '../../openapi.json'), 'utf8')) as {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
};

/** Changes that need not say what they are a change of, and why. */
const UNTAGGED: Readonly<Record<string, string>> = {
  renameUser: 'Only a person themselves changes their name.',
  grantStaffRole: 'Gives one role and overwrites nothing: the roles are members of a set.',
  joinPublisherTeam: 'Adds to one team and overwrites nothing: the teams are members of a set.',
};

const operations = Object.values(document.paths).flatMap((item) => Object.entries(item));

it('lets nobody overwrite unseen what somebody else has changed: every change takes If-Match, or there is a reason', () => {
  const changes = operations.filter(([method]) => method === 'put' || method === 'patch');
  const untagged = changes.filter(([, { parameters = [] }]) => !parameters.some(({ name }) => name === 'if-match'));
  expect(untagged.map(([, { operationId }]) => operationId).toSorted()).toEqual(Object.keys(UNTAGGED).toSorted());
});
