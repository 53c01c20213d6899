import { looksSecret } from '../../src/foundation/credentials';

test.each([
  ['DB_PASSWORD', 'x'],
  ['REDIS_PASSWD', 'x'],
  ['API_KEY', 'x'],
  ['apikey', 'x'],
  ['PRIVATE-KEY', 'x'],
  ['AWS_ACCESS_KEY', 'x'],
  ['GITHUB_TOKEN', 'x'],
  ['credentials.json', '{}'],
  ['secret.txt', 'x'],
  ['config', '-----BEGIN RSA PRIVATE KEY-----'],
  ['config', '-----BEGIN PRIVATE KEY-----'],
  ['config', 'id=AKIAIOSFODNN7EXAMPLE'],
  ['config', `ghp_${'a'.repeat(36)}`],
  ['config', 'xoxb-1234567890-abc'],
  ['DATABASE_URL', 'postgres://user:hunter2@db:5432/app'],
  ['app.yaml', 'port: 8080\n  password: hunter2\n'],
  ['app.ini', 'db_password = hunter2'],
  ['app.json', '{\n  "apiKey": "abcdef"\n}'],
  ['app.env', 'ACCESS_TOKEN=abcdef'],
])('%s with the value %p looks like a credential', (name, value) => {
  expect(looksSecret(name, value)).toBe(true);
});

test.each([
  ['DB_PASSWORD', ''],
  ['PASSWORD_FILE', '/var/run/secrets/db/passwd'],
  ['token_ttl', '300'],
  ['TOKEN_URL', 'https://auth.example.com/token'],
  ['SECRET_NAME', 'db'],
  ['token_issuer', 'me'],
  ['API_KEY_ENABLED', 'true'],
  ['secret_path.txt', '/x'],
  ['LOG_LEVEL', 'info'],
  ['MONKEY', 'x'],
  ['config', '-----BEGIN CERTIFICATE-----'],
  ['DATABASE_URL', 'postgres://db:5432/app'],
  ['URL', 'http://example.com:80/a@b'],
  ['app.yaml', 'passwordFile: /var/run/secrets/db'],
  ['app.yaml', 'secretName: db'],
  ['app.yaml', 'password: ${DB_PASSWORD}'],
  ['app.yaml', 'password: ""'],
  ['app.yaml', 'secret:\n  name: db\n'],
  ['app.yaml', 'the password is asked for'],
])('%s with the value %p does not look like a credential', (name, value) => {
  expect(looksSecret(name, value)).toBe(false);
});
