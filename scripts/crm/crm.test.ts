import { beforeEach, expect, test } from 'vitest';
import { standIn } from '../command/stand-in.ts';
import { askCrm, fetchPreview, formatPreview, onlyKind, readConnection } from './crm.ts';

const callId = '0193a5c1-6f0e-7a31-9c55-0a1b2c3d4e5f';
let connections: { kind: string; changedAtMs: number }[] = [];

const { source } = standIn(({ path }) => {
  if (path === 'GET crm') return { body: { connections } };
  if (path === `GET crm/hubspot/preview/${callId}`)
    return { body: { writes: [{ object: 'contact', body: { firstname: 'Ann' } }] } };
  const error = { code: 'bad-request', message: 'HubSpot has no property x.', action: 'Correct it.' };
  return { status: 400, body: { error } };
});

beforeEach(() => {
  connections = [];
});

test('a connection file is YAML, with secrets from the environment', () => {
  const text = 'credentials:\n  type: token\n  token: $HUBSPOT_TOKEN\nowners:\n  dana: "11"\n';
  expect(readConnection(text, { HUBSPOT_TOKEN: 'pat-1' })).toEqual({
    credentials: { type: 'token', token: 'pat-1' },
    owners: { dana: '11' },
  });
  expect(() => readConnection(text, {})).toThrow('HUBSPOT_TOKEN, which is not set');
  expect(() => readConnection('a: [', {})).toThrow('no YAML');
  expect(() => readConnection('just words', {})).toThrow('docs/crm.md');
});

test('a preview shows each object by the CRM’s own field names', async () => {
  const preview = await fetchPreview(source(), 'hubspot', callId);
  const layout = { paint: (_: string, text: string) => text, width: 80, timeZone: 'UTC' };
  expect(formatPreview(preview, layout)).toBe('contact\n{\n  "firstname": "Ann"\n}\n');
  expect(formatPreview({ writes: [] }, layout)).toContain('neither an address nor a number');
  await expect(fetchPreview(source(), 'hubspot', 'x')).rejects.toThrow('no call id');
});

test('the CRM need not be named where there is one', async () => {
  await expect(onlyKind(source())).rejects.toThrow('connected to no CRM');
  connections = [{ kind: 'hubspot', changedAtMs: 1 }];
  expect(await onlyKind(source())).toBe('hubspot');
  connections.push({ kind: 'pipedrive', changedAtMs: 1 });
  await expect(onlyKind(source())).rejects.toThrow('several CRMs');
});

test('what the control plane refuses is said with what to do', async () => {
  await expect(askCrm(source(), 'PUT', '/hubspot', {})).rejects.toThrow('HubSpot has no property x. Correct it.');
});
