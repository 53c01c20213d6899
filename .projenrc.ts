import { readFileSync } from 'node:fs';
import { cdk8s, javascript, JsonFile, release, TextFile } from 'projen';
import { JobPermission } from 'projen/lib/github/workflows-model';

/** Resolves `cdk8s-best-practices` to the sources for our own tools; unknown to everyone else. */
const SOURCE_CONDITION = 'cdk8s-best-practices-source';

/** For code, comments and text. */
const LINE_LENGTH = 120;

const project = new cdk8s.ConstructLibraryCdk8s({
  name: 'cdk8s-best-practices',
  description:
    'Typed cdk8s blocks that write what Kubernetes Best Practices recommends, and refuse what it warns about',
  author: 'The cdk8s-best-practices authors',
  authorAddress: 'maintainers@cdk8s-best-practices.dev',
  authorOrganization: true,
  repositoryUrl: 'https://github.com/cdk8s-best-practices/cdk8s-best-practices.git',
  license: 'Apache-2.0',
  copyrightOwner: 'The cdk8s-best-practices authors',
  keywords: ['cdk8s', 'kubernetes', 'best-practices', 'constructs', 'production'],
  defaultReleaseBranch: 'main',
  projenrcTs: true,
  packageManager: javascript.NodePackageManager.NPM,
  // code and declarations still work on Node 20, whose own support has ended; CI tests the two lines that have support
  minNodeVersion: '20.0.0',
  // npm 11, which can publish without a token, comes with it
  workflowNodeVersion: '24',
  stability: 'experimental',
  majorVersion: 0,
  // by hand, and never because something was merged
  releaseTrigger: release.ReleaseTrigger.workflowDispatch(),
  npmTrustedPublishing: true,
  npmProvenance: true,

  // the oldest versions that users may have; the tests run on these
  cdk8sVersion: '2.70.106',
  constructsVersion: '10.5.0',
  peerDeps: ['cdk8s-plus-27@^2.9.5'],

  // TypeScript 7 has no compiler API for jsii, jest and eslint
  typescriptVersion: '~5.9.3',
  jsiiVersion: '~5.9.54',
  devDeps: [
    '@microsoft/jest-sarif@1.0.0-beta.0',
    '@types/node@^20.19.0',
    '@types/sarif@^2.1.7',
    'cdk8s-plus-34@2.0.54',
    'eslint@^9.39.0',
    'fast-check@^4.10.2',
    'js-yaml@^4.3.0',
    'jsii-pacmak@^1.140.0',
    'kubernetes-types@1.30.0',
    'playwright-core@^1.65.1',
    'ts-jest@^29.4.15',
    'yaml@^2.9.1',
  ],
  bin: { 'cdk8s-deploy': 'lib/cdk8s-deploy.js', 'cdk8s-developer-namespace': 'lib/cdk8s-developer-namespace.js' },
  docgen: false,
  integrationTestAutoDiscover: false,
  sampleCode: false,
  depsUpgrade: false,

  jestOptions: {
    jestVersion: '^30.0.0',
    junitReporting: false,
    configFilePath: 'jest.config.json',
    jestConfig: {
      roots: ['<rootDir>/test'],
      testMatch: ['<rootDir>/test/**/*.test.ts'],
      moduleNameMapper: { '^cdk8s-best-practices$': '<rootDir>/src/index.ts' },
      collectCoverageFrom: ['src/**/*.ts', 'examples/**/*.ts', '!examples/**/dist/**'],
      setupFilesAfterEnv: [
        '<rootDir>/test/random-seed.ts',
        '<rootDir>/test/record-manifests.ts',
        '<rootDir>/test/silent-warnings.ts',
      ],
      globalSetup: '<rootDir>/test/messages-setup.ts',
      globalTeardown: '<rootDir>/test/messages-teardown.ts',
      coverageReporters: ['text-summary', 'lcov'],
    },
  },
  eslintOptions: {
    dirs: ['src'],
    devdirs: ['test', 'examples'],
    fileExtensions: ['.ts'],
    commandOptions: { fix: false },
  },
  // the formatter decides the layout: `npx projen eslint --fix` writes it, and the tests compare it
  prettier: true,
  prettierOptions: {
    settings: {
      printWidth: LINE_LENGTH,
      singleQuote: true,
      trailingComma: javascript.TrailingComma.ALL,
      quoteProps: javascript.QuoteProps.CONSISTENT,
    },
  },
  githubOptions: { mergify: false },
  gitignore: ['/examples/*/dist/', '/examples/*/*/dist/', '__pycache__/', '/benchmark/out/'],
});

