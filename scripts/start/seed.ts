import { compilePlaybook } from '../../dialogue/playbook/compile.ts';
import { SetUpError } from '../setup/set-up-error.mjs';
import { readPlaybookFolder } from '../playbook/read-folder.ts';

export interface Seed {
  readonly business: string;
  readonly playbookDir: string;
  /** Pages that may start calls. */
  readonly origins: readonly string[];
  readonly crm: { readonly url: string; readonly secret: string };
}

/** Gives the control plane the sample business and its playbook. The same again changes nothing. */
export async function seedBusiness(controlUrl: string, staffKey: string, seed: Seed): Promise<void> {
  const path = `${controlUrl}/v1/businesses/${seed.business}`;
  const bundle = await compilePlaybook(await readPlaybookFolder(seed.playbookDir));
  await put(path, staffKey, { origins: seed.origins, crm: seed.crm });
  await put(`${path}/playbook`, staffKey, bundle);
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
