import { cp, mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const sample = join(import.meta.dirname, '../../demo/playbook');
const always =
  '[{ days: [monday, tuesday, wednesday, thursday, friday, saturday, sunday], from: "00:00", to: "23:59" }]';

/** Whom the sample business's callers are handed to. */
export const person = { id: 'dana', name: 'Dana', number: '+13035550101' };

/** The sample playbook in a folder of its own, with a person who takes calls at any hour. */
export async function handoverPlaybook(how: { way: string; ringSeconds: number; sip?: string }): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'parley-playbook-'));
  await cp(sample, folder, { recursive: true });
  const file = join(folder, 'people.yaml');
  const phone = `      phone: "${person.number}"\n`;
  const written = await readFile(file, 'utf8');
  if (!written.includes(phone)) throw new Error(`${file} has nobody with the number ${person.number}.`);
  const takesCalls = `      takesCalls: { way: ${how.way}, ringSeconds: ${how.ringSeconds}, hours: ${always} }\n`;
  const sip = how.sip === undefined ? '' : `      sip: ${how.sip}\n`;
  await writeFile(file, written.replace(phone, phone + sip + takesCalls));
  return folder;
}
