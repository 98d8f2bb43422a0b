import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { openTelephone } from './testing/open-telephone.ts';

const invalid = join(import.meta.dirname, 'testing/rfc4475-invalid');
const valid = join(import.meta.dirname, '../../../../shared/data/sip/rfc4475-valid');

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** What is answered to a datagram at once. Never confirmed, never ended by its sender: all is over in time. */
function answers(bytes: Uint8Array): string[] {
  const telephone = openTelephone();
  telephone.receive(bytes);
  const said = telephone.said();
  expect(telephone.left()).toEqual([0, 0, 0]);
  return said.filter((status) => status !== '180');
}

/** Statuses, each with why where the RFC leaves a choice. */
const deserved: Readonly<Record<string, readonly string[]>> = {
  badinv01: ['400'],
  clerr: ['400'],
  ncl: ['400'],
  scalar02: ['400'],
  scalarlg: [],
  quotbal: ['400'],
  ltgtruri: ['400'],
  lwsruri: ['400'],
  lwsstart: ['400'],
  trws: ['400'],
  escruri: ['400'],
  // We have no use for the date, and an element that has none may ignore it.
  baddate: ['100', '200'],
  // We are no registrar, whatever the registration looks like.
  regbadct: ['405'],
  unksm2: ['405'],
  regaut01: ['405'],
  cparam01: ['405'],
  cparam02: ['405'],
  regescrt: ['405'],
  // What was meant is plain, and the RFC lets us take it so.
  badaspec: ['200'],
  baddn: ['200'],
  badvers: ['505'],
  mismatch01: ['400'],
  mismatch02: ['400'],
  bigcode: [],
  // Told apart as RFC 2543 had it.
  badbranch: ['200'],
  insuf: ['400'],
  unkscm: ['416'],
  novelsc: ['416'],
  bext01: ['420'],
  invut: ['415'],
  multi01: ['400'],
  mcl01: ['400'],
  bcast: [],
  // Only proxies count hops.
  zeromf: ['200'],
  sdp01: ['406'],
  inv2543: ['100', '200'],
};

describe('messages of RFC 4475 that are wrong, or old', () => {
  const files = readdirSync(invalid).filter((file) => file.endsWith('.sip'));

  test('are all here', () => {
    expect(files.map((file) => file.replace('.sip', '')).toSorted()).toEqual(Object.keys(deserved).toSorted());
  });

  test.each(Object.entries(deserved))('%s is answered with %j', (name, statuses) => {
    const text = readFileSync(join(invalid, `${name}.sip`), 'latin1');
    expect(answers(Buffer.from(text.replaceAll('\n', '\r\n'), 'latin1'))).toEqual(statuses);
  });
});

describe.skipIf(!existsSync(valid))('messages of RFC 4475 that are hard, but right (in ../shared/data)', () => {
  test.each<[string, readonly string[]]>([
    // Its To has a tag, of a dialog that we do not have.
    ['wsinv', ['481']],
    ['intmeth', ['501']],
    ['esc01', ['100', '200']],
    ['escnull', ['405']],
    ['esc02', ['501']],
    ['lwsdisp', ['200']],
    ['longreq', ['100', '200']],
    ['dblreq', ['405']],
    ['semiuri', ['200']],
    ['transports', ['200']],
    ['mpart01', ['405']],
    ['unreason', []],
    ['noreason', []],
  ])('%s is answered with %j', (name, statuses) => {
    expect(answers(readFileSync(join(valid, `${name}.dat`)))).toEqual(statuses);
  });
});
