import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { parseBundle } from '../../dialogue/playbook/bundle.ts';
import { main } from './main.ts';

// Compiling trains a classifier: a second, more on a busy machine.
vi.setConfig({ testTimeout: 60_000 });

const demo = fileURLToPath(new URL('../../demo/playbook', import.meta.url));
let folder = '';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'playbook-'));
  await cp(demo, join(folder, 'bad'), { recursive: true });
  const file = join(folder, 'bad', 'knowledge.yaml');
  await writeFile(file, (await readFile(file, 'utf8')).replace('    says:', '    sayz:'));
});
afterAll(() => rm(folder, { recursive: true }));

async function run(...args: string[]) {
  const out: string[] = [];
  const errors: string[] = [];
  const code = await main(
    args,
    (line) => out.push(line),
    (line) => errors.push(line),
  );
  return { code, out: out.join('\n'), errors };
}

test('check says that a good playbook is good', async () => {
  const { code, out, errors } = await run('check', demo);
  expect({ code, errors }).toEqual({ code: 0, errors: [] });
  expect(out).toMatch(/^Ridgeline Roofing: \d+ facts, 4 questions, 2 objections, [0-9a-f]{64}$/);
});

test('check names file, line and field of a mistake, one a line', async () => {
  const { code, errors } = await run('check', join(folder, 'bad'));
  expect(code).toBe(1);
  expect(errors).toEqual([
    `${join(folder, 'bad', 'knowledge.yaml')}:11: facts[0].sayz: Unknown field "sayz". (did you mean "says"?)`,
  ]);
});

test('compile writes a bundle that parses', async () => {
  const file = join(folder, 'bundle.json');
  expect((await run('compile', demo, '--out', file)).code).toBe(0);
  const json: unknown = JSON.parse(await readFile(file, 'utf8'));
  expect((await parseBundle(json)).business.id).toBe('ridgeline-roofing');
});

test('show prints what the agent says', async () => {
  const { out } = await run('show', demo);
  expect(out).toContain('warranty: Every new roof has a 10-year warranty on our work.');
  expect(out).toContain('see-you: We look forward to seeing you.');
});

test.each([
  [[]],
  [['check']],
  [['frobnicate', demo]],
  [['check', demo, '--nope']],
  [['diff', demo]],
  [['schema', demo]],
])('wrong arguments %j print the usage', async (args) => {
  const { code, errors } = await run(...args);
  expect(code).toBe(2);
  expect(errors.join('\n')).toContain('Usage:');
});

test('a folder without playbook files is said so', async () => {
  expect(await run('check', folder)).toMatchObject({ code: 2, errors: [`There is no .yaml file in ${folder}.`] });
});

test('diff tells a folder from its older bundle by the exit code, as diff does', async () => {
  const file = join(folder, 'before.json');
  const changed = join(folder, 'changed');
  await run('compile', demo, '--out', file);
  await cp(demo, changed, { recursive: true });
  const facts = join(changed, 'knowledge.yaml');
  await writeFile(facts, (await readFile(facts, 'utf8')).replace('10-year warranty', '12-year warranty'));
  expect(await run('diff', file, demo)).toEqual({ code: 0, out: 'The same.', errors: [] });
  const { code, out } = await run('diff', file, changed);
  expect(code).toBe(1);
  expect(out).toContain('      + Every new roof has a 12-year warranty on our work.');
  const json: unknown = JSON.parse((await run('diff', file, changed, '--json')).out);
  expect(json).toMatchObject({ changes: [{ section: 'facts', item: 'warranty', field: 'says' }] });
  expect(await run('diff', file, join(folder, 'nowhere'))).toMatchObject({ code: 2 });
  expect(await run('diff', file, join(folder, 'bad'))).toMatchObject({ code: 2 });
});

test('show prints the knowledge graph', async () => {
  expect((await run('show', demo)).out).toContain('  fact:price-new-roof leads-to action:appointment');
});

test('help prints the usage', async () => {
  const { code, out } = await run('--help');
  expect({ code, out }).toEqual({ code: 0, out: expect.stringContaining('npm run playbook -- diff A B') });
});
