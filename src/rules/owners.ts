import type { ApiObject } from 'cdk8s';
import type { IConstruct } from 'constructs';
import { foreignPods, type PodSet, podSets, selectedPods } from './pod-sets';
import { errorAt, warningAt } from './verdicts';
import { type ForeignAutoscaler, foreignAutoscalers, scaledKey, scaledKeyOf } from '../foreign/autoscalers';
import { type ForeignObject, foreignOf } from '../foreign/foreign-objects';
import { IDENTITY_LABEL } from '../kernel/emit/labels';
import { isOwn } from '../kernel/facts/own-objects';
import type { PassView } from '../kernel/facts/pass-view';
import type { LibraryRule, Verdict } from '../kernel/findings/library-rule';
import { part } from '../kernel/schema/manifest';
import { hasPods } from '../kubernetes/pod-template';
import type { AutoscalingFact } from '../parts/autoscaling';
import type { ReplicasFact } from '../parts/replicas';
import type { VerticalFact } from '../parts/vertical-autoscaling';

const byOwner = ({ owner }: AutoscalingFact | ReplicasFact | VerticalFact): IConstruct[] => [owner];

/** A foreign autoscaler that conflicts with the replicas or the autoscaler of a block, or with another foreign one. */
const autoscalers: LibraryRule = {
  kinds: ['object'],
  warns: false,
  judge: (view) => {
    const all = foreignAutoscalers(view);
    if (all.size === 0) return [];
    return [...all].flatMap(([key, found]) => {
      const workload = view.derive(ownWorkloads).get(key)?.node.scope;
      const own = workload && view.by('autoscaling', byOwner, workload)[0];
      const horizontal = found.filter((one) => one.horizontal);
      return [
        ...(workload && horizontal.length > 0 ? numberOf(view, workload, horizontal[0]) : []),
        ...severalOf(horizontal, own, own !== undefined && isMarked(view, own.owner)),
        ...severalOf(
          found.filter((one) => one.vertical),
          workload && view.by('verticalAutoscaling', byOwner, workload)[0],
        ),
        ...sameResource(found, own),
      ];
    });
  },
};

function isMarked(view: PassView, owner: IConstruct): boolean {
  return view.by('replicas', byOwner, owner)[0]?.isMarked() ?? false;
}

/** Conflicts over the number of replicas. The block leaves it to the autoscaler unless the caller sets it. */
function numberOf(view: PassView, workload: IConstruct, { object }: ForeignAutoscaler): Verdict[] {
  const [fact] = view.by('replicas', byOwner, workload);
  if (fact === undefined) {
    return [
      errorAt(object.at, {
        rule: 'scaling/two-owners',
        subject: object.title,
        got: `the number of pods of '${workload.node.path}'`,
        expected: 'a workload whose number of pods can change',
        fix: 'Remove the autoscaler: the block decides how many pods there are',
      }),
    ];
  }
  // a block with a mark for the autoscaler reports the conflict itself
  if (fact.stated === undefined || fact.isMarked()) return [];
  return [
    errorAt(workload, {
      rule: 'scaling/two-owners',
      subject: "prop 'replicas'",
      got: `${fact.stated} beside ${object.title}`,
      expected: 'one owner of the number of replicas',
      fix: "Remove 'replicas': the autoscaler owns the number, and applying the YAML again would reset it",
    }),
  ];
}

/** Reports a second autoscaler at the last one. With `reported`, the block has reported its own. */
function severalOf(
  all: readonly ForeignAutoscaler[],
  own?: { readonly owner: IConstruct },
  reported = false,
): Verdict[] {
  const count = all.length + (own && !reported ? 1 : 0);
  if (count < 2) return [];
  const { object } = all[all.length - 1];
  const others = [
    ...(own ? ['that of ' + `'${own.owner.node.path}'`] : []),
    ...all.slice(0, -1).map((one) => one.object.title),
  ];
  return [
    errorAt(object.at, {
      rule: 'scaling/two-autoscalers',
      subject: object.title,
      got: `a second autoscaler beside ${others.join(', ')}`,
      expected: 'one autoscaler for one workload',
      fix: 'Remove one of them',
    }),
  ];
}

/** Pods change the use of each pod, and requests change the utilization: both autoscalers would react to each other. */
function sameResource(found: readonly ForeignAutoscaler[], own: AutoscalingFact | undefined): Verdict[] {
  const vertical = found.find((one) => one.vertical);
  if (vertical === undefined) return [];
  const measured = [
    ...(own?.autoscaling.targets.map(({ metric }): string => metric) ?? []),
    ...found.flatMap(({ horizontal }) => horizontal?.resources ?? []),
  ];
  const both = [...new Set(measured)].filter((resource) => vertical.vertical?.resources.includes(resource));
  if (both.length === 0) return [];
  return [
    errorAt(vertical.object.at, {
      rule: 'scaling/two-autoscalers',
      subject: vertical.object.title,
      got: `control of the requests of ${both.join(' and ')}, while another autoscaler scales on their use`,
      expected: "updateMode 'Off', or other resources than the autoscaler of the pods measures",
      fix: "Set updateMode 'Off' in its updatePolicy, or scale the pods on another metric",
    }),
  ];
}

