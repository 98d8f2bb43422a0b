import { execFileSync } from 'node:child_process';

/** Keeps processes, all their threads and what they start later, on some cores (`taskset`, util-linux). */
export function pinToCores(pids: readonly number[], cores: string): void {
  for (const pid of pids)
    execFileSync('taskset', ['--all-tasks', '--cpu-list', '--pid', cores, String(pid)], { stdio: 'ignore' });
}
