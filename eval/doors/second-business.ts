import { fileURLToPath } from 'node:url';
import { compilePlaybook } from '../../dialogue/playbook/compile.ts';
import { readPlaybookFolder } from '../../scripts/playbook/read-folder.ts';
import { seedBusiness } from '../../scripts/start/seed.ts';
import type { Product } from '../product/product.ts';
import { StaffClient } from '../product/staff-client.ts';

const demoPlaybook = fileURLToPath(new URL('../../demo/playbook', import.meta.url));

/** A second business that has the first one's playbook to the letter, and a calendar of its own. */
export async function addSecondBusiness(product: Product, business: string): Promise<StaffClient> {
  const { urls, secrets, business: first } = product.stack;
  const files = (await readPlaybookFolder(demoPlaybook)).map((file) => ({
    ...file,
    text: file.text.replace(`id: ${first}`, `id: ${business}`),
  }));
  const { bundle } = await compilePlaybook(files);
  const crm = { url: product.crm.url, secret: product.crmSecret };
  await seedBusiness(urls.control, secrets.STAFF_KEY, { business, bundle, origins: [], crm });
  return new StaffClient(urls.control, secrets.STAFF_KEY, business);
}
