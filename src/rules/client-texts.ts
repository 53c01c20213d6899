import { foreignPods, type PodSet, podSets } from './pod-sets';
import { type ForeignObject, foreignOf, placeOf } from '../foreign/foreign-objects';
import type { PassView } from '../kernel/facts/pass-view';
import { keyPart } from '../kernel/findings/prop-path';
import { clusterOf } from '../kernel/model/cluster-facts';
import { namespaceOf } from '../kernel/model/names';
import { entries, list, part, textAt } from '../kernel/schema/manifest';
import { addressesIn, namesAddress, namesOthers, type TextAddress, wholeAddress } from '../kubernetes/address-text';
import { podTemplateOf } from '../kubernetes/pod-template';
import { configOf, variableReferences } from '../pod/references';
import type { PodTemplate } from '../pod/workload-facts';

/** An address in a text that the processes of pods read. */
export interface NamedAddress {
  readonly client: PodSet;
  readonly address: TextAddress;
  /** The prop of a block; empty for other texts. */
  readonly prop: string;
  /** Where the text is, in words. */
  readonly where: string;
}

/** How a text is read: as the value of a variable or a flag, or as a file. */
interface Text {
  readonly prop: string;
  readonly where: string;
  readonly name?: string;
  readonly value: string;
}

/** All addresses in variables, arguments and ConfigMaps that the pods of an app read. */
export function namedAddresses(view: PassView): NamedAddress[] {
  const ofBlocks = view.all('podTemplate').flatMap((template) => {
    const found = addressesOf([...literalTexts(template), ...configTexts(view, template)]);
    // most pods are told none
    const client = found.length === 0 ? undefined : view.derive(setsByOwner).get(template.owner);
    return client === undefined ? [] : found.map((named) => ({ client, ...named }));
  });
  const ofOthers = foreignPods(view).flatMap((client) =>
    client.foreign === undefined
      ? []
      : addressesOf(foreignTexts(view, client.foreign)).map((named) => ({ client, ...named })),
  );
  return [...ofBlocks, ...ofOthers];
}

function setsByOwner(view: PassView): Map<unknown, PodSet> {
  return new Map(podSets(view).flatMap((set) => (set.ours && !set.foreign ? [[set.ours.owner, set] as const] : [])));
}

function addressesOf(texts: readonly Text[]): Array<Omit<NamedAddress, 'client'>> {
  return texts.flatMap(({ prop, where, name, value }) =>
    addressesFor(name, value).map((address) => ({ address, prop, where })),
  );
}

/** A single word is an address only if the name of the variable says so. */
function addressesFor(name: string | undefined, value: string): TextAddress[] {
  if (name !== undefined && namesOthers(name)) return [];
  if (value.includes(':') || value.includes('.svc')) return addressesIn(value);
  const whole = name !== undefined && namesAddress(name) ? wholeAddress(value) : undefined;
  return whole ? [whole] : [];
}

function literalTexts({ pod }: PodTemplate): Text[] {
  return pod.containers.flatMap(({ name: container, role, env, args, command }) => {
    const prefix = role === 'main' ? '' : `${container}.`;
    const of = (prop: string, value: string, name?: string): Text => ({ prop, where: prop, name, value });
    return [
      ...env.flatMap(({ name, value }) =>
        value === undefined ? [] : [of(`${prefix}env${keyPart(name)}`, value, name)],
      ),
      ...command.map((word, index) => of(`${prefix}command[${index}]`, ...wordParts(word))),
      ...args.map((word, index) => of(`${prefix}args[${index}]`, ...wordParts(word))),
    ];
  });
}

/** `--name=value` is a value with a name, like a variable. */
function wordParts(word: string): [value: string, name?: string] {
  const [, name, value] = /^-{1,2}([\w.-]+)=(.*)$/s.exec(word) ?? [];
  return value === undefined ? [word] : [value, name];
}

function configTexts(view: PassView, { owner, pod }: PodTemplate): Text[] {
  const variables = variableReferences(pod).filter(({ kind }) => kind === 'ConfigMap');
  const files = pod.volumes.flatMap(({ source, origin }) => {
    const { configMap } = source as { configMap?: { name: string } };
    return configMap === undefined ? [] : [{ name: configMap.name, origin, key: undefined, isFile: true }];
  });
  return [...files, ...variables.map((reference) => ({ ...reference, isFile: false }))].flatMap(
    ({ name, origin, key, isFile }) => {
      const data =
        configOf(owner, name, origin)?._text ??
        foreignConfig(view, placeOf(clusterOf(owner).name, namespaceOf(owner)), name);
      return dataTexts(`ConfigMap '${name}'`, data, key, !isFile);
    },
  );
}

function dataTexts(what: string, data: unknown, key: string | undefined, areVariables: boolean): Text[] {
  return entries(data).flatMap(([entry, value]) =>
    typeof value !== 'string' || (key !== undefined && key !== entry)
      ? []
      : [{ prop: '', where: `${what}, key '${entry}'`, name: areVariables ? entry : undefined, value }],
  );
}

function foreignConfig(view: PassView, place: string, name: string): unknown {
  return view.derive(configsByName).get(`${place}\n${name}`)?.data();
}

/** The ConfigMaps of the app that foreign pods can name. */
function configsByName(view: PassView): Map<string, { data(): unknown }> {
  return new Map(
    foreignOf(view, 'core/ConfigMap').map((config) => [
      `${config.place}\n${config.name}`,
      { data: () => part(config.wire, 'data') },
    ]),
  );
}

function foreignTexts(view: PassView, object: ForeignObject): Text[] {
  const spec = part(podTemplateOf(object.wire)?.pod, 'spec');
  const config = (name: string | undefined, key: string | undefined, areVariables: boolean): Text[] =>
    name === undefined
      ? []
      : dataTexts(`ConfigMap '${name}'`, foreignConfig(view, object.place, name), key, areVariables);
  const ofContainers = ['initContainers', 'containers']
    .flatMap((field) => list(part(spec, field)))
    .flatMap((container): Text[] => {
      const of = (where: string, value: string, name?: string): Text => ({
        prop: '',
        where: `${where} of container '${textAt(container, 'name') ?? ''}'`,
        name,
        value,
      });
      return [
        ...list(part(container, 'env')).flatMap((variable) => {
          const [name = '', value] = [textAt(variable, 'name'), textAt(variable, 'value')];
          const reference = part(variable, 'valueFrom', 'configMapKeyRef');
          return value === undefined
            ? config(textAt(reference, 'name'), textAt(reference, 'key'), true)
            : [of(`variable ${name}`, value, name)];
        }),
        ...['command', 'args'].flatMap((field) =>
          list(part(container, field)).flatMap((word) =>
            typeof word === 'string' ? [of(field, ...wordParts(word))] : [],
          ),
        ),
        ...list(part(container, 'envFrom')).flatMap((source) =>
          config(textAt(source, 'configMapRef', 'name'), undefined, true),
        ),
      ];
    });
  const ofVolumes = list(part(spec, 'volumes')).flatMap((volume) =>
    config(textAt(volume, 'configMap', 'name'), undefined, false),
  );
  return [...ofContainers, ...ofVolumes];
}