// projen's text of the license leaves the owner open
const license = readFileSync(require.resolve('projen/license-text/Apache-2.0.txt'), 'utf8');
project.tryRemoveFile('LICENSE');
new TextFile(project, 'LICENSE', {
  marker: false,
  lines: license.replace('[yyyy] [name of copyright owner]', '2026 The cdk8s-best-practices authors').split('\n'),
});

// examples in doc comments may print
project.package.addField('jsiiRosetta', { exampleDependencies: { '@types/node': '^20.19.0' } });

// the type checker reads the sources, as jest does
const tests = project.tryFindObjectFile('test/tsconfig.json');
tests?.addOverride('compilerOptions.customConditions', [SOURCE_CONDITION]);
// the block from outside, which is a package only where .ci/packed installs it
tests?.addOverride('compilerOptions.paths', { 'acme-cache': ['./outside/cache/index.ts'] });
new JsonFile(project, 'examples/tsconfig.json', { obj: { extends: '../test/tsconfig.json', include: ['**/*.ts'] } });

// the type of projen's option lacks `global`
// counters in the code cost a third of the time of the tests, the profiler of V8 takes four times as long as the tests
Object.assign(project.jest!.config, {
  coverageProvider: 'babel',
  coverageThreshold: { global: { statements: 95, branches: 95 } },
});

const embed = project.addTask('embed-scripts', {
  description: 'Writes the shell scripts of src/ into modules',
  steps: [{ exec: 'ts-node --transpile-only --project projenrc/tsconfig.json projenrc/embed-scripts.ts' }],
});
project.addTask('secret-formats', {
  description: 'Writes the formats of credentials from the rules of gitleaks (needs Go)',
  steps: [{ exec: 'ts-node --transpile-only --project projenrc/tsconfig.json projenrc/secret-formats.ts' }],
});
project.preCompileTask.spawn(embed);
project.annotateGenerated('*.generated.ts');
project.compileTask.exec('ts-node --transpile-only --project projenrc/tsconfig.json projenrc/lazy-exports.ts');
project.compileTask.exec('ts-node --transpile-only --project projenrc/tsconfig.json projenrc/rules-document.ts');
project.compileTask.exec('ts-node --transpile-only --project projenrc/tsconfig.json projenrc/optional-peers.ts');
project.compileTask.exec('ts-node --transpile-only --project projenrc/tsconfig.json projenrc/public-types.ts');

// an inline source map is parsed at each start, and makes up three quarters of the file; no tool reads a separate one
project.tsconfig?.file.addOverride('compilerOptions.inlineSourceMap', false);
project.tsconfig?.file.addOverride('compilerOptions.inlineSources', false);

// after projen's line that keeps test/
project.addGitIgnore('/test/cluster/out/');

project.addPackageIgnore('/.cache');
project.addPackageIgnore('/lib/**/*.map');
project.addPackageIgnore('/docs/api');
project.addPackageIgnore('/CONTRIBUTING.md');
// left behind by jsii-rosetta
project.addPackageIgnore('/.jsii.tabl.json');
project.addGitIgnore('/.jsii.tabl.json');
project.addPackageIgnore('/examples');
project.addPackageIgnore('/benchmark');
project.addPackageIgnore('/.ci');
project.addPackageIgnore('/jest.config.json');
project.addPackageIgnore('/API.md');

// objects of cdk8s-plus are accepted and returned, but its code and types are not used: users of another line, or of
// none, install none
project.package.addField('peerDependenciesMeta', { 'cdk8s-plus-27': { optional: true } });

