import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { Webhook } from 'standardwebhooks';
import { describe, expect, test } from 'vitest';

const docs = readFileSync(new URL('../../docs/webhooks.md', import.meta.url), 'utf8');
const secret = `whsec_${Buffer.from('a secret of twenty-four-ish bytes').toString('base64')}`;
const body = JSON.stringify({ type: 'webhook.test', data: { message: 'Grüße' } });
const id = 'msg_1';

/** What a receiver is sent: here beside the signature of a former secret. */
function headers(at: Date): Record<string, string> {
  return {
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(at.getTime() / 1_000)),
    'webhook-signature': `v1,${'A'.repeat(43)}= ${new Webhook(secret).sign(id, at, body)}`,
  };
}

const example = (language: string): string => new RegExp(`\`\`\`${language}\n([^]*?)\`\`\``).exec(docs)?.[1] ?? '';

const runs = spawnSync('python3', ['--version']).status === 0;

describe.skipIf(!runs)('the Python example of docs/webhooks.md (where there is a Python)', () => {
  const verified = (sent: Record<string, string>, text: string) => {
    const program = `${example('python')}\nimport sys\nsecret, headers, body = json.load(sys.stdin)\nprint(json.dumps(read_webhook(secret, headers, body.encode())))`;
    return spawnSync('python3', ['-c', program], { input: JSON.stringify([secret, sent, text]), encoding: 'utf8' });
  };

  test('takes a good webhook', () => {
    expect(JSON.parse(verified(headers(new Date()), body).stdout)).toEqual(JSON.parse(body));
  });

  test('refuses a changed byte and an old one', () => {
    expect(verified(headers(new Date()), body.replace('test', 'tests')).stderr).toContain('wrong signature');
    expect(verified(headers(new Date(Date.now() - 301_000)), body).stderr).toContain('too old');
  });
});

test('the JavaScript example does the same', async () => {
  const { readWebhook } = (await import(
    `data:text/javascript,${encodeURIComponent(example('js').replace(/'standardwebhooks'/, `'${import.meta.resolve('standardwebhooks')}'`))}`
  )) as { readWebhook: (secret: string, headers: Record<string, string>, body: string) => unknown };
  expect(readWebhook(secret, headers(new Date()), body)).toEqual(JSON.parse(body));
  expect(() => readWebhook(secret, headers(new Date()), `${body} `)).toThrow('No matching signature');
});
