import { expect, test } from 'vitest';
import { createLog, type LogOptions } from './log.ts';

function logged(options: Partial<LogOptions> = {}) {
  const lines: unknown[] = [];
  const log = createLog({ write: (line) => lines.push(JSON.parse(line)), now: () => 0, ...options });
  return { log, lines };
}

test('personal data is redacted unless the log was made to show it', () => {
  const hidden = logged();
  hidden.log.info('heard', { callId: 'c', pii: { text: 'my name is susan' } });
  expect(hidden.lines).toEqual([
    { time: '1970-01-01T00:00:00.000Z', level: 'info', message: 'heard', callId: 'c', pii: '[redacted]' },
  ]);
  const shown = logged({ showPii: true });
  shown.log.info('heard', { pii: { text: 'x' } });
  expect(shown.lines).toMatchObject([{ pii: { text: 'x' } }]);
});

test('errors are logged with their causes and without their stack', () => {
  const { log, lines } = logged();
  log.error('failed', { error: new Error('outer', { cause: new Error('inner') }) });
  expect(lines).toMatchObject([{ error: { message: 'outer', cause: { message: 'inner' } } }]);
  expect(JSON.stringify(lines)).not.toContain('log.test.ts');
});

test('lines below the level are not written', () => {
  const { log, lines } = logged({ level: 'warn' });
  log.info('no');
  log.warn('yes');
  expect(lines).toHaveLength(1);
});