// as fields, not with projen's publishTo...: those add jobs to the release workflow that publish to each registry,
// which is undecided. `.ci/languages` builds and tests the packages
project.package.file.addOverride('jsii.targets', {
  python: { distName: 'cdk8s-best-practices', module: 'cdk8s_best_practices' },
  go: { moduleName: 'github.com/cdk8s-best-practices/cdk8s-best-practices-go', packageName: 'cdk8sbestpractices' },
  java: {
    package: 'dev.cdk8s.bestpractices',
    maven: { groupId: 'dev.cdk8s-best-practices', artifactId: 'cdk8s-best-practices' },
  },
  dotnet: { namespace: 'Cdk8sBestPractices', packageId: 'Cdk8sBestPractices' },
});

// 1.13.0 was published without all platform packages, and npm ci then refuses the lock file
project.package.addField('overrides', { 'unrs-resolver': '1.12.2' });

project.package.addField('exports', {
  '.': { [SOURCE_CONDITION]: './src/index.ts', types: './lib/index.d.ts', default: './lib/index.js' },
  './rules.json': './lib/rules.json',
  './.jsii': './.jsii',
  './package.json': './package.json',
});

// projen's own test task rewrites snapshots, so a wrong one could never fail
const test = project.testTask;
// by default, jest leaves one of two cores idle
test.reset('jest --ci --coverage --maxWorkers=100%');
test.exec('eslint --ext .ts src test examples --max-warnings 0', {
  env: { ESLINT_USE_FLAT_CONFIG: 'false', NODE_NO_WARNINGS: '1' },
});

// jest does not check types
test.exec('tsc --noEmit -p test/tsconfig.json');

const run = `node --conditions=${SOURCE_CONDITION} --require ts-node/register/transpile-only`;
const tsNodeEnv = { TS_NODE_PROJECT: 'examples/tsconfig.json' };
const example = (name: string): Parameters<typeof project.addTask>[1] => ({
  description: `Synthesizes examples/${name} into examples/${name}/dist`,
  steps: [{ exec: `${run} examples/${name}/main.ts` }],
  env: tsNodeEnv,
});
project.addTask('example', example('journal'));
project.addTask('example:boutique', example('boutique'));
project.addTask('example:sock-shop', example('sock-shop'));
project.addTask('example:tenants', example('tenants'));
project.addTask('example:three-tier', example('three-tier'));
project.addTask('api-reference', {
  description: 'Writes the API reference to docs/api, a page for each type',
  steps: [
    { spawn: 'compile' },
    { exec: 'ts-node --transpile-only --project projenrc/tsconfig.json projenrc/api-pages.ts' },
  ],
});
project.addGitIgnore('/docs/api/');
project.addTask('release:dry', {
  description: 'Shows what a release would publish: version, files and size',
  steps: [{ exec: '.ci/release-dry' }],
});
project.addTask('update-snapshots', {
  description: 'Accepts the present output of the examples',
  steps: [{ exec: 'jest --coverage=false --updateSnapshot test/examples' }],
});
project.addTask('update-messages', {
  description: 'Accepts the present wording of errors and warnings: writes test/messages.golden.txt',
  steps: [{ exec: 'jest --coverage=false' }],
  env: { UPDATE_MESSAGES: '1' },
});
project.addTask('reports', {
  description: 'Writes docs/reports.md from the reports that the tests try',
  steps: [{ exec: 'ts-node --transpile-only --project projenrc/tsconfig.json projenrc/reports-document.ts' }],
});
project.addTask('test:cluster', {
  description: 'Runs the tests that need a real Kubernetes (Linux, root, Go; docs/test-rigs.md)',
  steps: [{ exec: 'test/cluster/run', receiveArgs: true }],
});
project.addTask('test:members', {
  description: 'Runs the members of a Redis in namespaces of the kernel (Linux, root; docs/test-rigs.md)',
  steps: [{ exec: 'test/members/run', receiveArgs: true }],
});
project.addTask('test:pages', {
  description: 'Opens the pages that the library writes in Chromium (docs/test-rigs.md)',
  steps: [{ exec: 'test/pages/run', receiveArgs: true }],
});
project.addTask('how-we-know', {
  description: 'Writes the results of the last test:cluster into the README',
  steps: [{ exec: 'node --require ts-node/register/transpile-only test/cluster/how-we-know.ts' }],
  env: { TS_NODE_PROJECT: 'test/tsconfig.json' },
});
project.addTask('bench', {
  description: 'Measures beside cdk8s, helm, kustomize and jsonnet (see benchmark/README.md)',
  steps: [{ exec: 'npx projen compile' }, { exec: 'node benchmark/run.js' }],
});

