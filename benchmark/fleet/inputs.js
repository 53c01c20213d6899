'use strict';
// What the other tools read, made from the output of this library for one service, so that all write the same objects.
const { mkdirSync, readdirSync, readFileSync, writeFileSync } = require('node:fs');
const { join } = require('node:path');
const { parseAllDocuments } = require('yaml');
const { service } = require('./service');

const CHART = 'apiVersion: v2\nname: fleet\nversion: 1.0.0\n';

/** The objects of each service, from the files of this library. */
function manifestsOf(folder) {
  const files = readdirSync(folder).filter((file) => file.endsWith('.k8s.yaml'));
  return Object.fromEntries(files.map((file) => [file.replace('.k8s.yaml', ''), parseAllDocuments(readFileSync(join(folder, file), 'utf8'), { version: '1.1' }).map((document) => document.toJS())]));
}

/** What differs from service to service: values for templates. The name of the ConfigMap has a hash of its content. */
function valuesOf(manifests, number) {
  const { name, version } = service(number);
  return { name, version, region: `eu-${number % 7}`, hash: manifests[name][0].metadata.name.replace(`${name}-config-`, '') };
}

/** A text of service 1 as a template: each of its values replaced. */
function asTemplate(text, values, replacement) {
  return ['hash', 'version', 'region', 'name'].reduce((result, key) => result.replaceAll(values[key], replacement(key)), text);
}

/** Writes all inputs for a number of services below a folder. `output` is what this library has written for them. */
exports.writeInputs = (folder, count, output) => {
  const manifests = manifestsOf(output);
  const values = Array.from({ length: count }, (_, index) => valuesOf(manifests, index + 1));
  const write = (path, text) => writeFileSync(join(folder, path), text);

  write('manifests.json', JSON.stringify(manifests));

  // one template that is rendered for each service
  mkdirSync(join(folder, 'helm', 'templates'), { recursive: true });
  write('helm/Chart.yaml', CHART);
  write('helm/values.yaml', JSON.stringify({ services: values }));
  const yaml = readFileSync(join(output, 'service-1.k8s.yaml'), 'utf8');
  write('helm/templates/services.yaml', `{{- range .Values.services }}\n---\n${asTemplate(yaml, values[0], (key) => `{{ .${key} }}`)}{{- end }}\n`);

  // the written files as resources, and one namespace for all
  mkdirSync(join(folder, 'kustomize'));
  for (const { name } of values) write(`kustomize/${name}.yaml`, readFileSync(join(output, `${name}.k8s.yaml`), 'utf8'));
  write('kustomize/kustomization.yaml', JSON.stringify({ namespace: 'shop', resources: values.map(({ name }) => `${name}.yaml`) }));

  // a function from values to objects; every string is a concatenation
  const json = asTemplate(JSON.stringify(manifests['service-1'], null, 2), values[0], (key) => `" + s.${key} + "`);
  write('fleet.jsonnet', `local objects(s) = ${json};\nstd.flattenArrays([objects(s) for s in ${JSON.stringify(values)}])\n`);
};

/** The objects in the YAML or JSON documents of a text, in a form to compare: sorted keys, sorted objects. */
exports.objectsIn = (text) => parseAllDocuments(text, { version: '1.1' }).map((document) => document.toJS()).filter((object) => object)
  .map((object) => JSON.stringify(sorted(object))).sort();

function sorted(value) {
  if (Array.isArray(value)) return value.map(sorted);
  return typeof value === 'object' && value !== null ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, inner]) => [key, sorted(inner)])) : value;
}
