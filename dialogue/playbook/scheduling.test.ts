import { expect, test } from 'vitest';
import { smallPlaybook } from '../testing/small-playbook.ts';
import { compilePlaybook, PlaybookError } from './compile.ts';
import { formatIssue } from './issue.ts';

const scheduling = (rest: string, service = '') => ({
  scheduling: `scheduling:
  timeZone: America/Denver
  service: visit
  openingHours: [{ days: [monday], from: "08:00", to: "17:00" }]
  services: [{ id: visit, name: a visit, durationMin: 60${service} }]
${rest}`,
});

async function errors(rest: string): Promise<string[]> {
  try {
    await compilePlaybook(smallPlaybook(scheduling(rest)));
    return [];
  } catch (error) {
    if (!(error instanceof PlaybookError)) throw error;
    return error.issues.map(formatIssue);
  }
}

test('staff, closures, reminders and buffers reach the bundle', async () => {
  const rest = `  closures: [{ from: "2035-12-24", to: "2036-01-02" }]
  staff:
    - { id: ana, name: Ana }
    - { id: ben, name: Ben, services: [visit], openingHours: [{ days: [sunday], from: "10:00", to: "12:00" }] }
  reminders: [2h, 1d, 24h]
  confirmationCall: 90m`;
  const service = ', bufferBeforeMin: 10, bufferAfterMin: 20, horizonDays: 30';
  const { bundle } = await compilePlaybook(smallPlaybook(scheduling(rest, service)));
  expect(bundle.scheduling).toMatchObject({
    closures: [{ from: '2035-12-24', to: '2036-01-02' }],
    staff: [
      { id: 'ana', name: 'Ana' },
      { id: 'ben', services: ['visit'], openingHours: [{ days: [7], from: '10:00', to: '12:00' }] },
    ],
    remindersMin: [1_440, 120],
    confirmationCallMin: 90,
    services: [{ bufferMin: 0, bufferBeforeMin: 10, bufferAfterMin: 20, horizonDays: 30 }],
  });
});

test('a playbook that uses none of them has the rules it always had', async () => {
  const { bundle } = await compilePlaybook(smallPlaybook());
  expect(Object.keys(bundle.scheduling)).toEqual(['timeZone', 'openingHours', 'closedOn', 'services']);
});

test('what cannot be meant is told with its place', async () => {
  expect((await errors('  closures: [{ from: "2036-01-02", to: "2035-12-24" }]')).join()).toMatch(
    /Ends on 2035-12-24, before it begins on 2036-01-02/,
  );
  expect((await errors('  staff: [{ id: ana, name: Ana, services: [cut] }]')).join()).toMatch(/cut/);
  expect((await errors('  staff: [{ id: ana, name: Ana, services: [] }]')).join()).toMatch(/Nobody does "visit"/);
  expect((await errors('  staff: [{ id: ana, name: Ana }, { id: ana, name: Ann }]')).join()).toMatch(/"ana" is taken/);
  expect((await errors('  reminders: [soon]')).join()).toMatch(/30m, 2h or 1d/);
  expect((await errors('  reminders: [60d]')).join()).toMatch(/at most 14 days/);
});
