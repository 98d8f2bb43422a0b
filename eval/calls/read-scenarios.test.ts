import { expect, test } from 'vitest';
import { parseScenario, readScenarios } from './read-scenarios.ts';

const good = `about: A test.
playbook: roofing
persona: terse
caller:
  opening: hello
  wants: nothing
expect:
  outcome: incomplete
`;

const problemsOf = (yaml: string) => {
  const read = parseScenario('folder/a.yaml', yaml);
  return 'problems' in read ? read.problems : [];
};

test('a scenario is named by its file and filled up', () => {
  const read = parseScenario('folder/some-call.yaml', good);
  expect(read).toMatchObject({
    scenario: { id: 'some-call', seeds: 3, typed: false, caller: { opening: ['hello'] }, expect: { withinTurns: 30 } },
  });
});

test.each([
  ['an unknown persona', good.replace('terse', 'grumpy'), /^folder\/a\.yaml:3: persona: .*"grumpy"/],
  ['a misspelt field', good.replace('opening', 'openning'), /^folder\/a\.yaml:5: caller\.openning: /],
  ['a field that is missing', good.replace('  outcome: incomplete\n', '  withinTurns: 3\n'), /: expect\.outcome: /],
  ['a move that does nothing', `${good}moves:\n  - { at: size }\n`, /^folder\/a\.yaml:10: moves\.0: A move needs/],
  ['text that is no YAML', 'about: [', /^folder\/a\.yaml:1: /],
  ['a number instead of a file', '42', /^folder\/a\.yaml:1: the file: /],
])('%s is told with its line', (_, yaml, message) => {
  expect(problemsOf(yaml).join('\n')).toMatch(message);
});

test('a folder that is not there is told, and what to do', async () => {
  await expect(readScenarios('/nowhere/at/all')).rejects.toThrow('Name one with --scenarios DIR.');
});