/** Our objects that an autoscaler can have as its target. */
function ownWorkloads({ objects }: PassView): Map<string, ApiObject> {
  return new Map(
    objects.filter((object) => isOwn(object) && hasPods(object)).map((object) => [scaledKeyOf(object), object]),
  );
}

const resetReplicas: LibraryRule = {
  kinds: ['object'],
  warns: true,
  judge: (view) => {
    const all = foreignAutoscalers(view);
    if (all.size === 0) return [];
    return foreignOf(view, 'apps/Deployment', 'apps/StatefulSet', 'apps/ReplicaSet').flatMap((object) => {
      const autoscaler = all.get(scaledKey(object.place, object))?.find((one) => one.horizontal);
      const replicas = part(object.wire, 'spec', 'replicas');
      if (autoscaler === undefined || typeof replicas !== 'number') return [];
      return [
        warningAt(object.at, {
          rule: 'scaling/reset-replicas',
          got: `spec.replicas ${replicas} beside ${autoscaler.object.title}`,
          expected: 'no number of replicas',
          text:
            `${object.title}: spec.replicas is ${replicas}, and ${autoscaler.object.title} sets the number: each ` +
            "application of the YAML resets it. Remove 'spec.replicas'",
        }),
      ];
    });
  },
};

/** Foreign budgets of pods that already have one. */
const budgets: LibraryRule = {
  kinds: ['object'],
  warns: false,
  judge: (view) => {
    const foreign = foreignOf(view, 'policy/PodDisruptionBudget');
    if (foreign.length === 0) return [];
    const own = new Set(
      view.objects
        .filter((object) => object.kind === 'PodDisruptionBudget' && isOwn(object))
        .map(({ node }) => node.scope),
    );
    const first = new Map<PodSet, string>();
    const reported = new Set<string>();
    return foreign.flatMap((budget) =>
      selectedPods(view, budget.place, part(budget.wire, 'spec', 'selector')).flatMap((pods) => {
        const other =
          first.get(pods) ?? (pods.ours && own.has(pods.ours.owner) ? `that of '${pods.at.node.path}'` : undefined);
        if (other === undefined) first.set(pods, budget.title);
        const once = `${budget.title}\n${other}`;
        if (other === undefined || reported.has(once)) return [];
        reported.add(once);
        return [
          errorAt(budget.at, {
            rule: 'scaling/two-budgets',
            subject: budget.title,
            got: `pods of '${pods.at.node.path}', which are in another budget: ${other}`,
            expected: 'each pod in one budget',
            fix: 'Remove one of them: the eviction API refuses a pod that is in two',
          }),
        ];
      }),
    );
  },
};

/** Foreign pods with the label with which the Service, policy and budget of a block select its pods. */
const pods: LibraryRule = {
  kinds: ['object'],
  warns: false,
  judge: (view) => {
    const foreign = foreignPods(view).filter(({ labels }) => IDENTITY_LABEL in labels);
    if (foreign.length === 0) return [];
    const own = view.derive(ownIdentities);
    return foreign.flatMap(({ place, labels, foreign: workload }) => {
      const block = own.get(`${place}\n${labels[IDENTITY_LABEL]}`);
      if (block === undefined || workload === undefined || isHandedOver(view, workload)) return [];
      return [
        errorAt(workload.at, {
          rule: 'workload/foreign-pods',
          subject: workload.title,
          got:
            `pods with the label ${IDENTITY_LABEL}: ${labels[IDENTITY_LABEL]}, with which '${block.at.node.path}' ` +
            'selects its own pods',
          expected: 'another value of the label',
          fix: 'Change the label of these pods, or the name of the block',
        }),
      ];
    });
  },
};

/** Whether the object runs the pods of a block with `OwnPods`. */
function isHandedOver(view: PassView, { at }: ForeignObject): boolean {
  return view.all('outsidePods').some((outside) => outside.controller() === at);
}

function ownIdentities(view: PassView): Map<string, PodSet> {
  return new Map(podSets(view).flatMap((set) => (set.ours ? [[`${set.place}\n${set.ours.name}`, set] as const] : [])));
}

export const RULES = [autoscalers, resetReplicas, budgets, pods];
