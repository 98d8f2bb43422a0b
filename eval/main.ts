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
if (load === undefined) {
  const known = Object.keys(evals).join(', ');
  console.error(`${name === '' ? 'Which eval?' : `There is no eval named "${name}".`} There are: ${known}.`);
  process.exitCode = 2;
} else {
  const { run } = await load();
  await run(args);
}
