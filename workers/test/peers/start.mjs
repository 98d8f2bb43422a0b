import { startMailServer } from './mail-server.mjs';

/**
 * Real servers beside the control plane under test, in a process of their own. Tests ask `inject` where they are.
 *
 * @param {import('vitest/node').TestProject} project
 */
export default async function startPeers(project) {
  const mail = await startMailServer();
  project.provide('mailServer', mail.addresses);
  return () => mail.stop();
}
