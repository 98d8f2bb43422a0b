import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as v from 'valibot';
import { ActivePlaybook } from '../../contract/session.ts';
import type { ControlPlane } from '../http/control-plane.ts';
import { writeWhole } from '../write-whole.ts';

export interface ActivePlaybooksOptions {
  readonly controlPlane: Pick<ControlPlane, 'activePlaybook'>;
  readonly folder: string;
}

/** Which playbook a business answers its phone with: the control plane's word, or its last one while it is away. */
export class ActivePlaybooks {
  readonly #options: ActivePlaybooksOptions;

  constructor(options: ActivePlaybooksOptions) {
    this.#options = options;
  }

  /** @returns its hash. Rejects when it was never known. */
  async of(business: string): Promise<string> {
    const file = join(this.#options.folder, 'active-playbooks', `${business}.json`);
    try {
      const active = await this.#options.controlPlane.activePlaybook(business);
      await keep(file, active);
      return active.hash;
    } catch (cause) {
      const kept = await readFile(file, 'utf8').catch(() => {
        throw cause;
      });
      return v.parse(ActivePlaybook, JSON.parse(kept)).hash;
    }
  }
}

async function keep(file: string, active: ActivePlaybook): Promise<void> {
  const text = JSON.stringify(active);
  if ((await readFile(file, 'utf8').catch(() => '')) === text) return;
  await mkdir(join(file, '..'), { recursive: true });
  await writeWhole(file, text);
}
