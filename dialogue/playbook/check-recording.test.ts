import { describe, expect, test } from 'vitest';
import { smallPlaybook } from '../testing/small-playbook.ts';
import { compilePlaybook, PlaybookError } from './compile.ts';
import { formatIssue } from './issue.ts';

const business = (recording: string): string =>
  `business: { id: small-shop, name: Small Shop, agentName: Pat, recording: ${recording} }`;
const disclosure = (text: string, spoken = text): string =>
  `disclosure: { version: "1", text: "${text}", spoken: "${spoken}" }`;
const says = 'An AI answers. This call is recorded.';

async function errors(changes: Readonly<Record<string, string>>): Promise<string[]> {
  try {
    await compilePlaybook(smallPlaybook(changes));
    return [];
  } catch (error) {
    if (!(error instanceof PlaybookError)) throw error;
    return error.issues.map(formatIssue);
  }
}

describe('recording', () => {
  test('is off where nothing is said of it, and does not change the playbook', async () => {
    const { bundle } = await compilePlaybook(smallPlaybook());
    expect(bundle.business.recording).toBeUndefined();
    const off = await compilePlaybook(smallPlaybook({ business: business('off') }));
    expect(off.bundle.hash).toBe(bundle.hash);
  });

  test('is on with a disclosure that says so', async () => {
    const { bundle } = await compilePlaybook(smallPlaybook({ business: business('on'), disclosure: disclosure(says) }));
    expect(bundle.business.recording).toBe(true);
  });

  test.each([
    ['text', disclosure('An AI answers.', says)],
    ['spoken', disclosure(says, 'I am an AI assistant.')],
    ['text', disclosure('Calls are not recorded.', says)],
    ['spoken', disclosure(says, 'I am an AI assistant. No recording is kept.')],
  ])('is refused where the disclosure does not: %s', async (field, section) => {
    const found = await errors({ business: business('on'), disclosure: section });
    expect(found).toEqual([expect.stringContaining('Calls are recorded, and the disclosure does not say so.')]);
    expect(found[0]).toContain(`disclosure.${field}`);
  });

  test('is refused where only another language does not say so', async () => {
    const changes = { business: business('on'), disclosure: disclosure(says) };
    const locale = (spoken: string): string =>
      `locales: { es: { disclosure: { text: "Responde una IA. La llamada se graba y queda grabada.", spoken: "${spoken}" } } }`;
    expect(await errors({ ...changes, locales: locale('Soy una IA. Esta llamada queda grabada.') })).toEqual([]);
    expect(await errors({ ...changes, locales: locale('Soy una IA.') })).toEqual([
      expect.stringContaining('the disclosure does not say so'),
    ]);
  });

  test('takes nothing but on and off', async () => {
    expect(await errors({ business: business('perhaps') })).toEqual([
      expect.stringContaining('"perhaps" is not known here. (one of: on, off)'),
    ]);
  });
});
