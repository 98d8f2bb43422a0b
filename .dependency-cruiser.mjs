/** Who may import whom. Each folder's README says what lives in it. */

/**
 * @param {string} from
 * @param {readonly string[]} allowed Top-level folders; its own is always allowed.
 * @param {string} comment
 */
function only(from, allowed, comment) {
  const folders = ['contract', 'dialogue', 'server', 'workers', 'widget', 'console', 'demo', 'eval', 'scripts'];
  const forbidden = folders.filter((folder) => folder !== from && !allowed.includes(folder));
  return {
    name: `${from}-imports`,
    severity: 'error',
    comment,
    from: { path: `^${from}/` },
    to: { path: `^(${forbidden.join('|')})/` },
  };
}

const stages = ['listen', 'turn', 'speak', 'consult'];

/** Of the telephone door, the lowest first: each may use those before it. */
const telephoneLayers = ['srtp', 'message', 'sdp', 'transport', 'transaction', 'auth', 'dialog'];

export default {
  forbidden: [
    {
      name: 'no-cycles',
      severity: 'error',
      comment: 'Modules that need each other to run are one module. Types may refer to each other.',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'resolvable',
      severity: 'error',
      comment: 'Every import leads somewhere.',
      from: {},
      to: { couldNotResolve: true, pathNot: ['^cloudflare:', '^virtual:'] },
    },
    only('contract', [], 'Every program shares it, so it knows none of them.'),
    only('dialogue', ['contract'], 'The conversation is pure; it runs in Node, in Workers and in a browser.'),
    only('server', ['contract', 'dialogue'], 'The media plane.'),
    only('workers', ['contract', 'dialogue'], 'The control plane.'),
    only('widget', ['contract'], 'What a visitor downloads.'),
    only('console', ['contract', 'dialogue'], 'The staff app.'),
    only('demo', ['widget', 'contract'], 'A business that uses Parley, as any other would.'),
    only('scripts', ['contract', 'dialogue', 'workers', 'server'], 'Starts the programs; does not reach into them.'),
    {
      name: 'scripts-know-the-trunk-check-only',
      severity: 'error',
      comment: 'A trunk is asked by the same stack that its calls will use.',
      from: { path: '^scripts/' },
      to: {
        path: '^server/',
        pathNot:
          '^server/(config\\.ts$|transport/telephone/(trunk-check/|auth/trunk\\.ts$|transport/system-resolver\\.ts$))',
      },
    },
    {
      name: 'scripts-know-scheduling-only',
      severity: 'error',
      comment: 'A chat in the terminal has the same calendar as a call.',
      from: { path: '^scripts/' },
      to: { path: '^workers/', pathNot: '^workers/scheduling/' },
    },
    {
      name: 'demo-uses-public-entry',
      severity: 'error',
      comment: 'A page may use what the widget gives to any page: its entry in embed/.',
      from: { path: '^demo/' },
      to: { path: '^widget/', pathNot: '^widget/embed/' },
    },
    {
      name: 'dialogue-is-pure',
      severity: 'error',
      comment: 'No input or output: the same events always give the same call.',
      from: { path: '^dialogue/', pathNot: '(\\.test\\.ts$|/testing/)' },
      to: { dependencyTypes: ['core'] },
    },
    ...stages.map((stage) => ({
      name: `agent-${stage}-alone`,
      severity: 'error',
      comment: 'Stages do not know each other; call/ wires them.',
      from: { path: `^server/agent/${stage}/` },
      to: { path: `^server/agent/(${stages.filter((other) => other !== stage).join('|')})/` },
    })),
    ...telephoneLayers.map((layer, index) => ({
      name: `telephone-${layer}-imports-downwards`,
      severity: 'error',
      comment: 'Messages know no network, transactions no calls.',
      from: { path: `^server/transport/telephone/${layer}/` },
      to: { path: `^server/transport/telephone/(${[...telephoneLayers.slice(index + 1), 'rtp'].join('|')})/` },
    })),
    {
      name: 'provider-sees-its-interface',
      severity: 'error',
      comment: 'An engine implements a stage’s interface; it knows neither the call nor another engine.',
      from: { path: '^server/provider/([^/]+)/', pathNot: '\\.test\\.ts$' },
      to: { path: '^server/(call|transport|outbox|http|provider/[^/]+)/', pathNot: '^server/provider/$1/' },
    },
    {
      name: 'observe-only-watches',
      severity: 'error',
      comment: 'Stages, audio and dialogue are watched from outside.',
      from: { path: '^server/(agent|audio|provider)/' },
      to: { path: '^server/(observe|call)/' },
    },
    {
      name: 'nothing-imports-eval',
      severity: 'error',
      comment: 'Measuring tools stay outside of what they measure.',
      from: { pathNot: '^eval/' },
      to: { path: '^eval/' },
    },
    {
      name: 'no-test-in-product',
      severity: 'error',
      comment: 'Tests are leaves.',
      from: { pathNot: '\\.test\\.ts$' },
      to: { path: '\\.test\\.ts$' },
    },
    {
      name: 'product-needs-no-dev-tools',
      severity: 'error',
      comment: 'What runs in production is a dependency of production.',
      from: { path: '^(contract|dialogue|server|workers|widget)/', pathNot: '(\\.test\\.ts$|/test/|/testing/)' },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'] },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(dist|node_modules/\\.)' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'types', 'node', 'default'] },
  },
};
