/** `npm run eval -- NAME [options]`. An evaluation is loaded when it is wanted. */
const evals = {
  nlu: () => import('./nlu/main.ts'),
  capture: () => import('./capture/main.ts'),
};

const [name = '', ...args] = process.argv.slice(2);
const load = Object.entries(evals).find(([known]) => known === name)?.[1];
if (load === undefined) {
  const known = Object.keys(evals).join(', ');
  console.error(
    name === '' ? `Which evaluation? ${known}` : `There is no evaluation named "${name}". There are: ${known}`,
  );
  process.exitCode = 2;
} else {
  await (await load()).run(args);
}
