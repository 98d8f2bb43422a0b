import { readdirSync, readFileSync } from 'node:fs';
import { compilePlaybook } from '../playbook/compile.ts';
import type { Bundle } from '../playbook/bundle.ts';

const folder = new URL('../../demo/playbook/', import.meta.url);

export const demoFiles = readdirSync(folder)
  .filter((name) => name.endsWith('.yaml'))
  .map((name) => ({ path: name, text: readFileSync(new URL(name, folder), 'utf8') }));

let compiled: Promise<Bundle> | undefined;

/** The demo playbook, compiled once for each test file. */
export function demoBundle(): Promise<Bundle> {
  compiled ??= compilePlaybook(demoFiles).then(({ bundle }) => bundle);
  return compiled;
}
