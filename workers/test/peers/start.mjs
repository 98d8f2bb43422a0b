import { startMailServer } from './mail-server.mjs';
import { startRadicale } from './radicale.mjs';

/**
 * Real servers beside the control plane under test, in a process of their own. Tests ask `inject` where they are.
 *
 * @param {import('vitest/node').TestProject} project
 */
export default async function startPeers(project) {
  const [mail, radicale] = await Promise.all([startMailServer(), startRadicale()]);
  project.provide('mailServer', mail.addresses);
  project.provide('radicale', radicale.address);
  return () => {
    mail.stop();
    radicale.stop();
  };
}
