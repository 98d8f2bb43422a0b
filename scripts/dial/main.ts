import { asJson, staffCommand } from '../command/frame.ts';
import { installation, installationHelp } from '../call/installation.ts';
import { terminalLayout } from '../call/layout.ts';
import { SetUpError } from '../setup/set-up-error.mjs';
import { dial } from './dial.ts';

const help = `Has the agent call somebody, and shows how it goes. Ctrl-C hangs up.

  npm run dial -- +13035550123 --name "Susan Miller"
  npm run dial -- sip:200@pbx.example --name Dana --purpose outreach --reason free-inspection --consent express

  --name NAME        whom the agent asks for
  --purpose KIND     call-back, outreach or confirm-appointment    (call-back)
  --reason ID        for outreach: one of the playbook's
  --appointment ID   for confirm-appointment
  --consent BASIS    why they may be called: express-written, express, existing-customer, asked-for-the-call

Calling hours, the do-not-call list and the limits of the playbook hold here as well.
Exit code: 0 answered or message left, 3 not reached, 4 refused by a rule, 5 failed, 130 hung up by Ctrl-C.

${installationHelp}
  --json           the order and the record as JSON
  --help           this text
`;

const options = {
  name: { type: 'string' },
  purpose: { type: 'string', default: 'call-back' },
  reason: { type: 'string' },
  appointment: { type: 'string' },
  consent: { type: 'string' },
} as const;

/** It is dialled now or not at all. */
const soonMs = 30_000;

await staffCommand(help, options, async ({ values, positionals }) => {
  const [to, ...more] = positionals;
  if (to === undefined || more.length > 0) throw new SetUpError(`Say whom to call.\n\n${help}`);
  const { name, purpose, reason, appointment, consent } = values;
  if (purpose !== 'confirm-appointment' && !name)
    throw new SetUpError(`Say whom the agent asks for: --name.\n\n${help}`);
  const interrupted = new AbortController();
  process.once('SIGINT', () => interrupted.abort());
  const { exitCode, order, record } = await dial({
    source: await installation(values),
    order: {
      to,
      purpose,
      ...(name === undefined ? {} : { contact: { name } }),
      ...(reason === undefined ? {} : { reason }),
      ...(appointment === undefined ? {} : { appointmentId: appointment }),
      ...(consent === undefined ? {} : { consent: { basis: consent } }),
      notAfterMs: Date.now() + soonMs,
    },
    layout: terminalLayout(),
    print: (line) => void (values.json ? process.stderr : process.stdout).write(`${line}\n`),
    signal: interrupted.signal,
  });
  if (values.json) process.stdout.write(asJson({ order, record }));
  process.exitCode = exitCode;
});
