import { describe, expect, it } from 'vitest';
import { QuestionsTogether } from './questions-together.js';

const bounds = { mostInOneCall: 3, mostCalls: 1 };

describe('questions together', () => {
  it('are those of one turn, in their order, and not more than may be in one call', async () => {
    const calls: (readonly number[])[] = [];
    const together = new QuestionsTogether(async (questions: readonly number[]) => {
      calls.push(questions);
      return questions.map((question) => question * 10);
    }, bounds);
    expect(await Promise.all([1, 2, 3, 4].map((question) => together.ask(question)))).toEqual([10, 20, 30, 40]);
    expect(calls).toEqual([[1, 2, 3], [4]]);
  });

  it('are those that came while an answer was on its way', async () => {
    const calls: (readonly string[])[] = [];
    const first = Promise.withResolvers<void>();
    const together = new QuestionsTogether(async (questions: readonly string[]) => {
      calls.push(questions);
      if (calls.length === 1) await first.promise;
      return questions;
    }, bounds);
    const answers = [together.ask('a')];
    await turn();
    answers.push(together.ask('b'));
    await turn();
    answers.push(together.ask('c'));
    await turn();
    expect(calls).toEqual([['a']]);
    first.resolve();
    expect(await Promise.all(answers)).toEqual(['a', 'b', 'c']);
    expect(calls).toEqual([['a'], ['b', 'c']]);
  });

  it('of one call fail together, and the next ones are asked', async () => {
    let isDown = true;
    const together = new QuestionsTogether(async (questions: readonly string[]) => {
      if (isDown) throw new Error('down');
      return questions;
    }, bounds);
    const failed = await Promise.allSettled([together.ask('a'), together.ask('b')]);
    expect(failed.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    isDown = false;
    expect(await together.ask('c')).toBe('c');
  });
});

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
