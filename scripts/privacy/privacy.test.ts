import { expect, test } from 'vitest';
import type { Removal } from '../../contract/privacy.ts';
import { standIn } from '../command/stand-in.ts';
import { erasePerson, formatRemovals } from './privacy.ts';

const removal: Removal = {
  id: '0193a5c1-6f0e-4a31-9c55-0a1b2c3d4e5f',
  kind: 'erasure',
  status: 'done',
  begunAtMs: Date.UTC(2026, 10, 24, 17),
  doneAtMs: Date.UTC(2026, 10, 24, 17),
  callsLeft: 0,
  removed: { calls: 2, do_not_call: 1 },
  crm: [{ kind: 'hubspot', outcome: 'erased' }],
  digest: 'ab',
};

const { asked, source } = standIn(() => ({ body: removal }));

test('whom it is about is never in an address', async () => {
  expect(await erasePerson(source(), { phone: '+13035550123', email: 'Ann@Example.com', crm: true })).toEqual(removal);
  expect(asked).toEqual([
    {
      path: 'POST people/erase',
      body: { phone: '+13035550123', email: 'ann@example.com', crm: true },
    },
  ]);
});

test('nobody, and what is no number, are named before anything is asked', async () => {
  await expect(erasePerson(source(), { crm: false })).rejects.toThrow('Say who');
  await expect(erasePerson(source(), { phone: '303', crm: false })).rejects.toThrow('--phone is wrong');
  expect(asked).toEqual([]);
});

test('a removal says when, what, and what is left', () => {
  const layout = { paint: (tone: string, text: string) => `<${tone}>${text}`, width: 100, timeZone: 'UTC' };
  expect(formatRemovals([removal], layout)).toBe(
    `${removal.id}  2026-11-24 17:00  erasure  done  2 calls, 1 do not call  hubspot: erased\n`,
  );
  expect(formatRemovals([{ ...removal, status: 'running', callsLeft: 3, removed: {}, crm: [] }], layout)).toContain(
    '<yellow>3 calls left: ask again in a moment  nothing was there',
  );
});
