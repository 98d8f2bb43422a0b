import { existsSync } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { CommandError, runCommand } from './command.mjs';

test('runCommand hands on each line', async () => {
  const lines: string[] = [];
  await runCommand(process.execPath, ['-e', 'console.log("[1/2] a"); console.error("[2/2] b")'], {
    onLine: (line) => lines.push(line),
  });
  expect(lines.sort()).toEqual(['[1/2] a', '[2/2] b']);
});

test('runCommand keeps the log of a failure and names it', async () => {
  const error = await runCommand(process.execPath, ['-e', 'console.log("cannot compile"); process.exit(2)']).catch(
    (caught: unknown) => caught,
  );
  if (!(error instanceof CommandError)) throw error;
  expect(error.message).toContain('failed with exit code 2');
  expect(error.message).toContain('cannot compile');
  expect(error.message).toContain(error.logFile);
  expect(existsSync(error.logFile)).toBe(true);
  expect(await readFile(error.logFile, 'utf8')).toContain('cannot compile');
  await rm(error.logFile);
});

test('runCommand says when there is no such program', async () => {
  await expect(runCommand('no-such-program-here', [])).rejects.toThrow('no-such-program-here cannot be run');
});
