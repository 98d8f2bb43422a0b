import { asJson, staffCommand } from '../command/frame.ts';
import { DateTime } from 'luxon';
import * as v from 'valibot';
import { type Contact, ContactList, ContactRecord } from '../../contract/contact.ts';
import { formatList } from '../call/format-list.ts';
import { installation, installationHelp } from '../call/installation.ts';
import { type Layout, printable, terminalLayout } from '../call/layout.ts';
import { askStaff, queryText } from '../call/records.ts';
import { SetUpError } from '../setup/set-up-error.mjs';

const help = `Lists the people who called. Calls that share a number or an address are of one person.

  npm run contacts                      who called last comes first
  npm run contacts -- <id>              one of them, with their calls
  npm run contacts -- --search WORDS    by the beginning of a name, a number or an address, or by what was said

  --cursor TEXT    the next page, as the page before says
${installationHelp}
  --json           the answer as JSON
  --help           this text
`;

const options = { search: { type: 'string' }, cursor: { type: 'string' } } as const;

await staffCommand(help, options, async ({ values, positionals }) => {
  const source = await installation(values);
  const layout = terminalLayout();
  const [id] = positionals;
  if (id !== undefined) {
    const body = await askStaff(source, `contacts/${encodeURIComponent(id)}`);
    if (body === undefined)
      throw new SetUpError(`${source.business} knows no contact ${id}. npm run contacts lists them.`);
    const { contact, calls } = v.parse(ContactRecord, body);
    if (values.json) return asJson({ contact, calls });
    return `${line(contact, layout)}\n\n${formatList({ calls, nextCursor: null }, layout)}`;
  }
  const body = await askStaff(source, `contacts${queryText({ search: values.search, cursor: values.cursor })}`);
  if (body === undefined)
    throw new SetUpError(`There is no business ${source.business}. Name another with --business.`);
  const list = v.parse(ContactList, body);
  if (values.json) return asJson(list);
  if (list.contacts.length === 0) return 'No contact is like that.\n';
  const more = list.nextCursor === null ? '' : `\nMore: --cursor ${list.nextCursor}\n`;
  return `${list.contacts.map((contact) => line(contact, layout)).join('\n')}\n${more}`;
});

function line({ id, name, phone, email, company, lastCallMs, calls }: Contact, { paint, timeZone }: Layout): string {
  const when = DateTime.fromMillis(lastCallMs, { zone: timeZone }).toFormat('yyyy-MM-dd HH:mm');
  const who = [name ?? 'no name yet', phone, email, company].flatMap((value) =>
    value === null ? [] : [printable(value)],
  );
  return `${id}  ${when}  ${paint('dim', `${calls} ${calls === 1 ? 'call' : 'calls'}`)}  ${who.join('  ')}`;
}
