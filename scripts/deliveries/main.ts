import { asJson, staffCommand, unknownCommand } from '../command/frame.ts';
import { installation, installationHelp } from '../call/installation.ts';
import { terminalLayout } from '../call/layout.ts';
import { SetUpError } from '../setup/set-up-error.mjs';
import { fetchDeliveries, fetchDelivery, formatDeliveries, formatDelivery, replayDelivery } from './deliveries.ts';

const help = `Shows what was sent to the owner's webhook and CRMs, and sends it again.

  npm run deliveries                             the newest, and how each destination is doing
  npm run deliveries -- list --status dead       those that were given up, with the reason
  npm run deliveries -- show <id>                one of them, with what it says
  npm run deliveries -- replay <id>              send it again
  npm run deliveries -- replay --dead            send again all that were given up

  --destination NAME   only those to webhook, hubspot, pipedrive or salesforce
${installationHelp}
  --json           the answer as JSON
  --help           this text
`;

const options = {
  status: { type: 'string' },
  destination: { type: 'string' },
  dead: { type: 'boolean', default: false },
} as const;

await staffCommand(help, options, async ({ values, positionals }) => {
  const [command = 'list', id = ''] = positionals;
  const { destination } = values;
  const source = await installation(values);
  switch (command) {
    case 'list': {
      const list = await fetchDeliveries(source, { status: values.status, destination });
      if (values.json) return asJson(list);
      return list.destinations.length === 0
        ? 'Nothing was sent yet.\n'
        : formatDeliveries(list, terminalLayout(), Date.now());
    }
    case 'show': {
      const delivery = await fetchDelivery(source, id);
      return values.json ? asJson(delivery) : formatDelivery(delivery, terminalLayout());
    }
    case 'replay': {
      if (id !== '' && values.dead) throw new SetUpError(`Name one delivery, or say --dead.\n\n${help}`);
      const { deliveries } = values.dead
        ? await fetchDeliveries(source, { status: 'dead', destination })
        : { deliveries: [{ id }] };
      // The oldest first, as they happened.
      for (const delivery of deliveries.toReversed()) await replayDelivery(source, delivery.id);
      return values.json ? asJson({ replayed: deliveries.length }) : `${deliveries.length} under way again.\n`;
    }
    default:
      throw unknownCommand(command, help);
  }
});
