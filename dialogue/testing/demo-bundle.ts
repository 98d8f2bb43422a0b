import { readdirSync, readFileSync } from 'node:fs';
import { compilePlaybook } from '../playbook/compile.ts';
import type { Bundle } from '../playbook/bundle.ts';

const folders = {
  roofing: new URL('../../demo/playbook/', import.meta.url),
  dental: new URL('../../demo/playbooks/dental/', import.meta.url),
  software: new URL('../../demo/playbooks/software/', import.meta.url),
} as const;
export type Sample = keyof typeof folders;

export function sampleFiles(sample: Sample): { path: string; text: string }[] {
  const folder = folders[sample];
  return readdirSync(folder)
    .filter((name) => name.endsWith('.yaml'))
    .map((name) => ({ path: name, text: readFileSync(new URL(name, folder), 'utf8') }));
}

export const demoFiles = sampleFiles('roofing');

const compiled = new Map<Sample, Promise<Bundle>>();

/** A sample playbook, compiled once for each test file. */
export function sampleBundle(sample: Sample): Promise<Bundle> {
  const bundle = compiled.get(sample) ?? compilePlaybook(sampleFiles(sample)).then((made) => made.bundle);
  compiled.set(sample, bundle);
  return bundle;
}

export const demoBundle = (): Promise<Bundle> => sampleBundle('roofing');
