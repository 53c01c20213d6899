import { Duration } from 'cdk8s';
import { Job, ScheduledJob } from '../../../src';
import { only, WEB } from '../../support';
import { report, refused, right, told, warned, type Report, type Seen } from '../report';

const IMAGE = WEB.image;
const cron = ({ manifests }: Seen) => only(manifests, 'CronJob').spec;

export const JOBS: readonly Report[] = [
  report(
    'kubernetes/kubernetes#125610, seccubus/seccubus#605',
    'a schedule with days of the month and of the week comes on days that fit either',
    (chart) => new ScheduledJob(chart, 'report', { image: IMAGE, schedule: '0 18 1-7,15-21 * TUE' }),
    warned('job/both-days'),
  ),
  report(
    'robfig/cron#358, inngest/inngest#2631',
    'each tenth day of the month, on weekdays only',
    (chart) =>
      new ScheduledJob(chart, 'report', { image: IMAGE, schedule: '0 14 */10 * 1-5', timeZone: 'America/Denver' }),
    warned('job/both-days'),
  ),
  report(
    'kubernetes/kubernetes#121594',
    'the end of summer time makes a job at two run twice',
    (chart) => new ScheduledJob(chart, 'backup', { image: IMAGE, schedule: '0 2 * * *', timeZone: 'Europe/Berlin' }),
    told('jobs', 'happens twice in autumn', (seen) => expect(cron(seen).concurrencyPolicy).toBe('Forbid')),
  ),
  report(
    'kubernetes/kubernetes#78795, digitalocean/DOKS#12',
    'the clock of a schedule is not that of its author',
    (chart) => new ScheduledJob(chart, 'weekly', { image: IMAGE, schedule: '0 12 * * 5' }),
    right('the time zone is always written', (seen) => expect(cron(seen).timeZone).toBe('UTC')),
  ),
  report(
    'kubernetes/website#23622',
    'a startingDeadlineSeconds below 10: no run ever starts',
    (chart) =>
      new ScheduledJob(chart, 'minutely', {
        image: IMAGE,
        schedule: '* * * * *',
        startingDeadline: Duration.seconds(5),
      }),
    refused('props/value'),
  ),
  report(
    'kubernetes/kubernetes#86647',
    'a deadline of 10 s leaves runs out while the controller is busy',
    (chart) => new ScheduledJob(chart, 'dependabot', { image: IMAGE, schedule: '1 0 * * *' }),
    right('no deadline by default: a late run starts', (seen) =>
      expect(cron(seen).startingDeadlineSeconds).toBeUndefined(),
    ),
  ),
  report(
    'kubernetes/website#44700',
    'Sunday written as 7',
    (chart) => new ScheduledJob(chart, 'sunday', { image: IMAGE, schedule: '0 6 * * 7' }),
    refused('props/value'),
  ),
  report(
    'kubernetes/kubernetes#95490',
    'a CronJob without a restartPolicy gets Always, which is invalid',
    (chart) => new ScheduledJob(chart, 'hello', { image: IMAGE, schedule: '*/5 * * * *' }),
    right("restartPolicy: 'Never'", (seen) =>
      expect(cron(seen).jobTemplate.spec.template.spec.restartPolicy).toBe('Never'),
    ),
  ),
  report(
    'NaturalSelectionLabs/RSS3-PreGod#118',
    'a job that must not be tried again is',
    (chart) => new Job(chart, 'charge', { image: IMAGE, backoffLimit: 0 }),
    right('backoffLimit: 0 and a pod for each attempt', ({ manifests }) =>
      expect(only(manifests, 'Job').spec).toMatchObject({
        backoffLimit: 0,
        template: { spec: { restartPolicy: 'Never' } },
      }),
    ),
  ),
  report(
    'fluxcd/flux2#3032, fluxcd/flux2#2479, fluxcd/kustomize-controller#271',
    'a new image in a Job: field is immutable',
    (chart) => new Job(chart, 'migrate', { image: 'ghcr.io/acme/shop:1.4.3', args: ['migrate'] }),
    right('a new version is a new Job', ({ manifests }) =>
      expect(only(manifests, 'Job').metadata.name).toBe('app-migrate-1-4-3'),
    ),
  ),
  report(
    'argoproj/argo-cd#8586, argoproj/argo-cd#13851, airbytehq/airbyte#15202',
    'a Job that deletes itself is made again at each sync',
    (chart) => new Job(chart, 'seed', { image: IMAGE, args: ['seed'] }),
    right('no ttl unless it is asked for', ({ manifests }) =>
      expect(only(manifests, 'Job').spec.ttlSecondsAfterFinished).toBeUndefined(),
    ),
  ),
  report(
    'argoproj/argo-cd#21055, argoproj/argo-cd#6880',
    'a hook of Argo CD that is deleted before Argo CD has seen its end',
    (chart) => new Job(chart, 'hook', { image: IMAGE, ttlAfterFinished: Duration.minutes(10) }),
    told('gitops', '`ttlAfterFinished`', ({ manifests }) =>
      expect(only(manifests, 'Job').spec.ttlSecondsAfterFinished).toBe(600),
    ),
  ),
];
