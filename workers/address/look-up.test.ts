import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { lookUpTrouble } from './look-up.ts';

const resolver = 'https://dns.test/dns-query';

/** A resolver that knows these addresses, by record type. */
function startResolver(answers: Record<string, unknown>) {
  const asked: string[] = [];
  const spy = vi.spyOn(globalThis, 'fetch').mockImplementation(async (input) => {
    const url = new URL(String(input));
    asked.push(url.search);
    const answer = answers[url.searchParams.get('type') ?? ''];
    return Promise.resolve(typeof answer === 'number' ? new Response('', { status: answer }) : Response.json(answer));
  });
  onTestFinished(() => {
    spy.mockRestore();
  });
  return asked;
}

const records = (type: number, ...data: string[]) => ({
  Status: 0,
  Answer: data.map((text) => ({ type, data: text })),
});
const nothing = { Status: 0 };

describe('a name that webhooks are to be sent to', () => {
  it('leads to public addresses, by way of other names', async () => {
    const A = {
      Status: 0,
      Answer: [
        { type: 5, data: 'edge.example.net.' },
        { type: 1, data: '93.184.216.34' },
      ],
    };
    const asked = startResolver({ A, AAAA: records(28, '2606:2800:220:1::1') });
    expect(await lookUpTrouble('https://example.com/x', resolver)).toBeNull();
    expect(asked.toSorted()).toEqual(['?name=example.com&type=A', '?name=example.com&type=AAAA']);
  });

  it.each([
    [
      'to one address inside among others',
      { A: records(1, '93.184.216.34', '10.0.0.1'), AAAA: nothing },
      /10\.0\.0\.1/,
    ],
    ['inside by IPv6 alone', { A: records(1, '93.184.216.34'), AAAA: records(28, 'fd00:ec2::254') }, /fd00:ec2::254/],
    ['nowhere', { A: nothing, AAAA: nothing }, /nowhere/],
    ['to nonsense', { A: records(1, 'x'), AAAA: nothing }, /private network/],
    ['where nobody can tell', { A: 503, AAAA: 503 }, /could not be looked up/],
    ['where the answer is no answer', { A: { hello: 1 }, AAAA: nothing }, /could not be looked up/],
  ])('is not used when it leads %s', async (_, answers, reason) => {
    startResolver(answers);
    expect(await lookUpTrouble('https://example.com/x', resolver)).toMatch(reason);
  });

  it('is not asked about where it is an address', async () => {
    const asked = startResolver({});
    expect(await lookUpTrouble('https://93.184.216.34/', resolver)).toBeNull();
    expect(asked).toEqual([]);
  });
});
