import { asJson, staffCommand, unknownCommand } from '../command/frame.ts';
import { writeFile } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { installation, installationHelp } from '../call/installation.ts';
import { terminalLayout } from '../call/layout.ts';
import { SetUpError } from '../setup/set-up-error.mjs';
import { fetchInbox, fetchInboxWebhook, formatInbox, formatInboxWebhook, replayInbox } from './inbox.ts';
import { eventSchema } from './schema.ts';
import {
  addEndpoint,
  changeEndpoint,
  fetchEndpoints,
  fetchLog,
  formatEndpoints,
  formatLog,
  formatSecret,
  removeEndpoint,
  replay,
  rotateSecret,
  testEndpoint,
} from './webhooks.ts';

const help = `Tells your own systems what happens: calls, leads, appointments, call backs. docs/webhooks.md explains it.

  npm run webhooks                                    the endpoints, and how they are doing
  npm run webhooks -- add <url> [--events A,B]        a new endpoint; shows its secret, once
  npm run webhooks -- change <id> [--to URL] [--events A,B] [--description TEXT]
  npm run webhooks -- enable <id>                     or disable
  npm run webhooks -- test <id>                       send a test event, and how it went
  npm run webhooks -- rotate <id> [--overlap HOURS]   another secret; the former signs too for 24 hours
  npm run webhooks -- remove <id>
  npm run webhooks -- log <id> [--status failed]      what was sent, and each attempt
  npm run webhooks -- replay <id> --delivery ID       send one again
  npm run webhooks -- replay <id> --since TIME        send again what failed since then; with --all, everything
  npm run webhooks -- schema [--out FILE]             the JSON Schema of the events

And what other systems told Parley that could not be applied:

  npm run webhooks -- inbox [<id>]                    what came, and why not; of one, what it says
  npm run webhooks -- replay-inbox <id>               try it again; --all for all of them

  --description TEXT   what the endpoint is for
  --limit N        so many of the log               (50)
${installationHelp}
  --json           the answer as JSON
  --help           this text
`;

const options = {
  events: { type: 'string' },
  to: { type: 'string' },
  description: { type: 'string' },
  overlap: { type: 'string' },
  status: { type: 'string' },
  limit: { type: 'string' },
  delivery: { type: 'string' },
  since: { type: 'string' },
  all: { type: 'boolean', default: false },
  out: { type: 'string' },
} as const;

const withoutId: ReadonlySet<string> = new Set(['list', 'inbox', 'replay-inbox']);

await staffCommand(help, options, async ({ values, positionals }) => {
  const [command = 'list', first = ''] = positionals;
  if (command === 'schema') return writeSchema(values.out);
  const source = await installation(values);
  const show = (value: unknown, text: string): string => (values.json ? asJson(value) : text);
  const [layout, nowMs] = [terminalLayout(), Date.now()];
  const described = { events: values.events?.split(','), description: values.description };
  if (first === '' && !withoutId.has(command))
    throw new SetUpError(`Say ${command === 'add' ? 'the URL' : 'which'}.\n\n${help}`);
  switch (command) {
    case 'list': {
      const endpoints = await fetchEndpoints(source);
      const none = 'Nothing is told yet. npm run webhooks -- add <url>\n';
      return show(endpoints, endpoints.length === 0 ? none : formatEndpoints(endpoints, layout, nowMs));
    }
    case 'add': {
      const made = await addEndpoint(source, { url: first, ...described });
      return show(made, formatSecret(made, layout, nowMs));
    }
    case 'change':
    case 'enable':
    case 'disable': {
      const change = command === 'change' ? { url: values.to, ...described } : { enabled: command === 'enable' };
      const changed = await changeEndpoint(source, first, change);
      return show(changed, formatEndpoints([changed], layout, nowMs));
    }
    case 'test': {
      const delivery = await testEndpoint(source, first, async () => pause(250));
      return show(delivery, formatLog([delivery], layout));
    }
    case 'rotate': {
      const made = await rotateSecret(source, first, values.overlap);
      return show(made, formatSecret(made, layout, nowMs));
    }
    case 'remove':
      await removeEndpoint(source, first);
      return show({ removed: first }, 'It is told nothing any more, and its log is gone.\n');
    case 'log': {
      const log = await fetchLog(source, first, values);
      return show(log, log.length === 0 ? 'Nothing.\n' : formatLog(log, layout));
    }
    case 'replay': {
      const replayed = await replay(source, first, values);
      return show({ replayed }, `${replayed} under way again.\n`);
    }
    case 'inbox': {
      if (first !== '') {
        const webhook = await fetchInboxWebhook(source, first);
        return show(webhook, formatInboxWebhook(webhook, layout));
      }
      const webhooks = await fetchInbox(source);
      return show(webhooks, webhooks.length === 0 ? 'All that came was applied.\n' : formatInbox(webhooks, layout));
    }
    case 'replay-inbox': {
      const tried = await replayInbox(source, first, values.all);
      return show(tried, tried.length === 0 ? 'Nothing to try again.\n' : formatInbox(tried, layout));
    }
    default:
      throw unknownCommand(command, help);
  }
});

async function writeSchema(out: string | undefined): Promise<string> {
  const text = asJson(eventSchema());
  if (out === undefined) return text;
  await writeFile(out, text);
  return `Wrote ${out}.\n`;
}
