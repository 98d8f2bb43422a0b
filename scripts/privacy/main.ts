import { asJson, staffCommand, unknownCommand } from '../command/frame.ts';
import { installation, installationHelp } from '../call/installation.ts';
import { terminalLayout } from '../call/layout.ts';
import { erasePerson, exportPerson, fetchKey, fetchRemovals, formatRemovals } from './privacy.ts';
import { changeRetention, fetchRetention, formatChange, formatRetention } from './retention.ts';

const help = `What becomes of people's data.

  npm run privacy -- export --phone +13035550123       everything that is held of somebody, as JSON
  npm run privacy -- erase  --email ann@example.com    takes them away, and prints the proof
  npm run privacy -- retention                         for how long what is kept
  npm run privacy -- retention set transcripts 90      keeps it for so many days, or forever; of --region, or of all
  npm run privacy -- retention reset [transcripts]     as it was at first, all of it or one kind
  npm run privacy -- removals                          what was taken away, newest first
  npm run privacy -- key                               has the business take the present master key, and says which it is

  --phone NUMBER   whom it is about: a number, an address, or both
  --email ADDRESS
  --crm            erase in the CRMs that the business is connected to as well
  --region REGION  for retention: calls from there only, as eu
  --yes            changes the retention; without it, only shows what would be deleted earlier
${installationHelp}
  --json           the answer as JSON
  --help           this text
`;

const options = {
  phone: { type: 'string' },
  email: { type: 'string' },
  crm: { type: 'boolean', default: false },
  region: { type: 'string' },
  yes: { type: 'boolean', default: false },
} as const;

await staffCommand(help, options, async ({ values, positionals }) => {
  const [command = '', ...words] = positionals;
  const { phone, email, crm } = values;
  switch (command) {
    case 'export':
      return asJson(await exportPerson(await installation(values), { phone, email }));
    case 'erase': {
      const removal = await erasePerson(await installation(values), { phone, email, crm });
      return values.json ? asJson(removal) : formatRemovals([removal], terminalLayout());
    }
    case 'retention': {
      if (words.length > 0) {
        const change = await changeRetention(await installation(values), { words, region: values.region }, values);
        return values.json ? asJson(change) : formatChange(change);
      }
      const rules = await fetchRetention(await installation(values));
      return values.json ? asJson(rules) : formatRetention(rules);
    }
    case 'removals': {
      const list = await fetchRemovals(await installation(values));
      return values.json ? asJson(list) : formatRemovals(list.removals, terminalLayout());
    }
    case 'key': {
      const report = await fetchKey(await installation(values));
      return values.json ? asJson(report) : `${report.business} is sealed under master key ${report.masterKey}.\n`;
    }
    default:
      throw unknownCommand(command, help);
  }
});
