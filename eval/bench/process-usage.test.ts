import { expect, test } from 'vitest';
import { machineCpuMs, processTree, statFields, usageOf } from './process-usage.ts';

test('statFields survives a process name with brackets and spaces', () => {
  const fields = statFields('42 (a) b (c)) S 7 42 42 0 -1 4194560 1 2 3 4 150 50 0 0');
  expect(fields[0]).toBe('S');
  expect(fields[1]).toBe('7');
  expect([fields[11], fields[12]]).toEqual(['150', '50']);
});

test('usageOf and machineCpuMs see this process work', () => {
  const machineBefore = machineCpuMs();
  const before = usageOf([process.pid]);
  let sum = 0;
  const cpuBefore = process.cpuUsage();
  while (process.cpuUsage(cpuBefore).user < 100_000) sum += Math.sqrt(sum + 1);
  const after = usageOf([process.pid]);
  expect(sum).toBeGreaterThan(0);
  expect(after.cpuMs - before.cpuMs).toBeGreaterThanOrEqual(80);
  expect(machineCpuMs() - machineBefore).toBeGreaterThanOrEqual(80);
  expect(after.residentBytes).toBeGreaterThan(10_000_000);
});

test('processTree starts with its root and holds its children', () => {
  expect(processTree(process.ppid)).toContain(process.pid);
});
