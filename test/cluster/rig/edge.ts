import * as http from 'node:http';
import * as https from 'node:https';
import { Cluster } from './cluster';

/** A request that a user sends to the edge of the cluster. */
export interface EdgeRequest {
  readonly host: string;
  readonly path: string;
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** The certificate that the user trusts; without one, the request is plain HTTP. */
  readonly certificate?: string;
  /** Keeps connections for further requests; by default each request has its own. */
  readonly agent?: http.Agent;
}

export interface EdgeAnswer {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  readonly text: string;
}

/** The address of Traefik's Service: port 80 for HTTP, 443 for HTTPS. */
export async function edgeAddress(): Promise<string> {
  const { spec } = await Cluster.node.get('traefik', 'service/traefik');
  return spec.clusterIP as string;
}

/** Sends one request to an address, whatever names say. */
export async function askEdge(address: string, asked: EdgeRequest): Promise<EdgeAnswer> {
  const { host, path, method = 'GET', certificate, body, agent = false } = asked;
  const options = {
    host: address,
    path,
    method,
    agent,
    headers: { host, ...asked.headers },
    timeout: 5000,
  };
  return new Promise((resolve, reject) => {
    const answered = (response: http.IncomingMessage): void => {
      const chunks: Buffer[] = [];
      response
        .on('error', reject)
        .on('data', (chunk: Buffer) => chunks.push(chunk))
        .on('end', () =>
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            text: Buffer.concat(chunks).toString(),
          }),
        );
    };
    const sent =
      certificate === undefined
        ? http.request(options, answered)
        : https.request({ ...options, servername: host, ca: certificate }, answered);
    sent
      .on('error', reject)
      .on('timeout', () => sent.destroy(new Error(`no answer to ${host}${path}`)))
      .end(body);
  });
}
