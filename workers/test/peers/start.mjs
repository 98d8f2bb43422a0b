import { startHookReceiver } from './hook-receiver.mjs';
import { startMailServer } from './mail-server.mjs';
import { startRadicale } from './radicale.mjs';

/**
 * Real servers beside the control plane under test, in a process of their own. Tests ask `inject` where they are.
 *
 * @param {import('vitest/node').TestProject} project
 */
export default async function startPeers(project) {
  const [mail, radicale, hooks] = await Promise.all([startMailServer(), startRadicale(), startHookReceiver()]);
  project.provide('mailServer', mail.addresses);
  project.provide('radicale', radicale.address);
  project.provide('hookReceiver', hooks.address);
  return () => {
    mail.stop();
    radicale.stop();
    hooks.stop();
  };
}
