import * as http from 'node:http';
import * as https from 'node:https';
import type { Socket } from 'node:net';
import { performance } from 'node:perf_hooks';

export interface LoadReport {
  readonly sent: number;
  /** Answers of 200 to 399. */
  readonly ok: number;
  /** Answers of 500 and up. */
  readonly serverErrors: number;
  /** Requests without a whole answer, and answers of 400 to 499: how many by error code or status. */
  readonly failed: Readonly<Record<string, number>>;
  /** Requests on a connection that had served another before. */
  readonly reused: number;
  /** Requests with a good answer per second, over the whole time. */
  readonly rate: number;
  readonly seconds: number;
  readonly slowestMs: number;
}

export interface LoadOptions {
  /** The address of the server. */
  readonly host: string;
  readonly port: number;
  /** The site that the requests ask for over TLS, and the certificate that they trust; by default plain HTTP. */
  readonly site?: { readonly host: string; readonly certificate: string };
  /** Requests per second. */
  readonly rate: number;
  /** The load ends by itself after this time. */
  readonly atMostSeconds: number;
}

const TICK_MS = 10;
const TIMEOUT_MS = 15_000;
/** Errors of this process, not of the server: they make the measurement void. */
const OWN_ERRORS = ['EMFILE', 'ENFILE', 'ENOMEM', 'ENOBUFS', 'EADDRNOTAVAIL'];

/**
 * Steady HTTP load: `GET /` by a fixed schedule, whether answers come or not. Every second request has a connection of
 * its own, the others share connections that are kept alive. Nothing is sent twice: proxies and browsers repeat a GET
 * whose connection broke, so users would see less than what fails here.
 */
export class Load {
  private readonly started = performance.now();
  private readonly keptAlive: http.Agent;
  private readonly single: http.Agent;
  private readonly used = new WeakSet<Socket>();
  private readonly failed: Record<string, number> = {};
  private sent = 0;
  private ok = 0;
  private serverErrors = 0;
  private reused = 0;
  private slowestMs = 0;
  private seconds = 0;
  /** Requests without an answer, oldest first, with `ranMs` of their start. */
  private readonly open = new Map<http.ClientRequest, number>();
  /** How long this process has run. Waiting for a CPU does not count, as answers may have come meanwhile. */
  private ranMs = 0;
  private lastTick = this.started;
  private readonly timer = setInterval(() => this.tick(), TICK_MS);

  public constructor(private readonly options: LoadOptions) {
    const { Agent } = options.site === undefined ? http : https;
    // few and by turns, so that none is idle for long: a server closes idle ones, and may do so just when we send
    this.keptAlive = new Agent({ keepAlive: true, maxSockets: 100, scheduling: 'fifo' });
    this.single = new Agent({ keepAlive: false });
  }

  /** Sends nothing more, waits for the last answers, and reports. */
  public async stop(): Promise<LoadReport> {
    this.endSending();
    // every request ends, by its timeout at the latest
    while (this.open.size > 0) await new Promise((resolve) => setTimeout(resolve, TICK_MS));
    clearInterval(this.timer);
    this.keptAlive.destroy();
    const own = Object.keys(this.failed).filter((outcome) => OWN_ERRORS.some((code) => outcome.startsWith(code)));
    if (own.length > 0) throw new Error(`the load generator itself failed: ${own.join(', ')}`);
    const { sent, ok, serverErrors, failed, reused, seconds, slowestMs } = this;
    return { sent, ok, serverErrors, failed, reused, seconds, slowestMs, rate: ok / seconds };
  }

  private endSending(): void {
    this.seconds ||= this.elapsedSeconds();
  }

  private elapsedSeconds(): number {
    return (performance.now() - this.started) / 1000;
  }

  private tick(): void {
    const now = performance.now();
    this.ranMs += Math.min(now - this.lastTick, 5 * TICK_MS);
    this.lastTick = now;
    for (const [waiting, begun] of this.open) {
      if (this.ranMs - begun < TIMEOUT_MS) break;
      waiting.destroy(new Error('timeout'));
    }
    if (this.seconds === 0) this.sendWhatIsDue();
    else if (this.open.size === 0) clearInterval(this.timer);
  }

  /** Also what an earlier tick missed while this process was busy. */
  private sendWhatIsDue(): void {
    const due = Math.floor(this.elapsedSeconds() * this.options.rate);
    while (this.sent < due) this.send(this.sent % 2 === 0 ? this.keptAlive : this.single);
    if (this.elapsedSeconds() > this.options.atMostSeconds) this.endSending();
  }

  private send(agent: http.Agent): void {
    this.sent += 1;
    const begun = performance.now();
    let outcome: number | string = 'no answer';
    let reused = false;
    const sent = this.request(agent, (response) => {
      // an answer counts when all of it has come
      response
        .on('error', () => undefined)
        .on('end', () => {
          outcome = response.statusCode ?? 0;
        })
        .resume();
    });
    this.open.set(sent, this.ranMs);
    sent.on('socket', (socket) => {
      reused = this.used.has(socket);
      this.used.add(socket);
    });
    sent.on('error', ({ code, message }: NodeJS.ErrnoException) => {
      outcome = `${code ?? message} on a ${reused ? 'reused' : 'new'} connection`;
    });
    sent.on('close', () => {
      if (reused) this.reused += 1;
      this.slowestMs = Math.max(this.slowestMs, performance.now() - begun);
      this.open.delete(sent);
      this.count(outcome);
    });
    sent.end();
  }

  private request(agent: http.Agent, answered: (response: http.IncomingMessage) => void): http.ClientRequest {
    const { host, port, site } = this.options;
    if (site === undefined) return http.request({ host, port, agent }, answered);
    const asked = { servername: site.host, headers: { host: site.host }, ca: site.certificate };
    return https.request({ host, port, agent, ...asked }, answered);
  }

  private count(outcome: number | string): void {
    if (typeof outcome === 'number' && outcome >= 500) this.serverErrors += 1;
    else if (typeof outcome === 'number' && outcome < 400) this.ok += 1;
    else this.failed[outcome] = (this.failed[outcome] ?? 0) + 1;
  }
}

/** Requests that got no good answer. */
export function lost({ sent, ok }: LoadReport): number {
  return sent - ok;
}

export function summary(report: LoadReport): string {
  const { sent, serverErrors, failed, reused, rate, seconds, slowestMs } = report;
  const codes = Object.entries(failed)
    .map(([code, count]) => `${code} ${count}`)
    .join(', ');
  return (
    `${lost(report)} of ${sent} requests lost${codes && ` (${codes})`}, ${serverErrors} answers of 5xx, ${rate.toFixed(0)} requests/s over ${seconds.toFixed(0)} s, ` +
    `${reused} on reused connections, slowest ${slowestMs.toFixed(0)} ms`
  );
}
