import { command } from '../command/frame.ts';
import { runCommand } from '../setup/command.mjs';
import { SetUpError } from '../setup/set-up-error.mjs';
import { deploy, rollBack } from './deploy.ts';
import { smokeTest } from './smoke-test.ts';
import { type Environment, environments, readTarget } from './target.ts';
import { runWrangler, wrangler } from './wrangler.ts';

const help = `Deploys the control plane to Cloudflare.

  npm run deploy -- staging|production              checks, deploys, tries it out, goes back where it fails
  npm run deploy -- rollback staging|production     back to the version before, or to --version ID
  npm run deploy -- staging|production --dry-run    builds what would be deployed, and asks nobody

The keys that the try-out needs are read from PARLEY_STAFF_KEY and PARLEY_NODE_KEY.

  --version ID     to go back to
  --help           this text
`;

const options = { 'dry-run': { type: 'boolean', default: false }, version: { type: 'string' } } as const;

await command(help, options, async ({ values, positionals }) => {
  const isRollBack = positionals[0] === 'rollback';
  const [name, ...more] = isRollBack ? positionals.slice(1) : positionals;
  const target = readTarget(environmentOf(name, more));
  const progress = (line: string): void => void process.stderr.write(`${line}\n`);
  if (isRollBack) {
    await rollBack({ target, run: runWrangler, progress }, values.version);
    return;
  }
  progress('Building the widget');
  await runCommand('npx', ['--no-install', 'vite', 'build']);
  if (values['dry-run']) {
    await wrangler(
      runWrangler,
      ['deploy', '--env', target.environment, '--dry-run', '--outdir', 'dist/worker'],
      'build the Worker',
    );
    progress(`${target.worker}: built in dist/worker, nothing was deployed`);
    return;
  }
  const keys = { staffKey: keyOf('PARLEY_STAFF_KEY'), nodeKey: keyOf('PARLEY_NODE_KEY') };
  await deploy({ target, run: runWrangler, progress, smokeTest: (publicUrl) => smokeTest(publicUrl, keys) });
});

function environmentOf(name: string | undefined, more: readonly string[]): Environment {
  const found = environments.find((one) => one === name);
  if (found !== undefined && more.length === 0) return found;
  throw new SetUpError(`Say where to: ${environments.join(' or ')}.\n\n${help}`);
}

function keyOf(variable: string): string {
  const key = process.env[variable];
  if (!key)
    throw new SetUpError(
      `Set ${variable}, so that what is deployed can be tried out. It is the secret of the same name without PARLEY_.`,
    );
  return key;
}
