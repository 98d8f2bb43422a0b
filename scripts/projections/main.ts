import { asJson, staffCommand, unknownCommand } from '../command/frame.ts';
import * as v from 'valibot';
import { ProjectionReport } from '../../contract/projection-check.ts';
import { installation, installationHelp } from '../call/installation.ts';
import { askStaff } from '../call/records.ts';
import { SetUpError } from '../setup/set-up-error.mjs';

const help = `Leads, contacts, call-backs and the search are made from the log of events, appointments and holds from a log of their own.
This proves it, or makes them again.

  npm run projections -- check      compares, and changes nothing. Exit code 1 where something differs
  npm run projections -- rebuild    makes all of it again

${installationHelp}
  --json           the answer as JSON
  --help           this text
`;

await staffCommand(help, {}, async ({ values, positionals }) => {
  const [mode = 'check'] = positionals;
  if (mode !== 'check' && mode !== 'rebuild') throw unknownCommand(mode, help);
  const source = await installation(values);
  const body = await askStaff(source, 'projections', { mode });
  if (body === undefined)
    throw new SetUpError(`There is no business ${source.business}. Name another with --business.`);
  const report = v.parse(ProjectionReport, body);
  if (mode === 'check' && report.differences.length > 0) process.exitCode = 1;
  return values.json ? asJson(report) : format(report);
});

function format({ calls, events, differences, rebuilt }: ProjectionReport): string {
  const read = `${events} events of ${calls} calls`;
  if (differences.length === 0) return `${read}: everything is as they say.\n`;
  const lines = differences.map(
    ({ table, missing, unexplained }) => `  ${table}: ${missing} missing, ${unexplained} that they do not explain`,
  );
  const then = rebuilt ? 'It is as the events say now.' : 'Make it again: npm run projections -- rebuild';
  return `${read}\n${lines.join('\n')}\n${then}\n`;
}
