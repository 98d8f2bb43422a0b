import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { installSystemPackages } from './system-packages.mjs';

/** The CalDAV server that tests of calendars talk to. */
export async function installCalendarServer() {
  const folders = (process.env.PATH ?? '').split(delimiter);
  if (folders.some((folder) => existsSync(join(folder, 'radicale')))) return;
  await installSystemPackages({
    purpose: 'the calendar server that tests use',
    packages: ['radicale'],
    elsewhere: 'Radicale 3.1 or later',
  });
}