// beside projen's own job, which compares the generated files
project.github?.tryFindWorkflow('build')?.addJobs({
  consumer: {
    name: 'as users have it, on Node ${{ matrix.node }}',
    runsOn: ['ubuntu-latest'],
    permissions: { contents: JobPermission.READ },
    strategy: { failFast: false, matrix: { domain: { node: ['22', '24'] } } },
    env: { CI: 'true' },
    steps: [
      { name: 'Checkout', uses: 'actions/checkout@v4' },
      {
        name: 'Setup Node.js',
        uses: 'actions/setup-node@v4',
        with: { 'node-version': '${{ matrix.node }}', 'package-manager-cache': false },
      },
      { name: 'Install dependencies', run: 'npm ci' },
      { name: 'Tests and lint', run: 'npm test' },
      {
        name: 'Examples',
        run: 'npx projen compile && npm run example && npm run example:tenants && npm run example:three-tier',
      },
      { name: 'Examples of doc comments', run: '.ci/examples' },
      { name: 'Package', run: 'npx projen package:js' },
      { name: 'The packed tarball, and every code block of README and guides', run: '.ci/packed dist/js/*.tgz' },
      { name: 'Apps of the template of cdk8s', run: '.ci/templates dist/js/*.tgz' },
    ],
  },
});

project.eslint?.addExtends('plugin:@typescript-eslint/recommended-type-checked');
project.eslint?.addRules({
  // what the formatter does not change: comments and text
  'max-len': ['error', { code: LINE_LENGTH, ignoreUrls: true, ignoreRegExpLiterals: true }],
  'curly': ['error', 'multi-line', 'consistent'],
  'import/no-cycle': ['error', { ignoreExternal: true }],
  'import/order': [
    'error',
    {
      'groups': ['builtin', 'external', 'sibling', 'parent'],
      'alphabetize': { order: 'asc', caseInsensitive: true },
      'newlines-between': 'never',
      // resolved by the compiled library, or not at all without it: the order must not depend on that
      'pathGroups': [{ pattern: 'cdk8s-best-practices', group: 'external' }],
      'pathGroupsExcludedImportTypes': ['builtin'],
    },
  ],
  'import/no-unresolved': ['error', { ignore: ['^cdk8s-best-practices$'] }],
  '@typescript-eslint/consistent-type-imports': 'error',
  '@typescript-eslint/explicit-function-return-type': ['error', { allowExpressions: true }],
  '@typescript-eslint/member-ordering': 'off',
  '@typescript-eslint/no-require-imports': 'error',
});
project.eslint?.addOverride({
  files: ['test/**/*.ts', 'examples/**/*.ts'],
  rules: {
    // scripts, expected text and patterns stay unchanged
    'max-len': [
      'error',
      {
        code: LINE_LENGTH,
        ignoreUrls: true,
        ignoreRegExpLiterals: true,
        ignoreStrings: true,
        ignoreTemplateLiterals: true,
      },
    ],
    '@typescript-eslint/explicit-function-return-type': 'off',
    '@typescript-eslint/no-explicit-any': 'off',
    '@typescript-eslint/no-unsafe-argument': 'off',
    '@typescript-eslint/no-unsafe-assignment': 'off',
    '@typescript-eslint/no-unsafe-member-access': 'off',
    '@typescript-eslint/no-unsafe-return': 'off',
    '@typescript-eslint/no-unsafe-call': 'off',
  },
});

project.synth();
