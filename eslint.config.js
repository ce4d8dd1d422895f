import tseslint from 'typescript-eslint';

/** The direction of imports: a process is a package, and nothing imports upward or sideways. */
const LAYERS = {
  shared: { group: ['@guruconnect/*'], message: 'shared imports nothing of ours.' },
  native: { group: ['@guruconnect/*'], message: 'native imports nothing of ours.' },
  store: {
    group: [
      '@guruconnect/supervisor',
      '@guruconnect/supervisor/*',
      '@guruconnect/worker',
      '@guruconnect/worker/*',
      '@guruconnect/relay',
      'execa',
      'ws',
    ],
    message: 'The store serves whichever process keeps the credential, and knows neither.',
  },
  supervisor: {
    group: ['@guruconnect/worker', '@guruconnect/worker/*', '@guruconnect/relay', 'ws', 'valibot', 'pino'],
    message: 'The supervisor knows a path and a protocol.',
  },
  worker: {
    group: ['@guruconnect/supervisor/*', '@guruconnect/relay', 'execa', 'commander'],
    message: 'The worker stands alone.',
  },
  relay: {
    group: ['@guruconnect/supervisor/*', '@guruconnect/worker/*', '@guruconnect/native', 'execa'],
    message: 'The relay shares the protocol with the agent, and nothing else.',
  },
};
const PURE = { group: ['node:*', 'ws', 'execa', 'pino'], message: 'Pure files import no effect.' };
const PURE_FILES = {
  supervisor: [
    ...['machine', 'status', 'console-status'],
    ...['events', 'event-record', 'insertion', 'link-events', 'notice-events', 'rate-limit'].map(
      (name) => `event-log/${name}`,
    ),
  ],
  worker: ['link', 'reconnect', 'loss'],
};

/** A later block replaces an earlier one's options, so that each names all that is forbidden to its files. */
const restrict = (files, ...patterns) => ({
  files,
  rules: { 'no-restricted-imports': ['error', { patterns }] },
});
const layers = Object.entries(LAYERS).flatMap(([name, layer]) => [
  restrict([`packages/${name}/src/**`], layer),
  ...(PURE_FILES[name] ?? []).map((file) => restrict([`packages/${name}/src/${file}.ts`], layer, PURE)),
]);

const GLOBALS = [
  'process',
  'console',
  'Buffer',
  'URL',
  'performance',
  'setTimeout',
  'clearTimeout',
  'setInterval',
  'clearInterval',
];

export default tseslint.config(
  { ignores: ['**/dist/', '**/build/', '**/.cache/', '**/.tap/', 'node_modules/'] },
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      '@typescript-eslint/only-throw-error': 'error',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      // There are no classes, so no method needs a `this`.
      '@typescript-eslint/unbound-method': 'off',
      '@typescript-eslint/no-unused-vars': ['error', { varsIgnorePattern: '^_', argsIgnorePattern: '^_' }],
      complexity: ['error', 14],
      'max-lines': ['error', 250],
      'max-lines-per-function': ['error', { max: 70, skipComments: true, skipBlankLines: true }],
      'no-restricted-syntax': [
        'error',
        { selector: 'ExportDefaultDeclaration', message: 'Named exports only.' },
      ],
    },
  },
  {
    // A suite is one long function by nature, and its promises are tap's.
    files: ['test/**/*.ts'],
    rules: {
      '@typescript-eslint/no-floating-promises': ['error', { allowForKnownSafeCalls: ['test', 't.test'] }],
      'max-lines-per-function': 'off',
    },
  },
  {
    files: ['scripts/**/*.mjs', 'packages/supervisor/bin/*.js'],
    languageOptions: { globals: Object.fromEntries(GLOBALS.map((name) => [name, 'readonly'])) },
    rules: { 'no-undef': 'error', 'no-unused-vars': ['error', { varsIgnorePattern: '^_' }], eqeqeq: 'error' },
  },
  ...layers,
);
