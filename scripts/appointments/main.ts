import { asJson, staffCommand, unknownCommand } from '../command/frame.ts';
import { installation, installationHelp } from '../call/installation.ts';
import { terminalLayout } from '../call/layout.ts';
import { SetUpError } from '../setup/set-up-error.mjs';
import { book, cancel, fetchAppointments, formatAppointments, move, timeMs } from './appointments.ts';

const help = `Lists appointments, and books, moves and cancels them for the business. docs/calendar.md says what follows of it.

  npm run appointments                               what is to come, soonest first
  npm run appointments -- list --from 2026-11-01     from a day or a time on
  npm run appointments -- book --service ID --at TIME --name NAME [--phone NUMBER] [--email ADDRESS]
                               [--notes TEXT] [--staff ID]
  npm run appointments -- move <id> --at TIME
  npm run appointments -- cancel <id>

  --at TIME        a time of the business, as 2026-11-30T14:30, or with an offset, as 2026-11-30T14:30-07:00
  --phone NUMBER   with + and the country, as +13035550123
  --staff ID       who must do it; without it, whoever is free
  --outside-hours  at this time though the business is closed then
  --request-id ID  booked once, however often it is sent
${installationHelp}
  --json           the answer as JSON
  --help           this text
`;

const text = { type: 'string' } as const;
const options = {
  from: text,
  service: text,
  at: text,
  name: text,
  phone: text,
  email: text,
  notes: text,
  staff: text,
  'outside-hours': { type: 'boolean', default: false },
  'request-id': text,
} as const;

await staffCommand(help, options, async ({ values, positionals }) => {
  const [command = 'list', id = ''] = positionals;
  const { at, 'outside-hours': outsideHours } = values;
  const show = (value: unknown, lines: string): string => (values.json ? asJson(value) : lines);
  switch (command) {
    case 'list': {
      const fromMs = values.from === undefined ? Date.now() : timeMs(values.from);
      const appointments = await fetchAppointments(await installation(values), fromMs);
      const lines = formatAppointments(appointments, terminalLayout());
      return show({ appointments }, lines === '' ? 'There are no appointments.\n' : lines);
    }
    case 'book': {
      const { service, name, phone, email, notes, staff, 'request-id': requestId } = values;
      if (service === undefined || at === undefined || name === undefined)
        throw new SetUpError(`Say --service, --at and --name.\n\n${help}`);
      const draft = { service, at, name, phone, email, notes, staff, outsideHours, requestId };
      const made = await book(await installation(values), draft);
      return show(made, formatAppointments([made], terminalLayout()));
    }
    case 'move': {
      if (id === '' || at === undefined) throw new SetUpError(`Say which appointment, and --at.\n\n${help}`);
      const moved = await move(await installation(values), id, { at, outsideHours });
      return show(moved, formatAppointments([moved], terminalLayout()));
    }
    case 'cancel': {
      if (id === '') throw new SetUpError(`Say which appointment.\n\n${help}`);
      const cancelled = await cancel(await installation(values), id);
      return show(cancelled, formatAppointments([cancelled], terminalLayout()));
    }
    default:
      throw unknownCommand(command, help);
  }
});
