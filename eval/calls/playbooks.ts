import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type { Bundle } from '../../dialogue/playbook/bundle.ts';
import { compilePlaybook } from '../../dialogue/playbook/compile.ts';
import { ScenarioError } from './read-scenarios.ts';
import type { Scenario } from './scenario.ts';

const samples: Readonly<Record<string, string>> = {
  roofing: join(import.meta.dirname, '../../demo/playbook'),
  dental: join(import.meta.dirname, '../../demo/playbooks/dental'),
  software: join(import.meta.dirname, '../../demo/playbooks/software'),
};

/** Compiles the playbook of each scenario, each once. */
export async function bundlesFor(scenarios: readonly Scenario[]): Promise<Map<Scenario, Bundle>> {
  const compiled = new Map<string, Promise<Bundle>>();
  const bundles = new Map<Scenario, Bundle>();
  for (const scenario of scenarios) {
    const folder = samples[scenario.playbook] ?? resolve(dirname(scenario.file), scenario.playbook);
    let bundle = compiled.get(folder);
    if (bundle === undefined) compiled.set(folder, (bundle = compile(folder, scenario)));
    bundles.set(scenario, await bundle);
  }
  return bundles;
}

async function compile(folder: string, { file, playbook }: Scenario): Promise<Bundle> {
  if (!existsSync(folder)) {
    throw new ScenarioError(
      `${file}: playbook: There is no playbook "${playbook}". Use ${Object.keys(samples).join(', ')}, or a folder relative to this file.`,
    );
  }
  const names = (await readdir(folder)).filter((name) => /\.ya?ml$/.test(name)).sort();
  const files = await Promise.all(
    names.map(async (path) => ({ path: join(folder, path), text: await readFile(join(folder, path), 'utf8') })),
  );
  return (await compilePlaybook(files)).bundle;
}
