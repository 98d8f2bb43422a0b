import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const run = promisify(execFile);

const commands =
  'appointments call call-backs contacts crm deliveries deploy dial edge fleet privacy projections trunk webhooks';

const typed = async (name: string, ...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> =>
  run(process.execPath, [`scripts/${name}/main.ts`, ...args]).then(
    (done) => ({ code: 0, ...done }),
    (failed: { code: number; stdout: string; stderr: string }) => failed,
  );

test.each(commands.split(' '))('npm run %s says what is wrong, shows its help, and ends with 1', async (name) => {
  const { code, stdout, stderr } = await typed(name, '--nonsense');
  expect([code, stdout]).toEqual([1, '']);
  expect(stderr).toMatch(/^Unknown option '--nonsense'\n\n/);
  expect(stderr).toContain(`npm run ${name}`);
  expect(stderr).not.toMatch(/^\s+at /m);
});

test('the help is no error', async () => {
  const { code, stdout, stderr } = await typed('fleet', '-h');
  expect([code, stderr]).toEqual([0, '']);
  expect(stdout).toMatch(/^Shows the media nodes.*--json {11}the answer as JSON\n {2}--help {11}this text\n$/s);
});

test('an unknown command is named', async () => {
  const { code, stderr } = await typed('privacy', 'forget');
  expect(code).toBe(1);
  expect(stderr).toMatch(/^There is no command "forget"\.\n\nWhat becomes of people's data\./);
});
