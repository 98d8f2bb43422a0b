import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { deploy, rollBack } from './deploy.ts';
import {
  environments,
  readTarget,
  readWranglerConfig,
  requiredSecrets,
  type Target,
  type WranglerConfig,
} from './target.ts';
import { type CommandResult, runWrangler } from './wrangler.ts';

const target: Target = {
  environment: 'staging',
  worker: 'parley-staging',
  publicUrl: 'https://staging.parley.test',
  queues: ['parley-crm-staging'],
  buckets: [],
};

const version = (id: string, minute: number) => ({
  created_on: `2026-11-23T12:0${minute}:00Z`,
  versions: [{ version_id: id, percentage: 100 }],
});

/** Cloudflare as wrangler shows it. */
let asked: string[];
let answers: Record<string, Partial<CommandResult>>;
const run = (args: readonly string[]): Promise<CommandResult> => {
  const command = args.join(' ');
  asked.push(command);
  const known = Object.entries(answers).find(([beginning]) => command.startsWith(beginning))?.[1];
  return Promise.resolve({ code: 0, stdout: '', stderr: '', ...known });
};
const lines: string[] = [];
const options = { target, run, progress: (line: string) => void lines.push(line) };
const works = (): Promise<void> => Promise.resolve();
const fails = (): Promise<void> => Promise.reject(new Error('GET /healthz was answered 500'));

afterEach(() => void vi.unstubAllEnvs());
beforeEach(() => {
  asked = [];
  answers = {
    'deployments list': { stdout: JSON.stringify([version('old', 1), version('current', 3), version('older', 0)]) },
    'secret list': {
      stdout: JSON.stringify(Object.keys(requiredSecrets).map((name) => ({ name, type: 'secret_text' }))),
    },
  };
});

const deployed = (): boolean => asked.includes('deploy --env staging');

describe('deploy', () => {
  test('checks, deploys and tries it out', async () => {
    await deploy({ ...options, smokeTest: works });
    expect(asked).toEqual([
      'whoami --json',
      'queues info parley-crm-staging',
      'deployments list --env staging --json',
      'secret list --env staging --format json',
      'deploy --env staging',
    ]);
  });

  test('makes queues and buckets that are not there', async () => {
    answers['queues info'] = { code: 1 };
    answers['r2 bucket info'] = { code: 1 };
    await deploy({ ...options, target: { ...target, buckets: ['recordings'] }, smokeTest: works });
    expect(asked).toContain('queues create parley-crm-staging');
    expect(asked).toContain('r2 bucket create recordings');
  });

  test('goes back to what ran before when the new version does not work, and says both', async () => {
    await expect(deploy({ ...options, smokeTest: fails })).rejects.toThrow(
      /back at current.*\/healthz was answered 500/,
    );
    expect(asked.at(-1)).toMatch(/^rollback current --env staging --yes/);
  });

  test('has nothing to go back to the first time, and asks for the secrets after it', async () => {
    answers['deployments list'] = { code: 1, stderr: 'This Worker does not exist on your account. [code: 10007]' };
    await expect(deploy({ ...options, smokeTest: fails })).rejects.toThrow('The new deployment does not work');
    expect(asked.indexOf('secret list --env staging --format json')).toBeGreaterThan(
      asked.indexOf('deploy --env staging'),
    );
    expect(asked.filter((command) => command.startsWith('rollback'))).toEqual([]);
  });

  test('deploys nothing while it cannot learn what runs now: there would be no way back', async () => {
    answers['deployments list'] = {
      code: 1,
      stderr: 'A request to the Cloudflare API failed. Internal error [code: 10013]',
    };
    await expect(deploy({ ...options, smokeTest: works })).rejects.toThrow(/what is deployed now[\s\S]*code: 10013/);
    expect(deployed()).toBe(false);
  });

  test('names each secret that is missing with the command that sets it, and deploys nothing', async () => {
    answers['secret list'] = { stdout: '[{"name":"NODE_KEY"},{"name":"STAFF_KEY"},{"name":"MASTER_KEY"}]' };
    await expect(deploy({ ...options, smokeTest: works })).rejects.toThrow(
      'openssl rand -base64 48 | npx wrangler secret put SESSION_KEY --env staging',
    );
    expect(deployed()).toBe(false);
  });

  test('says how to log in', async () => {
    const nowhere = await mkdtemp(join(tmpdir(), 'parley-nobody-'));
    onTestFinished(() => rm(nowhere, { recursive: true, force: true }));
    // The wrangler of the lockfile, without a login.
    for (const name of ['HOME', 'XDG_CONFIG_HOME']) vi.stubEnv(name, nowhere);
    for (const name of ['CLOUDFLARE_API_TOKEN', 'CLOUDFLARE_API_KEY']) vi.stubEnv(name, undefined);
    answers['whoami'] = await runWrangler(['whoami', '--json']);
    await expect(deploy({ ...options, smokeTest: works })).rejects.toThrow(/Log in with "npx wrangler login"/);
    expect(deployed()).toBe(false);
  });

  test.each(['', 'http://staging.parley.test', 'https://parley.example'])(
    'refuses the address %j',
    async (publicUrl) => {
      await expect(deploy({ ...options, target: { ...target, publicUrl }, smokeTest: works })).rejects.toThrow(
        '[env.staging.vars]',
      );
      expect(asked).toEqual([]);
    },
  );
});

describe('rollBack', () => {
  test('goes to the version before, or to the one that is named', async () => {
    await rollBack(options);
    expect(asked.at(-1)).toMatch(/^rollback old --env staging/);
    await rollBack(options, 'older');
    expect(asked.at(-1)).toMatch(/^rollback older --env staging/);
  });

  test('says when there is none', async () => {
    answers['deployments list'] = { stdout: JSON.stringify([version('current', 3)]) };
    await expect(rollBack(options)).rejects.toThrow('no earlier version');
  });
});

describe('wrangler.toml', () => {
  test.each(environments)('%s has all that a local start has, under names of its own', (environment) => {
    const there = readWranglerConfig(environment);
    const shape = ({ durable_objects, queues, r2_buckets, migrations }: WranglerConfig) => ({
      objects: durable_objects.bindings.map(({ name, class_name }) => [name, class_name]),
      producers: queues.producers.map(({ binding }) => binding),
      consumers: queues.consumers.map(({ max_batch_size, max_retries, dead_letter_queue }) => [
        max_batch_size,
        max_retries,
        dead_letter_queue !== undefined,
      ]),
      buckets: r2_buckets.map(({ binding }) => binding),
      migrations,
    });
    expect(shape(there)).toEqual(shape(readWranglerConfig()));
    const { queues, worker } = readTarget(environment);
    expect(worker).toBe(environment === 'production' ? 'parley' : `parley-${environment}`);
    expect(queues.every((queue) => queue.endsWith(`-${environment}`))).toBe(true);
    expect(there.vars['CLIENT_ADDRESS']).toBe('cloudflare');
  });
});

test('the Worker can be built for deployment', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'parley-deploy-'));
  const { code, stdout, stderr } = await runWrangler(['deploy', '--env', 'staging', '--dry-run', '--outdir', folder]);
  await rm(folder, { recursive: true });
  expect({ code, stderr }).toMatchObject({ code: 0 });
  expect(stdout).toContain('env.BUSINESS (Business)');
});
