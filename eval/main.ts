/** `npm run eval -- NAME …`: an eval is loaded when it is wanted. */
const evals: Readonly<Record<string, () => Promise<{ run(args: readonly string[]): Promise<void> }>>> = {
  adaptation: () => import('./adaptation/main.ts'),
  answerers: () => import('./answerers/main.ts'),
  band: () => import('./band/main.ts'),
  calls: () => import('./calls/main.ts'),
  capture: () => import('./capture/main.ts'),
  chaos: () => import('./chaos/main.ts'),
  digits: () => import('./digits/main.ts'),
  network: () => import('./network/main.ts'),
  nlu: () => import('./nlu/main.ts'),
  turns: () => import('./turns/main.ts'),
};

const [name = '', ...args] = process.argv.slice(2);
const load = Object.hasOwn(evals, name) ? evals[name] : undefined;
if (load !== undefined) {
  const { run } = await load();
  await run(args);
} else {
  const usage = `npm run eval -- NAME, which is one of ${Object.keys(evals).join(', ')}.`;
  if (name === '--help' || name === '-h') console.log(usage);
  else {
    console.error(`${name === '' ? 'Which eval?' : `There is no eval named "${name}".`} ${usage}`);
    process.exitCode = 2;
  }
}
