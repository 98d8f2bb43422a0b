import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type PhoneProduct, startPhoneProduct } from '../phone/phone-product.ts';

const sample = join(import.meta.dirname, '../../demo/playbook');

/** The product with both doors, and the sample business recording its calls. */
export async function startRecordedProduct(): Promise<PhoneProduct> {
  const playbookDir = await recordingPlaybook();
  const product = await startPhoneProduct({ playbookDir });
  const stop = async (): Promise<void> => {
    await product.stop();
    await rm(playbookDir, { recursive: true, force: true });
  };
  return { ...product, stop };
}

/** The sample playbook in a folder of its own, with recording on and disclosures that say so. */
async function recordingPlaybook(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'parley-playbook-'));
  await cp(sample, folder, { recursive: true });
  const file = join(folder, 'business.yaml');
  let text = await readFile(file, 'utf8');
  for (const [before, after] of [
    [/^business:\n/m, 'business:\n  recording: on\n'],
    ['No sound is kept.', 'The call is recorded.'],
    ['and what we say is written down.', 'and what we say is recorded.'],
  ] as const) {
    if (text.search(before) < 0) throw new Error(`${file} has no ${before}.`);
    text = text.replace(before, after);
  }
  await writeFile(file, text);
  return folder;
}
