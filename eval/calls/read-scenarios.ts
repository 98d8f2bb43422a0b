import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as v from 'valibot';
import { isNode, LineCounter, parseDocument } from 'yaml';
import { Scenario } from './scenario.ts';

/** Scenarios that cannot be used; the message names file, line and field of everything that is wrong. */
export class ScenarioError extends Error {
  override readonly name = 'ScenarioError';
}

/** All scenarios of a folder and the folders in it, by name. */
export async function readScenarios(directory: string): Promise<Scenario[]> {
  const files = await yamlFilesIn(directory);
  if (files.length === 0) throw new ScenarioError(`There is no scenario (*.yaml) in ${directory}.`);
  const problems: string[] = [];
  const scenarios: Scenario[] = [];
  for (const file of files) {
    const read = parseScenario(file, await readFile(file, 'utf8'));
    if ('problems' in read) problems.push(...read.problems);
    else scenarios.push(read.scenario);
  }
  const twice = scenarios.find(({ id }, index) => scenarios.findIndex((other) => other.id === id) < index);
  if (twice !== undefined) problems.push(`${twice.file}: another file has this name; rename one.`);
  if (problems.length > 0) throw new ScenarioError(problems.join('\n'));
  return scenarios;
}

async function yamlFilesIn(directory: string): Promise<string[]> {
  try {
    const names = await readdir(directory, { recursive: true });
    return names
      .filter((name) => /\.ya?ml$/.test(name))
      .sort()
      .map((name) => join(directory, name));
  } catch (cause) {
    throw new ScenarioError(`Cannot read the folder ${directory}. Name one with --scenarios DIR.`, { cause });
  }
}

export function parseScenario(file: string, yaml: string): { scenario: Scenario } | { problems: string[] } {
  const lines = new LineCounter();
  const document = parseDocument(yaml, { lineCounter: lines });
  if (document.errors.length > 0) {
    return {
      problems: document.errors.map(
        ({ pos, message }) => `${file}:${lines.linePos(pos[0]).line}: ${message.split('\n')[0] ?? ''}`,
      ),
    };
  }
  const parsed = v.safeParse(Scenario, document.toJS({ maxAliasCount: 20 }));
  if (parsed.success) {
    const id = (file.split('/').at(-1) ?? file).replace(/\.ya?ml$/, '');
    return { scenario: { ...parsed.output, id, file } };
  }
  return {
    problems: parsed.issues.map((issue) => {
      const path = (issue.path ?? []).map(({ key }) => key);
      return `${file}:${lineOf(path)}: ${v.getDotPath(issue) ?? 'the file'}: ${issue.message}`;
    }),
  };

  /** The line of a field; of a missing one, that of what it is missing in. */
  function lineOf(path: readonly unknown[]): number {
    for (let length = path.length; length > 0; length--) {
      const node = document.getIn(path.slice(0, length), true);
      if (isNode(node) && node.range) return lines.linePos(node.range[0]).line;
    }
    return 1;
  }
}
