import { Duration } from 'cdk8s';
import { PreStop, Probe, WebService } from '../../src';
import { linesOf, problemsOf, WEB } from '../support';

const FIND = ['find', '/tmp/alive', '-mmin', '-2'];

describe('a check by find, which succeeds whether or not it finds a file', () => {
  test.each([[FIND], [['/usr/bin/find', '/tmp', '-name', 'alive', '-newer', '/tmp/start']]])(
    'is refused: %j',
    (words) => {
      expect(problemsOf((chart) => new WebService(chart, 'web', { ...WEB, liveness: Probe.exec(words) }))).toEqual([
        '[app/web] liveness: workload/find-check',
      ]);
    },
  );

  test.each([[['sh', '-c', 'test -n "$(find /tmp/alive -mmin -2)"']], [['find', '/tmp/alive']]])(
    'is fine: %j',
    (words) => {
      expect(problemsOf((chart) => new WebService(chart, 'web', { ...WEB, liveness: Probe.exec(words) }))).toEqual([]);
    },
  );
});

describe('a command line as one word', () => {
  test('is refused for each command of a container', () => {
    expect(
      problemsOf(
        (chart) =>
          new WebService(chart, 'web', {
            ...WEB,
            command: ['/app/server --verbose'],
            liveness: Probe.exec(['check --quick']),
            preStop: PreStop.exec(['flush --all']),
            drain: Duration.seconds(0),
          }),
      ),
    ).toEqual([
      '[app/web] command: workload/one-word',
      '[app/web] preStop: workload/one-word',
      '[app/web] liveness: workload/one-word',
    ]);
  });

  test('is not printed: it may have a credential', () => {
    const [line] = linesOf((chart) => new WebService(chart, 'web', { ...WEB, command: ['server --key hunter-two'] }));
    expect(line).toContain('one word with spaces');
    expect(line).not.toContain('hunter');
  });

  test('is none with arguments beside it, and no space at an end', () => {
    expect(problemsOf((chart) => new WebService(chart, 'web', { ...WEB, command: ['/opt/my app/run', '-v'] }))).toEqual(
      [],
    );
  });
});
