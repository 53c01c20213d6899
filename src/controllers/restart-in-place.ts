import { eachCodeOnce, EXIT_CODES, refuseDecided } from './exit-codes';
import type { RestartInPlaceOptions, RunProps, RunSettings } from './run-props';
import { AppModel } from '../kernel/facts/app-model';
import { oneOf } from '../kernel/schema/checks';
import { Reader } from '../kernel/schema/reader';
import type { Site } from '../parts/site';
import type { RestartRules } from '../pod/container';

/** The first versions with the field, and with the action for all containers, behind no gate. */
const RULES_MINOR = 35;
const ALL_MINOR = 36;

export function readRestartInPlace({ owner, read, problems }: Site<RunProps>, run: RunSettings): RestartRules {
  const options = new Reader<RestartInPlaceOptions>(problems, read.raw('restartInPlace'), 'restartInPlace.');
  const given = options.required('exitCodes', EXIT_CODES, [] as number[], {
    fix: 'List exit codes other than 0, of failures that pass',
  });
  const containers = options.optional('containers', oneOf<'main' | 'all'>('main', 'all'), 'main');
  options.refuseUnknown();
  const prop = 'restartInPlace.exitCodes';
  const exitCodes = eachCodeOnce(given, problems, prop);
  if (options.has('exitCodes') && options.isSound('exitCodes') && exitCodes.length === 0) {
    options.refuse('exitCodes', given, 'at least one', {
      rule: 'props/empty-list',
      fix: "Name the codes, or remove 'restartInPlace'",
    });
  }
  if (run.restartPolicy !== 'Never') {
    read.refuse('restartInPlace', read.raw('restartInPlace'), "none with restartPolicy 'OnFailure'", {
      rule: 'props/conflict',
      fix: 'Remove one of the two: with OnFailure, every failure restarts the container in place',
    });
  }
  refuseDecided(given, run.fatalExitCodes, 'fatalExitCodes', problems, prop);
  refuseDecided(given, run.perIndex?.fatalExitCodes ?? [], 'fatalIndexExitCodes', problems, prop);
  AppModel.of(owner).add('newField', {
    owner,
    prop: 'restartInPlace',
    value: containers === 'all' ? 'RestartAllContainers' : 'restartPolicyRules',
    minor: containers === 'all' ? ALL_MINOR : RULES_MINOR,
    fallback: "use restartPolicy: 'OnFailure', or new pods up to backoffLimit",
  });
  return { exitCodes, action: containers === 'all' ? 'RestartAllContainers' : 'Restart' };
}
