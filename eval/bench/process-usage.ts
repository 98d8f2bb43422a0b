import { readdirSync, readFileSync } from 'node:fs';

/** Clock ticks a second in /proc/<pid>/stat: USER_HZ, 100 on every Linux that Node runs on. */
const ticksPerSecond = 100;

/** What processes have used so far (Linux, proc(5)). */
export interface ProcessUsage {
  readonly cpuMs: number;
  readonly residentBytes: number;
}

/** CPU (user and system) and resident memory of processes together. */
export function usageOf(pids: readonly number[]): ProcessUsage {
  let cpuMs = 0;
  let residentBytes = 0;
  for (const pid of pids) {
    const fields = statFields(readFileSync(`/proc/${pid}/stat`, 'latin1'));
    cpuMs += ((Number(fields[11]) + Number(fields[12])) * 1_000) / ticksPerSecond;
    residentBytes += residentOf(readFileSync(`/proc/${pid}/status`, 'latin1'));
  }
  return { cpuMs, residentBytes };
}

/** CPU time of everything on the machine since it started, idling left out (proc(5), /proc/stat). */
export function machineCpuMs(): number {
  const [, user, nice, system, , , irq, softIrq] = readFileSync('/proc/stat', 'latin1').split(/\s+/, 9).map(Number);
  const ticks = [user, nice, system, irq, softIrq].reduce<number>((sum, part) => sum + (part ?? 0), 0);
  return (ticks * 1_000) / ticksPerSecond;
}

/** A process and all that descend from it. */
export function processTree(rootPid: number): number[] {
  const childrenOf = new Map<number, number[]>();
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    try {
      const parent = Number(statFields(readFileSync(`/proc/${name}/stat`, 'latin1'))[1]);
      childrenOf.set(parent, [...(childrenOf.get(parent) ?? []), Number(name)]);
    } catch {
      // It ended while we looked.
    }
  }
  const tree = [rootPid];
  for (const pid of tree) tree.push(...(childrenOf.get(pid) ?? []));
  return tree;
}

/** The fields from the third on: the second, the name, may hold spaces and brackets. */
export function statFields(stat: string): string[] {
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
}

function residentOf(status: string): number {
  const line = /^VmRSS:\s+(\d+) kB$/m.exec(status);
  return Number(line?.[1] ?? 0) * 1_024;
}
