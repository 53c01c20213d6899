import { rules, Severity } from './rule';

const { ERROR, WARNING } = Severity;

/** A sample with a Secret of the Secrets Store CSI driver. */
function csi(code: string, syncAsSecret = false, pinned = ", version: '3'"): string {
  return (
    "const provider = CsiProvider.vault({ address: 'https://vault.example.com', role: 'shop' });\n" +
    `const keys = { key: { key: 'secret/data/shop', property: 'key'${pinned} } };\n` +
    "const secret = new VersionedSecret(chart, 'key', { version: 'v1', from: SecretSource.csi({ provider, keys" +
    `${syncAsSecret ? ', syncAsSecret: true' : ''} }) });\n${code}`
  );
}

/** A worker whose trigger reads such a Secret. */
function trigger(min: number): string {
  return (
    "const login = TriggerAuthentication.secrets({ host: { secret, key: 'key' } });\n" +
    `const autoscaling = Autoscaling.onEvents({ min: ${min}, max: 9, triggers: [ScalingTrigger.rabbitMq({ queue: ` +
    "'mail', length: 20, authentication: login })] });\n" +
    "new Worker(chart, 'mailer', { image, liveness: Probe.none(), autoscaling }).mountSecret('/etc/key', secret);"
  );
}

function external(store: string): string {
  return (
    `const from = SecretSource.externalSecret({ store: ${store}, keys: { key: { key: 'shop/key' } } });\n` +
    "new VersionedSecret(chart, 'key', { version: 'v1', from });"
  );
}

function rawExternal(before: string): string {
  return (
    `${before}new WebService(chart, 'web', web);\n` +
    "new ApiObject(chart, 'raw', { apiVersion: 'external-secrets.io/v1', kind: 'ExternalSecret', spec: { " +
    "secretStoreRef: { kind: 'ClusterSecretStore', name: 'vault' } } });"
  );
}

