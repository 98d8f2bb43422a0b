import { describe, expect, it } from 'vitest';
import { SealError } from './seal-error.ts';
import { makeDataKey, openText, readMasterKey, sealText, unwrapDataKey } from './sealed.ts';

const masterText = btoa('a master key of thirty-two bytes');
const purpose = 'crm hubspot';

function keys(business = 'summit-roofing') {
  const master = readMasterKey(masterText);
  return { master, ...makeDataKey(master, business) };
}

describe('a sealed text', () => {
  it('is opened by the same key, unwrapped again, for the same purpose', async () => {
    const { master, key, wrapped } = keys();
    const sealed = await sealText(key, purpose, 'pat-na1-é');
    expect(sealed).not.toContain('pat');
    expect(await openText(unwrapDataKey(master, 'summit-roofing', wrapped), purpose, sealed)).toBe('pat-na1-é');
  });

  it('is never the same twice', async () => {
    const { key } = keys();
    expect(await sealText(key, purpose, 'secret')).not.toBe(await sealText(key, purpose, 'secret'));
  });

  it('is not opened for another purpose, by another business, or after a change of any byte', async () => {
    const { key } = keys();
    const sealed = await sealText(key, purpose, 'secret');
    await expect(openText(key, 'crm pipedrive', sealed)).rejects.toThrow('for another purpose');
    await expect(openText(keys().key, purpose, sealed)).rejects.toThrow(SealError);
    for (let at = 'v1.'.length; at < sealed.length - 1; at += 1) {
      const other = sealed[at] === 'A' ? 'B' : 'A';
      const changed = `${sealed.slice(0, at)}${other}${sealed.slice(at + 1)}`;
      await expect(openText(key, purpose, changed)).rejects.toThrow(SealError);
    }
  });

  it.each(['', 'v1', 'v1.AAAA', 'v2.AAAA.AAAA', 'v1.!', `v1.${'A'.repeat(30)}`, 'secret'])(
    'is not %j',
    async (text) => {
      await expect(openText(keys().key, purpose, text)).rejects.toThrow('This is no sealed value');
    },
  );
});

describe('a wrapped data key', () => {
  it('belongs to its business', () => {
    const { master, wrapped } = keys();
    expect(() => unwrapDataKey(master, 'ridgeline-roofing', wrapped)).toThrow(SealError);
  });

  it('says which master key it needs', () => {
    const { master, wrapped } = keys();
    const other = readMasterKey(btoa('another key of exactly 32 bytes!'));
    expect(() => unwrapDataKey(other, 'summit-roofing', wrapped)).toThrow(
      `wrapped by master key ${master.id}, the present one is ${other.id}`,
    );
  });
});

it.each(['', 'short', btoa('sixteen bytes...'), 'not base64 at all!'])('%j is no master key', (text) => {
  expect(() => readMasterKey(text)).toThrow('32 bytes in base64');
});
