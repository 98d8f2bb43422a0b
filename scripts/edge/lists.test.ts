import { expect, test } from 'vitest';
import { dispatcherList, trunkList } from './lists.ts';

test('dispatcherList has the nodes with a telephone that are up', () => {
  const list = dispatcherList([
    { name: 'a', sipUri: 'sip:192.0.2.7:5060', state: 'up' },
    { name: 'b', sipUri: 'sip:192.0.2.8:5060', state: 'draining' },
    { name: 'c', sipUri: 'sip:192.0.2.9:5060', state: 'dead' },
    { name: 'd', sipUri: undefined, state: 'up' },
    { name: 'e', sipUri: 'sip:192.0.2.11:5060;transport=tcp' },
  ]);
  expect(list.split('\n').slice(1)).toEqual([
    '1 sip:192.0.2.7:5060 0 0 duid=a',
    '1 sip:192.0.2.11:5060;transport=tcp 0 0 duid=e',
    '',
  ]);
});

test('trunkList has a line for each network, and none for a trunk that is known by its login', () => {
  const list = trunkList([
    { name: 'carrier', addresses: ['203.0.113.0/24', '198.51.100.7', '2001:db8::5'] },
    { name: 'office', addresses: [] },
  ]);
  expect(list.split('\n').slice(1)).toEqual([
    '1 203.0.113.0 24 0 carrier',
    '1 198.51.100.7 32 0 carrier',
    '1 2001:db8::5 128 0 carrier',
    '',
  ]);
});