/** Rules for configuration and Secrets. */
export const CONFIG = rules({
  'config/changed-content': {
    severity: ERROR,
    practices: ['CH01-33'],
    title: 'The content of a VersionedConfigMap matches the hash in its name',
    reason: 'Pods roll when the name changes. A patch would change the content or the name alone.',
    fix: "Pass the final content as props, or use reload: 'watch'",
    bad:
      "new VersionedConfigMap(chart, 'config', { data: { level: 'info' } " +
      "}).apiObject.addJsonPatch(JsonPatch.replace('/data/level', 'debug'));",
    good: "new VersionedConfigMap(chart, 'config', { data: { level: 'debug' } });",
  },
  'config/duplicate-key': {
    severity: ERROR,
    practices: [],
    title: "A key comes from one of 'data', 'files' and 'folder'",
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
    title: 'A VersionedConfigMap is created with its content',
    reason: 'Its name depends on the content.',
    fix: "Set 'data', 'files' or 'folder'",
    bad: "new VersionedConfigMap(chart, 'config', {});",
    good: "new VersionedConfigMap(chart, 'config', { data: { level: 'info' } });",
  },
  'config/path-clash': {
    severity: ERROR,
    practices: [],
    title: 'Entries have paths that can exist side by side',
    reason: 'A path cannot be a file and a directory at once.',
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
    reason: 'The API server refuses a larger one.',
    fix: 'Put large files into the image or onto a volume',
    bad: "new VersionedConfigMap(chart, 'config', { data: { words: 'x'.repeat(1_100_000) } });",
    good: "new VersionedConfigMap(chart, 'config', { data: { words: 'x'.repeat(1_000) } });",
  },
  'config/unreadable-file': {
    severity: ERROR,
    practices: [],
    title: 'A file or folder of a VersionedConfigMap can be read',
    reason: 'A file that is missing at synthesis would be missing in the cluster.',
    fix: 'Check the path. A relative path starts at the working directory',
    bad: "new VersionedConfigMap(chart, 'config', { files: { 'app.yaml': 'no/such/file.yaml' } });",
    good: "new VersionedConfigMap(chart, 'config', { files: { 'package.json': 'package.json' } });",
  },
  'config/watched-variable': {
    severity: ERROR,
    practices: ['CH04-23'],
    title: "A ConfigMap with reload: 'watch' is mounted, not used as variables",
    reason: 'A running process never sees the new value of a variable.',
    fix: "Mount the ConfigMap, or use reload: 'version' or 'checksum'",
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
    title: 'A value whose name suggests a credential comes from a Secret',
    reason: 'A literal would be readable in the YAML, in Git and in the API. Only the name suggests a credential.',
    fix:
      "Mount the Secret as a file, or pass EnvSource.secret(secret, 'key'). If it is no credential, list the name in" +
      " 'allowSecretLookingEnv' or 'allowSecretLookingData', or waive the rule",
    bad: "new WebService(chart, 'web', { ...web, env: { DB_PASSWORD: 'hunter2' } });",
    good:
      "new WebService(chart, 'web', { ...web, env: { DB_PASSWORD: new VersionedSecret(chart, 'db', { version: " +
      "'v1' }).envValue('passwd') } });",
  },
  'secret/csi-identity': {
    severity: ERROR,
    practices: ['CH04-26'],
    title: 'A workload has the role with which the CSI driver reads AWS',
    reason: 'The driver reads the store with the ServiceAccount of the pod. Without a role, the pod never starts.',
    fix: "Set workloadIdentity to WorkloadIdentity.aws(...), or 'podIdentity' in CsiProvider.aws(...)",
    bad:
      "const keys = { key: { key: 'shop/key', version: 'a1b2' } };\nconst from = SecretSource.csi({ provider: " +
      "CsiProvider.aws(), keys });\nnew WebService(chart, 'web', web).mountSecret('/var/run/secrets/key', new " +
      "VersionedSecret(chart, 'key', { version: 'v1', from }));",
    good:
      "const keys = { key: { key: 'shop/key', version: 'a1b2' } };\nconst from = SecretSource.csi({ provider: " +
      "CsiProvider.aws({ podIdentity: true }), keys });\nnew WebService(chart, 'web', " +
      "web).mountSecret('/var/run/secrets/key', new VersionedSecret(chart, 'key', { version: 'v1', from }));",
  },
  'secret/csi-items': {
    severity: ERROR,
    practices: [],
    title: 'A mount of the Secrets Store CSI driver has all files of the class',
    reason: 'The driver mounts the files of a class together, with the names that the class states.',
    fix: "Omit 'items', or declare a VersionedSecret with these keys only",
    bad: csi("new WebService(chart, 'web', web).mountSecret('/etc/key', secret, { items: { key: 'api.key' } });"),
    good: csi("new WebService(chart, 'web', web).mountSecret('/etc/key', secret);"),
  },
  'secret/csi-not-mounted': {
    severity: ERROR,
    practices: [],
    title: 'A pod mounts the files of a class whose Secret it reads',
    reason: 'The driver creates the Secret only while a pod mounts the files. Without it, the pod never starts.',
    fix: 'Call mountSecret(...) too',
    bad: csi("new WebService(chart, 'web', { ...web, env: { KEY: secret.envValue('key') } });", true),
    good: csi(
      "new WebService(chart, 'web', { ...web, env: { KEY: secret.envValue('key') } }).mountSecret('/etc/key', secret);",
      true,
    ),
  },
  'secret/csi-not-synced': {
    severity: ERROR,
    practices: [],
    title: 'Values of the Secrets Store CSI driver are mounted, unless it also creates a Secret',
    reason: 'The values are files of a volume only. A variable needs a Secret of the API.',
    fix: "Mount the Secret, or set 'syncAsSecret'",
    bad: csi("new WebService(chart, 'web', { ...web, env: { KEY: secret.envValue('key') } });"),
    good: csi("new WebService(chart, 'web', web).mountSecret('/etc/key', secret);"),
  },
  'secret/csi-without-pods': {
    severity: ERROR,
    practices: [],
    title: 'A Secret that KEDA or a route reads exists before the first pod',
    reason:
      'The driver creates the Secret when a pod mounts it. Without pods, KEDA cannot authenticate, and never starts ' +
      'the first one.',
    fix: 'Use SecretSource.externalSecret(...), or mount the files in a workload that always has a pod',
    bad: csi(trigger(0), true),
    good: csi(trigger(1), true),
  },
  'secret/in-command': {
    severity: ERROR,
    practices: ['CH01-37'],
    title: 'No credential in a command line',
    reason: 'Everyone who can list pods or processes can read it.',
    fix:
      "Mount the Secret as a file and pass its path, or write $(NAME) and pass EnvSource.secret(secret, 'key') as " +
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
    reason: 'A ConfigMap is not encrypted, and rights to Secrets do not protect it.',
    fix:
      'Keep it in a Secret, and mount the Secret beside the ConfigMap. If it is no credential, list the key in ' +
      "'allowSecretLookingData'",
    bad: "new VersionedConfigMap(chart, 'config', { data: { DATABASE_URL: 'postgres://shop:hunter2@db/shop' } });",
    good: "new VersionedConfigMap(chart, 'config', { data: { DATABASE_URL: 'postgres://db/shop' } });",
  },
  'secret/in-env': {
    severity: ERROR,
    practices: ['CH01-37'],
    title: 'No credential as a literal variable',
    reason: 'It would be readable in the YAML, in Git and in the API.',
    fix:
      "Mount the Secret as a file, or pass EnvSource.secret(secret, 'key'). If it is no credential, list the " +
      "variable in 'allowSecretLookingEnv'",
    bad: "new WebService(chart, 'web', { ...web, env: { DATABASE_URL: 'postgres://shop:hunter2@db/shop' } });",
    good:
      "new WebService(chart, 'web', { ...web, env: { DATABASE_URL: new VersionedSecret(chart, 'db', { version: " +
      "'v1' }).envValue('url') } });",
  },
  'secret/in-manifest': {
    severity: ERROR,
    waivable: true,
    practices: ['CH01-37'],
    title: 'No credential in objects of others and in JSON patches',
    reason: 'It would be readable in the YAML, in Git and in the API.',
    fix: 'Keep it in a Secret that the YAML does not contain: write a secretKeyRef, or mount the Secret as a file',
    bad:
      "new WebService(chart, 'web', web);\nnew ApiObject(chart, 'raw', { apiVersion: 'v1', kind: 'ConfigMap', " +
      "data: { DATABASE_URL: 'postgres://shop:hunter2@db/shop' } });",
    good:
      "new WebService(chart, 'web', web);\nnew ApiObject(chart, 'raw', { apiVersion: 'v1', kind: 'ConfigMap', " +
      "data: { DATABASE_URL: 'postgres://shop:$(DB_PASSWORD)@db/shop' } });",
  },
  'secret/in-probe': {
    severity: ERROR,
    practices: ['CH01-37'],
    title: 'No credential in a probe or a hook',
    reason: 'Everyone who can list pods can read headers and commands of probes and hooks.',
    fix: 'Serve the check without a credential, or let Probe.exec(...) run a script that reads a mounted Secret',
    bad:
      "new WebService(chart, 'web', { ...web, readiness: Probe.httpGet('/readyz', { headers: { Authorization: " +
      "'Bearer x7Kq9LmP2vRt' } }) });",
    good: "new WebService(chart, 'web', { ...web, readiness: Probe.httpGet('/readyz') });",
  },
  'secret/in-trigger': {
    severity: ERROR,
    practices: ['CH01-37'],
    title: 'No credential in the metadata of a trigger',
    reason: 'It would be readable in the YAML, in Git and in the API.',
    fix: 'Keep it in a Secret, and set authentication: TriggerAuthentication.secrets(...)',
    bad:
      "new Worker(chart, 'mailer', { image, liveness: Probe.none(), autoscaling: Autoscaling.onEvents({ " +
      'min: 0, max: 9, ' +
      "triggers: [ScalingTrigger.of('postgresql', { metadata: { query: 'SELECT count(*) FROM mail', " +
      'targetQueryValue: ' +
      "'5', connection: 'postgres://shop:hunter2@db.example.com/shop' } })] }) });",
    good:
      "new Worker(chart, 'mailer', { image, liveness: Probe.none(), autoscaling: Autoscaling.onEvents({ " +
      'min: 0, max: 9, ' +
      "triggers: [ScalingTrigger.of('postgresql', { metadata: { query: 'SELECT count(*) FROM mail', " +
      'targetQueryValue: ' +
      "'5' }, authentication: TriggerAuthentication.secrets({ connection: { secret: SecretRef.named('db'), " +
      "key: 'uri' } }) })] }) });",
  },
  'secret/literal-data': {
    severity: WARNING,
    practices: ['CH01-37'],
    title: 'The content of a Secret is not in the YAML',
    reason: 'The YAML is in Git, in the logs of CI and in the tool that applies it. Base64 hides nothing.',
    fix:
      'Create the Secret with kubectl, External Secrets or Sealed Secrets, and refer to it by SecretRef.named or ' +
      'VersionedSecret. A placeholder such as ${PASSWORD} is fine',
    bad:
      "new WebService(chart, 'web', web);\nnew ApiObject(chart, 'raw', { apiVersion: 'v1', kind: 'Secret', " +
      "stringData: { passwd: 'hunter2' } });",
    good:
      "new WebService(chart, 'web', web);\nnew ApiObject(chart, 'raw', { apiVersion: 'v1', kind: 'Secret', " +
      "stringData: { passwd: '${DB_PASSWORD}' } });",
  },
  'secret/literal-password': {
    severity: ERROR,
    practices: ['CH01-35'],
    title: 'A password comes from a key of a Secret',
    reason: 'A literal would be readable in the YAML and in Git.',
    fix: 'Give a SecretKeyRef',
    bad: "new Redis(chart, 'redis', { storage: Size.gibibytes(10), password: 'hunter2' });",
    good: "new Redis(chart, 'redis', { storage: Size.gibibytes(10), password });",
  },
  'secret/missing-store': {
    severity: ERROR,
    practices: ['CH04-26'],
    title: 'The store of an ExternalSecret exists in its namespace',
    reason: 'The operator would create no Secret, and the pods would wait for it.',
    fix:
      "Declare a SecretStore, write SecretStoreRef.existing('...'), or list a ClusterSecretStore in " +
      "'secretStores' of the ClusterProfile",

    bad: external("SecretStoreRef.named('vault')"),
    good: external("SecretStoreRef.existing('vault')"),
  },
  'secret/sealed-namespace': {
    severity: ERROR,
    practices: [],
    title: 'A SealedSecret is in a chart with a namespace',
    reason: 'The ciphertext is bound to the namespace. The controller refuses to decrypt it in another one.',
    fix: 'Give the chart the namespace that kubeseal got',
    bad:
      "const loose = new Chart(app, 'loose');\nconst from = SecretSource.sealed({ encryptedData: { key: " +
      "Buffer.concat([Buffer.from([2, 0]), Buffer.alloc(540)]).toString('base64') } });\nnew VersionedSecret(loose, " +
      "'key', { version: 'v1', from });",
    good:
      'const from = SecretSource.sealed({ encryptedData: { key: Buffer.concat([Buffer.from([2, 0]), ' +
      "Buffer.alloc(540)]).toString('base64') } });\nnew VersionedSecret(chart, 'key', { version: 'v1', from });",
  },
  'secret/unknown-store': {
    severity: WARNING,
    practices: ['CH04-26'],
    title: 'The store of an ExternalSecret of others is known',
    reason: 'Without the store, its Secret never exists.',
    fix: 'Write the SecretStore in this app, or list a ClusterSecretStore in the ClusterProfile',
    bad: rawExternal(''),
    good: rawExternal("new ClusterProfile({ secretStores: ['vault'] }).assignTo(chart);\n"),
  },
  'secret/unpinned': {
    severity: WARNING,
    practices: ['CH01-33'],
    title: 'A key of the Secrets Store CSI driver has a version',
    reason: 'The driver reads the store at each start of a pod, so pods of one version could differ.',
    fix: "Set 'version' of the key, or keep each version in an entry whose name contains it",
    bad: csi("new WebService(chart, 'web', web).mountSecret('/etc/key', secret);", false, ''),
    good: csi("new WebService(chart, 'web', web).mountSecret('/etc/key', secret);"),
  },
});
