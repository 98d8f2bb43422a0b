import type { Bundle } from '../../dialogue/playbook/bundle.ts';
import { compilePlaybook, PlaybookError } from '../../dialogue/playbook/compile.ts';
import { SetUpError } from '../setup/set-up-error.mjs';
import { readPlaybookFolder } from '../playbook/read-folder.ts';

export interface Seed {
  readonly business: string;
  readonly bundle: Bundle;
  /** Pages that may start calls. */
  readonly origins: readonly string[];
  readonly crm: { readonly url: string; readonly secret: string };
}

/** Reads and compiles a playbook folder. What is wrong in it is said by file and line. */
export async function compileFolder(playbookDir: string): Promise<Bundle> {
  try {
    return (await compilePlaybook(await readPlaybookFolder(playbookDir))).bundle;
  } catch (error) {
    if (error instanceof PlaybookError) throw new SetUpError(error.message, { cause: error });
    throw error;
  }
}

/** Gives the control plane the sample business and its playbook. The same again changes nothing. */
export async function seedBusiness(controlUrl: string, staffKey: string, seed: Seed): Promise<void> {
  const path = `${controlUrl}/v1/businesses/${seed.business}`;
  await put(path, staffKey, { origins: seed.origins, crm: seed.crm });
  await put(`${path}/playbook`, staffKey, seed.bundle);
}

async function put(url: string, staffKey: string, body: unknown): Promise<void> {
  const response = await fetch(url, {
    method: 'PUT',
    headers: { authorization: `Bearer ${staffKey}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(15_000),
  });
  if (!response.ok) {
    throw new SetUpError(
      `The control plane refused ${url} with status ${response.status}: ${(await response.text()).slice(0, 2_000)}`,
    );
  }
  await response.body?.cancel();
}
