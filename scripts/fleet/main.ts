import { asJson, staffCommand, unknownCommand } from '../command/frame.ts';
import { installation, installationHelp } from '../call/installation.ts';
import { terminalLayout } from '../call/layout.ts';
import { SetUpError } from '../setup/set-up-error.mjs';
import { dispatcherList, drainNode, fetchFleet, formatFleet } from './fleet.ts';

const help = `Shows the media nodes: which live, and how busy they are.

  npm run fleet                      every node with its state and calls
  npm run fleet -- drain NODE        NODE gets no more calls, and ends when those it has are over
  npm run fleet -- dispatcher        the nodes that take SIP, as a dispatcher list for Kamailio

${installationHelp}
  --json           the answer as JSON
  --help           this text
`;

await staffCommand(help, {}, async ({ values, positionals }) => {
  const [command = 'list', name = ''] = positionals;
  const source = await installation(values);
  switch (command) {
    case 'list': {
      const fleet = await fetchFleet(source);
      return values.json ? asJson(fleet) : formatFleet(fleet, terminalLayout(), Date.now());
    }
    case 'dispatcher':
      return dispatcherList(await fetchFleet(source));
    case 'drain':
      if (name === '') throw new SetUpError(`Say which node is to drain.\n\n${help}`);
      await drainNode(source, name);
      return `${name} gets no more calls, and ends when those it has are over.\n`;
    default:
      throw unknownCommand(command, help);
  }
});
