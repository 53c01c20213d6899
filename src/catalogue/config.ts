import { rules, Severity } from './rule';

const { ERROR, WARNING } = Severity;

/** What holds for configuration and Secrets. */
export const CONFIG = rules({
  'config/changed-content': {
    severity: ERROR,
    practices: ['CH01-33'],
    title: 'The content of a VersionedConfigMap is that of the hash in its name',
    reason: 'Pods roll when the name changes. A patch of the content or the name would change one without the other.',
    fix: "Give the final content as props, or use reload: 'watch'",
    bad:
      "new VersionedConfigMap(chart, 'config', { data: { level: 'info' } " +
      "}).apiObject.addJsonPatch(JsonPatch.replace('/data/level', 'debug'));",
    good: "new VersionedConfigMap(chart, 'config', { data: { level: 'debug' } });",
  },
  'config/duplicate-key': {
    severity: ERROR,
    practices: [],
    title: "A key is in one of 'data', 'files' and 'folder'",
    reason: 'The second entry would replace the first.',
    fix: 'Rename one of the entries',
    bad:
      "new VersionedConfigMap(chart, 'config', { data: { 'package.json': '{}' }, files: { 'package.json': " +
      "'package.json' } });",
    good:
      "new VersionedConfigMap(chart, 'config', { data: { 'settings.json': '{}' }, files: { 'package.json': " +
      "'package.json' } });",
  },
  'config/no-content': {
    severity: ERROR,
    practices: ['CH01-33'],
    title: 'A VersionedConfigMap has content when it is made',
    reason: 'Its name depends on the content.',
    fix: "Give 'data', 'files' or 'folder'",
    bad: "new VersionedConfigMap(chart, 'config', {});",
    good: "new VersionedConfigMap(chart, 'config', { data: { level: 'info' } });",
  },
  'config/path-clash': {
    severity: ERROR,
    practices: [],
    title: 'Paths of a folder can be files beside each other',
    reason: 'A name cannot be a file and a directory at once.',
    fix: 'Rename the file or the entry',
    bad:
      "new VersionedConfigMap(chart, 'config', { folder: 'src/network', data: { tiers: 'a file, and a directory " +
      "of the folder' } });",
    good: "new VersionedConfigMap(chart, 'config', { folder: 'src/network' });",
  },
  'config/too-large': {
    severity: ERROR,
    practices: ['CH04-06'],
    title: 'A ConfigMap has at most 1 MiB',
    reason: 'The API server refuses more.',
    fix: 'Put large files into the image or on a volume',
    bad: "new VersionedConfigMap(chart, 'config', { data: { words: 'x'.repeat(1_100_000) } });",
    good: "new VersionedConfigMap(chart, 'config', { data: { words: 'x'.repeat(1_000) } });",
  },
  'config/unreadable-file': {
    severity: ERROR,
    practices: [],
    title: 'A file or folder of a VersionedConfigMap can be read',
    reason: 'What is missing at synthesis is missing in the cluster.',
    fix: 'Check the path: relative ones start at the working directory',
    bad: "new VersionedConfigMap(chart, 'config', { files: { 'app.yaml': 'no/such/file.yaml' } });",
    good: "new VersionedConfigMap(chart, 'config', { files: { 'package.json': 'package.json' } });",
  },
  'config/watched-variable': {
    severity: ERROR,
    practices: ['CH04-23'],
    title: "A ConfigMap with reload: 'watch' is mounted, not read into variables",
    reason: 'A running process never sees the new value of a variable.',
    fix: 'Mount the ConfigMap, or let new content roll the pods',
    bad:
      "const config = new VersionedConfigMap(chart, 'config', { data: { LEVEL: 'info' }, reload: 'watch' });\nnew " +
      "WebService(chart, 'web', web).addEnvFrom(config);",
    good:
      "const config = new VersionedConfigMap(chart, 'config', { data: { LEVEL: 'info' } });\nnew " +
      "WebService(chart, 'web', web).addEnvFrom(config);",
  },
  'secret/by-name': {
    severity: WARNING,
    practices: ['CH01-37', 'CH01-39'],
    title: 'What has the name of a credential comes from a Secret',
    reason: 'A literal would be in the YAML, in Git and in the API. Its name is all that tells: it may be none.',
    fix:
      "Mount the Secret as a file, or pass EnvSource.secret(secret, 'key'). Where it is none, list the name in" +
      " 'allowSecretLookingEnv' or 'allowSecretLookingData', or waive the rule",
    bad: "new WebService(chart, 'web', { ...web, env: { DB_PASSWORD: 'hunter2' } });",
    good:
      "new WebService(chart, 'web', { ...web, env: { DB_PASSWORD: new VersionedSecret(chart, 'db', { version: " +
      "'v1' }).envValue('passwd') } });",
  },
  'secret/in-command': {
    severity: ERROR,
    practices: ['CH01-37'],
    title: 'No credential in a command line',
    reason: 'Everybody who lists pods or processes sees it.',
    fix:
      "Mount the Secret as a file, and give its path; or write $(NAME), and pass EnvSource.secret(secret, 'key') as " +
      'the variable NAME',
    bad: "new WebService(chart, 'web', { ...web, args: ['--db=postgres://shop:hunter2@db/shop'] });",
    good:
      "new WebService(chart, 'web', { ...web, args: ['--db=postgres://shop:$(DB_PASSWORD)@db/shop'], env: { " +
      "DB_PASSWORD: new VersionedSecret(chart, 'db', { version: 'v1' }).envValue('passwd') } });",
  },
  'secret/in-config-map': {
    severity: ERROR,
    practices: ['CH01-39'],
    title: 'No credential in a ConfigMap',
    reason: 'A ConfigMap is neither encrypted nor guarded by the rights to Secrets.',
    fix:
      'Keep it in a Secret, and mount that beside the ConfigMap. Where it is none, list the key in ' +
      "'allowSecretLookingData'",
    bad: "new VersionedConfigMap(chart, 'config', { data: { DATABASE_URL: 'postgres://shop:hunter2@db/shop' } });",
    good: "new VersionedConfigMap(chart, 'config', { data: { DATABASE_URL: 'postgres://db/shop' } });",
  },
  'secret/in-env': {
    severity: ERROR,
    practices: ['CH01-37'],
    title: 'No credential as a literal variable',
    reason: 'It would be in the YAML, in Git and in the API.',
    fix:
      "Mount the Secret as a file, or pass EnvSource.secret(secret, 'key'). Where it is none, list the variable in" +
      " 'allowSecretLookingEnv'",
    bad: "new WebService(chart, 'web', { ...web, env: { DATABASE_URL: 'postgres://shop:hunter2@db/shop' } });",
    good:
      "new WebService(chart, 'web', { ...web, env: { DATABASE_URL: new VersionedSecret(chart, 'db', { version: " +
      "'v1' }).envValue('url') } });",
  },
  'secret/in-probe': {
    severity: ERROR,
    practices: ['CH01-37'],
    title: 'No credential in a probe',
    reason: 'Headers and commands of probes are readable to all who may list pods.',
    fix: 'Answer the check without a credential, or let Probe.exec(...) run a script that reads the file of a Secret',
    bad:
      "new WebService(chart, 'web', { ...web, readiness: Probe.httpGet('/readyz', { headers: { Authorization: " +
      "'Bearer x7Kq9LmP2vRt' } }) });",
    good: "new WebService(chart, 'web', { ...web, readiness: Probe.httpGet('/readyz') });",
  },
  'secret/literal-password': {
    severity: ERROR,
    practices: ['CH01-35'],
    title: 'A password is a key of a Secret',
    reason: 'A literal would be in the YAML and in Git.',
    fix: 'Give a SecretKeyRef',
    bad: "new Redis(chart, 'redis', { storage: Size.gibibytes(10), password: 'hunter2' });",
    good: "new Redis(chart, 'redis', { storage: Size.gibibytes(10), password });",
  },
});
