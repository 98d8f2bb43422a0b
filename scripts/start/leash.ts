/**
 * Loaded before a child's own program (`node --import`). The child holds a channel to the process
 * that started it; when that process dies, however it dies, the child's whole group goes too.
 */
import { isMainThread } from 'node:worker_threads';

const graceMs = 1_000;

if (isMainThread && process.channel) {
  // The channel alone must not keep a finished program alive.
  process.channel.unref();
  process.once('disconnect', () => {
    setTimeout(() => process.kill(-process.pid, 'SIGKILL'), graceMs).unref();
    process.kill(process.pid, 'SIGTERM');
  });
}
