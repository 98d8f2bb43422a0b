import type { Stack } from './stack.ts';

/** What a person reads once everything runs. */
export function banner(stack: Pick<Stack, 'urls' | 'logDir'>, options: { data: string; elapsedMs: number }): string {
  const { control, site, crmInbox } = stack.urls;
  const call =
    options.data === '.data' ? 'npm run call -- <callId>' : `npm run call -- --data ${options.data} <callId>`;
  const lines = [
    `Parley is ready (${(options.elapsedMs / 1_000).toFixed(1)} s).`,
    '',
    ...(site ? [`  Talk to the agent   ${site}`] : []),
    ...(crmInbox ? [`  Leads in the CRM    ${crmInbox}`] : []),
    `  Control plane       ${control}`,
    `  Read a call         ${call}   (without an id: the latest calls)`,
    `  Logs                ${stack.logDir}`,
    '',
    'Ctrl-C ends everything. What was recorded is kept.',
    '',
  ];
  return `\n${lines.join('\n')}`;
}
