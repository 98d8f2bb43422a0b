import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { chat } from './main.ts';

// Compiling trains a classifier: a second, more on a busy machine.
vi.setConfig({ testTimeout: 60_000 });

const demo = fileURLToPath(new URL('../../demo/playbook', import.meta.url));
let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'chat-'));
  await writeFile(join(folder, 'a.yaml'), 'busines: {}\n');
});
afterAll(() => rm(folder, { recursive: true }));

async function talk(args: readonly string[], ...lines: string[]) {
  const out: string[] = [];
  const errors: string[] = [];
  async function* input() {
    yield* lines;
  }
  const code = await chat([...args], {
    colours: false,
    print: (line) => out.push(line),
    complain: (line) => errors.push(line),
    open: () => ({ lines: input(), prompt: () => undefined }),
  });
  return { code, out: out.join('\n'), errors: errors.join('\n') };
}
const call = (...lines: string[]) => talk([demo, '--now', '2026-11-23T10:00'], ...lines);

test('a reply comes with what was understood, decided and cited', async () => {
  const { code, out } = await call('how long is the warranty');
  expect(code).toBe(0);
  expect(out).toMatch(/understood {2}warranty \d+ %/);
  expect(out).toContain('decided     fact-warranty: The caller asks about "warranty".');
  expect(out).toContain('facts       warranty');
  expect(out).toContain('Robin: Every new roof has a 10-year warranty on our work.');
  expect(out).toContain('The call is over: information-given.');
});

test('tools are used and shown, and the calendar has what was booked', async () => {
  const { out } = await call(
    'I want to book an inspection. It is urgent, 2000 square feet',
    'no budget',
    "I'm Ada Lovelace",
    'ada@example.com',
    'yes',
    'the first one',
    'yes',
    '/slots',
    'no, bye',
  );
  expect(out).toMatch(/tool {8}find-slots roof-inspection \{\} → Monday, November 23 at/);
  expect(out).toContain('tool        book roof-inspection for Ada Lovelace → booked');
  expect(out).toMatch(/booked {6}Monday, November 23 at .*, Ada Lovelace/);
  expect(out).toContain('The call is over: appointment-booked.');
});

test('a line can be taken back', async () => {
  const { out } = await call('i need a new roof', '/undo', '/state', '/undo');
  expect(out).toContain('Taken back. The agent last said: Hi, this is Robin');
  expect(out).toMatch(/waits for {3}need \(open\)\n {2}score {7}0, new/);
  expect(out).toContain('There is nothing to take back.');
});

test('an empty line is silence', async () => {
  expect((await call('')).out).toContain('silence-asks-again');
});

test('/why tells everything that was weighed; /restart begins again; /quit hangs up', async () => {
  const { code, out } = await call('i need a new roof', '/why', '/restart', '/help', '/nope', '/quit', 'never read');
  expect(code).toBe(0);
  expect(out).toMatch(/candidate {3}0\.\d\d ask: The caller answered "need"\./);
  expect(out.match(/Hi, this is Robin/g)).toHaveLength(2);
  expect(out).toContain('/undo     take back your last line');
  expect(out).toContain('There is no command /nope. /help lists them.');
  expect(out).not.toContain('never read');
});

test('on the telephone the disclosure is spoken and the number is known', async () => {
  const { out } = await talk([demo, '--spoken', '--from', '+13035550123'], 'can i talk to a person');
  expect(out).toContain("I'm an AI assistant");
  expect(out).toContain('303-555-0123. Is that the best one to reach you?');
});

test("a playbook's mistakes are told as the check tells them", async () => {
  const { code, errors } = await talk([folder]);
  expect(code).toBe(1);
  expect(errors).toContain(`${join(folder, 'a.yaml')}:1: busines: `);
});

test.each([[['--nope']], [['a', 'b']], [['--from', '12']], [['--now', 'soon']]])(
  'wrong arguments %j print the usage',
  async (args) => {
    const { code, errors } = await talk(args);
    expect(code).toBe(2);
    expect(errors).toContain('npm run chat');
  },
);
