import { expect, test } from 'vitest';
import { formatFindings, formatTrunks } from './format.ts';

const layout = { paint: (_tone: string, text: string) => text, width: 60, timeZone: 'UTC' };

test('formatFindings marks each finding, breaks long lines and says what it comes to', () => {
  const text = formatFindings(
    'carrier',
    [
      { level: 'good', what: 'It lets us register.' },
      {
        level: 'bad',
        what: 'It speaks G729, and we do not.',
        change: 'Have the trunk allow G.711 (PCMU or PCMA), please do.',
      },
    ],
    layout,
  );
  expect(text).toBe(
    [
      'Trunk carrier',
      'ok    It lets us register.',
      'BAD   It speaks G729, and we do not.',
      '      → Have the trunk allow G.711 (PCMU or PCMA), please',
      '      do.',
      '',
      'Calls will not work like that: 1 to mend.',
      '',
    ].join('\n'),
  );
});

test('formatTrunks says what a trunk is for, and no password', () => {
  const text = formatTrunks(
    [
      {
        name: 'carrier',
        addresses: ['203.0.113.0/24'],
        login: { username: 'in', password: 'a password of theirs' },
        address: { host: 'sip.example.com', port: undefined, transport: 'TLS' },
        account: { username: 'me', password: 'a password of ours' },
        register: true,
      },
      { name: 'in', addresses: ['10.0.0.1'] },
    ],
    layout,
  );
  expect(text).toBe(
    'carrier  brings calls from 203.0.113.0/24, login in; is called at sip.example.com; over TLS; as me, registered; may dial nothing\n' +
      'in       brings calls from 10.0.0.1\n',
  );
});
