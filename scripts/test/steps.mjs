/**
 * @typedef {object} TestStep
 * @property {string} name
 * @property {Group} group What `--only` picks.
 * @property {readonly string[]} command A program of node_modules/.bin and its arguments.
 * @property {'exit-code' | 'vitest' | 'dependencies'} counts How its result is read.
 */

/** @typedef {'lint' | 'types' | 'build' | 'unit' | 'workers' | 'call'} Group */

/** @type {readonly Group[]} */
export const groups = ['lint', 'types', 'build', 'unit', 'workers', 'call'];

const sources = ['contract', 'dialogue', 'server', 'workers', 'widget', 'demo', 'eval', 'scripts'];
const typed = ['contract', 'dialogue', 'workers', 'widget', '.'];

/** @param {string} folder @returns {TestStep} */
function typeCheck(folder) {
  const what = folder === '.' ? 'server, eval, scripts' : folder;
  return { name: `tsc ${what}`, group: 'types', command: ['tsc', '-p', folder], counts: 'exit-code' };
}

/** @param {'unit' | 'workers' | 'call'} project @returns {TestStep} */
function testProject(project) {
  return {
    name: `vitest ${project}`,
    group: project,
    // Workers are tested by themselves, and in a project of their own with real servers beside them.
    command: ['vitest', 'run', '--project', `${project}*`],
    counts: 'vitest',
  };
}

/**
 * Quick and telling ones first. One after the other: most of them use every core by themselves.
 *
 * @type {readonly TestStep[]}
 */
export const steps = [
  { name: 'oxlint', group: 'lint', command: ['oxlint', '--type-aware', '--deny-warnings'], counts: 'exit-code' },
  { name: 'oxfmt', group: 'lint', command: ['oxfmt', '--check', '.'], counts: 'exit-code' },
  ...typed.map(typeCheck),
  {
    name: 'import directions',
    group: 'lint',
    command: ['depcruise', '--config', '.dependency-cruiser.mjs', '--output-type', 'json', ...sources],
    counts: 'dependencies',
  },
  { name: 'knip', group: 'lint', command: ['knip'], counts: 'exit-code' },
  { name: 'vite build', group: 'build', command: ['vite', 'build'], counts: 'exit-code' },
  testProject('unit'),
  testProject('workers'),
  testProject('call'),
];
